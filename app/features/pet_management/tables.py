"""How pets and visits are stored."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.tables import ExactDecimal, Record

from .models import PetSpecies, VisitStatus


class Pet(Record):
    """An animal that somebody cares for."""

    __tablename__ = "pets"
    __table_args__ = (
        sa.UniqueConstraint(
            "chip_number", info={"conflict": "Another pet has this chip number."}
        ),
        sa.Index(None, "owner_id", "created_at", "id"),
        sa.Index(None, "owner_id", "name", "id"),
        sa.Index(None, "owner_id", "born_on", "id"),
        sa.Index(None, "created_at", "id"),
        sa.Index(None, "name", "id"),
        sa.Index(None, "born_on", "id"),
        sa.Index(None, "species", "created_at", "id"),
    )

    owner_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="CASCADE")
    )
    name: Mapped[str] = mapped_column(sa.String(80))
    species: Mapped[PetSpecies]
    born_on: Mapped[date | None]
    weight_kg: Mapped[Decimal | None] = mapped_column(ExactDecimal(5, 2))
    chip_number: Mapped[str | None] = mapped_column(sa.String(15))


class Visit(Record):
    """A visit of a pet to the vet."""

    __tablename__ = "visits"
    __table_args__ = (
        sa.Index(None, "pet_id", "starts_at", "id"),
        sa.Index(None, "starts_at", "id"),
        sa.Index(None, "created_at", "id"),
        sa.Index(None, "status", "starts_at", "id"),
    )

    pet_id: Mapped[UUID] = mapped_column(sa.ForeignKey("pets.id", ondelete="CASCADE"))
    status: Mapped[VisitStatus] = mapped_column(default=VisitStatus.REQUESTED)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(sa.String(500))
    diagnosis: Mapped[str | None] = mapped_column(sa.Text)
    pet: Mapped["Pet"] = relationship(foreign_keys=[pet_id], lazy="raise")
