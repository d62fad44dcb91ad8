"""What sample values are at a moment: days and moments instead of texts and offsets.

The tests run at a time that nobody knows yet. So a sample counts as right only if it
is right in each of some worlds: years apart, and a while after the test began.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import TypeAlias
from uuid import NAMESPACE_OID, uuid5

from pydantic import TypeAdapter

from petsage_builder.solver.samples import FromNow, FromToday, Person, Value
from petsage_builder.spec.expressions import Kind


class Unseen(Enum):
    """A value that cannot be known: whether there is one, or only which."""

    UNKNOWN = "unknown"
    PRESENT = "present"


Real: TypeAlias = Decimal | str | bool | date | time | timedelta | Unseen | None
DURATION = TypeAdapter(timedelta)


@dataclass(frozen=True, slots=True)
class World:
    """A moment at which a test begins, and how much later the API looks at a clock."""

    start: datetime
    lag: timedelta

    @property
    def now(self) -> datetime:
        """Return what the clock of the API says."""
        return self.start + self.lag

    @property
    def today(self) -> date:
        """Return the day on which the API is."""
        return self.now.date()


WORLDS = (
    World(datetime(2026, 1, 15, 12, tzinfo=UTC), timedelta()),
    World(datetime(2026, 1, 15, 12, tzinfo=UTC), timedelta(seconds=30)),
    World(datetime(2036, 2, 29, 12, tzinfo=UTC), timedelta(seconds=1)),
)
READERS: dict[Kind, Callable[[str], Real]] = {
    "number": Decimal,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "datetime": datetime.fromisoformat,
    "duration": DURATION.validate_python,
}


def read(value: Value, kind: Kind | None, world: World) -> Real:
    """Return what a sample value is in a world; None if it is empty."""
    match value:
        case None | bool():
            return value
        case FromToday():
            return world.start.date() + timedelta(days=value.days)
        case FromNow():
            return world.start + value.delta
        case Person():
            return value.name
        case _ if kind in READERS:
            return READERS[kind](str(value))
        case _:
            return str(value)


def sent(value: Value, world: World) -> Value:
    """Return what a test sends in a world: days, moments and ids are written out."""
    if isinstance(value, Person):
        return str(uuid5(NAMESPACE_OID, value.name))
    if isinstance(value, FromToday | FromNow):
        found = read(value, None, world)
        return written_moment(found) if isinstance(found, datetime) else str(found)
    return value


def written_moment(moment: datetime) -> str:
    """Return a moment as the API writes it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
