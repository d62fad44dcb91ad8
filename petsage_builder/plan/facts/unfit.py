"""Parents that a row has to have: those it cannot belong to, and those it just can."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from http import HTTPStatus

from petsage_builder.compiler import fields_of
from petsage_builder.plan.demands import demands_of
from petsage_builder.plan.facts.fact import Fact, fact
from petsage_builder.plan.facts.options import later_options, options
from petsage_builder.plan.facts.pasts import (
    TIME,
    asked_of,
    passed,
    possible_changes,
    rows_above,
)
from petsage_builder.plan.facts.scenarios import MADE
from petsage_builder.plan.people import People, Scenery
from petsage_builder.plan.relations import ParentView
from petsage_builder.plan.sources import change, listed, source, text
from petsage_builder.plan.testing import Testing
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import Row
from petsage_builder.spec.resources import Check


def unfit(t: Trials, parent: ParentView, above: Trials) -> Iterator[Fact]:
    """Give parents with which a rule is broken: their moves, and changes to them."""
    maker, usual = t.cast.maker, t.people.above(parent.role, parent.subject)
    known: list[Check] = []
    found = [
        *_others(t, parent, above, usual),
        *_over(t, parent, above, usual),
        *_changed(t, parent, above, usual),
    ]
    every = [*found, *_differing(t, parent, above, usual)]
    for number, (scenery, way, changes) in enumerate(every):
        people = replace(t.people, parents={parent.role: scenery})
        refused = people.create(maker) == HTTPStatus.UNPROCESSABLE_ENTITY
        if refused and len(broken := people.broken_by(maker)) == 1:
            if number >= len(found) and broken[0] in known:
                continue
            known += broken
            given = above.name, text(parent.column), listed(way), source(changes)
            updater = mover(t, parent, broken[0])
            updater = "" if above.view.one_per_user else updater
            there = people.above(parent.role, parent.subject)
            who = updater if updater and there.sees(updater) else ""
            row = *given, *map(text, said_of(t, broken[0])), text(who)
            yield fact("UNFIT", t, *row, of=of_rule(t, broken[0]))
    yield from _unfit_together(t, parent, above, every, known)
    yield from _fitting(t, parent, above)


def _unfit_together(
    t: Trials,
    parent: ParentView,
    above: Trials,
    found: Iterable[tuple[Scenery, list[str], Row]],
    known: list[Check],
) -> Iterator[Fact]:
    """Give parents with which a rule is broken by some rows, and not by others."""
    maker, changes_of_row = t.cast.maker, [*_changes_of_row(t)]
    asking = [*_asking_above(t, parent.role)]
    for scenery, way, changes in found:
        if all(rule in known for rule in asking):
            return
        people = replace(t.people, parents={parent.role: scenery})
        if people.create(maker) not in MADE:
            continue
        as_usual = people.broken_by(maker)
        for own in changes_of_row:
            broken = people.broken_by(maker, own)
            if len(broken) == 1 and broken[0] in asking and broken[0] not in known:
                known += broken
                given = above.name, text(parent.column), listed(way), source(changes)
                said = map(text, said_of(t, broken[0]))
                row = *given, source(own), *said, str(not as_usual)
                yield fact("TOGETHER", t, *row, of=of_rule(t, broken[0]))


def _asking_above(t: Trials, role: str) -> Iterator[Check]:
    """Give the rules that ask for a parent, and for the row itself or the clock."""
    for rule in t.resource.rules:
        if isinstance(rule, Check):
            paths = fields_of(t.view.rules.condition(rule.check))
            if any(path[0] == role and path[1:] for path in paths):
                yield rule


def _changes_of_row(t: Trials) -> Iterator[Row]:
    """Give changes of one field with which the maker can make the row."""
    first, second = t.cast.samples.rows[:2]
    made: tuple[Row, ...] = (
        *({name: None} for name, value in second.items() if value is None),
        *({name: value} for name, value in second.items()),
        *(changes for _, changes in t.cast.samples.accepted),
    )
    for changes in made:
        own = {n: v for n, v in changes.items() if first.get(n) != v}
        if own and t.people.writes_all(t.cast.maker, own) and own.keys() <= {*first}:
            yield own


def _fitting(t: Trials, parent: ParentView, above: Trials) -> Iterator[Fact]:
    """Give parents with which a rule is just kept: somebody has changed them.

    It would be so without the rule, too, and tells nothing of it.
    """
    usual = t.people.above(parent.role, parent.subject)
    known: list[str] = []
    for scenery, way, _ in _changed(t, parent, above, usual):
        people = replace(t.people, parents={parent.role: scenery})
        creates = people.create(t.cast.maker) == HTTPStatus.CREATED
        if creates and way[-1] not in known:
            known.append(way[-1])
            row = above.name, text(parent.column), listed(way)
            yield fact("FITTING", t, *row, of=[f"belongs_to.{parent.role}"])


def unfit_far(
    testing: Testing, t: Trials, parent: ParentView, above: Trials
) -> Iterator[Fact]:
    """Give parents with which a rule is broken as what they belong to is over."""
    maker, usual = t.cast.maker, t.people.above(parent.role, parent.subject)
    checks = [rule.check for rule in t.resource.rules if isinstance(rule, Check)]
    placed = t.people.solutions.place(t.view.subject, parent.role)
    beside = made_beside(above, usual.scenery)
    known: list[Check] = []
    for role, column, far, people in rows_above(testing, above):
        path = f"{parent.role}.{role}"
        over = ((TIME, changes) for changes in passed(t, checks, path, far))
        asked = asked_of(t, path, far) if len(t.resource.lasting) < len(checks) else ()
        done = possible_changes(far.at(people.scenery), asked)
        for who, changes in (*over, *done):
            there = replace(people.scenery, row={**people.scenery.row, **changes})
            below = replace(t.people, parents={parent.role: beside, path: there})
            broken = below.broken_by(maker)
            refused = below.create(maker) == HTTPStatus.UNPROCESSABLE_ENTITY
            keeps = refused and far.changes.keeps_lasting(changes)
            if not keeps or len(broken) != 1 or (who != TIME and broken[0].lasts):
                continue  # what lasts is asked of the row itself, later
            if broken[0] not in known:
                known += broken
                way = [*placed.steps, change(who, changes, column)]
                given = above.name, text(parent.column), listed(way), "{}"
                row = *given, *map(text, said_of(t, broken[0])), text("")
                yield fact("UNFIT", t, *row, of=of_rule(t, broken[0]))


def _others(
    t: Trials, parent: ParentView, above: Trials, usual: People
) -> Iterator[tuple[Scenery, list[str], Row]]:
    """Give the parent in each state, and with each value that a rule does not want."""
    states = above.at(made_beside(above, above.people.scenery)).states
    placed = t.people.solutions.place(t.view.subject, parent.role)
    for scenery, way in states.reached if states.ways or placed.way else ():
        yield scenery, [*map(text, way)], {}
    for rule in t.resource.rules:
        texts = (
            demands_of(rule.check, t.view.subject.columns)
            if isinstance(rule, Check)
            else ()
        )
        for role, demand in texts:
            if role == parent.role:
                changes = t.people.solutions.breaking(parent.subject, demand)
                if changes and above.people.writes_all(above.cast.maker, changes):
                    found = made_beside(above, usual.scenery)
                    found = replace(found, row={**found.row, **changes})
                    yield found, [*placed.steps], changes


def _over(
    t: Trials, parent: ParentView, above: Trials, usual: People
) -> Iterator[tuple[Scenery, list[str], Row]]:
    """Give the parent when a moment of it, for which a rule asks, is over."""
    checks = [rule.check for rule in t.resource.rules if isinstance(rule, Check)]
    placed = t.people.solutions.place(t.view.subject, parent.role)
    for changes in passed(t, checks, parent.role, above):
        found = made_beside(above, usual.scenery)
        found = replace(found, row={**found.row, **changes})
        if above.changes.keeps_lasting(changes):
            way = [*placed.steps, change(TIME, changes)]
            yield found, way, {}


def _changed(
    t: Trials, parent: ParentView, above: Trials, usual: People
) -> Iterator[tuple[Scenery, list[str], Row]]:
    """Give the parent after somebody has set a field for which a rule asks.

    Its maker may not; a rule turns at the value.
    """
    placed = t.people.solutions.place(t.view.subject, parent.role)
    beside = made_beside(above, usual.scenery)
    fields = later_options(t, parent.role, above).items()
    found = ({name: value} for name, values in fields for value in values)
    for who, changes in possible_changes(above.at(beside), found):
        now = replace(beside, row={**beside.row, **changes})
        yield now, [*placed.steps, change(who, changes)], {}


def _differing(
    t: Trials, parent: ParentView, above: Trials, usual: People
) -> Iterator[tuple[Scenery, list[str], Row]]:
    """Give the parent with each other value of a field that a rule asks for."""
    placed = t.people.solutions.place(t.view.subject, parent.role)
    beside = made_beside(above, usual.scenery)
    for name, values in options(t, parent.role, above).items():
        for value in values:
            row = {**beside.row, name: value}
            if above.changes.are_kept_by(row):
                yield replace(beside, row=row), [*placed.steps], {name: value}


def made_beside(above: Trials, scenery: Scenery) -> Scenery:
    """Return a parent as it is made beside the first one, from the third sample."""
    if above.view.one_per_user:
        return scenery  # its maker has no other
    third = above.cast.samples.rows[2]
    others = {name: third.get(name) for name in above.cast.made}
    return replace(scenery, row={**scenery.row, **others})


def mover(t: Trials, parent: ParentView, rule: Check) -> str:
    """Return who can try to give a row another parent, which a rule refuses.

    Nobody can if the rule is asked at creation alone.
    """
    if not rule.lasts:
        return ""
    updater = t.cast.doer("update") if parent in t.view.movable else ""
    return updater if updater and t.answers.is_done("update", updater) else ""


def of_rule(t: Trials, rule: Check) -> list[str]:
    """Return where a rule stands."""
    return [f"rules[{t.resource.rules.index(rule)}]"]


def said_of(t: Trials, rule: Check) -> tuple[str, str]:
    """Return where and how it is said that a rule is broken."""
    return t.view.rules.where(rule), rule.message
