"""Whose id a field has to hold so that they may do something with the row."""

from collections.abc import Iterator

from petsage_builder.analyze.expressions import read_condition
from petsage_builder.analyze.vocabulary import Subject
from petsage_builder.solver.evaluation import comparisons
from petsage_builder.solver.samples import ANOTHER, Person
from petsage_builder.spec.expressions import Caller, Compare, Field
from petsage_builder.spec.resources import Grant

NO_ROLES = {"public", "user", "owner"}


def named(subject: Subject, name: str) -> Iterator[Person]:
    """Give everybody whom the access rules compare with a field."""
    for grant in granted(subject, name):
        yield Person(ANOTHER if grant.who in NO_ROLES else grant.who)


def granted(subject: Subject, name: str) -> Iterator[Grant]:
    """Give who may do something only if their id is in a field."""
    states = subject.resource.states
    moves = states.transitions.values() if states else ()
    grants = (*subject.resource.access.values(), *(move.by for move in moves))
    for grant in (grant for some in grants for grant in some):
        if grant.when and (name,) in compared(grant.when, subject):
            yield grant


def compared(condition: str, subject: Subject) -> list[tuple[str, ...]]:
    """Return the paths of what has to be the caller, wherever a condition says so."""
    found: list[tuple[str, ...]] = []
    for part in comparisons(read_condition(condition, subject.scope)):
        match part:
            case Compare("=", Field(path), Caller()) | Compare(
                "=", Caller(), Field(path)
            ):
                found.append(path)
    return found
