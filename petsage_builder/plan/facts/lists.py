"""What is in a list, and in which order."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus

from petsage_builder.analyze.vocabulary import Subject
from petsage_builder.decode import JsonValue
from petsage_builder.plan.access import ANYBODY
from petsage_builder.plan.facts.fact import Fact, fact
from petsage_builder.plan.facts.filters import filters
from petsage_builder.plan.facts.parts import answering, of_parameter
from petsage_builder.plan.facts.pasts import pasts
from petsage_builder.plan.people import NOBODY
from petsage_builder.plan.relations import ParentView
from petsage_builder.plan.sources import source, text
from petsage_builder.plan.testing import Testing
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import Row
from petsage_builder.solver.spelling import as_answered
from petsage_builder.spec.fields import DecimalField, DurationField, MoneyField
from petsage_builder.wording import path


def lists(testing: Testing, t: Trials) -> Iterator[Fact]:
    """Give the facts about the list of a resource, and of those below its parents."""
    yield from _seen(testing, t)
    yield from filters(t)
    if t.cast.maker:
        yield from _sorted(t)
        for parent in t.view.nested:
            if _has_another(t, parent.subject):
                where = text(f"{parent.path}/{{id}}{path(t.view.plural)}/")
                answers = _nested(t, parent)
                grants = t.people.grants("list")
                seen = tuple(
                    t.people.may(who, grants) if status == HTTPStatus.OK else None
                    for who, status in zip(t.people.all, answers, strict=True)
                )
                others = [p.column for p in t.view.parents if p != parent]
                found = repr(tuple(map(int, answers))), repr(seen), source(others)
                of = [*of_parameter(t, parent.column), *answering(t, "list")]
                yield fact("NESTED", t, text(parent.column), where, *found, of=of)
    if t.resource.seed:
        rows = [_listed(t, row) for row in t.resource.seed]
        of = [f"seed[{index}]" for index in range(len(rows))]
        yield fact("SEEDED", t, source(rows), of=of)


def _seen(testing: Testing, t: Trials) -> Iterator[Fact]:
    """Give pasts of the first row, and who then finds it in a list."""
    if t.view.one_per_user and not t.cast.maker:
        return
    known: set[str] = set()
    for past in pasts(testing, t):
        people = past.now.people
        grants = people.grants("list")
        found = repr(
            tuple(
                people.may(w, grants) if people.listing(w) == HTTPStatus.OK else None
                for w in people.all
            )
        )
        if not past.steps or found not in known:
            known.add(found)
            of = answering(t, "list")
            yield fact("SEEN", t, *past.source, found, of=of)


def _listed(t: Trials, seed: Mapping[str, JsonValue]) -> Row:
    """Return what a list shows of a row that is there from the beginning."""
    specs = {field.name: field.spec for field in t.view.fields}
    return {
        name: as_answered(specs[name], value)
        for name, value in seed.items()
        if not specs[name].write_only
        and not specs[name].sensitive
        and t.people.reads(t.cast.lister, name)
    }


def _sorted(t: Trials) -> Iterator[Fact]:
    """Give every order of a list, its own first, and which go by numbers."""
    default = t.view.listing.default_sort
    sorts = sorted(t.view.sorts, key=lambda sort: sort != default)
    # They are numbers and spans of time, though they are written as texts.
    kinds = (DecimalField, MoneyField, DurationField)
    numbers = [f.name for f in t.view.fields if isinstance(f.spec, kinds)]
    used = [name for name in numbers if name in sorts]
    of = [f"list.sort[{index}]" for index in range(len(t.view.listing.sort))]
    of.append("list.default_sort")
    yield fact("SORTED", t, source(sorts), source(used), of=of)


def _has_another(t: Trials, parent: Subject) -> bool:
    """Say whether there is a second parent: it can be made, or is there."""
    return bool(t.people.near(parent).maker) or len(parent.resource.seed) > 1


def _nested(t: Trials, parent: ParentView) -> tuple[HTTPStatus, ...]:
    """Return how the list below the first owner's parent is answered to everybody."""
    return tuple(_below(t, parent, who) for who in t.people.all)


def _below(t: Trials, parent: ParentView, who: str) -> HTTPStatus:
    above = t.people.above(parent.role, parent.subject)
    grants = above.grants("get") or above.grants("list")
    is_shut = who == NOBODY and not any(grant.who == ANYBODY for grant in grants)
    status = t.people.listing(who)
    if status == HTTPStatus.UNAUTHORIZED or (status == HTTPStatus.OK and is_shut):
        return HTTPStatus.UNAUTHORIZED
    return status if above.sees(who) else HTTPStatus.NOT_FOUND
