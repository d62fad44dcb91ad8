"""Values of fields as Python source: defaults, and rows that are there at once."""

from datetime import timedelta
from decimal import Decimal
from typing import assert_never

from pydantic import TypeAdapter

from petsage_builder.decode import JsonValue
from petsage_builder.plan.names import enum_of
from petsage_builder.plan.numbers import digits_of, grouped
from petsage_builder.python_text import literal
from petsage_builder.solver.spelling import as_answered
from petsage_builder.spec.fields import (
    AnyField,
    DateField,
    DatetimeField,
    DecimalField,
    DurationField,
    EnumField,
    FloatField,
    MoneyField,
    TimeField,
    UuidField,
)
from petsage_builder.wording import member


def written(  # noqa: C901, PLR0911 - a type each
    owner: str, name: str, field: AnyField, value: JsonValue
) -> str:
    """Return a value of a field as Python source, in the form that comes back."""
    value = as_answered(field, value)
    match field, value:
        case _, None:
            return "None"
        case EnumField(), str():
            return f"{enum_of(owner, name)}.{member(value)}"
        case ((DecimalField() | MoneyField()), _):
            _, places = digits_of(field)
            number = f"{Decimal(str(value)):.{places}f}"
            return (
                f'Decimal("{number}")' if places else f"Decimal({grouped(int(number))})"
            )
        case ((DateField() | TimeField() | DatetimeField()), str()):
            return f"{field.type}.fromisoformat({literal(value)})"
        case UuidField(), str():
            return f"UUID({literal(value)})"
        case FloatField(), _:
            return str(float(str(value)))
        case DurationField(), str():
            return _span(value)
        case _, bool() | int():
            return str(value)
        case _, str():
            return literal(value)
        case _, float() | list() | dict():
            return repr(value)
        case _:
            assert_never(value)


def _span(value: str) -> str:
    """Return a span of time as Python source."""
    span = TypeAdapter(timedelta).validate_python(value)
    parts = {
        "days": span.days,
        "seconds": span.seconds,
        "microseconds": span.microseconds,
    }
    said = ", ".join(f"{name}={grouped(n)}" for name, n in parts.items() if n)
    return f"timedelta({said})"
