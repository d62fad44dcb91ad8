"""What the API accepts and returns for appointments."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.core.models import (
    UNCHANGED,
    FutureMoment,
    Input,
    Line,
    Moment,
    Output,
    Patch,
    Text,
)
from app.core.pagination import PageQuery


class AppointmentStatus(StrEnum):
    """How far an appointment is."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


AppointmentReason = Annotated[
    Line, Field(min_length=3, max_length=500, examples=["Yearly check-up"])
]
AppointmentDiagnosis = Annotated[Text, Field(min_length=1, max_length=5000)]


class AppointmentCreate(Input):
    """A new appointment."""

    pet_id: UUID
    veterinarian_id: UUID
    starts_at: FutureMoment
    ends_at: Moment
    reason: AppointmentReason
    diagnosis: AppointmentDiagnosis | None = None


class AppointmentPatch(Patch):
    """Changes to an appointment."""

    pet_id: UUID = UNCHANGED
    veterinarian_id: UUID = UNCHANGED
    starts_at: FutureMoment = UNCHANGED
    ends_at: Moment = UNCHANGED
    reason: AppointmentReason = UNCHANGED
    diagnosis: AppointmentDiagnosis | None = UNCHANGED


class AppointmentComplete(Patch):
    """What it takes to complete an appointment; what is there need not be sent."""

    diagnosis: AppointmentDiagnosis = UNCHANGED


class AppointmentFilters(PageQuery):
    """How to choose among appointments, and in which order."""

    sort: Literal["starts_at", "-starts_at", "created_at", "-created_at"] = "starts_at"
    status: list[AppointmentStatus] = Field(default=[], max_length=100)
    starts_at: list[Moment] = Field(default=[], max_length=100)
    starts_at_lt: Moment | None = None
    starts_at_le: Moment | None = None
    starts_at_gt: Moment | None = None
    starts_at_ge: Moment | None = None


class AppointmentQuery(AppointmentFilters):
    """Which appointments to list."""

    pet_id: list[UUID] = Field(default=[], max_length=100)
    veterinarian_id: list[UUID] = Field(default=[], max_length=100)


class AppointmentOfPetQuery(AppointmentFilters):
    """Which appointments of one pet to list."""

    veterinarian_id: list[UUID] = Field(default=[], max_length=100)


class AppointmentOfVeterinarianQuery(AppointmentFilters):
    """Which appointments of one veterinarian to list."""

    pet_id: list[UUID] = Field(default=[], max_length=100)


class AppointmentResponse(Output):
    """A time that a vet has for a pet."""

    id: UUID
    owner_id: UUID
    pet_id: UUID
    veterinarian_id: UUID
    status: AppointmentStatus
    starts_at: datetime
    ends_at: datetime
    reason: str
    diagnosis: str | None
    created_at: datetime
    updated_at: datetime


class AppointmentItem(Output):
    """An appointment in a list."""

    id: UUID
    owner_id: UUID
    pet_id: UUID
    veterinarian_id: UUID
    status: AppointmentStatus
    starts_at: datetime
    ends_at: datetime
    reason: str
    created_at: datetime
    updated_at: datetime
