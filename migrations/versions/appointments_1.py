"""Create appointments."""

import sqlalchemy as sa
from alembic import op

revision = "appointments_1"
down_revision = None
branch_labels = ("appointments",)
depends_on = (
    "pet_management_1",
    "vet_directory_1",
)


def upgrade() -> None:
    op.execute(
        "INSERT INTO roles (name) SELECT 'vet' "
        "WHERE NOT EXISTS (SELECT 1 FROM roles WHERE name = 'vet')"
    )
    op.create_table(
        "appointments",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("owner_id", sa.Uuid, nullable=False),
        sa.Column("pet_id", sa.Uuid, nullable=False),
        sa.Column("veterinarian_id", sa.Uuid, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("diagnosis", sa.Text),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_appointments"),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["accounts.id"],
            name="fk_appointments_owner_id_accounts",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["pet_id"],
            ["pets.id"],
            name="fk_appointments_pet_id_pets",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["veterinarian_id"],
            ["veterinarians.id"],
            name="fk_appointments_veterinarian_id_veterinarians",
            ondelete="RESTRICT",
        ),
    )
    op.create_index(
        "ix_appointments_owner_id_starts_at_id",
        "appointments",
        ["owner_id", "starts_at", "id"],
    )
    op.create_index(
        "ix_appointments_owner_id_created_at_id",
        "appointments",
        ["owner_id", "created_at", "id"],
    )
    op.create_index(
        "ix_appointments_pet_id_starts_at_id",
        "appointments",
        ["pet_id", "starts_at", "id"],
    )
    op.create_index(
        "ix_appointments_veterinarian_id_starts_at_id",
        "appointments",
        ["veterinarian_id", "starts_at", "id"],
    )
    op.create_index("ix_appointments_starts_at_id", "appointments", ["starts_at", "id"])
    op.create_index(
        "ix_appointments_created_at_id", "appointments", ["created_at", "id"]
    )
    op.create_index(
        "ix_appointments_status_starts_at_id",
        "appointments",
        ["status", "starts_at", "id"],
    )


def downgrade() -> None:
    op.drop_table("appointments")
