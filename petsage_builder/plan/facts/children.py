"""What becomes of a row when its parent or its owner goes, and where it is shown."""

from collections.abc import Iterator
from http import HTTPStatus

from petsage_builder.analyze.vocabulary import Subject
from petsage_builder.plan.facts.fact import Fact, fact
from petsage_builder.plan.facts.handed import owned_by
from petsage_builder.plan.facts.parents import fitting, pairs
from petsage_builder.plan.facts.parts import of_relation
from petsage_builder.plan.facts.pasts import TIME
from petsage_builder.plan.people import FIRST, SECOND
from petsage_builder.plan.relations import ParentView
from petsage_builder.plan.resources import ResourceView
from petsage_builder.plan.sources import change, listed, source, text
from petsage_builder.plan.testing import Testing
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import Row
from petsage_builder.spec.resources import Check

# How the row is answered afterwards, or the deletion if that is not done.
ANSWERS = {
    "restrict": HTTPStatus.CONFLICT,
    "cascade": HTTPStatus.NOT_FOUND,
    "set_null": HTTPStatus.OK,
}


def children(testing: Testing, t: Trials) -> Iterator[Fact]:
    """Give the facts about the deletion of each parent that somebody can delete."""
    for parent in t.view.parents:
        above = next(a for a in testing.all if a.view.subject == parent.subject)
        values = _values(t, parent, above)
        if values is None:
            continue
        joined = text(parent.column), above.name, source(values)
        of = [f"belongs_to.{parent.role}", f"belongs_to.{parent.role}.on_delete"]
        who = _remover(t, parent, above) if t.cast.reader else ""
        if who:
            status = str(ANSWERS[parent.link.on_delete])
            yield fact("CHILDREN", t, *joined, text(who), status, of=of)
        if parent.link.optional or _is_free(t, parent):
            kept = text(parent.link.on_delete)
            yield fact("GONE", t, *joined, kept, of=of[1:])
    needed = {subject.name for subject in _needed(t.view)}
    for link in t.view.links:
        if link.subject.name not in needed:
            of = of_relation("many_to_many", link.role)
            yield fact("PARTED", t, text(link.ids), of=of)
    if t.resource.owned_by:
        holds = any(_holds(parent) for parent in t.view.parents)
        heir = next(who for who in (SECOND, FIRST) if who != t.cast.maker)
        before = [change(TIME, owned_by(heir))] if holds else []
        yield fact("LEFT", t, listed(before), of=["owned_by"])


def shown_below(testing: Testing, t: Trials) -> Iterator[Fact]:
    """Give the facts about the rows that are shown with the one they belong to."""
    embedded = t.resource.embed
    for child in t.view.children if t.cast.reader else ():
        below = next(b for b in testing.own if b.view.subject == child.subject)
        if below.cast.maker:
            row = below.name, text(child.role), text(child.column)
            yield fact("SHOWN", t, *row, of=[f"embed[{embedded.index(child.role)}]"])


def _values(t: Trials, parent: ParentView, above: Trials) -> Row | None:
    """Return what the parent has that a row is given; None if there is no such row."""
    if not parent.link.optional:
        return None if parent.subject == t.view.subject else {}
    can_be_made = above.cast.maker and not above.view.one_per_user
    sees = t.people.above(parent.role, parent.subject).sees(t.cast.maker)
    return fitting(t, parent, above) if can_be_made and sees else None


def _is_free(t: Trials, parent: ParentView) -> bool:
    """Say whether nothing else that a row needs can keep, or be kept from, a parent."""
    others = [p for p in t.view.parents if p != parent and not p.link.optional]
    if parent.link.on_delete == "restrict":
        return True
    tied = {role for pair in _tied(t) for role in pair}
    below = any(
        further.subject == parent.subject
        for other in others
        for further in ResourceView(other.subject).parents
    )
    return not others or not (below or parent.role in tied)


def _tied(t: Trials) -> Iterator[tuple[str, str]]:
    """Give parents that a rule wants to have to do with each other."""
    for rule in t.resource.rules:
        if isinstance(rule, Check):
            yield from pairs(t.view.rules.condition(rule.check))


def _needed(view: ResourceView) -> Iterator[Subject]:
    """Give what a row cannot be without: what it belongs to, and so on."""
    for parent in view.parents:
        if not parent.link.optional and parent.subject != view.subject:
            yield parent.subject
            yield from _needed(ResourceView(parent.subject))


def _holds(parent: ParentView) -> bool:
    """Say whether a row, or what it belongs to, keeps what goes with the same owner."""
    if parent.link.optional or not parent.subject.is_owned:
        return False
    above = ResourceView(parent.subject).parents
    return parent.link.on_delete == "restrict" or any(map(_holds, above))


def _remover(t: Trials, parent: ParentView, above: Trials) -> str:
    """Return who can delete a parent of a row; empty if nobody can."""
    can_be_made = above.cast.maker and not above.view.one_per_user
    people = t.people.above(parent.role, parent.subject)
    who = people.first("delete") if can_be_made else ""
    there = above.at(people.scenery).answers
    return who if who and there.is_done("delete", who) else ""
