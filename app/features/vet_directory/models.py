"""What the API accepts and returns for specialties, clinics and veterinarians."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from app.core.decimals import Exact
from app.core.models import (
    UNCHANGED,
    Email,
    Flag,
    Input,
    Line,
    NumberOnly,
    Output,
    Patch,
    Phone,
    SearchText,
    Slug,
    Text,
)
from app.core.pagination import PageQuery

SpecialtyName = Annotated[Line, Field(max_length=60)]


class SpecialtyCreate(Input):
    """A new specialty."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Blue specialty"}]}
    )

    name: SpecialtyName


class SpecialtyPatch(Patch):
    """Changes to a specialty."""

    name: SpecialtyName = UNCHANGED


class SpecialtyQuery(PageQuery):
    """Which specialties to list."""

    sort: Literal["created_at", "-created_at"] = "-created_at"


class SpecialtyResponse(Output):
    """What a vet knows best."""

    id: UUID
    name: str
    created_at: datetime
    updated_at: datetime


ClinicName = Annotated[Line, Field(max_length=120)]
ClinicSlug = Annotated[Slug, Field(max_length=80)]
ClinicCity = Annotated[Line, Field(max_length=80)]
ClinicRooms = Annotated[int, Field(ge=1, le=100), NumberOnly]


class ClinicCreate(Input):
    """A new clinic."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Harbour Clinic",
                    "slug": "harbour-clinic",
                    "city": "Hamburg",
                    "email": "kim@example.com",
                    "phone": "+4915112345678",
                    "rooms": 20,
                }
            ]
        }
    )

    name: ClinicName
    slug: ClinicSlug
    city: ClinicCity
    email: Email | None = None
    phone: Phone | None = None
    rooms: ClinicRooms = 1


class ClinicReplace(Input):
    """All of a clinic that can change."""

    name: ClinicName
    city: ClinicCity
    email: Email | None = None
    phone: Phone | None = None
    rooms: ClinicRooms = 1


class ClinicPatch(Patch):
    """Changes to a clinic."""

    name: ClinicName = UNCHANGED
    city: ClinicCity = UNCHANGED
    email: Email | None = UNCHANGED
    phone: Phone | None = UNCHANGED
    rooms: ClinicRooms = UNCHANGED


class ClinicQuery(PageQuery):
    """Which clinics to list."""

    sort: Literal["name", "-name", "city", "-city"] = "name"
    city: list[SearchText] = Field(default=[], max_length=100)
    city_contains: SearchText | None = None
    search: SearchText | None = Field(
        default=None, description="A part of the name or city."
    )


class ClinicResponse(Output):
    """Where vets work."""

    id: UUID
    name: str
    slug: str
    city: str
    email: str | None
    phone: str | None
    rooms: int
    created_at: datetime
    updated_at: datetime


VeterinarianName = Annotated[Line, Field(max_length=120)]
VeterinarianFee = Annotated[Decimal, Exact(14, 2, ge=0)]
VeterinarianNotes = Annotated[Text, Field(min_length=1, max_length=10_000)]
VeterinarianRank = Annotated[float, Field(ge=0, lt=5), NumberOnly]


class VeterinarianCreate(Input):
    """A new veterinarian."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "clinic_id": "ecfe1ae2-15c5-5a55-a9db-4e7a97b914a9",
                    "name": "Kim Larsen",
                    "published": True,
                    "fee": "49.90",
                    "notes": "Prefers mornings.",
                    "rank": 4.2,
                    "specialty_ids": ["199f764a-c407-5118-981e-ab9a7e8cfceb"],
                }
            ]
        }
    )

    clinic_id: UUID
    name: VeterinarianName
    published: Flag = False
    fee: VeterinarianFee | None = None
    notes: VeterinarianNotes | None = None
    rank: VeterinarianRank | None = None
    specialty_ids: list[UUID] = Field(default=[], max_length=100)


class VeterinarianPatch(Patch):
    """Changes to a veterinarian."""

    name: VeterinarianName = UNCHANGED
    published: Flag = UNCHANGED
    fee: VeterinarianFee | None = UNCHANGED
    notes: VeterinarianNotes | None = UNCHANGED
    rank: VeterinarianRank | None = UNCHANGED
    specialty_ids: list[UUID] = Field(default_factory=list, max_length=100)


class VeterinarianFilters(PageQuery):
    """How to choose among veterinarians, and in which order."""

    sort: Literal["name", "-name"] = "name"
    published: bool | None = None
    search: SearchText | None = Field(default=None, description="A part of the name.")


class VeterinarianQuery(VeterinarianFilters):
    """Which veterinarians to list."""

    clinic_id: list[UUID] = Field(default=[], max_length=100)


class VeterinarianResponse(Output):
    """Somebody who treats animals."""

    id: UUID
    clinic_id: UUID
    name: str
    published: bool
    fee: VeterinarianFee | None
    notes: str | None
    rank: float | None
    senior: bool | None
    specialty_ids: list[UUID]
    clinic: ClinicResponse
    specialties: list[SpecialtyResponse]
    created_at: datetime
    updated_at: datetime
