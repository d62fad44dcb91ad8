"""States: each can be reached, and each way is described."""

from collections.abc import Iterator

from petsage_builder.analyze.structured import nearest
from petsage_builder.analyze.vocabulary import Subject, states_of
from petsage_builder.errors import Problem
from petsage_builder.spec.resources import States

OPERATIONS = {"create", "list", "get", "update", "replace", "delete"}


def check_states(subject: Subject) -> Iterator[Problem]:
    """Give each state that no row can have, and each way that nobody can go."""
    states, where = subject.resource.states, f"{subject.where}.states"
    if states is None:
        return
    reached = _reached(states)
    for state in states_of(subject.resource):
        if state not in reached:
            what = f"the state {state[:80]!r} cannot be reached from {states.initial!r}"
            accepted = ", ".join(sorted(reached))
            yield Problem(
                f"{where}.transitions", what, accepted, nearest(state, reached)
            )
    for action, move in states.transitions.items():
        place = f"{where}.transitions.{action}"
        if action in OPERATIONS:
            what = f"{action!r} is an operation"
            yield Problem(place, what, "a verb of its own, such as confirm")
        if move.to in move.from_:
            yield Problem(
                f"{place}.to", f"{move.to!r} is where it comes from", "another"
            )
        yield from subject.wrong_condition(move.when, f"{place}.when")
        yield from _required(subject, move.requires, f"{place}.requires")


def _reached(states: States) -> list[str]:
    reached = [states.initial]
    for state in reached:
        for move in states.transitions.values():
            if state in move.from_ and move.to not in reached:
                reached.append(move.to)
    return reached


def _required(subject: Subject, names: list[str], where: str) -> Iterator[Problem]:
    yield from subject.unknown_columns(names, where)
    for index, name in enumerate(names):
        field = subject.stored.get(name)
        if name in subject.resource.belongs_to:
            what = f"{name!r} is a parent, which no move sets"
            accepted = f"a field, or a move `when: {name} is not empty`"
            yield Problem(f"{where}[{index}]", what, accepted)
        if field is not None and not getattr(field, "optional", False):
            what = f"{name!r} always has a value"
            yield Problem(f"{where}[{index}]", what, "a field that is optional")
