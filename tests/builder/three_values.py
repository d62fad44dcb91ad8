"""What a rule makes of a row, by three-valued logic, told without the compiler."""

import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from operator import add, eq, ge, gt, le, lt, mul, ne, sub, truediv
from typing import Any

from petsage_builder.spec.expressions import (
    Calculate,
    Caller,
    Compare,
    Constant,
    Emptiness,
    Expression,
    Field,
    Join,
    Membership,
    Moment,
    Negation,
)
from tests.builder.visits import ACTOR, NOW, Visit

SIGNS = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "!=": ne}
SUMS = {"+": add, "-": sub, "*": mul, "/": truediv}
TICK = timedelta(microseconds=1)


class NoNumberError(ArithmeticError):
    """Infinity less infinity: nobody says what a rule makes of it."""


def result(tree: Expression, row: Visit) -> Any:  # noqa: ANN401 - of any kind
    """Return what a rule makes of a row; None if it is unknown, or empty."""
    match tree:
        case Constant(value):
            whole = isinstance(value, Decimal) and value % 1 == 0
            return int(str(value)) if whole else value
        case Moment(name):
            return NOW if name == "now" else NOW.date()
        case Caller():
            return ACTOR.id
        case Field(path):
            return _read(path, row)
        case Calculate(sign, left, right):
            return _calculated(sign, result(left, row), result(right, row))
        case _:
            return _truth(tree, row)


def _read(path: tuple[str, ...], row: Any) -> Any:  # noqa: ANN401 - of any kind
    for name in path:
        row = getattr(row, "owner_id" if name == "owner" else name, None)
    return row


def _truth(tree: Expression, row: Visit) -> bool | None:
    match tree:
        case Negation(operand):
            found = result(operand, row)
            return None if found is None else not found
        case Emptiness(operand):
            return result(operand, row) is None
        case Compare(sign, left, right):
            return _compared(sign, result(left, row), result(right, row))
        case Membership(operand, options):
            one = result(operand, row)
            return _any([_compared("=", one, result(o, row)) for o in options])
        case Join("or", operands):
            return _any([result(operand, row) for operand in operands])
        case Join("and", operands):
            return _negated(_any([_negated(result(o, row)) for o in operands]))
    raise AssertionError(tree)


def _any(found: list[bool | None]) -> bool | None:
    return True if True in found else None if None in found else False


def _negated(found: bool | None) -> bool | None:  # noqa: FBT001
    return None if found is None else not found


def _compared(sign: str, left: Any, right: Any) -> bool | None:  # noqa: ANN401
    if left is None or right is None:
        return None
    left, right = _alike(left, right)
    if isinstance(left, float) and (math.isnan(left) or math.isnan(right)):
        raise NoNumberError
    return bool(SIGNS[sign](left, right))


def _alike(left: Any, right: Any) -> tuple[Any, Any]:  # noqa: ANN401
    """Turn decimals to floats beside floats."""
    if isinstance(left, float) and isinstance(right, Decimal):
        return left, float(right)
    if isinstance(left, Decimal) and isinstance(right, float):
        return float(left), right
    return left, right


def _calculated(sign: str, left: Any, right: Any) -> Any:  # noqa: ANN401
    if left is None or right is None:
        return None
    if isinstance(left, Decimal | int | float) and isinstance(right, timedelta):
        left, right = right, left
    if isinstance(left, timedelta) and isinstance(right, Decimal | int | float):
        return _scaled(left, float(right) if isinstance(right, Decimal) else right)
    if isinstance(right, timedelta):
        return _moved(left, _ticks(right) * (1 if sign == "+" else -1))
    left, right = _alike(left, right)
    if sign == "/" and isinstance(left, int) and isinstance(right, int):
        left = Decimal(left)
    made = SUMS[sign](left, right)
    if isinstance(made, float) and math.isnan(made):
        raise NoNumberError
    return made


def _scaled(span: timedelta, by: float) -> timedelta:
    if math.isnan(by):
        raise NoNumberError
    if math.isinf(by):
        return _span(_ticks(span) * (10**30 if by > 0 else -(10**30)))
    return _span(round(Fraction(by) * _ticks(span)))


def _ticks(span: timedelta) -> int:
    return span // TICK


def _span(ticks: int) -> timedelta:
    most = -_ticks(timedelta.min)
    return timedelta(microseconds=max(-most, min(most, ticks)))


def _moved(moment: Any, ticks: int) -> Any:  # noqa: ANN401
    match moment:
        case timedelta():
            return _span(_ticks(moment) + ticks)
        case datetime():
            first = datetime.min.replace(tzinfo=UTC)
            last = _ticks(datetime.max.replace(tzinfo=UTC) - first)
            at = _ticks(moment - first) + ticks
            return first + timedelta(microseconds=max(0, min(last, at)))
        case date():
            days = abs(ticks) // _ticks(timedelta(days=1)) * (1 if ticks > 0 else -1)
            at = moment.toordinal() + days
            return date.fromordinal(max(1, min(date.max.toordinal(), at)))
    raise AssertionError(moment)
