"""Create vaccinations and weights."""

import sqlalchemy as sa
from alembic import op

revision = "health_records_1"
down_revision = None
branch_labels = ("health_records",)
depends_on = ("pet_management_1",)


def upgrade() -> None:
    op.execute(
        "INSERT INTO roles (name) SELECT 'vet' "
        "WHERE NOT EXISTS (SELECT 1 FROM roles WHERE name = 'vet')"
    )
    op.create_table(
        "vaccinations",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("pet_id", sa.Uuid, nullable=False),
        sa.Column("vaccine", sa.String(80), nullable=False),
        sa.Column("given_on", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("batch", sa.String(40)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_vaccinations"),
        sa.ForeignKeyConstraint(
            ["pet_id"],
            ["pets.id"],
            name="fk_vaccinations_pet_id_pets",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_vaccinations_pet_id_given_on_id",
        "vaccinations",
        ["pet_id", "given_on", "id"],
    )
    op.create_index("ix_vaccinations_given_on_id", "vaccinations", ["given_on", "id"])
    op.create_index("ix_vaccinations_due_on_id", "vaccinations", ["due_on", "id"])
    op.create_index(
        "ix_vaccinations_vaccine_given_on_id",
        "vaccinations",
        ["vaccine", "given_on", "id"],
    )
    op.create_table(
        "weights",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("pet_id", sa.Uuid, nullable=False),
        sa.Column("measured_on", sa.Date, nullable=False),
        sa.Column("kilograms", sa.Numeric(5, 2), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_weights"),
        sa.ForeignKeyConstraint(
            ["pet_id"],
            ["pets.id"],
            name="fk_weights_pet_id_pets",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "pet_id", "measured_on", name="uq_weights_pet_id_measured_on"
        ),
    )
    op.create_index(
        "ix_weights_pet_id_measured_on_id", "weights", ["pet_id", "measured_on", "id"]
    )
    op.create_index("ix_weights_measured_on_id", "weights", ["measured_on", "id"])


def downgrade() -> None:
    op.drop_table("weights")
    op.drop_table("vaccinations")
