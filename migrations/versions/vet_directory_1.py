"""Create specialties, clinics and veterinarians."""

from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "vet_directory_1"
down_revision = None
branch_labels = ("vet_directory",)
depends_on = ("accounts_1",)


def upgrade() -> None:
    op.execute(
        "INSERT INTO roles (name) SELECT 'vet' "
        "WHERE NOT EXISTS (SELECT 1 FROM roles WHERE name = 'vet')"
    )
    specialties = op.create_table(
        "specialties",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_specialties"),
        sa.UniqueConstraint("name", name="uq_specialties_name"),
    )
    op.create_index("ix_specialties_created_at_id", "specialties", ["created_at", "id"])
    op.create_table(
        "clinics",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("city", sa.String(80), nullable=False),
        sa.Column("email", sa.String(254)),
        sa.Column("phone", sa.String(16)),
        sa.Column("rooms", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clinics"),
        sa.UniqueConstraint("slug", name="uq_clinics_slug"),
    )
    op.create_index("ix_clinics_name_id", "clinics", ["name", "id"])
    op.create_index("ix_clinics_city_id", "clinics", ["city", "id"])
    op.create_table(
        "veterinarians",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("clinic_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("published", sa.Boolean, nullable=False),
        sa.Column("fee", sa.Numeric(14, 2)),
        sa.Column("notes", sa.Text),
        sa.Column("rank", sa.Double),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_veterinarians"),
        sa.ForeignKeyConstraint(
            ["clinic_id"],
            ["clinics.id"],
            name="fk_veterinarians_clinic_id_clinics",
            ondelete="RESTRICT",
        ),
    )
    op.create_index(
        "ix_veterinarians_clinic_id_name_id",
        "veterinarians",
        ["clinic_id", "name", "id"],
    )
    op.create_index("ix_veterinarians_name_id", "veterinarians", ["name", "id"])
    op.create_index(
        "ix_veterinarians_published_name_id",
        "veterinarians",
        ["published", "name", "id"],
    )
    op.create_table(
        "veterinarians_specialties",
        sa.Column("veterinarian_id", sa.Uuid, nullable=False),
        sa.Column("specialty_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint(
            "veterinarian_id", "specialty_id", name="pk_veterinarians_specialties"
        ),
        sa.ForeignKeyConstraint(
            ["veterinarian_id"],
            ["veterinarians.id"],
            name="fk_veterinarians_specialties_veterinarian_id_veterinarians",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["specialty_id"],
            ["specialties.id"],
            name="fk_veterinarians_specialties_specialty_id_specialties",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_veterinarians_specialties_specialty_id",
        "veterinarians_specialties",
        ["specialty_id"],
    )
    now = datetime.now(UTC)
    op.bulk_insert(
        specialties,
        [
            {
                "id": UUID("853aec67-82fa-55b9-a412-f426e637b5a3"),
                "name": "Surgery",
                "created_at": now,
                "updated_at": now,
                "version": 1,
            },
            {
                "id": UUID("51a246dc-9114-5394-9e87-990c7c472df2"),
                "name": "Dentistry",
                "created_at": now,
                "updated_at": now,
                "version": 1,
            },
            {
                "id": UUID("c5ec6687-3749-5ed0-a7e2-d92e504afb1f"),
                "name": "Dermatology",
                "created_at": now,
                "updated_at": now,
                "version": 1,
            },
            {
                "id": UUID("a404bfa7-606d-57ec-80b0-151d7be648be"),
                "name": "Cardiology",
                "created_at": now,
                "updated_at": now,
                "version": 1,
            },
        ],
    )


def downgrade() -> None:
    op.drop_table("veterinarians_specialties")
    op.drop_table("veterinarians")
    op.drop_table("clinics")
    op.drop_table("specialties")
