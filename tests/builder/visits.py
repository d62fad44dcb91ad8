"""Rows of visits that rules speak of, and how the fields are spelled."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum, StrEnum
from random import Random
from uuid import UUID

from sqlalchemy import ForeignKey, Interval
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from app.core.tables import Base as AppBase
from app.core.tables import ExactDecimal
from petsage_builder.analyze.expressions import Scope
from petsage_builder.compiler import Attribute, Number
from petsage_builder.spec.expressions import Kind

NOW = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)


class Status(StrEnum):
    """How far a visit has come."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    IN_PROGRESS = "in-progress"


class Place(StrEnum):
    """Where a visit is."""

    HOME = "home"
    REQUESTED = "requested"


class Base(DeclarativeBase):
    """Tables of their own."""

    type_annotation_map = {  # noqa: RUF012 - as SQLAlchemy declares it
        datetime: AppBase.type_annotation_map[datetime],
        Enum: AppBase.type_annotation_map[Enum],
        Decimal: ExactDecimal(12, 2),
        timedelta: Interval(),
    }


class Clinic(Base):
    """The parent of a parent."""

    __tablename__ = "clinics"

    id: Mapped[int] = mapped_column(primary_key=True)
    seats: Mapped[int]
    rooms: Mapped[int]
    open: Mapped[bool]


class Pet(Base):
    """A parent that is always there."""

    __tablename__ = "pets"

    id: Mapped[int] = mapped_column(primary_key=True)
    clinic_id: Mapped[int | None] = mapped_column(ForeignKey("clinics.id"))
    born_on: Mapped[date | None]
    weight: Mapped[Decimal | None]
    place: Mapped[Place]
    clinic: Mapped[Clinic | None] = relationship()


class Sitter(Base):
    """A parent that may be missing."""

    __tablename__ = "sitters"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    free: Mapped[bool | None]


class Visit(Base):
    """A row with a field of every kind."""

    __tablename__ = "visits"

    id: Mapped[int] = mapped_column(primary_key=True)
    pet_id: Mapped[int] = mapped_column(ForeignKey("pets.id"))
    sitter_id: Mapped[int | None] = mapped_column(ForeignKey("sitters.id"))
    owner_id: Mapped[UUID]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    given_on: Mapped[date]
    due_on: Mapped[date | None]
    status: Mapped[Status]
    place: Mapped[Place | None]
    reason: Mapped[str]
    published: Mapped[bool]
    paid: Mapped[bool | None]
    seats: Mapped[int]
    price: Mapped[Decimal]
    tip: Mapped[Decimal | None]
    ratio: Mapped[float]
    guests: Mapped[int | None]
    expected: Mapped[timedelta]
    pet: Mapped[Pet] = relationship()
    sitter: Mapped[Sitter | None] = relationship()


@dataclass(frozen=True)
class Actor:
    """Whoever calls."""

    id: UUID


ACTOR = Actor(UUID(int=7))


def of_visit(
    column: str,
    *,
    optional: bool = False,
    enum: str | None = None,
    number: Number | None = None,
) -> Attribute:
    """Return a field of the row."""
    python = f"visit.{column}"
    return Attribute(python, "Visit", column, (), optional, (), enum, number)


def of_pet(
    column: str,
    *,
    optional: bool = False,
    enum: str | None = None,
    number: Number | None = None,
) -> Attribute:
    """Return a field of the parent that is always there."""
    python, way = f"visit.pet.{column}", ("Visit.pet",)
    return Attribute(python, "Pet", column, way, optional, (), enum, number)


def of_sitter(column: str, *, optional: bool = False) -> Attribute:
    """Return a field of the parent that may be missing."""
    python, way = f"visit.sitter.{column}", ("Visit.sitter",)
    return Attribute(python, "Sitter", column, way, optional, ("visit.sitter",))


def of_clinic(column: str, number: Number | None = None) -> Attribute:
    """Return a field of the parent's parent."""
    python, way = f"visit.pet.clinic.{column}", ("Visit.pet", "Pet.clinic")
    guards = ("visit.pet.clinic",)
    return Attribute(python, "Clinic", column, way, False, guards, None, number)  # noqa: FBT003


FIELDS: dict[str, tuple[Kind, Attribute]] = {
    "starts_at": ("datetime", of_visit("starts_at")),
    "ends_at": ("datetime", of_visit("ends_at", optional=True)),
    "given_on": ("date", of_visit("given_on")),
    "due_on": ("date", of_visit("due_on", optional=True)),
    "status": ("text", of_visit("status", enum="Status")),
    "place": ("text", of_visit("place", optional=True, enum="Place")),
    "reason": ("text", of_visit("reason")),
    "published": ("boolean", of_visit("published")),
    "paid": ("boolean", of_visit("paid", optional=True)),
    "seats": ("number", of_visit("seats", number="integer")),
    "price": ("number", of_visit("price", number="decimal")),
    "tip": ("number", of_visit("tip", optional=True, number="decimal")),
    "ratio": ("number", of_visit("ratio", number="float")),
    "guests": ("number", of_visit("guests", optional=True, number="integer")),
    "expected": ("duration", of_visit("expected")),
    "owner": ("id", of_visit("owner_id")),
    "pet.born_on": ("date", of_pet("born_on", optional=True)),
    "pet.weight": ("number", of_pet("weight", optional=True, number="decimal")),
    "pet.place": ("text", of_pet("place", enum="Place")),
    "sitter.name": ("text", of_sitter("name")),
    "sitter.free": ("boolean", of_sitter("free", optional=True)),
    "pet.clinic.seats": ("number", of_clinic("seats", "integer")),
    "pet.clinic.rooms": ("number", of_clinic("rooms", "integer")),
    "pet.clinic.open": ("boolean", of_clinic("open")),
    "follows.status": (
        "text",
        Attribute(
            "visit.follows.status",
            "Visit",
            "status",
            ("Visit.follows",),
            optional=False,
            guards=("visit.follows",),
            enum="Status",
        ),
    ),
}
NAMES = {tuple(name.split(".")): attribute for name, (_, attribute) in FIELDS.items()}
ENUMS: dict[str, type[StrEnum]] = {
    "status": Status,
    "follows.status": Status,
    "place": Place,
    "pet.place": Place,
}
SCOPE = Scope(
    {name: kind for name, (kind, _) in FIELDS.items()},
    {name: [str(member) for member in enum] for name, enum in ENUMS.items()},
    frozenset({"guests", "pet.clinic.rooms"}),
)

DAYS = [NOW.date() + timedelta(days=days) for days in (-30, -1, 0, 1)]
TIMES = [NOW + timedelta(hours=hours) for hours in (-720, -24, -1, 0, 2)]
AMOUNTS = [Decimal(text) for text in ("-2.50", "0.00", "1.00", "2.50", "5.00")]


@dataclass(frozen=True)
class Stored:
    """What the columns of each kind may hold."""

    days: tuple[date, ...] = tuple(DAYS)
    times: tuple[datetime, ...] = tuple(TIMES)
    numbers: tuple[int, ...] = (-2, 0, 1, 2, 5)
    divisors: tuple[int, ...] = (-4, 1, 2)  # by which floats are divided exactly
    amounts: tuple[Decimal, ...] = tuple(AMOUNTS)
    floats: tuple[float, ...] = (-2.5, 0.0, 1.0, 2.5)
    spans: tuple[timedelta, ...] = (timedelta(), timedelta(hours=2), timedelta(days=30))


MODEST = Stored()
EXTREME = Stored(
    days=(*DAYS, date.min, date.max),
    times=(*TIMES, datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)),
    numbers=(0, 1, -(2**63), 2**63 - 1),
    divisors=(1, 3, -(2**63), 2**63 - 1),
    amounts=(*AMOUNTS, Decimal("9" * 38), Decimal("1e-18")),
    floats=(-0.0, 2.5, 1.7e308, -1.7e308, 5e-324),
    spans=(timedelta(), timedelta.min, -timedelta.min, timedelta(days=-1)),
)


def visits(stored: Stored, count: int = 80) -> Iterator[Visit]:
    """Give visits with all that can be stored, and nothing where nothing can be."""
    chance = Random(20)  # noqa: S311 - the rows are the same each time
    pick = chance.choice
    for _ in range(count):
        clinic = Clinic(
            seats=pick(stored.numbers),
            rooms=pick(stored.divisors),
            open=pick((True, False)),
        )
        pet = Pet(
            born_on=pick((None, *stored.days)),
            weight=pick((None, *stored.amounts)),
            place=pick(tuple(Place)),
            clinic=pick((None, clinic)),
        )
        sitter = Sitter(name=pick(("Jo", "Ann")), free=pick((None, True, False)))
        yield Visit(
            owner_id=pick((ACTOR.id, UUID(int=8))),
            starts_at=pick(stored.times),
            ends_at=pick((None, *stored.times)),
            given_on=pick(stored.days),
            due_on=pick((None, *stored.days)),
            status=pick(tuple(Status)),
            place=pick((None, *Place)),
            reason=pick(("Jo", "home", "")),
            published=pick((True, False)),
            paid=pick((None, True, False)),
            seats=pick(stored.numbers),
            price=pick(stored.amounts),
            tip=pick((None, *stored.amounts)),
            ratio=pick(stored.floats),
            guests=pick((None, *stored.divisors)),
            expected=pick(stored.spans),
            pet=pet,
            sitter=pick((None, sitter)),
        )
