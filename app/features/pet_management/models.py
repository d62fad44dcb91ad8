"""What the API accepts and returns for pets and visits."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from app.core.decimals import Exact
from app.core.models import (
    UNCHANGED,
    Day,
    Input,
    Line,
    Moment,
    Output,
    PastDay,
    Patch,
    SearchText,
    Text,
)
from app.core.pagination import PageQuery


class PetSpecies(StrEnum):
    """What the species of a pet can be."""

    DOG = "dog"
    CAT = "cat"
    BIRD = "bird"
    RABBIT = "rabbit"
    OTHER = "other"


PetName = Annotated[Line, Field(max_length=80, examples=["Miso"])]
PetWeightKg = Annotated[Decimal, Field(examples=["4.20"]), Exact(5, 2, gt=0)]
PetChipNumber = Annotated[
    str, Field(pattern="^[0-9]{15}$", examples=["276098106000001"])
]


class PetCreate(Input):
    """A new pet."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Miso",
                    "species": "dog",
                    "born_on": "2024-05-04",
                    "weight_kg": "4.20",
                    "chip_number": "276098106000001",
                }
            ]
        }
    )

    name: PetName
    species: PetSpecies
    born_on: PastDay | None = None
    weight_kg: PetWeightKg | None = None
    chip_number: PetChipNumber | None = None


class PetPatch(Patch):
    """Changes to a pet."""

    name: PetName = UNCHANGED
    species: PetSpecies = UNCHANGED
    born_on: PastDay | None = UNCHANGED
    weight_kg: PetWeightKg | None = UNCHANGED
    chip_number: PetChipNumber | None = UNCHANGED


class PetQuery(PageQuery):
    """Which pets to list."""

    sort: Literal[
        "created_at", "-created_at", "name", "-name", "born_on", "-born_on"
    ] = "-created_at"
    species: list[PetSpecies] = Field(default=[], max_length=100)
    born_on: list[Day] = Field(default=[], max_length=100)
    born_on_lt: Day | None = None
    born_on_le: Day | None = None
    born_on_gt: Day | None = None
    born_on_ge: Day | None = None
    born_on_is_null: bool | None = None
    search: SearchText | None = Field(default=None, description="A part of the name.")


class PetResponse(Output):
    """An animal that somebody cares for."""

    id: UUID
    owner_id: UUID
    name: str
    species: PetSpecies
    born_on: date | None
    weight_kg: PetWeightKg | None
    chip_number: str | None
    created_at: datetime
    updated_at: datetime


class VisitStatus(StrEnum):
    """How far a visit is."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


VisitReason = Annotated[Line, Field(max_length=500, examples=["Yearly vaccination"])]
VisitDiagnosis = Annotated[
    Text, Field(min_length=1, max_length=5000, examples=["Healthy"])
]


class VisitCreate(Input):
    """A new visit."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "pet_id": "0cc0b115-2ed7-55db-927e-f64cdc423cf8",
                    "starts_at": "2024-05-04T09:30:00Z",
                    "ends_at": "2024-05-04T10:30:00Z",
                    "reason": "Yearly vaccination",
                }
            ]
        }
    )

    pet_id: UUID
    starts_at: Moment
    ends_at: Moment
    reason: VisitReason
    diagnosis: VisitDiagnosis | None = None


class VisitPatch(Patch):
    """Changes to a visit."""

    starts_at: Moment = UNCHANGED
    ends_at: Moment = UNCHANGED
    reason: VisitReason = UNCHANGED
    diagnosis: VisitDiagnosis | None = UNCHANGED


class VisitComplete(Patch):
    """What it takes to complete a visit; what is there need not be sent."""

    diagnosis: VisitDiagnosis = UNCHANGED


class VisitFilters(PageQuery):
    """How to choose among visits, and in which order."""

    sort: Literal["starts_at", "-starts_at", "created_at", "-created_at"] = "-starts_at"
    status: list[VisitStatus] = Field(default=[], max_length=100)
    starts_at: list[Moment] = Field(default=[], max_length=100)
    starts_at_lt: Moment | None = None
    starts_at_le: Moment | None = None
    starts_at_gt: Moment | None = None
    starts_at_ge: Moment | None = None


class VisitQuery(VisitFilters):
    """Which visits to list."""

    pet_id: list[UUID] = Field(default=[], max_length=100)


class VisitResponse(Output):
    """A visit of a pet to the vet."""

    id: UUID
    pet_id: UUID
    status: VisitStatus
    starts_at: datetime
    ends_at: datetime
    reason: str
    diagnosis: str | None
    created_at: datetime
    updated_at: datetime
