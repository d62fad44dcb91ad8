"""Whose a row becomes, and whose id it gets, without that they do anything."""

from collections.abc import Iterator

from petsage_builder.plan.people import SECOND, owning_roles, role_of
from petsage_builder.plan.samples import conditions_of
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import Person, Row
from petsage_builder.solver.callers import named
from petsage_builder.solver.evaluation import speaks_of_caller
from petsage_builder.spec.fields import UuidField


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
