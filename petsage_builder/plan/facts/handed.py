"""Whose a row becomes, and whose id it gets, without that they do anything."""

from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from itertools import islice, product

from petsage_builder.plan.access import OWNER
from petsage_builder.plan.people import FIRST, SECOND, owning_roles, role_of
from petsage_builder.plan.samples import conditions_of
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import Person, Row
from petsage_builder.solver.callers import NO_ROLES, compared, named
from petsage_builder.solver.evaluation import speaks_of_caller
from petsage_builder.spec.fields import UuidField
from petsage_builder.spec.resources import Grant

FORBIDDEN, NOT_FOUND = HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND


def heirs(t: Trials, below: Trials | None = None) -> Iterator[str]:
    """Give whom a row can be handed on to who could not have made it.

    That is somebody without a role. Whoever has each other one is it, too, if what is
    done with a row `below` depends on who calls.
    """
    makers = owning_roles(t.view.subject)
    if makers:
        yield SECOND
    if makers and below and _asks_who_calls(below):
        yield from (who for who in t.people.roles if role_of(who) not in makers)


def _asks_who_calls(t: Trials) -> bool:
    conditions = map(t.view.rules.condition, conditions_of(t.resource))
    return any(map(speaks_of_caller, conditions))


def owned_by(who: str) -> Row:
    """Return what changes in a row that is handed on to somebody."""
    return {"owner_id": Person(who)}


def misnamed(t: Trials) -> Iterator[tuple[list[str], Row, Trials]]:
    """Give rows with the id of somebody who lacks the role that goes with it.

    They come with the moves before. With the role, that person could do something with
    the row, or see it; for the former they see it anyway, if need be because another
    owns it.
    """
    known: list[Row] = []
    for operation in (*t.resource.access, *(move.action for move in t.view.moves)):
        wanted = NOT_FOUND if operation == "get" else FORBIDDEN
        for grant in t.people.grants(operation):
            found = _misnamed(t, grant, operation, wanted)
            for way, changes, now in islice(found, 1):
                if changes not in known:
                    known.append(changes)
                    yield way, changes, now


def _misnamed(
    t: Trials, grant: Grant, operation: str, wanted: HTTPStatus
) -> Iterator[tuple[list[str], Row, Trials]]:
    when = grant.when if grant.who not in NO_ROLES else None
    paths = compared(when, t.view.subject) if when else []
    for name in (path[0] for path in paths if not path[1:] and path[0] != OWNER):
        strangers = [who for who in t.people.all[1:] if role_of(who) != grant.who]
        owners = (None, FIRST, SECOND) if t.resource.owned_by else (None,)
        for owner, (scenery, way), who in product(owners, t.states.reached, strangers):
            handed = owned_by(owner) if owner else {}
            row: Row = {**scenery.row, name: Person(who)}
            after = replace(scenery, row=row, maker=owner or scenery.maker)
            now = t.at(after)
            if (
                now.people.item(who, operation) == wanted
                and now.people.holds(str(when), after, who)
                and t.changes.are_lasting_kept_by(row)
            ):
                yield way, {name: Person(who), **handed}, now


def signed(t: Trials) -> Iterator[Row]:
    """Give a row as somebody else has made it who may do more because of that.

    Its field says who has made it, and nobody sends that.
    """
    for name, spec in t.view.subject.stored.items():
        if not (isinstance(spec, UuidField) and spec.read_only):
            continue
        if spec.default == "caller":
            people = named(t.view.subject, name)
            yield from ({name: one} for one in people if one.name != t.cast.maker)
