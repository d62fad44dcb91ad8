"""Parents below which not everybody makes a row who does so usually."""

from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from itertools import product

from petsage_builder.plan.access import OWNER
from petsage_builder.plan.facts.fact import Fact, fact
from petsage_builder.plan.facts.handed import owned_by
from petsage_builder.plan.facts.parts import granting
from petsage_builder.plan.facts.pasts import TIME, pasts
from petsage_builder.plan.people import People, Scenery
from petsage_builder.plan.relations import ParentView
from petsage_builder.plan.sources import change, listed, source, text
from petsage_builder.plan.testing import Testing
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import Person, Row
from petsage_builder.solver.callers import compared


def barred(testing: Testing, t: Trials) -> Iterator[Fact]:
    """Give parents below which some are forbidden to make a row, and all the answers.

    Who may make one depends on what it belongs to.
    """
    whens = [grant.when for grant in t.people.grants("create") if grant.when]
    for parent in t.view.parents if whens else ():
        above = next(a for a in testing.all if a.view.subject == parent.subject)
        if parent.link.optional or above.view.one_per_user or not above.cast.maker:
            continue
        joined = above.name, text(parent.column)
        usual = t.people.above(parent.role, parent.subject).scenery
        known = {_answers(_below(t, parent, usual))}
        for changes, steps, scenery in _become(testing, above):
            answers = _answers(_below(t, parent, scenery))
            if HTTPStatus.FORBIDDEN in answers and answers not in known:
                known.add(answers)
                row = *joined, source(changes), listed(steps), repr(answers)
                yield fact("BARRED", t, *row, of=granting(t, "create"))
        for steps, people in _misnamed(t, parent, whens):
            row = *joined, "{}", listed(steps), repr(_answers(people))
            yield fact("BARRED", t, *row, of=granting(t, "create"))


def _below(t: Trials, parent: ParentView, scenery: Scenery) -> People:
    """Return the people who would make a row below a parent."""
    return replace(t.people, parents={parent.role: scenery})


def _answers(people: People) -> tuple[int, ...]:
    """Return how everybody is answered who makes a row."""
    return tuple(int(people.create(who)) for who in people.all)


def _become(
    testing: Testing, above: Trials
) -> Iterator[tuple[Row, tuple[str, ...], Scenery]]:
    """Give what a parent can become."""
    for past in pasts(testing, above):
        if past.is_own:
            yield past.changes, past.steps, past.now.people.scenery


def _misnamed(
    t: Trials, parent: ParentView, whens: list[str]
) -> Iterator[tuple[tuple[str, ...], People]]:
    """Give for each condition a parent with the id of somebody who lacks the role."""
    placed = t.people.solutions.place(t.view.subject, parent.role)
    for when in whens:
        paths = compared(when, t.view.subject)
        names = [path[1] for path in paths if path[:-1] == (parent.role,)]
        for name, who in product(names, t.people.all[1:]):
            changes, people = _named(t, parent, name, who)
            is_meant = people.holds(when, people.made_by(who), who)
            if is_meant and people.create(who) == HTTPStatus.FORBIDDEN:
                yield (*placed.steps, change(TIME, changes)), people
                break


def _named(t: Trials, parent: ParentView, name: str, who: str) -> tuple[Row, People]:
    """Return what gives a parent the id of somebody, and the people who use it then."""
    usual = t.people.above(parent.role, parent.subject).scenery
    is_owner = name == OWNER
    changes: Row = owned_by(who) if is_owner else {name: Person(who)}
    maker = who if is_owner else usual.maker
    now = replace(usual, row={**usual.row, **changes}, maker=maker)
    return changes, _below(t, parent, now)
