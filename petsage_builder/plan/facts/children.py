"""What becomes of a row when its parent or its owner goes, and where it is shown."""

from collections.abc import Iterator
from http import HTTPStatus

from petsage_builder.plan.facts.fact import Fact, fact
from petsage_builder.plan.relations import ParentView
from petsage_builder.plan.sources import text
from petsage_builder.plan.testing import Testing
from petsage_builder.plan.trials import Trials

# How the row is answered afterwards, or the deletion if that is not done.
ANSWERS = {
    "restrict": HTTPStatus.CONFLICT,
    "cascade": HTTPStatus.NOT_FOUND,
    "set_null": HTTPStatus.OK,
}


def children(testing: Testing, t: Trials) -> Iterator[Fact]:
    """Give the facts about the deletion of each parent that somebody can delete."""
    for parent in t.view.parents:
        is_other = parent.subject != t.view.subject and not parent.link.optional
        who = _remover(testing, t, parent) if t.cast.reader and is_other else ""
        if who:
            status = str(ANSWERS[parent.link.on_delete])
            row = text(parent.column), text(who), status
            of = [f"belongs_to.{parent.role}", f"belongs_to.{parent.role}.on_delete"]
            yield fact("CHILDREN", t, *row, of=of)
    for parent in t.view.parents:
        if not parent.link.optional and (
            parent.link.on_delete == "restrict" or _is_alone(t, parent)
        ):
            kept = text(parent.column), text(parent.link.on_delete)
            yield fact("GONE", t, *kept, of=[f"belongs_to.{parent.role}.on_delete"])
    if t.resource.owned_by and not any(_holds(parent) for parent in t.view.parents):
        yield fact("LEFT", t, "0", of=["owned_by"])


def shown_below(testing: Testing, t: Trials) -> Iterator[Fact]:
    """Give the facts about the rows that are shown with the one they belong to."""
    embedded = t.resource.embed
    for child in t.view.children if t.cast.reader else ():
        below = next(b for b in testing.own if b.view.subject == child.subject)
        if below.cast.maker:
            row = below.name, text(child.role), text(child.column)
            yield fact("SHOWN", t, *row, of=[f"embed[{embedded.index(child.role)}]"])


def _is_alone(t: Trials, parent: ParentView) -> bool:
    """Say whether nothing else that a row needs can keep a parent of it."""
    return all(other is parent or other.link.optional for other in t.view.parents)


def _holds(parent: ParentView) -> bool:
    """Say whether a row keeps a parent that may have to go with the same owner."""
    link = parent.link
    return (
        not link.optional and link.on_delete == "restrict" and parent.subject.is_owned
    )


def _remover(testing: Testing, t: Trials, parent: ParentView) -> str:
    """Return who can delete a parent of a row; empty if nobody can."""
    above = next(a for a in testing.all if a.view.subject == parent.subject)
    can_be_made = above.cast.maker and not above.view.one_per_user
    people = t.people.above(parent.role, parent.subject)
    return people.first("delete") if can_be_made else ""
