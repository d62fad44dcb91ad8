"""How vaccinations and weights are stored."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.tables import ExactDecimal, Record
from app.features.pet_management.tables import Pet


class Vaccination(Record):
    """A vaccination that a pet was given."""

    __tablename__ = "vaccinations"
    __table_args__ = (
        sa.Index(None, "pet_id", "given_on", "id"),
        sa.Index(None, "given_on", "id"),
        sa.Index(None, "due_on", "id"),
        sa.Index(None, "vaccine", "given_on", "id"),
    )

    pet_id: Mapped[UUID] = mapped_column(sa.ForeignKey("pets.id", ondelete="CASCADE"))
    vaccine: Mapped[str] = mapped_column(sa.String(80))
    given_on: Mapped[date]
    due_on: Mapped[date | None]
    batch: Mapped[str | None] = mapped_column(sa.String(40))
    pet: Mapped["Pet"] = relationship(foreign_keys=[pet_id], lazy="raise")


class Weight(Record):
    """What a pet weighed on a day."""

    __tablename__ = "weights"
    __table_args__ = (
        sa.UniqueConstraint(
            "pet_id",
            "measured_on",
            info={"conflict": "Another weight of this pet has this measured on."},
        ),
        sa.Index(None, "pet_id", "measured_on", "id"),
        sa.Index(None, "measured_on", "id"),
    )

    pet_id: Mapped[UUID] = mapped_column(sa.ForeignKey("pets.id", ondelete="CASCADE"))
    measured_on: Mapped[date]
    kilograms: Mapped[Decimal] = mapped_column(ExactDecimal(5, 2))
    pet: Mapped["Pet"] = relationship(foreign_keys=[pet_id], lazy="raise")
