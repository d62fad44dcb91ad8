"""Rows that lie in time at once, and rows that follow each other."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from http import HTTPStatus
from itertools import islice, takewhile
from typing import TypeAlias

from petsage_builder.plan.facts.fact import Fact, fact
from petsage_builder.plan.sources import change, listed, source, text
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
            if (aside := _aside(t, rule)) is None:
                continue
            shared = [name for name in rule.per if name in t.cast.made]
            same = source({name: t.cast.first[name] for name in (*times, *shared)})
            counting = (
                (t.at(scenery), way)
                for scenery, way in t.states.reached
                if rule.when is None or t.people.holds(rule.when, scenery)
            )
            of = [f"rules[{index}]"]
            for there, way in islice(counting, 1):
                times_beside = list(_distinct(t, _beside_first(there, rule), shared))
                most = t.resource.limits.per_owner
                # The test makes a row at the same time for each other parent.
                has_room = most is None or len(times_beside) + len(rule.per) < most
                elsewhere = filter(partial(_is_free, t, rule), rule.per)
                columns = source([f"{name}_id" for name in elsewhere if has_room])
                last = times_beside[-1:] if times else []
                requests = (r for row in last for r in _changing(there, row, times))
                said = text(rule.message), same, source(times_beside), columns
                rest = listed(requests), source(_over(there, rule)), source(aside)
                asked = source(way), *said, *rest
                yield fact("OVERLAPS", t, *asked, of=of)
                for row in islice(_again(there, rule), 1):
                    back = source(way), same, *row, text(rule.message), source(aside)
                    yield fact("AGAIN", t, *back, of=of)


def _rules(t: Trials) -> Iterator[NoOverlap]:
    """Give the rules about rows that lie in time at once."""
    return (rule for rule in t.resource.rules if isinstance(rule, NoOverlap))


def _aside(t: Trials, rule: NoOverlap) -> list[str] | None:
    """Return the columns in which a second row differs, to break no rule before this.

    None if there are no such columns.
    """
    columns = {parent.role: parent.column for parent in t.view.parents}
    required = {column for column, _ in t.parents}
    found: dict[str, None] = {}
    for other in takewhile(rule.__ne__, _rules(t)):
        own = [columns.get(name, "") for name in other.per if name not in rule.per]
        if {*other.per} == {*rule.per} or {*rule.no_overlap} != {*other.no_overlap}:
            continue
        if not (free := [column for column in own if column in required]):
            return None
        found[free[0]] = None
    return [*found]


def _is_free(t: Trials, rule: NoOverlap, role: str) -> bool:
    """Say whether a row like the first can be there beside it, at another parent.

    Of what everybody has one of, another is somebody else's.
    """
    above = next((p for p in t.view.parents if p.role == role), None)
    if above and above.subject.resource.one_per_user:
        checks = (rule.check for rule in t.resource.checks)
        if any(f"{role}.owner" in check for check in checks):
            return False
    together = (
        [name, *(spec.unique if isinstance(spec.unique, list) else ())]
        for name, spec in t.view.subject.stored.items()
        if isinstance(spec, AnyField) and spec.unique and name in t.cast.made
    )
    others = (other.per for other in _rules(t) if other != rule)
    return all(role in names for names in (*together, *others))


def _distinct(t: Trials, found: Iterable[Row], shared: list[str]) -> Iterator[Row]:
    """Give times of rows that can be there at once: what is unique differs in them."""
    stored, second = t.view.subject.stored, t.cast.samples.rows[1]
    alike = {name: t.cast.first[name] for name in shared}
    unique = [
        name
        for name in t.cast.made
        if isinstance(spec := stored[name], AnyField) and spec.unique
    ]
    for number, times in enumerate(found):
        fresh = {name: second.get(name) for name in unique} if number else {}
        row = {**times, **alike, **fresh}
        if None not in fresh.values() and t.changes.keeps_rules(row):
            yield row


def _changing(t: Trials, last: Row, times: list[str]) -> Iterator[str]:
    """Give the requests that let the last row be when the first one is.

    It is as the third sample, but for what it has of its own.
    """
    changes = {name: t.cast.first[name] for name in times}
    who = t.cast.updater_of(changes)
    if who and t.answers.is_done("update", who) and not t.answers.is_kept(changes):
        yield f"({text(who)}, {text('PATCH')}, {source(changes)})"
    who, row = t.cast.doer("replace"), {**t.cast.samples.rows[2], **last}
    whole = {name: row.get(name) for name in t.changes.unchanged} | changes
    can = changes.keys() <= t.changes.changeable and t.people.writes_all(who, changes)
    if (
        who
        and can
        and t.answers.is_done("replace", who)
        and t.changes.keeps_lasting(whole)
    ):
        yield f"({text(who)}, {text('PUT')}, {source(whole)})"


def _beside_first(t: Trials, rule: NoOverlap) -> Iterator[Row]:
    """Give the first row's time, moved so that it begins when that ends, or ends so.

    If none can be before the first, one comes after a gap, and is then the next one's.
    """
    after, before, far = (_moved(t, rule, steps) for steps in (1, -1, 2))
    if after and far and not before:
        yield from (far, after)
    else:
        yield from filter(None, (after, before))


def _moved(t: Trials, rule: NoOverlap, steps: int) -> Row:
    """Return the first row's time, so many times its length later; empty if none is."""
    fields, length = t.view.subject.stored, _length(t, rule)
    moved = {
        name: later(t.cast.first[name], length * steps)
        for name in rule.no_overlap
        if length and name in t.cast.first
    }
    specs = ((fields[name], value) for name, value in moved.items())
    takes = all(isinstance(s, AnyField) and accepts(s, v) for s, v in specs)
    lasts = rule.no_overlap[0] in moved and _lasts(t.after(moved), rule, length)
    return moved if lasts and takes and t.changes.keeps_rules(moved) else {}


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
        if who and t.changes.keeps_lasting(changes) and not t.answers.is_kept(changes):
            yield change(who, changes), (who, "PATCH", "", changes), t.after(changes)


def _changes(t: Trials, before: Trials | None) -> Iterator[Row]:
    for field in t.view.changeable:
        if before:
            yield {field.name: before.people.scenery.row.get(field.name)}
        else:
            usual = likely(t.view.name, field.name, field.spec, clock=True)
            taken = (value for value in usual if accepts(field.spec, value))
            yield from ({field.name: value} for value in taken)
