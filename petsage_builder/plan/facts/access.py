"""How everybody is answered, and what is logged."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from petsage_builder.analyze.checks.scenarios import EVENTS
from petsage_builder.plan.endpoints import Endpoint
from petsage_builder.plan.facts.fact import Fact, fact
from petsage_builder.plan.facts.parts import answering, granting, of_columns, of_move
from petsage_builder.plan.facts.pasts import Past, pasts
from petsage_builder.plan.sources import source, text
from petsage_builder.plan.testing import Testing
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import Row
from petsage_builder.solver.evaluation import speaks_of_caller


def access(testing: Testing, t: Trials) -> Iterator[Fact]:
    """Give the facts about requests: their answers, their events, their conflicts."""
    known: dict[str, set[str]] = {}
    for past in pasts(testing, t):
        for operation, said, found in _answers(past):
            answers = known.setdefault(operation, set())
            if not past.steps or found not in answers or _is_asked(past, operation):
                answers.add(found)
                row = *past.source, *said, found
                of = [*answering(t, operation), "plural"]
                yield _asking_all(t, fact("ACCESS", t, *row, of=of))
    if t.cast.maker:
        yield from _events(testing, t)
        yield from _overtaken(t)
    if t.cast.maker or t.cast.lister:
        yield from _updates(testing, t)


def _is_asked(past: Past, operation: str) -> bool:
    """Say whether it is asked whose id is in a row that has got another one."""
    grants = past.now.people.grants(operation)
    trees = (past.now.view.rules.condition(g.when) for g in grants if g.when)
    return past.names_somebody and any(map(speaks_of_caller, trees))


def _answers(past: Past) -> Iterator[tuple[str, tuple[str, str, str], str]]:
    """Give for each operation how it is answered to everybody, if it can be tried."""
    t = past.now
    state = t.people.scenery.state
    legal = {m.action for m in t.view.moves if state in m.transition.from_}
    for endpoint in t.view.endpoints:
        operation = endpoint.operation
        on_row = operation not in ("create", "list")
        is_own = operation.endswith("_own") or operation == "nested"
        can_be_asked = (t.cast.maker or t.cast.lister) if on_row else past.is_plain
        known_elsewhere = operation in legal and past.is_state
        if can_be_asked and not is_own and not known_elsewhere:
            request = _request(t, endpoint)
            found = tuple(int(t.answers.status(operation, w)) for w in t.people.all)
            yield operation, request, repr(found)


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


def _updates(testing: Testing, t: Trials) -> Iterator[Fact]:
    """Give changes of a row, as it is made, or as it must have become for them."""
    who = t.cast.doer("update")
    if who and t.answers.is_done("update", who):
        past = Past({}, (), t)
    else:
        past = _possible(testing, t, "update")[1]
    for who, changes in past.now.changes.single:
        if past.now.answers.is_done("update", who):
            row = *past.source, text(who), source(changes)
            of = [*granting(t, "update"), *of_columns(t, changes)]
            yield fact("UPDATES", t, *row, of=of)


def _possible(testing: Testing, t: Trials, operation: str) -> tuple[str, Past]:
    """Return who can do something, and what must have happened to the row before."""
    for past in pasts(testing, t):
        who, before = past.now.answers.actor(operation)
        if who and not before and past.now.answers.is_done(operation, who):
            return who, past
    return "", Past({}, (), t)


def _events(testing: Testing, t: Trials) -> Iterator[Fact]:
    """Give each operation that changes something, and the event that tells of it."""
    events = EVENTS | {move.action: move.event for move in t.view.moves}
    for endpoint in t.view.endpoints:
        operation = endpoint.operation
        if operation not in events:
            continue
        who, before = t.answers.actor(operation)
        past = Past({}, tuple(map(text, before)), t)
        if not who:
            who, past = _possible(testing, t, operation)
        if who:
            request = _request(t, endpoint)
            event = text(f"{t.view.name}.{events[operation]}")
            done = [of_move(operation, "to")] if operation not in EVENTS else []
            for actor in _actors(past.now, operation, who):
                said = text(actor), *request, event
                of = [*granting(t, operation), *done]
                yield fact("EVENTS", t, *past.source, *said, of=of)


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
