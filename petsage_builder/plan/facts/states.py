"""Moves from state to state, and what they need."""

from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus

from petsage_builder.plan.facts.fact import Fact, fact
from petsage_builder.plan.facts.parts import of_move, sending
from petsage_builder.plan.moves import Move
from petsage_builder.plan.people import Scenery
from petsage_builder.plan.sources import source, text
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import Row
from petsage_builder.spec.resources import Frozen


def states(t: Trials) -> Iterator[Fact]:
    """Give the facts about the moves of a row."""
    for scenery, way in t.states.reached if t.states.ways else ():
        for move in t.view.moves:
            if t.states.mover(move, scenery):
                done = t.states.answer(move, scenery) == HTTPStatus.OK
                is_legal = scenery.state in move.transition.from_
                asked = source(way), text(move.action)
                said = ("from", "to") if done else ("from",)
                of = [of_move(move.action, part) for part in said]
                of += ["states.initial", "states.field"]
                sent = {name: t.cast.first.get(name) for name in move.requires}
                of += sending(t, sent) if done else ()
                yield fact("MOVES", t, *asked, str(is_legal), str(done), of=of)
                if way and is_legal:
                    answers = repr(tuple(_answers(t, move, scenery)))
                    of = [of_move(move.action, "by")]
                    yield fact("MOVERS", t, *asked, answers, of=of)
    for move in t.view.moves:
        who, before = t.answers.actor(move.action)
        if who and len(move.requires) == 1:
            detail = next(move.refusals).error.partition("(")[2].removesuffix(")")
            name = text(move.requires[0])
            row = source(before), text(move.action), name, detail
            yield fact("NEEDS", t, *row, of=[of_move(move.action, "requires")])
    for scenery, way in t.states.reached:
        yield from _already(t, scenery, way)
    if not t.view.one_per_user:
        for changes in t.changes.unwanted:
            yield from _prevented(t, changes)


def _answers(t: Trials, move: Move, scenery: Scenery) -> Iterator[int]:
    """Give how a move from a later state is answered to everybody."""
    people = replace(t.people, at=scenery)
    for who in people.all:
        status = people.item(who, move.action)
        is_done = status == HTTPStatus.OK
        yield int(t.states.answer(move, scenery) if is_done else status)


def _prevented(t: Trials, changes: Row) -> Iterator[Fact]:
    """Give each move whose condition does not hold after some changes."""
    changed = t.after(changes)
    for scenery, way in changed.states.reached:
        for move in changed.view.moves:
            given = {name: t.cast.first.get(name) for name in move.requires}
            row = {**scenery.row, **given}
            legal = scenery.state in move.transition.from_
            complete = all(value is not None for value in given.values())
            if not (legal and complete and move.transition.when):
                continue
            people = changed.people
            fails = people.fails(move.transition.when, replace(scenery, row=row))
            if fails and changed.states.mover(move, scenery):
                *_, refusal = move.refusals
                asked = source(changes), source(way), text(move.action)
                of = [of_move(move.action, part) for part in ("when", "message")]
                yield fact("PREVENTED", t, *asked, text(refusal.said), of=of)


def _already(t: Trials, scenery: Scenery, way: list[str]) -> Iterator[Fact]:
    """Give each move for which somebody can send before it what it needs."""
    for move in t.view.moves:
        done = t.states.answer(move, scenery) == HTTPStatus.OK
        given = {name: t.cast.first.get(name) for name in move.requires}
        is_missing = any(scenery.row.get(name) is None for name in given)
        if is_missing and done and (mover := t.states.mover(move, scenery)):
            who = _changer(t, given, scenery)
            after = replace(scenery, row={**scenery.row, **given})
            if who and t.people.may(mover, t.people.grants(move.action), after):
                row = source(way), text(move.action), text(who)
                yield fact("ALREADY", t, *row, of=[of_move(move.action, "requires")])


def _changer(t: Trials, changes: Row, scenery: Scenery) -> str:
    """Return who can make some changes to a row; empty if nobody can."""
    rules = [rule for rule in t.resource.rules if isinstance(rule, Frozen)]
    is_frozen = any(
        "update" in rule.frozen and t.people.holds(rule.when, scenery) for rule in rules
    )
    if is_frozen or not changes.keys() <= t.changes.changeable:
        return ""
    if not t.changes.keeps_rules(changes):
        return ""
    grants = t.people.grants("update")
    people = (
        who
        for who in t.people.all[1:]
        if t.people.may(who, grants, scenery) and t.people.writes_all(who, changes)
    )
    return next(people, "")
