"""Solve sample values from the constraints of a resource: no clock, and no chance.

samples     what comes out
worlds      what a sample is at a moment
spans       how the API writes a span of time
evaluation  what a rule says of a row, in the logic of SQL
inversion   where a rule turns
acceptance  whether a field takes a value
callers     whose id a field has to hold so that they may do something
words       what a person would choose
numerals    numbers, their steps and bounds
regex       strings that match a pattern
likely      values of a field, the likeliest first
boundaries  values at the edges of a field
spelling    how the API writes a value
wrong       values that a field refuses
puzzle      fields to be given values, and rules that must hold
search      one value after the other, until all rules hold
solution    rows, and changes to them
spread      rows that can stand beside each other
"""

from collections.abc import Mapping
from decimal import localcontext
from types import MappingProxyType

from petsage_builder.analyze.vocabulary import Subject
from petsage_builder.solver.evaluation import EXACT
from petsage_builder.solver.puzzle import Puzzle
from petsage_builder.solver.samples import (
    Broken,
    FromNow,
    FromToday,
    Person,
    Refused,
    Row,
    Samples,
    UnsolvableError,
    Value,
)
from petsage_builder.solver.solution import Solution
from petsage_builder.solver.spread import spread
from petsage_builder.solver.wrong import refused

__all__ = [
    "Broken",
    "FromNow",
    "FromToday",
    "Person",
    "Refused",
    "Row",
    "Samples",
    "UnsolvableError",
    "Value",
    "solve",
]

NOBODY: Mapping[str, Row] = MappingProxyType({})


def solve(subject: Subject, parents: Mapping[str, Row] = NOBODY) -> Samples:
    """Return samples of a resource, or raise `UnsolvableError`.

    `parents` are the sample rows of its parents by role; a grandparent's role is a path
    such as `pet.clinic`. A rule that speaks of a parent that is not among them is never
    broken.
    """
    with localcontext(EXACT):
        return _samples(Solution(Puzzle(subject, parents)))


def _samples(solution: Solution) -> Samples:
    first, second, third = solution.first, solution.second, solution.third
    first, third, second = spread(solution.puzzle, (first, third, second))
    return Samples(
        rows=(first, second, third),
        minimal=solution.minimal,
        accepted=tuple(solution.accepted()),
        refused=tuple(
            wrong
            for name, field in solution.puzzle.fields.items()
            for wrong in refused(name, field, first[name])
        ),
        broken=solution.broken,
        broken_otherwise=solution.broken_otherwise,
    )
