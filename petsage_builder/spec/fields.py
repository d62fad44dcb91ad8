"""What a field of a resource can be. The terms of constraints are Pydantic's."""

from decimal import Decimal
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    PlainSerializer,
    WithJsonSchema,
)

from petsage_builder.spec.expressions import Kind


def _number(value: object) -> object:
    """Take numbers as they are written, and texts for none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    raise ValueError("must be a number")


Length: TypeAlias = Annotated[int, Field(ge=0, le=1_000_000)]
Words: TypeAlias = Annotated[list[str], Field(min_length=1)]


def _written(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


Number: TypeAlias = Annotated[
    Decimal,
    BeforeValidator(_number),
    PlainSerializer(_written),
    WithJsonSchema({"type": "number"}),
]
Limit: TypeAlias = Annotated[
    str, Field(description="`today`, `now`, or a moment in ISO 8601.")
]


class Node(BaseModel):
    """Anything that the language can say: it cannot be changed, or say more."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class AnyField(Node):
    """What every field can say of itself."""

    kind: ClassVar[Kind | None]

    optional: Annotated[bool, Field(description="It may be null.")] = False
    default: Annotated[
        JsonValue,
        Field(
            description="A value, `now`, `today`, `new`, `caller`, or an expression."
        ),
    ] = None
    default_from: Annotated[
        str | None, Field(description="A parent's field, copied at creation.")
    ] = None
    default_expression: Annotated[
        str | None, Field(examples=["loan_date + 21 days"])
    ] = None
    unique: Annotated[
        bool | Literal["per_owner"] | Words,
        Field(description="Everywhere, per owner, or together with other fields."),
    ] = False
    indexed: bool = False
    immutable: Annotated[bool, Field(description="Set at creation only.")] = False
    read_only: Annotated[bool, Field(description="Never set by a caller.")] = False
    write_only: Annotated[bool, Field(description="Never shown to a caller.")] = False
    sensitive: Annotated[
        bool, Field(description="Shown by get alone, and never logged.")
    ] = False
    read: Annotated[Words | None, Field(description="Who may see it.")] = None
    write: Annotated[Words | None, Field(description="Who may set it.")] = None
    example: JsonValue = None
    description: Annotated[str, Field(max_length=200)] = ""


class Bounded(AnyField):
    """A field whose values have an order."""

    kind: ClassVar[Kind] = "number"

    ge: Number | None = None
    gt: Number | None = None
    le: Number | None = None
    lt: Number | None = None

    @property
    def excludes_zero(self) -> bool:
        """Say whether zero is beyond a bound."""
        is_above = (self.ge or 0) > 0 or (self.gt is not None and self.gt >= 0)
        is_below = (self.le or 0) < 0 or (self.lt is not None and self.lt <= 0)
        return is_above or is_below


class Timed(AnyField):
    """A field whose values lie in time."""

    not_before: Limit | None = None
    not_after: Limit | None = None


class StringField(AnyField):
    """One line of text."""

    kind: ClassVar[Kind] = "text"
    type: Literal["string"]
    min_length: Length = 1
    max_length: Annotated[int, Field(ge=1, le=10_000)] = 200
    pattern: str | None = None


class TextField(AnyField):
    """Text of several lines."""

    kind: ClassVar[Kind] = "text"
    type: Literal["text"]
    min_length: Length = 1
    max_length: Annotated[int, Field(ge=1, le=1_000_000)] = 10_000


class SlugField(AnyField):
    """Lower-case words with hyphens, such as `vet-clinic`."""

    kind: ClassVar[Kind] = "text"
    type: Literal["slug"]
    max_length: Annotated[int, Field(ge=1, le=200)] = 80


class AddressField(AnyField):
    """An email address, a URL (http or https) or a phone number (E.164)."""

    kind: ClassVar[Kind] = "text"
    type: Literal["email", "url", "phone"]


class UuidField(AnyField):
    """A UUID; `default: new` makes one."""

    kind: ClassVar[Kind] = "id"
    type: Literal["uuid"]


class IntegerField(Bounded):
    """A whole number of at most 64 bits."""

    type: Literal["integer"]


class DecimalField(Bounded):
    """A number with a fixed count of decimals, as a JSON string."""

    type: Literal["decimal"]
    max_digits: Annotated[int, Field(ge=1, le=38)] = 12
    decimal_places: Annotated[int, Field(ge=0, le=18)] = 2


class MoneyField(Bounded):
    """An amount in one currency (ISO 4217)."""

    type: Literal["money"]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "EUR"


class FloatField(Bounded):
    """A number in binary floating point."""

    type: Literal["float"]


class BooleanField(AnyField):
    """True or false."""

    kind: ClassVar[Kind] = "boolean"
    type: Literal["boolean"]


class DateField(Timed):
    """A day."""

    kind: ClassVar[Kind] = "date"
    type: Literal["date"]


class TimeField(AnyField):
    """A time of day."""

    kind: ClassVar[Kind] = "time"
    type: Literal["time"]


class DatetimeField(Timed):
    """A moment; its zone must be given, and it is kept in UTC."""

    kind: ClassVar[Kind] = "datetime"
    type: Literal["datetime"]


class DurationField(AnyField):
    """A span of time, in ISO 8601."""

    kind: ClassVar[Kind] = "duration"
    type: Literal["duration"]


class EnumField(AnyField):
    """One of some words."""

    kind: ClassVar[Kind] = "text"
    type: Literal["enum"]
    values: Words


class JsonField(AnyField):
    """Any JSON value."""

    kind: ClassVar[None] = None
    type: Literal["json"]


class ListField(AnyField):
    """Some values of one scalar type."""

    kind: ClassVar[None] = None
    type: Literal["list"]
    items: Literal["string", "integer", "uuid", "date"]
    max_items: Annotated[int, Field(ge=1, le=1_000)] = 20


class ComputedField(Node):
    """A field that nobody sets: an expression over the row and its parents."""

    kind: ClassVar[None] = None
    type: Literal["computed"]
    value: Annotated[str, Field(examples=["value < lower or value > upper"])]
    description: Annotated[str, Field(max_length=200)] = ""


FieldSpec: TypeAlias = Annotated[
    StringField
    | TextField
    | SlugField
    | AddressField
    | UuidField
    | IntegerField
    | DecimalField
    | MoneyField
    | FloatField
    | BooleanField
    | DateField
    | TimeField
    | DatetimeField
    | DurationField
    | EnumField
    | JsonField
    | ListField
    | ComputedField,
    Field(discriminator="type"),
]
