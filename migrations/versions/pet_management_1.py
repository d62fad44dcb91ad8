"""Create pets and visits."""

import sqlalchemy as sa
from alembic import op

revision = "pet_management_1"
down_revision = None
branch_labels = ("pet_management",)
depends_on = ("accounts_1",)


def upgrade() -> None:
    op.execute(
        "INSERT INTO roles (name) SELECT 'vet' "
        "WHERE NOT EXISTS (SELECT 1 FROM roles WHERE name = 'vet')"
    )
    op.create_table(
        "pets",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("owner_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("species", sa.String(40), nullable=False),
        sa.Column("born_on", sa.Date),
        sa.Column("weight_kg", sa.Numeric(5, 2)),
        sa.Column("chip_number", sa.String(15)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pets"),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["accounts.id"],
            name="fk_pets_owner_id_accounts",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("chip_number", name="uq_pets_chip_number"),
    )
    op.create_index(
        "ix_pets_owner_id_created_at_id", "pets", ["owner_id", "created_at", "id"]
    )
    op.create_index("ix_pets_owner_id_name_id", "pets", ["owner_id", "name", "id"])
    op.create_index(
        "ix_pets_owner_id_born_on_id", "pets", ["owner_id", "born_on", "id"]
    )
    op.create_index("ix_pets_created_at_id", "pets", ["created_at", "id"])
    op.create_index("ix_pets_name_id", "pets", ["name", "id"])
    op.create_index("ix_pets_born_on_id", "pets", ["born_on", "id"])
    op.create_index(
        "ix_pets_species_created_at_id", "pets", ["species", "created_at", "id"]
    )
    op.create_table(
        "visits",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("pet_id", sa.Uuid, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("diagnosis", sa.Text),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_visits"),
        sa.ForeignKeyConstraint(
            ["pet_id"],
            ["pets.id"],
            name="fk_visits_pet_id_pets",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_visits_pet_id_starts_at_id", "visits", ["pet_id", "starts_at", "id"]
    )
    op.create_index("ix_visits_starts_at_id", "visits", ["starts_at", "id"])
    op.create_index("ix_visits_created_at_id", "visits", ["created_at", "id"])
    op.create_index(
        "ix_visits_status_starts_at_id", "visits", ["status", "starts_at", "id"]
    )


def downgrade() -> None:
    op.drop_table("visits")
    op.drop_table("pets")
