"""What a rule says of a row, in the logic of SQL: true, false, or unknown.

Whatever is compared or calculated with an empty value is empty itself, which is how SQL
says unknown (https://www.postgresql.org/docs/17/functions-logical.html).
"""

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Context, Decimal, DecimalException, localcontext
from typing import Any, assert_never

from petsage_builder.solver.worlds import Real, Unseen, World
from petsage_builder.spec.expressions import (
    Arithmetic,
    Calculate,
    Caller,
    Compare,
    Comparison,
    Constant,
    Emptiness,
    Expression,
    Field,
    Join,
    Membership,
    Moment,
    Negation,
)

COMPARISONS: dict[Comparison, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
ARITHMETIC: dict[Arithmetic, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
# Enough for any float, and for its decimals.
EXACT = Context(prec=400)


@dataclass(frozen=True, slots=True)
class Scene:
    """A world, and what the fields are in it."""

    world: World
    value_of: Callable[[Field], Real]


def evaluate(expression: Expression, scene: Scene) -> Real:
    """Return what an expression is: None if it is empty or unknown."""
    match expression:
        case Constant():
            found: Real = expression.value
        case Moment():
            world = scene.world
            found = world.now if expression.name == "now" else world.today
        case Caller():
            found = Unseen.PRESENT
        case Field():
            found = scene.value_of(expression)
        case Calculate():
            found = calculate(expression.operator, *_both(expression, scene))
        case _:
            found = _decide(expression, scene)
    return found


def _decide(
    condition: Negation | Compare | Join | Membership | Emptiness, scene: Scene
) -> Real:
    match condition:
        case Negation():
            found = _negate(evaluate(condition.operand, scene))
        case Compare():
            found = compare(condition.operator, *_both(condition, scene))
        case Join():
            parts = [evaluate(part, scene) for part in condition.operands]
            found = _join(parts, decisive=condition.operator == "or")
        case Membership():
            operand = evaluate(condition.operand, scene)
            options = (evaluate(option, scene) for option in condition.options)
            found = _join([compare("=", operand, o) for o in options], decisive=True)
        case Emptiness():
            found = _is_empty(evaluate(condition.operand, scene))
        case _:
            assert_never(condition)
    return found


def compare(sign: Comparison, left: Real, right: Real) -> Real:
    """Return whether a comparison holds, if both values are known."""
    if isinstance(left, Unseen) or isinstance(right, Unseen):
        return Unseen.UNKNOWN
    if left is None or right is None:
        return None
    return COMPARISONS[sign](left, right)


def calculate(sign: Arithmetic, left: Real, right: Real) -> Real:
    """Return what two values make; unknown if that is no value at all."""
    if isinstance(left, Unseen) or isinstance(right, Unseen):
        return Unseen.UNKNOWN
    if left is None or right is None:
        return None
    try:
        with localcontext(EXACT):
            return _calculated(sign, left, right)
    except (ArithmeticError, DecimalException, TypeError, ValueError):
        return Unseen.UNKNOWN


def _calculated(sign: Arithmetic, left: Any, right: Any) -> Real:  # noqa: ANN401
    if isinstance(left, timedelta) and isinstance(right, timedelta) and sign == "/":
        return Decimal(left // MICROSECOND) / Decimal(right // MICROSECOND)
    if isinstance(left, Decimal) and isinstance(right, timedelta):
        left, right = right, left
    if isinstance(left, timedelta) and isinstance(right, Decimal):
        count = ARITHMETIC[sign](Decimal(left // MICROSECOND), right)
        return int(count) * MICROSECOND
    found: Real = ARITHMETIC[sign](left, right)
    return found


MICROSECOND = timedelta(microseconds=1)


def _both(expression: Compare | Calculate, scene: Scene) -> tuple[Real, Real]:
    return evaluate(expression.left, scene), evaluate(expression.right, scene)


def _negate(value: Real) -> Real:
    return not value if isinstance(value, bool) else value


def _join(parts: list[Real], *, decisive: bool) -> Real:
    """Return the decisive value if any part has it, else whatever is not known."""
    if any(part is decisive for part in parts):
        return decisive
    return next((part for part in parts if part is not (not decisive)), not decisive)


def _is_empty(value: Real) -> Real:
    return value if value is Unseen.UNKNOWN else value is None


def leaves(expression: Expression) -> Iterator[Field | Moment]:
    """Give each field, and each look at the clock."""
    for part in _ends(expression):
        if isinstance(part, Field | Moment):
            yield part


def spans(expression: Expression) -> Iterator[timedelta]:
    """Give each span of time that is written in a rule."""
    for part in _ends(expression):
        if isinstance(part, Constant) and isinstance(part.value, timedelta):
            yield part.value


def speaks_of_caller(expression: Expression) -> bool:
    """Say whether it makes a difference who calls."""
    return any(isinstance(part, Caller) for part in _ends(expression))


def comparisons(expression: Expression) -> Iterator[Compare]:
    """Give each comparison in a rule."""
    match expression:
        case Compare():
            yield expression
        case Negation():
            yield from comparisons(expression.operand)
        case Join():
            for part in expression.operands:
                yield from comparisons(part)


def named_values(expression: Expression, name: str) -> Iterator[Real]:
    """Give each value that a rule names as one of those that a field can have."""
    match expression:
        case Negation():
            yield from named_values(expression.operand, name)
        case Join():
            for part in expression.operands:
                yield from named_values(part, name)
        case Membership(Field((field,)), options) if field == name:
            yield from (part.value for part in options if isinstance(part, Constant))


def _ends(expression: Expression) -> Iterator[Expression]:
    """Give each part of an expression that has none itself."""
    match expression:
        case Negation() | Emptiness():
            yield from _ends(expression.operand)
        case Compare() | Calculate():
            yield from _ends(expression.left)
            yield from _ends(expression.right)
        case Join():
            for part in expression.operands:
                yield from _ends(part)
        case Membership():
            for part in (expression.operand, *expression.options):
                yield from _ends(part)
        case _:
            yield expression


def mentions(expression: Expression, path: tuple[str, ...]) -> bool:
    """Say whether an expression speaks of a field of the row, or of one above it."""
    return any(isinstance(f, Field) and f.path == path for f in leaves(expression))
