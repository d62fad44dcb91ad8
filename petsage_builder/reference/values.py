"""JSON values as the rules see them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from petsage_builder.spec.fields import AddressField, AnyField

# What a row gets that nobody can foresee.
ANY = object()
DURATION = TypeAdapter(timedelta)
DAY = timedelta(days=1)
LONGEST = timedelta(minutes=1)  # from a request to its answer


@dataclass(frozen=True, slots=True)
class About:
    """What comes of a look at the clock: this day or moment, or one just after it."""

    value: date

    def means(self, found: object) -> bool:
        """Say whether a day or a moment can be this one."""
        if isinstance(found, datetime) and isinstance(self.value, datetime):
            return self.value <= found <= self.value + LONGEST
        return found in (self.value, self.value + DAY)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


READERS: Mapping[str | None, Callable[[Any], Any]] = {
    "number": lambda value: Decimal(str(value)),
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "datetime": _moment,
    "duration": DURATION.validate_python,
    "id": lambda value: str(UUID(value)),
}


def read(field: AnyField, value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return what a value that a field takes is; None if it is empty."""
    if value is None or field.kind not in READERS:
        is_email = isinstance(field, AddressField) and field.type == "email"
        return value.lower() if is_email and value else value
    return READERS[field.kind](value)


def shown(field: AnyField, value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return what a value in an answer is, or the value itself if it is none."""
    try:
        return read(field, value)
    except (InvalidOperation, TypeError, ValueError, ValidationError):
        return value


def stored(value: Any, *, is_plain: bool = False) -> Any:  # noqa: ANN401 - any column
    """Return what a value in the database is; JSON and lists are `plain`."""
    match value:
        case list() if is_plain:
            found: Any = [stored(part, is_plain=True) for part in value]
        case Enum():
            found = value.value
        case UUID():
            found = str(value)
        case int() | float() if not is_plain and not isinstance(value, bool):
            found = Decimal(str(value))
        case date() if is_plain:
            found = value.isoformat()
        case _:
            found = value
    return found


def agree(expected: Any, found: Any) -> bool:  # noqa: ANN401 - any values
    """Say whether a value is the one that has to be there."""
    if expected is ANY:
        return found is not None
    if isinstance(expected, About):
        return expected.means(found)
    return bool(expected == found)
