"""Comparisons in time, turned so that a database need not calculate."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from petsage_builder.compiler.durations import constant_duration
from petsage_builder.compiler.pieces import CompileError
from petsage_builder.compiler.trees import MIRRORED
from petsage_builder.spec.expressions import (
    Calculate,
    Compare,
    Constant,
    Expression,
    Field,
    Moment,
)

IN_TIME = frozenset({"date", "datetime", "duration"})
# With more, the first or the last moment that there is would be in reach.
LONGEST = timedelta(days=365_000)
DAY = timedelta(days=1)
Sign = Literal[1, -1]
ACCEPTED = (
    "one field beside today or now, with constants: starts_at - now >= 24 hours; "
    "or two fields alone: ends_at > starts_at"
)


@dataclass(frozen=True, slots=True)
class Term:
    """Something that is added, or taken away."""

    sign: Sign
    tree: Field | Moment | Constant


def in_search(rule: Compare) -> Compare:
    """Return the same comparison with a field alone on the left, and none to calculate.

    Raises:
        CompileError: It is not that simple: two fields with a duration between them.

    """
    terms = [*_terms(rule.left, 1), *_terms(rule.right, -1)]
    points = sorted(_points(terms), key=lambda term: isinstance(term.tree, Moment))
    if len(points) != 2 or points[0].sign == points[1].sign:  # noqa: PLR2004 - two sides
        raise CompileError("has more to calculate than two moments", ACCEPTED)
    field, other = points
    if field.tree.kind == "date" and any(_length(term) % DAY for term in terms):
        raise CompileError("adds hours to a date", "whole days")
    if isinstance(field.tree, Moment):
        raise CompileError("compares no field", "a condition on a field")
    operator = rule.operator if field.sign == 1 else MIRRORED[rule.operator]
    offset = sum(
        (_length(term) * -field.sign * term.sign for term in terms), timedelta()
    )
    return Compare(operator, field.tree, _shifted(other.tree, offset))


def _points(terms: list[Term]) -> Iterator[Term]:
    yield from (term for term in terms if not isinstance(term.tree, Constant))


def _length(term: Term) -> timedelta:
    value = term.tree.value if isinstance(term.tree, Constant) else None
    return value if isinstance(value, timedelta) else timedelta()


def _terms(tree: Expression, sign: Sign) -> Iterator[Term]:
    """Give what a rule adds up."""
    length = constant_duration(tree)
    match tree:
        case _ if length is not None:
            if abs(length) > LONGEST:
                raise CompileError("is longer than a thousand years", "less")
            yield Term(sign, Constant(length, "duration"))
        case Field() | Moment() if tree.kind != "duration":
            yield Term(sign, tree)
        case Calculate("+" | "-" as operator, left, right, _):
            yield from _terms(left, sign)
            yield from _terms(right, sign if operator == "+" else _opposite(sign))
        case _:
            raise CompileError("calculates with a duration that is stored", ACCEPTED)


def _opposite(sign: Sign) -> Sign:
    return -1 if sign == 1 else 1


def _shifted(tree: Expression, offset: timedelta) -> Expression:
    if not offset:
        return tree
    if isinstance(tree, Field):
        raise CompileError("calculates with two fields in a search", ACCEPTED)
    return Calculate("+", tree, Constant(offset, "duration"), tree.kind)
