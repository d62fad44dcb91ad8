"""How appointments are stored."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.tables import Record
from app.features.pet_management.tables import Pet
from app.features.vet_directory.tables import Veterinarian

from .models import AppointmentStatus


class Appointment(Record):
    """A time that a vet has for a pet."""

    __tablename__ = "appointments"
    __table_args__ = (
        sa.Index(None, "owner_id", "starts_at", "id"),
        sa.Index(None, "owner_id", "created_at", "id"),
        sa.Index(None, "pet_id", "starts_at", "id"),
        sa.Index(None, "veterinarian_id", "starts_at", "id"),
        sa.Index(None, "starts_at", "id"),
        sa.Index(None, "created_at", "id"),
        sa.Index(None, "status", "starts_at", "id"),
    )

    owner_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="CASCADE")
    )
    pet_id: Mapped[UUID] = mapped_column(sa.ForeignKey("pets.id", ondelete="CASCADE"))
    veterinarian_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("veterinarians.id", ondelete="RESTRICT")
    )
    status: Mapped[AppointmentStatus] = mapped_column(
        default=AppointmentStatus.REQUESTED
    )
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(sa.String(500))
    diagnosis: Mapped[str | None] = mapped_column(sa.Text)
    pet: Mapped["Pet"] = relationship(foreign_keys=[pet_id], lazy="raise")
    veterinarian: Mapped["Veterinarian"] = relationship(
        foreign_keys=[veterinarian_id], lazy="raise"
    )
