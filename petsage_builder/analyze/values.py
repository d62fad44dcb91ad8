"""Which values a field takes, asked of Pydantic as the API will ask it."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AwareDatetime,
    Field,
    HttpUrl,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    TypeAdapter,
    ValidationError,
)

from petsage_builder.decode import JsonValue
from petsage_builder.spec.fields import (
    AddressField,
    AnyField,
    Bounded,
    DecimalField,
    EnumField,
    ListField,
    MoneyField,
    SlugField,
    StringField,
    TextField,
    Timed,
)

EMAIL = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"
PHONE = r"^\+[1-9][0-9]{6,14}$"
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
DAY = len("2026-01-31")
# Defaults that are no value, and the types that have them.
MOMENTARY = {"now": "datetime", "today": "date", "new": "uuid", "caller": "uuid"}
# JSON has no words of its own for these: they are strings.
WRITTEN = {
    "uuid": "a UUID",
    "date": "a day, such as 2026-01-31",
    "time": "a time of day, such as 09:30",
    "datetime": "a moment with its zone, such as 2026-01-31T09:30:00Z",
    "duration": "a duration in ISO 8601, such as PT48H",
}
SCALARS: dict[str, Any] = {
    "string": StrictStr,
    "integer": Annotated[StrictInt, Field(ge=-(2**63), le=2**63 - 1)],
    "uuid": UUID,
    "date": date,
    "boolean": StrictBool,
    "float": StrictFloat | StrictInt,
    "time": time,
    "datetime": AwareDatetime,
    "duration": timedelta,
}


def refusal(field: AnyField, value: JsonValue) -> tuple[str, str] | None:
    """Return why a field does not take `value`, and what it takes; None if it does."""
    if value is None:
        return None if field.optional else ("is null", "a value")
    written = WRITTEN.get(getattr(field, "type", ""))
    if written and not isinstance(value, str):
        return f"cannot be {str(value)[:80]!r}", written
    try:
        found = _adapter(type(field), field.model_dump_json()).validate_python(value)
    except ValidationError as error:
        message = error.errors()[0]["msg"].removeprefix("Input ")
        accepted = written or message.removeprefix("should be ")
        return f"cannot be {str(value)[:80]!r}", accepted
    return _outside(field, found)


@lru_cache(maxsize=1000)
def _adapter(kind: type[AnyField], field: str) -> TypeAdapter[Any]:
    """Return what takes the values of a field, which is given as JSON.

    To make one takes milliseconds, and a plan asks of some fields hundreds of times.
    """
    return TypeAdapter(_type(kind.model_validate_json(field)))


def _type(field: AnyField) -> Any:  # noqa: ANN401 - a type is any value
    match field:
        case StringField() | TextField() | SlugField() | AddressField():
            return _text(field)
        case EnumField():
            return Literal[tuple(field.values)]
        case MoneyField():
            return Annotated[Decimal, Field(max_digits=14, decimal_places=2)]
        case DecimalField():
            digits, places = field.max_digits, field.decimal_places
            return Annotated[Decimal, Field(max_digits=digits, decimal_places=places)]
        case ListField():
            of: Any = list
            return Annotated[
                of[SCALARS[field.items]], Field(max_length=field.max_items)
            ]
        case _:
            return SCALARS.get(getattr(field, "type", ""), Any)


def _text(field: StringField | TextField | SlugField | AddressField) -> Any:  # noqa: ANN401
    match field:
        case StringField():
            pattern = field.pattern
        case TextField():
            pattern = None
        case SlugField():
            pattern = SLUG
        case AddressField():
            if field.type == "url":
                return HttpUrl
            pattern = EMAIL if field.type == "email" else PHONE
    low, high = getattr(field, "min_length", 1), getattr(field, "max_length", 254)
    limits = Field(min_length=low, max_length=high, pattern=pattern, strict=True)
    return Annotated[str, limits]


def _outside(field: AnyField, value: Any) -> tuple[str, str] | None:  # noqa: ANN401
    """Return the bound that a value breaks."""
    if isinstance(field, Bounded):
        number = Decimal(str(value))
        for sign, bound, holds in (
            (">=", field.ge, field.ge is None or number >= field.ge),
            (">", field.gt, field.gt is None or number > field.gt),
            ("<=", field.le, field.le is None or number <= field.le),
            ("<", field.lt, field.lt is None or number < field.lt),
        ):
            if not holds:
                return f"cannot be {value}", f"a number {sign} {bound}"
    if isinstance(field, Timed):
        first, last = moment(field.not_before), moment(field.not_after)
        if first is not None and type(first) is type(value) and value < first:
            return f"cannot be {value}", f"not before {field.not_before}"
        if last is not None and type(last) is type(value) and value > last:
            return f"cannot be {value}", f"not after {field.not_after}"
    return None


def moment(text: str | None) -> date | datetime | None:
    """Return the day or the moment that a limit names, if it is a fixed one."""
    if text is None or text in ("today", "now"):
        return None
    return datetime.fromisoformat(text) if len(text) > DAY else date.fromisoformat(text)
