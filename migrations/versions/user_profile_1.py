"""Create user profiles."""

import sqlalchemy as sa
from alembic import op

revision = "user_profile_1"
down_revision = None
branch_labels = ("user_profile",)
depends_on = ("accounts_1",)


def upgrade() -> None:
    op.create_table(
        "user_profiles",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("owner_id", sa.Uuid, nullable=False),
        sa.Column("display_name", sa.String(60), nullable=False),
        sa.Column("about", sa.Text),
        sa.Column("phone", sa.String(16)),
        sa.Column("website", sa.String(2000)),
        sa.Column("language", sa.String(40), nullable=False),
        sa.Column("newsletter", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_user_profiles"),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["accounts.id"],
            name="fk_user_profiles_owner_id_accounts",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("owner_id", name="uq_user_profiles_owner_id"),
    )


def downgrade() -> None:
    op.drop_table("user_profiles")
