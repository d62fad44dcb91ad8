"""Moves from state to state, and what they need."""

from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from itertools import islice

from petsage_builder.plan.facts.fact import Fact, fact
from petsage_builder.plan.facts.parts import of_move, sending
from petsage_builder.plan.facts.pasts import Past, pasts
from petsage_builder.plan.moves import Move
from petsage_builder.plan.people import Scenery
from petsage_builder.plan.sources import listed, source, text
from petsage_builder.plan.testing import Testing
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import Row
from petsage_builder.solver.evaluation import speaks_of_caller
from petsage_builder.spec.resources import Check, Frozen


def states(testing: Testing, t: Trials) -> Iterator[Fact]:
    """Give the facts about the moves of a row."""
    for scenery, way in t.states.reached if t.states.ways else ():
        for move in t.view.moves:
            if t.who_moves(move.action) in t.states.movers(move, scenery):
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
    yield from _needs(t)
    yield from _misgiven(t)
    for scenery, way in t.states.reached:
        yield from _already(t, scenery, way)
    if not t.view.one_per_user:
        yield from _prevented_later(testing, t)
        yield from _prevented_by_caller(t)


def _answers(t: Trials, move: Move, scenery: Scenery) -> Iterator[int]:
    """Give how a move from a later state is answered to everybody."""
    answers = t.at(scenery).answers
    yield from (int(answers.status(move.action, who)) for who in t.people.all)


def _needs(t: Trials) -> Iterator[Fact]:
    """Give each field that a move needs."""
    for move in t.view.moves:
        who, before = t.answers.actor(move.action)
        for name, refusal in zip(move.requires, move.refusals, strict=False):
            if who:
                asked = source(before), text(move.action), text(name)
                of = [of_move(move.action, "requires")]
                yield fact("NEEDS", t, *asked, text(refusal.said), of=of)


def _misgiven(t: Trials) -> Iterator[Fact]:
    """Give what is sent with a move so that its condition, or a rule, is broken."""
    for move in t.view.moves:
        found = t.states.begun(move) if move.requires else None
        if not found:
            continue
        scenery, way = found
        given = {name: t.cast.first.get(name) for name in move.requires}
        known: set[tuple[str, ...]] = set()
        for sent in _wrong(t, move):
            row = {**scenery.row, **given, **sent}
            refused = _refusal(t, move, replace(scenery, row=row))
            if refused and refused[0] not in known:
                said, of = refused
                known.add(said)
                asked = source(way), text(move.action), source(sent)
                yield fact("MISGIVEN", t, *asked, *said, of=of)


def _refusal(
    t: Trials, move: Move, after: Scenery
) -> tuple[tuple[str, str], list[str]] | None:
    """Return where and how a row is refused a move, and of what that is said.

    It is not known, or not refused, if a condition or a rule depends on the day.
    """
    when = move.transition.when
    if when and t.people.fails(when, after):
        *_, refusal = move.refusals
        return (text(""), text(refusal.said)), _of_condition(move)
    if when and not t.people.holds(when, after):
        return None
    moved = replace(after, state=move.transition.to)
    rule = t.at(moved).changes.broken_first(after.row)
    if rule is None:
        return None
    said = text(t.view.rules.where(rule)), text(rule.message)
    return said, [f"rules[{t.resource.rules.index(rule)}]"]


def _wrong(t: Trials, move: Move) -> Iterator[Row]:
    """Give what a move could be sent beside what it needs, one thing at a time."""
    samples = t.cast.samples
    broken = (b.changes for b in (*samples.broken, *samples.broken_otherwise))
    checks = (rule.check for rule in t.resource.rules if isinstance(rule, Check))
    conditions = filter(None, (move.transition.when, *checks))
    found = (
        t.people.solutions.breaking(t.view.subject, condition)
        for condition in conditions
    )
    accepted = (changes for _, changes in samples.accepted)
    for changes in (*broken, *accepted, *found):
        is_whole = all(value is not None for value in changes.values())
        if changes and is_whole and changes.keys() <= {*move.requires}:
            yield changes


def _prevented_later(testing: Testing, t: Trials) -> Iterator[Fact]:
    """Give the moves that a row is kept from after something has happened to it."""
    known: set[str] = set()
    for past in sorted(pasts(testing, t), key=_is_changed_later):
        if past.has_aged or not (past.is_plain or past.is_state):
            for action, found in _prevented(t, past):
                # A move can set anew what was changed before it.
                if not (_is_changed_later(past) and action in known):
                    known.add(action)
                    yield found


def _is_changed_later(past: Past) -> bool:
    """Say whether a row was changed after it had moved."""
    return past.has_moved and not past.has_aged


def _prevented(t: Trials, past: Past) -> Iterator[tuple[str, Fact]]:
    """Give each move whose condition does not hold any more."""
    changed = past.now
    # A move would make an old row a new one.
    as_it_is = [(changed.people.scenery, list[str]())]
    for scenery, way in (
        as_it_is if past.has_aged or past.has_moved else changed.states.reached
    ):
        for move in changed.view.moves:
            given = {name: t.cast.first.get(name) for name in move.requires}
            row = {**scenery.row, **given}
            legal = scenery.state in move.transition.from_
            complete = all(value is not None for value in given.values())
            if not (legal and complete and move.transition.when):
                continue
            if any(changed.who_moves(action) != t.who_moves(action) for action in way):
                continue  # others would have to move it now
            people = changed.people
            fails = people.fails(move.transition.when, replace(scenery, row=row))
            who = changed.states.mover(move, scenery)
            if fails and who:
                *_, refusal = move.refusals
                steps = [*past.steps, *map(text, way)]
                asked = source(past.changes), listed(steps), text(move.action)
                said = '""', *asked, text(who), text(refusal.said)
                of = _of_condition(move)
                yield move.action, fact("PREVENTED", t, *said, of=of)


def _prevented_by_caller(t: Trials) -> Iterator[Fact]:
    """Give each move that somebody else than its maker may make of a new row."""
    for move in t.view.moves:
        when = move.transition.when
        if not when or not speaks_of_caller(t.view.rules.condition(when)):
            continue
        found = (
            (who, way)
            for who in t.people.all[1:]
            if t.people.create(who) == HTTPStatus.CREATED
            and t.people.writes_all(who, t.cast.made)
            for way in _ways_to_fail(t, move, when, who)
        )
        for who, way in islice(found, 1):
            *_, refusal = move.refusals
            asked = text(who), "{}", source(way), text(move.action), text(who)
            said = *asked, text(refusal.said)
            yield fact("PREVENTED", t, *said, of=_of_condition(move))


def _of_condition(move: Move) -> list[str]:
    """Return where the condition of a move stands, and what is said without it."""
    return [of_move(move.action, part) for part in ("when", "message")]


def _ways_to_fail(t: Trials, move: Move, when: str, who: str) -> Iterator[list[str]]:
    """Give the moves after which somebody's own row refuses them a further one."""
    own = t.at(Scenery(t.cast.made, t.initial, who))
    for scenery, way in own.states.reached:
        row = {name: t.cast.first.get(name) for name in move.requires}
        after = replace(scenery, row={**scenery.row, **row})
        near = t.at(after).people
        if (
            scenery.state in move.transition.from_
            and all(own.who_moves(action) == t.who_moves(action) for action in way)
            and near.writes_all(who, move.requires)
            and near.item(who, move.action) == HTTPStatus.OK
            and near.fails(when, after, who)
        ):
            yield way


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
    if not t.changes.keeps_lasting(changes):
        return ""
    grants = t.people.grants("update")
    people = (
        who
        for who in t.people.all[1:]
        if t.people.may(who, grants, scenery) and t.people.writes_all(who, changes)
    )
    return next(people, "")
