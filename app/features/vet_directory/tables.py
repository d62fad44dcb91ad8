"""How specialties, clinics and veterinarians are stored."""

from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.tables import Base, ExactDecimal, Record


class Specialty(Record):
    """What a vet knows best."""

    __tablename__ = "specialties"
    __table_args__ = (
        sa.UniqueConstraint(
            "name", info={"conflict": "Another specialty has this name."}
        ),
        sa.Index(None, "created_at", "id"),
    )

    name: Mapped[str] = mapped_column(sa.String(60))


class Clinic(Record):
    """Where vets work."""

    __tablename__ = "clinics"
    __table_args__ = (
        sa.UniqueConstraint("slug", info={"conflict": "Another clinic has this slug."}),
        sa.Index(None, "name", "id"),
        sa.Index(None, "city", "id"),
    )

    name: Mapped[str] = mapped_column(sa.String(120))
    slug: Mapped[str] = mapped_column(sa.String(80))
    city: Mapped[str] = mapped_column(sa.String(80))
    email: Mapped[str | None] = mapped_column(sa.String(254))
    phone: Mapped[str | None] = mapped_column(sa.String(16))
    rooms: Mapped[int] = mapped_column(sa.BigInteger)


veterinarians_specialties = sa.Table(
    "veterinarians_specialties",
    Base.metadata,
    sa.Column(
        "veterinarian_id",
        sa.ForeignKey("veterinarians.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column(
        "specialty_id",
        sa.ForeignKey("specialties.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
)


class Veterinarian(Record):
    """Somebody who treats animals."""

    __tablename__ = "veterinarians"
    __table_args__ = (
        sa.Index(None, "clinic_id", "name", "id"),
        sa.Index(None, "name", "id"),
        sa.Index(None, "published", "name", "id"),
    )

    clinic_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("clinics.id", ondelete="RESTRICT")
    )
    name: Mapped[str] = mapped_column(sa.String(120))
    published: Mapped[bool]
    fee: Mapped[Decimal | None] = mapped_column(ExactDecimal(14, 2))
    notes: Mapped[str | None] = mapped_column(sa.Text)
    rank: Mapped[float | None] = mapped_column(sa.Double)
    clinic: Mapped["Clinic"] = relationship(foreign_keys=[clinic_id], lazy="raise")
    specialties: Mapped[list["Specialty"]] = relationship(
        secondary=veterinarians_specialties,
        passive_deletes=True,
        order_by="Specialty.id",
        lazy="raise",
    )

    @property
    def specialty_ids(self) -> list[UUID]:
        """Return the ids of its specialties."""
        return [specialty.id for specialty in self.specialties]

    @property
    def senior(self) -> bool | None:
        """Return what it comes to."""
        return self.rank > 4 if self.rank is not None else None
