"""How each field is spelled: in what is sent, in what is returned, in the table."""

from dataclasses import dataclass

from petsage_builder.analyze.values import moment
from petsage_builder.plan.names import enum_of
from petsage_builder.plan.numbers import bounds, digits_of, grouped, integer_bounds
from petsage_builder.plan.patterns import may_hold_nul, widths
from petsage_builder.python_text import literal
from petsage_builder.spec.fields import (
    AddressField,
    AnyField,
    BooleanField,
    DateField,
    DatetimeField,
    DecimalField,
    DurationField,
    EnumField,
    FloatField,
    IntegerField,
    JsonField,
    ListField,
    MoneyField,
    SlugField,
    StringField,
    TextField,
    TimeField,
    UuidField,
)

ADDRESSES = {
    "email": ("Email", 254),
    "url": ("WebAddress", 2000),
    "phone": ("Phone", 16),
}
SCALARS = {"string": "str", "integer": "int", "uuid": "UUID", "date": "date"}
READERS = {"date": "date.fromisoformat"}
ITEMS = {"string": "Line", "integer": "int", "uuid": "UUID", "date": "Day"}
MOMENTARY = {"now", "today", "new", "caller"}
ENUM_LENGTH = 40
BOTH = 2  # bounds, of which there is one at most on each side


@dataclass(frozen=True, slots=True)
class Spelling:
    """A field's types: what a caller sends and gets, and what the database keeps.

    `base` and `limits` make the type that is sent, `markers` stand after the limits.
    """

    base: str
    output: str
    mapped: str
    ddl: str
    limits: tuple[str, ...] = ()
    markers: tuple[str, ...] = ()
    column: str = ""
    queried: str = ""

    @property
    def in_query(self) -> str:
        """Return the type of a query parameter: there, everything is a text."""
        return self.queried or self.base


def spell(owner: str, name: str, field: AnyField) -> Spelling:  # noqa: C901, PLR0911, PLR0912 - a type each
    """Return the types of the field `name` of the resource `owner`."""
    match field:
        case StringField():
            return _string(field)
        case TextField():
            limits = _lengths(field.min_length, field.max_length)
            base = "Text" if field.min_length else "TextOrEmpty"
            return Spelling(base, "str", "str", "sa.Text", limits)
        case SlugField():
            limits = (f"max_length={field.max_length}",)
            ddl = f"sa.String({field.max_length})"
            return Spelling("Slug", "str", "str", ddl, limits)
        case AddressField():
            base, length = ADDRESSES[field.type]
            return Spelling(base, "str", "str", f"sa.String({length})")
        case UuidField():
            return Spelling("UUID", "UUID", "UUID", "sa.Uuid")
        case IntegerField():
            low, high = integer_bounds(field)
            limits = (f"ge={low}", f"le={high}")
            query = f"Annotated[int, Field({', '.join(limits)})]"
            return Spelling(
                "int", "int", "int", "sa.BigInteger", limits, ("NumberOnly",), "", query
            )
        case DecimalField() | MoneyField():
            return _decimal(field)
        case FloatField():
            limits = bounds(field, "float")
            if len(limits) < BOTH:  # what is not a number lies within no bounds
                limits = (*limits, "allow_inf_nan=False")
            return Spelling(
                "float",
                "float",
                "float",
                "sa.Double",
                limits,
                ("NumberOnly",),
                queried="FiniteFloat",
            )
        case BooleanField():
            return Spelling("Flag", "bool", "bool", "sa.Boolean", queried="bool")
        case DateField():
            base, markers = _timed(field, "Day", "date")
            return Spelling(base, "date", "date", "sa.Date", (), markers, queried="Day")
        case TimeField():
            return Spelling("TimeOfDay", "TimeOfDay", "time", "sa.Time")
        case DatetimeField():
            base, markers = _timed(field, "Moment", "datetime")
            ddl = "sa.DateTime(timezone=True)"
            return Spelling(
                base, "datetime", "datetime", ddl, (), markers, queried="Moment"
            )
        case DurationField():
            return Spelling("Span", "Span", "timedelta", "sa.Interval")
        case EnumField():
            enum = enum_of(owner, name)
            return Spelling(enum, enum, enum, f"sa.String({ENUM_LENGTH})")
        case JsonField():
            ddl = "sa.JSON(none_as_null=True)" if field.optional else "sa.JSON"
            column = f"{ddl}, nullable=True" if field.optional else ddl
            return Spelling("Json", "Any", "Any", ddl, column=column)
        case ListField():
            return _list(field)
        case _:
            raise NotImplementedError(type(field).__name__)


def _string(field: StringField) -> Spelling:
    if field.pattern is None:
        base = "Line" if field.min_length else "LineOrEmpty"
        limits = _lengths(
            field.min_length if field.min_length > 1 else 0, field.max_length
        )
        return Spelling(base, "str", "str", f"sa.String({field.max_length})", limits)
    least, most = widths(field.pattern)
    low = field.min_length if field.min_length > least else 0
    high = field.max_length if field.max_length < most else 0
    limits = (f"pattern={raw(field.pattern)}", *_lengths(low, high))
    markers = ("NoNul",) * may_hold_nul(field.pattern)
    length = min(field.max_length, most)
    return Spelling("str", "str", "str", f"sa.String({length})", limits, markers)


def _lengths(low: int, high: int) -> tuple[str, ...]:
    least = (f"min_length={low}",) if low else ()
    most = (f"max_length={grouped(high)}",) if high else ()
    return (*least, *most)


def _decimal(field: DecimalField | MoneyField) -> Spelling:
    digits, places = digits_of(field)
    exact = ", ".join((str(digits), str(places), *bounds(field, "Decimal")))
    return Spelling(
        "Decimal",
        "Decimal",
        "Decimal",
        f"sa.Numeric({digits}, {places})",
        markers=(f"Exact({exact})",),
        column=f"ExactDecimal({digits}, {places})",
        queried=f"Annotated[Decimal, Exact({digits}, {places})]",
    )


def _list(field: ListField) -> Spelling:
    scalar = SCALARS[field.items]
    item = ITEMS[field.items]
    if field.items == "string":
        item = "Annotated[Line, Field(max_length=200)]"
    if field.items == "integer":
        item = "Integer"
    kept = f"list[{scalar}]"
    return Spelling(
        f"list[{item}]",
        kept,
        kept,
        "sa.JSON(none_as_null=True)",
        (f"max_length={field.max_items}",),
        column=f"ScalarList({READERS.get(scalar, scalar)})",
    )


def _timed(
    field: DateField | DatetimeField, base: str, kind: str
) -> tuple[str, tuple[str, ...]]:
    relative = {"today", "now"}
    if field.not_after in relative:
        base = f"Past{base}"
    elif field.not_before in relative:
        base = f"Future{base}"
    bounds = (("not_before", field.not_before), ("not_after", field.not_after))
    markers = [
        f"{name}({kind}.fromisoformat({literal(part)}))"
        for name, part in bounds
        if part and moment(part) is not None
    ]
    return base, tuple(markers)


def raw(pattern: str) -> str:
    """Return a pattern as a raw string, if one can hold it."""
    plain = '"' not in pattern and pattern.isprintable() and not pattern.endswith("\\")
    return f'r"{pattern}"' if plain and "\\" in pattern else literal(pattern)
