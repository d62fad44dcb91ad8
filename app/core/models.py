"""What the models of features are made of."""

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, time
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    WithJsonSchema,
)

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
# As RFC 3339 writes it.
ZONE = "([Zz]|[+-][0-9]{2}:[0-9]{2})"
MOMENT = rf"{DAY}[Tt ][0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(\.[0-9]+)?{ZONE}"
TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?$"

# What no schema can say. A request that is made from the OpenAPI document may break
# these rules, and those of its feature, but no other.
UNSTATED = re.compile(
    "must be between the years 1 and 9999 in UTC"
    "|must be the `next` of a page of this list"
    "|must not be in the (future|past)"
    "|must not hold NUL"
    "|must be Unicode"
    "|must be at most 36500 days"
    "|must be (above|at least|below|at most) "
    "(-?[0-9]+([.][0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+Z)?)"
    "|must have at most [0-9]+ decimal places"
    "|must not hold a number beyond 64 bits"
    "|must have at most [0-9]+ (levels|bytes as JSON)"
)


def _require_day(value: object) -> object:
    """Refuse what Pydantic takes for a day beside that: numbers, and midnights."""
    if isinstance(value, int | float | str) and not re.fullmatch(DAY, str(value)):
        raise ValueError("must be a day, such as 2026-01-31")
    return value


def _require_moment(value: object) -> object:
    """Refuse what Pydantic takes for a moment beside that: numbers, other spellings."""
    if isinstance(value, int | float | str) and not re.fullmatch(MOMENT, str(value)):
        raise ValueError("must be a moment with a zone, such as 2026-01-31T09:30:00Z")
    return value


def _require_number(value: object) -> object:
    """Refuse what Pydantic turns into a number; JSON has one kind of them."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("must be a number")  # noqa: TRY004 - Pydantic reports these
    return value


def _require_boolean(value: object) -> object:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")  # noqa: TRY004 - Pydantic reports these
    return value


def _require_unicode(value: SecretStr) -> SecretStr:
    """Refuse half of a surrogate pair, which Pydantic does for all other texts."""
    try:
        value.get_secret_value().encode()
    except UnicodeEncodeError:
        raise ValueError("must be Unicode") from None
    return value


def _refuse_nul(value: str) -> str:
    if "\0" in value:
        raise ValueError("must not hold NUL")
    return value


def _require_time(value: object) -> object:
    """Refuse a zone, and what Pydantic reads beyond what the pattern says."""
    if isinstance(value, time):
        return value
    if not isinstance(value, str) or not re.fullmatch(TIME, value):
        raise ValueError("must be a time of day without zone, such as 14:30:00")
    return value


def _to_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("must be between the years 1 and 9999 in UTC") from error


def _refuse_future(value: date) -> date:
    """Compare with now, or with today."""
    if value > _now(value):
        raise ValueError("must not be in the future")
    return value


def _refuse_past(value: date) -> date:
    """Compare with now, or with today."""
    if value < _now(value):
        raise ValueError("must not be in the past")
    return value


def _now(like: date) -> date:
    now = datetime.now(UTC)
    return now if isinstance(like, datetime) else now.date()


def not_before(bound: date) -> AfterValidator:
    """Return what refuses a day or moment before another one."""

    def check(value: date) -> date:
        if value < bound:
            raise ValueError(f"must be at least {_written(bound)}")
        return value

    return AfterValidator(check)


def not_after(bound: date) -> AfterValidator:
    """Return what refuses a day or moment after another one."""

    def check(value: date) -> date:
        if value > bound:
            raise ValueError(f"must be at most {_written(bound)}")
        return value

    return AfterValidator(check)


def _written(bound: date) -> str:
    if isinstance(bound, datetime):
        return bound.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return bound.isoformat()


# Markers. They stand after the limits of a type: before them, they hide these from
# the OpenAPI document.
NumberOnly = BeforeValidator(_require_number)
NoNul = AfterValidator(_refuse_nul)  # for a pattern that would let it through

# No text holds NUL, which PostgreSQL cannot store.
TextOrEmpty = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
# What must say something is not blank.
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
Line = Annotated[str, StringConstraints(pattern=r"^[^\x00\r\n]*[^\s\x00][^\x00\r\n]*$")]
LineOrEmpty = Annotated[str, StringConstraints(pattern=r"^[^\x00\r\n]*$")]
SearchText = Annotated[TextOrEmpty, Field(min_length=1, max_length=200)]
Slug = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
    Field(examples=["vet-clinic"]),
]
# ASCII only: the lower case of another letter can be longer than the column.
Email = Annotated[
    str,
    StringConstraints(pattern=r"^[!-?A-~]+@[!-?A-~]+$", max_length=254, to_lower=True),
    Field(examples=["ada@example.com"]),
]
# The characters are those of RFC 3986: all others are percent-encoded.
WebAddress = Annotated[
    str,
    StringConstraints(
        pattern=r"^https?://[A-Za-z0-9\[][A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*$",
        max_length=2000,
    ),
    Field(examples=["https://example.com/clinics?city=Graz"]),
]
# As ITU-T E.164 writes it.
Phone = Annotated[
    str,
    StringConstraints(pattern=r"^\+[1-9][0-9]{6,14}$"),
    Field(examples=["+43316123456"]),
]
Secret = Annotated[SecretStr, AfterValidator(_require_unicode)]
Flag = Annotated[bool, BeforeValidator(_require_boolean)]
Integer = Annotated[int, Field(ge=INT64_MIN, le=INT64_MAX), NumberOnly]
Day = Annotated[date, BeforeValidator(_require_day)]
PastDay = Annotated[Day, AfterValidator(_refuse_future)]  # or today
FutureDay = Annotated[Day, AfterValidator(_refuse_past)]  # or today
Moment = Annotated[
    AwareDatetime, BeforeValidator(_require_moment), AfterValidator(_to_utc)
]
PastMoment = Annotated[Moment, AfterValidator(_refuse_future)]
FutureMoment = Annotated[Moment, AfterValidator(_refuse_past)]
# The format `time` of OpenAPI would need a zone.
TimeOfDay = Annotated[
    time,
    BeforeValidator(_require_time),
    WithJsonSchema({"type": "string", "pattern": TIME, "examples": ["14:30:00"]}),
]


class Input(BaseModel):
    """What a caller sends. An unknown name is an error, not a silent loss."""

    model_config = ConfigDict(extra="forbid")

    @property
    def sent(self) -> set[str]:
        """Return the names of what a row gets from this, defaults included."""
        return set(type(self).model_fields)

    def apply_to(self, row: object, *, without: Collection[str] = ()) -> None:
        """Set on `row` what was sent, and defaults for the rest."""
        for name in self.sent.difference(without):
            setattr(row, name, getattr(self, name))


# The value of a field that a patch leaves out, which nobody reads. It is a factory,
# because a default would stand in the OpenAPI document.
UNCHANGED: Any = Field(default_factory=lambda: None)


class Patch(Input):
    """A merge patch (RFC 7396): what is absent stays, null clears."""

    @property
    def sent(self) -> set[str]:
        """Return the names of what the caller has sent."""
        return self.model_fields_set


class Output(BaseModel):
    """What the API returns, read from a row."""

    model_config = ConfigDict(from_attributes=True)
