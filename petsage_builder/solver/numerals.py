"""Numbers as a field has them: their steps, their bounds, and how they are written."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext

from petsage_builder.solver.evaluation import EXACT
from petsage_builder.spec.fields import (
    Bounded,
    DecimalField,
    FloatField,
    IntegerField,
    MoneyField,
)

MONEY_DIGITS, MONEY_PLACES = 14, 2
FLOAT_PLACES = 3
LARGEST = 2**63 - 1
SMALLEST = -(2**63)


def places(field: Bounded) -> int:
    """Return how many decimals the field's numbers have; for floats, as samples."""
    match field:
        case DecimalField():
            return field.decimal_places
        case MoneyField():
            return MONEY_PLACES
        case FloatField():
            return FLOAT_PLACES
        case _:
            return 0


def step(field: Bounded) -> Decimal:
    """Return the least that two numbers of the field differ by; for floats, little."""
    return Decimal(1).scaleb(-places(field))


def ceiling(field: Bounded) -> Decimal | None:
    """Return the greatest number that the type of the field has, if it has one."""
    match field:
        case IntegerField():
            return Decimal(LARGEST)
        case DecimalField():
            whole = field.max_digits - field.decimal_places
            return Decimal(10) ** whole - step(field)
        case MoneyField():
            return Decimal(10) ** (MONEY_DIGITS - MONEY_PLACES) - step(field)
        case _:
            return None


def floor(field: Bounded) -> Decimal | None:
    """Return the least number that the type of the field has, if it has one."""
    if isinstance(field, IntegerField):
        return Decimal(SMALLEST)
    top = ceiling(field)
    return None if top is None else -top


def lowest(field: Bounded) -> Decimal | None:
    """Return the least number within the bounds."""
    if field.ge is not None:
        return _on_step(field, field.ge, ROUND_CEILING)
    if field.gt is not None:
        return _on_step(field, field.gt, ROUND_FLOOR) + step(field)
    return None


def highest(field: Bounded) -> Decimal | None:
    """Return the greatest number within the bounds."""
    if field.le is not None:
        return _on_step(field, field.le, ROUND_FLOOR)
    if field.lt is not None:
        return _on_step(field, field.lt, ROUND_CEILING) - step(field)
    return None


def _on_step(field: Bounded, number: Decimal, rounding: str) -> Decimal:
    with localcontext(EXACT):
        return number.quantize(step(field), rounding)


def written(field: Bounded, number: Decimal) -> int | float | str:
    """Return a number as the API writes it, rounded if it has to be."""
    match field:
        case IntegerField():
            return int(number)
        case FloatField():
            return float(number)
        case _:
            with localcontext(EXACT):
                return format(number.quantize(step(field), ROUND_FLOOR), "f")
