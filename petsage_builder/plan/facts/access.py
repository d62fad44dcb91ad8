"""How everybody is answered, and what is logged."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from petsage_builder.analyze.checks.scenarios import EVENTS
from petsage_builder.plan.endpoints import Endpoint
from petsage_builder.plan.facts.fact import Fact, fact
from petsage_builder.plan.facts.parts import answering, granting, of_move
from petsage_builder.plan.sources import source, text
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import Row


def access(t: Trials) -> Iterator[Fact]:
    """Give the facts about requests: their answers, their events, their conflicts."""
    yield from _answers(t, {})
    if t.cast.maker and not t.view.one_per_user:
        for changes in t.changes.unwanted:
            yield from _answers(t.after(changes), changes)
    if t.cast.maker:
        yield from _events(t)
        yield from _overtaken(t)


def _answers(t: Trials, changes: Row) -> Iterator[Fact]:
    """Give for each operation how it is answered to everybody, if it can be tried."""
    for endpoint in t.view.endpoints:
        operation = endpoint.operation
        on_row = operation not in ("create", "list")
        is_own = operation.endswith("_own") or operation == "nested"
        listed_alone = operation == "list" and t.view.one_per_user
        can_be_asked = (t.cast.maker or t.cast.lister) if on_row else not changes
        if can_be_asked and not is_own and not listed_alone:
            request = _request(t, endpoint)
            found = tuple(int(t.answers.status(operation, w)) for w in t.people.all)
            granted = [*answering(t, operation), "plural"]
            row = source(changes), *request, repr(found)
            yield _asking_all(t, fact("ACCESS", t, *row, of=granted))


def _asking_all(t: Trials, found: Fact) -> Fact:
    """Add the roles that the payload names: each of them is asked, too."""
    named = t.view.subject.vocabulary.requirements.roles
    asked = (i for i, role in enumerate(named) if role in t.people.roles)
    roles = (f"requirements.roles[{index}]" for index in asked)
    return replace(found, places=chain(found.places, roles))


def _request(t: Trials, endpoint: Endpoint) -> tuple[str, str, str]:
    """Return the method, the path and the body of a request, as source."""
    method, path = endpoint.method.upper(), t.answers.path(endpoint)
    return text(method), text(path), source(t.answers.body(endpoint.operation))


def _events(t: Trials) -> Iterator[Fact]:
    """Give each operation that changes something, and the event that tells of it."""
    events = EVENTS | {move.action: move.event for move in t.view.moves}
    for endpoint in t.view.endpoints:
        operation = endpoint.operation
        who, before = t.answers.actor(operation)
        if operation in events and who:
            request = _request(t, endpoint)
            event = text(f"{t.view.name}.{events[operation]}")
            done = [of_move(operation, "to")] if operation not in EVENTS else []
            for actor in _actors(t, operation, who):
                row = source(before), text(actor), *request, event
                yield fact("EVENTS", t, *row, of=[*granting(t, operation), *done])


def _actors(t: Trials, operation: str, who: str) -> Iterator[str]:
    """Give who does something, and the last of all others who can do it at once."""
    yield who
    if operation in ("update", "replace", "delete"):
        done = (w for w in t.people.all[1:] if t.answers.is_done(operation, w))
        *_, last = (who, *done)
        if last != who:
            yield last


def _overtaken(t: Trials) -> Iterator[Fact]:
    """Give requests that another change can come before."""
    who = t.cast.doer("update")
    if who:
        own = (changes for other, changes in t.changes.single if other == who)
        if changes := next(filter(None, own), None):
            yield _overtaking(t, "update", [], who, ("PATCH", "", changes))
    who = t.cast.doer("delete")
    if who and t.answers.is_done("delete", who):
        yield _overtaking(t, "delete", [], who, ("DELETE", "", None))
    for move in t.view.moves:
        who, before = t.answers.actor(move.action)
        if who:
            request = "POST", move.path, t.answers.body(move.action)
            yield _overtaking(t, move.action, before, who, request)


def _overtaking(
    t: Trials,
    operation: str,
    before: list[str],
    who: str,
    request: tuple[str, str, Row | None],
) -> Fact:
    method, action, body = request
    row = source(before), text(who), text(method), text(action), source(body)
    return fact("OVERTAKEN", t, *row, of=granting(t, operation))
