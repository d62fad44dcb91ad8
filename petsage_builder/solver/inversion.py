"""Where a rule turns: the values of a field at which a comparison is just decided."""

from collections.abc import Iterator

from petsage_builder.solver.evaluation import Scene, calculate, evaluate, mentions
from petsage_builder.solver.worlds import Real
from petsage_builder.spec.expressions import (
    Calculate,
    Compare,
    Expression,
    Field,
    Join,
    Membership,
    Negation,
)


def turning_points(
    rule: Expression, name: tuple[str, ...], scene: Scene
) -> Iterator[Real]:
    """Give what the field at a path is when two sides of a comparison are equal."""
    match rule:
        case Negation():
            yield from turning_points(rule.operand, name, scene)
        case Join():
            for part in rule.operands:
                yield from turning_points(part, name, scene)
        case Membership():
            for option in rule.options:
                yield from _balance(rule.operand, option, name, scene)
        case Compare():
            yield from _balance(rule.left, rule.right, name, scene)


def _balance(
    left: Expression, right: Expression, name: tuple[str, ...], scene: Scene
) -> Iterator[Real]:
    for one, other in ((left, right), (right, left)):
        if mentions(one, name) and not mentions(other, name):
            yield from _isolate(one, evaluate(other, scene), name, scene)


def _isolate(
    side: Expression, target: Real, name: tuple[str, ...], scene: Scene
) -> Iterator[Real]:
    """Give the values of `name` for which `side` is `target`."""
    if isinstance(side, Field):
        yield target
    if not isinstance(side, Calculate):
        return
    in_left, in_right = (mentions(part, name) for part in (side.left, side.right))
    if in_left and not in_right:
        rest = evaluate(side.right, scene)
        yield from _isolate(side.left, _undo_left(side, target, rest), name, scene)
    if in_right and not in_left:
        rest = evaluate(side.left, scene)
        yield from _isolate(side.right, _undo_right(side, target, rest), name, scene)


def _undo_left(side: Calculate, target: Real, right: Real) -> Real:
    match side.operator:
        case "+":
            return calculate("-", target, right)
        case "-":
            return calculate("+", target, right)
        case "*":
            return calculate("/", target, right)
        case "/":
            return calculate("*", target, right)


def _undo_right(side: Calculate, target: Real, left: Real) -> Real:
    match side.operator:
        case "+":
            return calculate("-", target, left)
        case "-":
            return calculate("-", left, target)
        case "*":
            return calculate("/", target, left)
        case "/":
            return calculate("/", left, target)
