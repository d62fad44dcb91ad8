"""JSON values as the rules see them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from petsage_builder.solver.spelling import as_answered
from petsage_builder.solver.worlds import READERS as WRITTEN
from petsage_builder.spec.expressions import Kind
from petsage_builder.spec.fields import AddressField, AnyField, FloatField

# What a row gets that nobody can foresee.
ANY = object()


@dataclass(frozen=True, slots=True)
class About:
    """What comes of a look at the clock, if that was at the begin of a request."""

    value: date

    def means(self, found: object, begin: datetime, end: datetime) -> bool:
        """Say whether a day or a moment came of a look between begin and end."""
        if isinstance(self.value, datetime):
            latest: date = self.value + (end - begin)
        else:
            latest = self.value + (end.date() - begin.date())
        is_like = type(found) is type(self.value)
        return is_like and bool(self.value <= found <= latest)  # type: ignore[operator]


READERS: Mapping[Kind, Callable[[Any], Any]] = {
    **WRITTEN,
    "number": lambda value: Decimal(str(value)),
    "datetime": lambda text: datetime.fromisoformat(text).astimezone(UTC),
    "id": lambda value: str(UUID(value)),
}


def read(field: AnyField, value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return what a value that a field takes is; None if it is empty."""
    if value is None:
        return None
    if isinstance(field, AddressField) and field.type == "email":
        return value.lower()
    reader = READERS.get(field.kind) if field.kind else None
    return reader(value) if reader else value


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


def is_written(field: AnyField, value: Any) -> bool:  # noqa: ANN401 - JSON
    """Say whether the API writes a value of a field so: as text or not, in one form."""
    if value is None or field.kind is None:
        return True
    if isinstance(field, FloatField):
        return isinstance(value, int | float) and not isinstance(value, bool)
    kinds = {"boolean": bool, "text": str}
    if field.kind in kinds:
        return isinstance(value, kinds[field.kind])
    written = as_answered(field, value)
    is_text = isinstance(value, str) or field.kind == "number"
    return is_text and type(written) is type(value) and written == value
