"""How the API writes a value that can be written in several ways."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, time
from decimal import Decimal, DecimalException
from uuid import UUID

from pydantic import HttpUrl

from petsage_builder.decode import JsonValue
from petsage_builder.solver.numerals import written
from petsage_builder.solver.spans import written_duration
from petsage_builder.solver.worlds import DURATION, written_moment
from petsage_builder.spec.fields import AnyField, Bounded

SPELLINGS: Mapping[str, Callable[[str], str]] = {
    "email": str.lower,
    "url": lambda text: str(HttpUrl(text)),
    "uuid": lambda text: str(UUID(text)),
    "time": lambda text: time.fromisoformat(text).isoformat(),
    "datetime": lambda text: written_moment(datetime.fromisoformat(text)),
    "duration": lambda text: written_duration(DURATION.validate_python(text)),
}


def as_answered(field: AnyField, value: JsonValue) -> JsonValue:
    """Return a value as it comes back; what the field does not take, as it is."""
    spell = SPELLINGS.get(getattr(field, "type", ""))
    with suppress(ValueError, OverflowError, DecimalException):
        if isinstance(field, Bounded) and not isinstance(value, bool):
            return written(field, Decimal(str(value)))
        if spell is not None and isinstance(value, str):
            return spell(value)
    return value
