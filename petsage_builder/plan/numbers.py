"""Numbers as Python source: their digits, and the bounds that they keep."""

from petsage_builder.spec.fields import (
    Bounded,
    DecimalField,
    IntegerField,
    MoneyField,
    Number,
)

LONG_NUMBER = 10_000
MONEY_DIGITS, MONEY_PLACES = 14, 2


def digits_of(field: DecimalField | MoneyField) -> tuple[int, int]:
    """Return how many digits a number has, and how many of them after the point."""
    if isinstance(field, MoneyField):
        return MONEY_DIGITS, MONEY_PLACES
    return field.max_digits, field.decimal_places


def integer_bounds(field: IntegerField) -> tuple[str, str]:
    """Return the least and the greatest whole number that a field takes."""
    low = field.ge if field.ge is not None else field.gt
    high = field.le if field.le is not None else field.lt
    return (
        "INT64_MIN"
        if low is None
        else grouped(_whole(low, up=True, off=field.ge is None)),
        "INT64_MAX"
        if high is None
        else grouped(_whole(high, up=False, off=field.le is None)),
    )


def _whole(bound: Number, *, up: bool, off: bool) -> int:
    """Return the first whole number that a bound lets through."""
    floor = int(bound // 1)
    is_whole = bound == floor
    if up:
        return floor + 1 if off or not is_whole else floor
    return floor - 1 if off and is_whole else floor


def bounds(field: Bounded, kind: str) -> tuple[str, ...]:
    """Return the bounds of a number as the arguments of its type."""
    found = []
    for name in ("ge", "gt", "le", "lt"):
        bound = getattr(field, name)
        if bound is not None:
            found.append(f"{name}={_number(bound, kind)}")
    return tuple(found)


def _number(bound: Number, kind: str) -> str:
    if bound == bound.to_integral_value():
        return grouped(int(bound))
    return f'Decimal("{bound}")' if kind == "Decimal" else str(float(bound))


def grouped(number: int) -> str:
    """Return a whole number as Python source, in groups if it is a long one."""
    return f"{number:_}" if abs(number) >= LONG_NUMBER else str(number)
