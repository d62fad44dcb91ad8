"""Rules as trees, turned until only comparisons and fields are denied."""

import operator as operators
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from petsage_builder.compiler.pieces import CompileError
from petsage_builder.spec.expressions import (
    Calculate,
    Caller,
    Compare,
    Comparison,
    Constant,
    Emptiness,
    Expression,
    Field,
    Join,
    Junction,
    Membership,
    Moment,
    Negation,
)

OPPOSITE: Mapping[Comparison, Comparison] = {
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
    "=": "!=",
    "!=": "=",
}
MIRRORED: Mapping[Comparison, Comparison] = {
    "<": ">",
    ">": "<",
    "<=": ">=",
    ">=": "<=",
    "=": "=",
    "!=": "!=",
}
OTHER: Mapping[Junction, Junction] = {"and": "or", "or": "and"}
SIGNS: Mapping[Comparison, Callable[[Any, Any], bool]] = {
    "<": operators.lt,
    "<=": operators.le,
    ">": operators.gt,
    ">=": operators.ge,
    "=": operators.eq,
    "!=": operators.ne,
}


def fields_of(tree: Expression) -> tuple[tuple[str, ...], ...]:
    """Return the paths that a rule mentions, in order, each once."""
    return tuple(dict.fromkeys(field.path for field in fields_in(tree)))


def fields_in(tree: Expression) -> Iterator[Field]:
    """Give the fields that a rule mentions, in order."""
    if isinstance(tree, Field):
        yield tree
    for part in parts_of(tree):
        yield from fields_in(part)


def parts_of(tree: Expression) -> tuple[Expression, ...]:
    """Return what a tree is made of."""
    match tree:
        case Negation(operand) | Emptiness(operand):
            return (operand,)
        case Compare(_, left, right) | Calculate(_, left, right):
            return (left, right)
        case Join(_, operands):
            return operands
        case Membership(operand, options):
            return (operand, *options)
        case Constant() | Moment() | Caller() | Field():
            return ()


def settled(tree: Expression, *, wanted: bool) -> Expression:
    """Return a rule that is true exactly if `tree` is `wanted`, and not unknown.

    Only a membership, an emptiness or a field is denied in it. Such a negation is true
    if its operand is false, and not if that is unknown.
    """
    match tree:
        case Constant():
            return Constant(tree.value is wanted, "boolean")
        case Negation(operand):
            return settled(operand, wanted=not wanted)
        case Join(operator, operands):
            parts = [settled(operand, wanted=wanted) for operand in operands]
            return joined(operator if wanted else OTHER[operator], parts)
        case _:
            return _settled_leaf(tree, wanted=wanted)


def _settled_leaf(tree: Expression, *, wanted: bool) -> Expression:
    match tree:
        case Emptiness(operand):
            return _emptiness(operand, wanted=wanted)
        case Compare():
            return _comparison(tree, wanted=wanted)
        case Membership():
            return _membership(tree, wanted=wanted)
        case _:
            return tree if wanted else Negation(tree)


def joined(operator: Junction, parts: list[Expression]) -> Expression:
    """Return conditions as one, without those that decide nothing."""
    flat: list[Expression] = []
    for part in parts:
        same = isinstance(part, Join) and part.operator == operator
        flat += part.operands if isinstance(part, Join) and same else [part]
    neutral = Constant(operator == "and", "boolean")
    decisive = Constant(operator == "or", "boolean")
    kept = [part for part in dict.fromkeys(flat) if part != neutral]
    kept = _with_opposites(operator, _merged(operator, kept))
    if decisive in kept:
        return decisive
    if len(kept) > 1:
        return Join(operator, tuple(kept))
    return kept[0] if kept else neutral


def _with_opposites(operator: Junction, parts: list[Expression]) -> list[Expression]:
    """Say `is not empty` for `x or not x`, and `false` for `x and not x`."""
    for part in parts:
        if isinstance(part, Negation) and part.operand in parts:
            left = [p for p in parts if p not in (part, part.operand)]
            if operator == "and" or isinstance(part.operand, Emptiness):
                return [Constant(operator == "or", "boolean")]
            if isinstance(part.operand, Field):
                known = settled(Emptiness(part.operand), wanted=False)
                return _with_opposites(operator, [*left, known])
    return parts


def _merged(operator: Junction, parts: list[Expression]) -> list[Expression]:
    """Make one membership of `x = a or x = b`, and of `x != a and x != b`."""
    options: dict[Expression, list[Expression]] = {}
    for part in parts:
        if found := _as_options(operator, part):
            options.setdefault(found.operand, []).extend(found.options)
    merged: list[Expression] = []
    for part in parts:
        found = _as_options(operator, part)
        if found is None or len(options.get(found.operand, ())) == len(found.options):
            merged.append(part)
        elif found.operand in options:
            one = Membership(found.operand, tuple(options.pop(found.operand)))
            merged.append(_membership(one, wanted=operator == "or"))
    return merged


def _as_options(operator: Junction, part: Expression) -> Membership | None:
    match operator, part:
        case ("or", Compare("=", left, right)) | ("and", Compare("!=", left, right)):
            mergeable = left.kind != "boolean" and fields_of(left)
            return Membership(left, (right,)) if mergeable else None
        case ("or", Membership() as found) | ("and", Negation(Membership() as found)):
            return found
    return None


def _emptiness(operand: Expression, *, wanted: bool) -> Expression:
    if isinstance(operand, Field):
        return Emptiness(operand) if wanted else Negation(Emptiness(operand))
    if operand.kind == "boolean" and not isinstance(operand, Constant):
        raise CompileError("asks whether a condition is empty", "a field is empty")
    parts = [_emptiness(field, wanted=wanted) for field in fields_in(operand)]
    return joined("or" if wanted else "and", parts)


def _comparison(tree: Compare, *, wanted: bool) -> Expression:
    operator = tree.operator if wanted else OPPOSITE[tree.operator]
    left, right = tree.left, tree.right
    if left == right:
        known = settled(Emptiness(left), wanted=False)
        never = Constant(value=False, kind="boolean")
        return known if operator in ("=", "<=", ">=") else never
    if fields_of(right) and not fields_of(left):
        operator, left, right = MIRRORED[operator], right, left
    if isinstance(left, Constant) and isinstance(right, Constant):
        holds = SIGNS[operator](left.value, right.value)
        return Constant(holds, "boolean")
    if left.kind != "boolean":
        return Compare(operator, left, right)
    if isinstance(right, Constant) and isinstance(left, Field):
        return settled(left, wanted=(right.value is True) == (operator == "="))
    if isinstance(left, Field) and isinstance(right, Field):
        return Compare(operator, left, right)
    raise CompileError("compares conditions", "a field, true or false; and, or, not")


def _membership(tree: Membership, *, wanted: bool) -> Expression:
    options = tuple(dict.fromkeys(tree.options))
    alone = len(options) == 1 or tree.operand in options or not fields_of(tree.operand)
    if alone or tree.operand.kind == "boolean":
        parts = [
            _comparison(Compare("=", tree.operand, option), wanted=wanted)
            for option in options
        ]
        return joined("or" if wanted else "and", parts)
    found = Membership(tree.operand, options)
    return found if wanted else Negation(found)
