"""Parents that are not seen by who makes a row, changes it, or lists such rows."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus

from petsage_builder.plan.facts.fact import Fact, fact
from petsage_builder.plan.facts.handed import heirs, owned_by
from petsage_builder.plan.facts.later import METHODS
from petsage_builder.plan.facts.parts import of_relation
from petsage_builder.plan.facts.pasts import TIME, pasts
from petsage_builder.plan.people import People
from petsage_builder.plan.relations import ParentView
from petsage_builder.plan.sources import change, listed, source, text
from petsage_builder.plan.testing import Testing
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import Row
from petsage_builder.wording import path


@dataclass(frozen=True)
class Hidden:
    """A row that not everybody sees: who made it, how, and what happened then.

    `people` stand before it. What has happened to a row above it is not its own.
    """

    maker: str
    changes: Row
    steps: tuple[str, ...]
    people: People
    is_own: bool = True

    @property
    def made(self) -> tuple[str, str, str]:
        """Return how it becomes so, as the arguments of a test."""
        return text(self.maker), source(self.changes), listed(self.steps)


def unseen(
    testing: Testing, t: Trials, parent: ParentView, above: Trials
) -> Iterator[Fact]:
    """Give parents that are not found by those who do not see them."""
    found = [*_hidden(testing, above)]
    own = [hidden for hidden in found if hidden.is_own]
    joined = above.name, text(parent.column)
    of = of_relation("belongs_to", parent.role)[:1]
    for made, who in _at_creation(t, parent, above, own):
        yield fact("UNSEEN", t, *joined, *made, text(who), of=of)
    if parent in t.view.movable:
        for made, *request in _at_change(t, parent, above, own):
            yield fact("UNSETTLED", t, *joined, *made, *request, of=of)
    if parent in t.view.nested:
        below = text(f"{parent.path}/{{id}}{path(t.view.plural)}/")
        for made, who in _at_list(t, found):
            yield fact("UNLISTED", t, above.name, below, *made, text(who), of=of)


def _at_creation(
    t: Trials, parent: ParentView, above: Trials, found: list[Hidden]
) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Give for each maker a parent that who makes a row does not see."""
    who = t.cast.maker
    rows = [hidden for hidden in found if who and not hidden.people.sees(who)]
    for hidden in {hidden.maker: hidden for hidden in reversed(rows)}.values():
        yield hidden.made, who
    if parent.link.optional and not rows and (who := _blind(t, parent, above)):
        yield Hidden("", {}, (), t.people).made, who


def _blind(t: Trials, parent: ParentView, above: Trials) -> str:
    """Return who does not see a parent that all see who may make a row below it.

    They see what else a row belongs to, and are not refused before it is looked for.
    """
    early = {HTTPStatus.NOT_FOUND}
    if t.view.creation.permits:
        early.add(HTTPStatus.FORBIDDEN)
    usual = t.people.above(parent.role, parent.subject)
    people = () if above.view.one_per_user else t.people.all[1:]
    near = (w for w in people if t.people.create(w) not in early)
    return next((who for who in near if not usual.sees(who)), "")


def _at_change(
    t: Trials, parent: ParentView, above: Trials, found: list[Hidden]
) -> Iterator[tuple[tuple[str, str, str], str, str, str, str]]:
    """Give a parent that who changes, or replaces, a row does not see.

    If they see each, somebody changes the row whom it was handed on to.
    """
    usual = t.people.above(parent.role, parent.subject)
    for operation, sent in (("update", {}), ("replace", t.changes.unchanged)):
        who, method = t.cast.doer(operation), METHODS[operation]
        can = bool(who) and t.answers.is_done(operation, who)
        rows = [h for h in found if can and not h.people.sees(who)]
        for hidden in {hidden.maker: hidden for hidden in reversed(rows)}.values():
            yield hidden.made, "[]", text(who), text(method), source(sent)
        if rows or above.view.one_per_user:
            continue
        for heir in heirs(t):
            now = t.at(replace(t.people.scenery, maker=heir))
            if now.answers.is_done(operation, heir) and not usual.sees(heir):
                before = listed([change(TIME, owned_by(heir))])
                made = Hidden("", {}, (), usual).made
                yield made, before, text(heir), text(method), source(sent)


def _at_list(
    t: Trials, found: list[Hidden]
) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Give a parent of which somebody does not see that it is there.

    They could list rows that belong to it otherwise.
    """
    people = [w for w in t.people.all[1:] if t.people.listing(w) == HTTPStatus.OK]
    for hidden in found:
        for who in people:
            if not hidden.people.sees(who):
                yield hidden.made, who
                return


def _hidden(testing: Testing, above: Trials) -> Iterator[Hidden]:
    """Give rows that not everybody sees.

    They are without moves if another has made them.
    """
    people, makers = above.people, [""]
    if above.resource.owned_by and above.cast.another:
        makers.insert(0, above.cast.another)
    for maker in makers:
        scenery = replace(people.scenery, maker=maker or people.maker)
        for past in pasts(testing, above.at(scenery) if maker else above):
            if (past.is_plain and not maker) or (maker and past.has_moved):
                continue
            now = past.now.people
            yield Hidden(maker, past.changes, past.steps, now, past.is_own)
