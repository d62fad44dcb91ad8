"""What the models of features are made of."""

from datetime import UTC, date, datetime
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
)


def _refuse_numbers(value: object) -> object:
    """Refuse what Pydantic takes for seconds, or for seconds since 1970."""
    if isinstance(value, int | float):
        raise ValueError("must be a string")  # noqa: TRY004 - Pydantic reports these
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


def _to_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("must be between the years 1 and 9999 in UTC") from error


def _refuse_future(value: date) -> date:
    if value > datetime.now(UTC).date():
        raise ValueError("must not be in the future")
    return value


# Markers. They stand after the limits of a type: before them, they hide these from
# the OpenAPI document.
NumberOnly = BeforeValidator(_require_number)
TextOnly = BeforeValidator(_refuse_numbers)

# No text holds NUL, which PostgreSQL cannot store.
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
Line = Annotated[str, StringConstraints(pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
Flag = Annotated[bool, BeforeValidator(_require_boolean)]
Secret = Annotated[SecretStr, AfterValidator(_require_unicode)]
Day = Annotated[date, TextOnly]
PastDay = Annotated[Day, AfterValidator(_refuse_future)]
Moment = Annotated[AwareDatetime, TextOnly, AfterValidator(_to_utc)]


class Input(BaseModel):
    """What a caller sends. An unknown name is an error, not a silent loss."""

    model_config = ConfigDict(extra="forbid")


# The value of a field that a patch leaves out, which nobody reads. It is a factory,
# because a default would stand in the OpenAPI document.
UNCHANGED: Any = Field(default_factory=lambda: None)


class Patch(Input):
    """A merge patch (RFC 7396): what is absent stays, null clears."""

    def apply_to(self, row: object) -> None:
        """Set on `row` what the caller has sent."""
        for name in self.model_fields_set:
            setattr(row, name, getattr(self, name))


class Output(BaseModel):
    """What the API returns, read from a row."""

    model_config = ConfigDict(from_attributes=True)
