"""Parents that a row cannot belong to: in a wrong state, or with a wrong value."""

from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus

from petsage_builder.analyze.expressions import read_condition
from petsage_builder.plan.demands import demands_of
from petsage_builder.plan.facts.fact import Fact, fact
from petsage_builder.plan.people import SECOND, People, Scenery
from petsage_builder.plan.relations import ParentView
from petsage_builder.plan.sources import source, text
from petsage_builder.plan.testing import Testing
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import Row
from petsage_builder.spec.resources import Check
from petsage_builder.wording import path


def parents(testing: Testing, t: Trials) -> Iterator[Fact]:
    """Give parents that a row cannot belong to, and how that is said."""
    for parent in t.view.parents:
        if not parent.link.optional and parent.subject != t.view.subject:
            above = next(a for a in testing.all if a.view.subject == parent.subject)
            if above.cast.maker:
                yield from _unfit(t, parent, above)
                yield from _unseen(t, parent, above)
                yield from _resettled(t, parent, above)


def _unseen(t: Trials, parent: ParentView, above: Trials) -> Iterator[Fact]:
    """Give a parent that who makes a row does not see, or who changes one."""
    updater = t.cast.doer("update") if parent in t.view.movable else ""
    for who, changes, people in _hidden(above):
        creates = not people.sees(t.cast.maker)
        updates = bool(updater) and not people.sees(updater)
        lists = creates and parent in t.view.nested
        if lists and t.people.listing(t.cast.maker) == HTTPStatus.OK:
            below = f"{parent.path}/{{id}}{path(t.view.plural)}/"
        else:
            below = ""
        if creates or updates:
            row = text(parent.column), text(who), source(changes), text(below)
            of = [f"belongs_to.{parent.role}"]
            yield fact("UNSEEN", t, *row, str(creates), str(updates), of=of)


def _resettled(t: Trials, parent: ParentView, above: Trials) -> Iterator[Fact]:
    """Give a parent that who changes a row can give it instead of another."""
    updater = t.cast.doer("update") if parent in t.view.movable else ""
    if (
        updater
        and t.answers.is_done("update", updater)
        and not above.view.one_per_user
        and t.people.above(parent.role, parent.subject).sees(updater)
    ):
        of = [f"belongs_to.{parent.role}"]
        yield fact("RESETTLED", t, text(parent.column), of=of)


def _hidden(above: Trials) -> Iterator[tuple[str, Row, People]]:
    """Give rows that not everybody sees: who makes them, and with which changes."""
    people = above.people
    if above.resource.owned_by and people.makes_own(SECOND):
        yield SECOND, {}, replace(people, at=replace(people.scenery, maker=SECOND))
    if not above.view.one_per_user:
        for changes in above.changes.unwanted:
            yield "", changes, above.after(changes).people


def _unfit(t: Trials, parent: ParentView, above: Trials) -> Iterator[Fact]:
    """Give parents with which a rule is broken: their moves, and changes to them."""
    maker, usual = t.cast.maker, t.people.above(parent.role, parent.subject)
    for scenery, way, changes in _others(t, parent, above, usual):
        people = replace(t.people, parents={parent.role: scenery})
        refused = people.create(maker) == HTTPStatus.UNPROCESSABLE_ENTITY
        if refused and len(broken := people.broken_by(maker)) == 1:
            given = text(parent.column), source(way), source(changes)
            of = [f"rules[{t.resource.rules.index(broken[0])}]"]
            yield fact("UNFIT", t, *given, *map(text, _said(t, broken[0])), of=of)


def _others(
    t: Trials, parent: ParentView, above: Trials, usual: People
) -> Iterator[tuple[Scenery, list[str], Row]]:
    """Give the parent in each state, and with each value that a rule does not want."""
    for scenery, way in above.states.reached if above.states.ways else ():
        yield scenery, way, {}
    placed = t.people.solutions.place(t.view.subject, parent.role)
    for rule in t.resource.rules:
        texts = (
            demands_of(rule.check, t.view.subject.columns)
            if isinstance(rule, Check)
            else ()
        )
        for role, demand in texts:
            if role == parent.role:
                changes = t.people.solutions.breaking(parent.subject, demand)
                row = {**usual.scenery.row, **changes}
                if changes and above.people.writes_all(above.cast.maker, changes):
                    scenery = replace(usual.scenery, row=row)
                    yield scenery, list(placed.way), changes


def _said(t: Trials, rule: Check) -> tuple[str, str]:
    """Return where and how it is said that a rule is broken."""
    field = t.view.rules.pointer(read_condition(rule.check, t.view.subject.scope))
    return f"/body/{field}".rstrip("/"), rule.message
