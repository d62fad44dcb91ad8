"""Scenarios: rows that are there, a request, and what comes of it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from http import HTTPStatus

from petsage_builder.analyze.references import moment, reference
from petsage_builder.decode import JsonValue
from petsage_builder.errors import Problem
from petsage_builder.plan.facts.fact import Fact
from petsage_builder.plan.people import FIRST, NOBODY
from petsage_builder.plan.requests import answering
from petsage_builder.plan.sources import listed, source, text
from petsage_builder.plan.testing import Testing
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import FromNow, FromToday, Row
from petsage_builder.solver.samples import Value
from petsage_builder.solver.spelling import as_answered
from petsage_builder.spec.fields import AnyField
from petsage_builder.spec.resources import Given, Scenario

# How somebody is answered who may make a row, if not every one of them.
MADE = (HTTPStatus.CREATED, HTTPStatus.UNPROCESSABLE_ENTITY)


def scenarios(testing: Testing, t: Trials) -> Iterator[Fact]:
    """Give each scenario whose request is about a kind of rows."""
    for index, scenario in enumerate(testing.scenarios):
        found = answering(testing.views, scenario)
        if found and found.view.name == t.view.name:
            row = f"{_scenario(testing, scenario, found.request)},"
            yield Fact("SCENARIOS", row, (f"requirements.scenarios[{index}]",))


def ungivable(testing: Testing) -> Iterator[Problem]:
    """Give each row of a scenario that the tests have no way to make."""
    kinds = _kinds(testing)
    for index, scenario in enumerate(testing.scenarios):
        for at, given in enumerate(scenario.given):
            where = f"requirements.scenarios[{index}].given[{at}]"
            t = kinds[given.resource]
            owner = _owner(kinds, scenario)
            if t.cast.maker:
                yield from _unset(t, given, f"{where}.{given.resource}", owner)
            elif not t.cast.lister:
                what = f"nobody sees each {t.view.label} that is there"
                yield Problem(where, what, "a list for somebody, to choose from")
            for number, (who, action) in enumerate(_moves(t, given, owner)):
                if not who:
                    what = f"nobody was found who could {action} this {t.view.label}"
                    accepted = "a move that the row, as it is then, can make"
                    yield Problem(f"{where}.after[{number}]", what, accepted)


def _kinds(testing: Testing) -> Mapping[str, Trials]:
    """Return every kind of rows by its name, those of the feature before others."""
    return {t.view.name: t for t in (*testing.all, *testing.own)}


def _owner(kinds: Mapping[str, Trials], scenario: Scenario) -> str:
    """Return who is the owner of whom a scenario speaks.

    It is who makes the first of its rows that have an owner of their own, if not every
    user may.
    """
    for given in scenario.given:
        t = kinds[given.resource]
        if t.view.is_owned and t.cast.maker:
            return FIRST if t.people.create(FIRST) in MADE else t.cast.maker
    return FIRST


def _unset(t: Trials, given: Given, where: str, owner: str) -> Iterator[Problem]:
    """Give what the maker of a row may not set, unless a move sets it."""
    maker, later = _maker(t, given, owner), _sent_later(t, given)
    for name in given.values:
        is_own = name not in t.view.subject.stored or name in later
        if not is_own and not t.people.writes(maker, name, maker):
            what = f"{maker} may not set it"
            yield Problem(f"{where}.{name}", what, "`as`, with somebody who may")


def _maker(t: Trials, given: Given, owner: str) -> str:
    return _person(given.as_, owner) if given.as_ else t.cast.maker


def _person(who: str, owner: str) -> str:
    """Return what the tests call somebody."""
    return {"public": NOBODY, FIRST: owner}.get(who, who)


def _sent_later(t: Trials, given: Given) -> frozenset[str]:
    """Return the fields that the moves of a row send."""
    moves = (move for move in t.view.moves if move.action in given.after)
    return frozenset(name for move in moves for name in move.requires)


def _moves(t: Trials, given: Given, owner: str) -> Iterator[tuple[str, str]]:
    """Give who makes each move of a row, nobody if nobody can, and the move."""
    moves = {move.action: move for move in t.view.moves}
    later = _sent_later(t, given)
    values = {name: _value(said) for name, said in given.values.items()}
    row = {**t.cast.made, **{n: v for n, v in values.items() if n not in later}}
    scenery = replace(t.people.scenery, row=row, maker=_maker(t, given, owner))
    for action in given.after:
        here = Trials(t.view, replace(t.people, at=scenery))
        who = here.states.mover(moves[action], scenery) if t.who_moves(action) else ""
        yield who, action
        sent = {n: values.get(n, t.cast.first.get(n)) for n in moves[action].requires}
        row = {**scenery.row, **sent}
        scenery = replace(scenery, row=row, state=moves[action].transition.to)


def _scenario(testing: Testing, scenario: Scenario, request: str) -> str:
    """Return a scenario as the tests have it."""
    kinds, then = _kinds(testing), scenario.then
    owner = _owner(kinds, scenario)
    given = [_given(kinds[one.resource], one, owner) for one in scenario.given]
    parts = {
        "name": text(scenario.name),
        "given": listed(given) if given else "",
        "who": text(_person(scenario.as_, owner)),
        "when": text(request),
        "body": "" if scenario.body is None else source(_value(scenario.body)),
        "status": str(then.status),
        "shown": "" if then.body is None else source(_value(then.body)),
        "message": text(then.message) if then.message else "",
        "event": text(then.log) if then.log else "",
    }
    said = ", ".join(f"{name}={part}" for name, part in parts.items() if part)
    return f"Scenario({said})"


def _given(t: Trials, given: Given, owner: str) -> str:
    moves = [
        f"({text(who)}, {text(action)})" for who, action in _moves(t, given, owner)
    ]
    values: Row = {name: _of_row(t, name, said) for name, said in given.values.items()}
    parts = {
        "values": source(values) if values else "",
        "who": text(_person(given.as_, owner)) if given.as_ else "",
        "after": listed(moves) if moves else "",
        "called": text(given.called) if given.called else "",
    }
    said = (f"{name}={part}" for name, part in parts.items() if part)
    return f"Given({', '.join([t.name, *said])})"


def _of_row(t: Trials, name: str, said: JsonValue) -> Value:
    """Return a value of a row; one that is looked for, as the API writes it."""
    field = t.view.subject.stored.get(name)
    if isinstance(field, AnyField) and not t.cast.maker:
        return as_answered(field, said)
    return _value(said)


def _value(said: JsonValue) -> Value:
    """Return a value of JSON with its days and moments as the tests count them."""
    found: object = said
    match said:
        case dict():
            found = {name: _value(part) for name, part in said.items()}
        case list():
            found = [_value(part) for part in said]
        case str() if time := moment(reference(said) or ""):
            is_day, after = time.is_day, time.after
            found = FromToday(after.days) if is_day else FromNow(after)
    return found  # type: ignore[return-value]
