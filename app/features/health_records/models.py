"""What the API accepts and returns for vaccinations and weights."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from app.core.decimals import Exact
from app.core.models import (
    UNCHANGED,
    Day,
    Input,
    Line,
    Output,
    PastDay,
    Patch,
    SearchText,
)
from app.core.pagination import PageQuery

VaccinationVaccine = Annotated[Line, Field(max_length=80, examples=["Rabies"])]
VaccinationBatch = Annotated[Line, Field(max_length=40)]


class VaccinationCreate(Input):
    """A new vaccination."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "pet_id": "0cc0b115-2ed7-55db-927e-f64cdc423cf8",
                    "vaccine": "Rabies",
                    "given_on": "2024-05-04",
                    "due_on": "2024-05-11",
                    "batch": "Blue batch",
                }
            ]
        }
    )

    pet_id: UUID
    vaccine: VaccinationVaccine
    given_on: PastDay
    due_on: Day | None = None
    batch: VaccinationBatch | None = None


class VaccinationPatch(Patch):
    """Changes to a vaccination."""

    vaccine: VaccinationVaccine = UNCHANGED
    given_on: PastDay = UNCHANGED
    due_on: Day | None = UNCHANGED
    batch: VaccinationBatch | None = UNCHANGED


class VaccinationFilters(PageQuery):
    """How to choose among vaccinations, and in which order."""

    sort: Literal["given_on", "-given_on", "due_on", "-due_on"] = "-given_on"
    vaccine: list[SearchText] = Field(default=[], max_length=100)
    vaccine_contains: SearchText | None = None
    due_on: list[Day] = Field(default=[], max_length=100)
    due_on_lt: Day | None = None
    due_on_le: Day | None = None
    due_on_gt: Day | None = None
    due_on_ge: Day | None = None
    due_on_is_null: bool | None = None


class VaccinationQuery(VaccinationFilters):
    """Which vaccinations to list."""

    pet_id: list[UUID] = Field(default=[], max_length=100)


class VaccinationResponse(Output):
    """A vaccination that a pet was given."""

    id: UUID
    pet_id: UUID
    vaccine: str
    given_on: date
    due_on: date | None
    batch: str | None
    created_at: datetime
    updated_at: datetime


WeightKilograms = Annotated[Decimal, Exact(5, 2, gt=0, le=200)]


class WeightCreate(Input):
    """A new weight."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "pet_id": "0cc0b115-2ed7-55db-927e-f64cdc423cf8",
                    "measured_on": "2024-05-04",
                    "kilograms": "4.20",
                }
            ]
        }
    )

    pet_id: UUID
    measured_on: PastDay
    kilograms: WeightKilograms


class WeightFilters(PageQuery):
    """How to choose among weights, and in which order."""

    sort: Literal["measured_on", "-measured_on"] = "-measured_on"


class WeightQuery(WeightFilters):
    """Which weights to list."""

    pet_id: list[UUID] = Field(default=[], max_length=100)


class WeightResponse(Output):
    """What a pet weighed on a day."""

    id: UUID
    pet_id: UUID
    measured_on: date
    kilograms: WeightKilograms
    created_at: datetime
    updated_at: datetime
