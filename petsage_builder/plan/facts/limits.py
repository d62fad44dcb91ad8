"""How many rows there may be."""

from collections.abc import Iterator

from petsage_builder.analyze.values import refusal
from petsage_builder.plan.facts.fact import Fact, fact
from petsage_builder.plan.people import FIRST
from petsage_builder.plan.relations import ParentView
from petsage_builder.plan.resources import ResourceView
from petsage_builder.plan.sources import text
from petsage_builder.plan.trials import Trials
from petsage_builder.spec.fields import AnyField


def limits(t: Trials) -> Iterator[Fact]:
    """Give the facts about how many rows an owner or a parent may have."""
    quotas = dict(t.view.creation.quotas)
    for limit in t.view.creation.limits:
        field = limit.most.rpartition(".")[2]
        if limit.most in quotas:
            most = str(quotas[limit.most])
            if not t.view.one_per_user:
                parents = [
                    parent.column
                    for parent in t.view.parents
                    if parent.column == limit.column and not _has_own(t, parent)
                ]
                column = text(next(iter(parents), ""))
                said = text(limit.said)
                row = text(limit.most), most, said, column
                yield fact("QUOTAS", t, *row, of=[f"limits.{limit.part}"])
        elif _takes_one(t, limit.column, field):
            column = text(limit.column)
            most = text(field)
            row = column, most, limit.message, str(limit.optional)
            yield fact("CAPACITIES", t, *row, of=[f"limits.{limit.part}"])


def _has_own(t: Trials, parent: ParentView) -> bool:
    """Say whether who else makes rows does so below another parent, their only one."""
    maker = t.people.near(parent.subject).maker
    return parent.subject.resource.one_per_user and t.cast.maker == maker == FIRST


def _takes_one(t: Trials, column: str, field: str) -> bool:
    """Say whether the parent can be made with room for one, or get that."""
    parent = next(p for p in t.view.parents if p.column == column)
    spec = parent.subject.stored[field]
    if not isinstance(spec, AnyField) or spec.read_only:
        return False
    above = Trials(ResourceView(parent.subject), t.people.near(parent.subject))
    creator, updater = above.cast.writers_of(field)
    is_set = creator == above.cast.maker or bool(updater)
    return is_set and refusal(spec, 1) is None
