"""Rows that lie in time at once, and rows that follow each other."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from http import HTTPStatus
from itertools import islice
from typing import TypeAlias

from petsage_builder.plan.facts.fact import Fact, fact
from petsage_builder.plan.facts.pasts import change
from petsage_builder.plan.sources import listed, source, text
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import FromNow, FromToday, Row
from petsage_builder.solver.acceptance import accepts
from petsage_builder.solver.likely import likely
from petsage_builder.solver.spread import later
from petsage_builder.solver.worlds import WORLDS, Real, World
from petsage_builder.spec.expressions import Field
from petsage_builder.spec.fields import AnyField
from petsage_builder.spec.resources import NoOverlap


def overlaps(t: Trials) -> Iterator[Fact]:
    """Give the moves after which two rows must not lie in time at once.

    The second row has the time of the first, then those that touch that: they begin
    when it ends, or end when it begins. If nobody sets it, all rows of a moment have
    the same; then the first is over when the next one begins. A row that counts no more
    must not count again while another has its time.
    """
    for index, rule in enumerate(t.resource.rules):
        if isinstance(rule, NoOverlap) and t.cast.maker:
            times = [name for name in rule.no_overlap if name in t.cast.first]
            if any(t.cast.first[name] is None for name in times):
                continue  # a row without an end lies in time with none
            same = source({name: t.cast.first[name] for name in times})
            counting = (
                (t.at(scenery), way)
                for scenery, way in t.states.reached
                if rule.when is None or t.people.holds(rule.when, scenery)
            )
            of = [f"rules[{index}]"]
            for there, way in islice(counting, 1):
                times_beside = list(_beside_first(there, rule))
                most = t.resource.limits.per_owner
                # The test makes a row at the same time for each other parent.
                has_room = most is None or len(times_beside) + len(rule.per) < most
                columns = source([f"{name}_id" for name in rule.per if has_room])
                beside = source(times_beside)
                requests = _changing(there, times) if beside != "[]" else ()
                over = source(_over(there, rule))
                said = text(rule.message), same, beside, columns, listed(requests), over
                yield fact("OVERLAPS", t, source(way), *said, of=of)
                for row in islice(_again(there, rule), 1):
                    back = source(way), same, *row, text(rule.message)
                    yield fact("AGAIN", t, *back, of=of)


def _changing(t: Trials, times: list[str]) -> Iterator[str]:
    """Give the requests that let the third row be when the first one is."""
    changes = {name: t.cast.first[name] for name in times}
    if not changes:
        return
    who = t.cast.updater_of(changes)
    if who and t.answers.is_done("update", who) and not t.answers.is_kept(changes):
        yield f"({text(who)}, {text('PATCH')}, {source(changes)})"
    who, third = t.cast.doer("replace"), t.cast.samples.rows[2]
    whole = {name: third.get(name) for name in t.changes.unchanged} | changes
    can = bool(who) and t.people.writes_all(who, changes)
    if can and t.answers.is_done("replace", who) and t.changes.keeps_rules(whole):
        yield f"({text(who)}, {text('PUT')}, {source(whole)})"


def _beside_first(t: Trials, rule: NoOverlap) -> Iterator[Row]:
    """Give the first row's time, moved so that it begins when that ends, or ends so."""
    fields, length = t.view.subject.stored, _length(t, rule)
    for steps in (1, -1) if length else ():
        moved = {
            name: later(t.cast.first[name], length * steps)
            for name in rule.no_overlap
            if name in t.cast.first
        }
        specs = ((fields[name], value) for name, value in moved.items())
        takes = all(isinstance(s, AnyField) and accepts(s, v) for s, v in specs)
        lasts = rule.no_overlap[0] in moved and _lasts(t.after(moved), rule, length)
        if lasts and takes and t.changes.keeps_rules(moved):
            yield moved


def _over(t: Trials, rule: NoOverlap) -> Row:
    """Return the time of a row that is over now, where nobody sets when it begins."""
    begin, length = rule.no_overlap[0], _length(t, rule)
    if begin in t.people.scenery.row or not length:
        return {}
    world, known = WORLDS[0], [_time(t, name, WORLDS[0]) for name in rule.no_overlap]
    moved = [moment - length for moment in known if isinstance(moment, date)]
    return {
        name: FromNow(moment - world.start)
        if isinstance(moment, datetime)
        else FromToday((moment - world.start.date()).days)
        for name, moment in zip(rule.no_overlap, moved, strict=True)
    }


def _length(t: Trials, rule: NoOverlap) -> timedelta:
    """Return how long the first row lasts; nothing if it has no time of its own."""
    begin, end = (_time(t, name, WORLDS[0]) for name in rule.no_overlap)
    if isinstance(begin, date) and isinstance(end, date) and begin < end:
        return end - begin
    return timedelta()


def _lasts(t: Trials, rule: NoOverlap, length: timedelta) -> bool:
    """Say whether a row is as long whenever the tests run."""
    spans = ([_time(t, name, world) for name in rule.no_overlap] for world in WORLDS)
    return all(
        isinstance(begin, date) and isinstance(end, date) and end - begin == length
        for begin, end in spans
    )


def _time(t: Trials, name: str, world: World) -> Real:
    """Return when the first row begins, or ends."""
    kind = t.view.subject.stored[name].kind or "date"
    return t.people.value(Field((name,), kind), t.people.scenery, world)


def _again(t: Trials, rule: NoOverlap) -> Iterator[tuple[str, ...]]:
    """Give what makes a row count no more, and the request that would undo that."""
    for step, away in _steps(t):
        if rule.when and t.people.fails(rule.when, away.people.scenery):
            for _, (who, method, path, body), back in _requests(away, t):
                if t.people.holds(rule.when, back.people.scenery):
                    request = text(who), text(method), text(path), source(body)
                    yield listed([step]), *request


def _steps(t: Trials) -> Iterator[tuple[str, Trials]]:
    """Give what can happen to a row, and the row then."""
    for step, _, after in _requests(t, None):
        yield step, after


Asked: TypeAlias = tuple[str, str, str, Row | None]


def _requests(t: Trials, before: Trials | None) -> Iterator[tuple[str, Asked, Trials]]:
    """Give moves and changes of a row, and the row after them.

    What is changed is as it was `before`, if that is given.
    """
    scenery = t.people.scenery
    for move in t.view.moves:
        who = t.states.mover(move, scenery)
        if who and t.states.answer(move, scenery) == HTTPStatus.OK:
            sent = {name: t.cast.first.get(name) for name in move.requires}
            row, to = {**scenery.row, **sent}, move.transition.to
            asked = who, "POST", move.path, t.answers.body(move.action)
            yield text(move.action), asked, t.at(replace(scenery, row=row, state=to))
    for changes in _changes(t, before):
        who = t.cast.updater_of(changes)
        if who and t.changes.keeps_rules(changes) and not t.answers.is_kept(changes):
            yield change(who, changes), (who, "PATCH", "", changes), t.after(changes)


def _changes(t: Trials, before: Trials | None) -> Iterator[Row]:
    for field in t.view.changeable:
        if before:
            yield {field.name: before.people.scenery.row.get(field.name)}
        else:
            usual = likely(t.view.name, field.name, field.spec, clock=True)
            taken = (value for value in usual if accepts(field.spec, value))
            yield from ({field.name: value} for value in taken)
