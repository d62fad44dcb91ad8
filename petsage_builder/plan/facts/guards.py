"""Who may set and read which field."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from http import HTTPStatus
from itertools import islice

from petsage_builder.plan.access import OWNER, SIGNED_IN
from petsage_builder.plan.facts.fact import Fact, fact
from petsage_builder.plan.facts.later import METHODS
from petsage_builder.plan.facts.parts import of_field
from petsage_builder.plan.people import FIRST, role_of
from petsage_builder.plan.sources import source, text
from petsage_builder.plan.trials import Trials
from petsage_builder.plan.views import FieldView
from petsage_builder.solver import Row, Value
from petsage_builder.solver.acceptance import accepts
from petsage_builder.solver.likely import likely
from petsage_builder.solver.spelling import as_answered

# What is sent, beside the field that is tried, to change a row.
WHOLE: dict[str, Callable[[Trials], Row]] = {
    "update": lambda _: {},
    "replace": lambda t: t.changes.unchanged,
}


def guards(t: Trials) -> Iterator[Fact]:
    """Give the facts about fields that are not for everybody."""
    yield from _guarded(t)
    yield from _hidden(t)
    never = t.unseen
    sensitive = [field for field in t.view.fields if field.spec.sensitive]
    alone = [field.name for field in sensitive if not field.spec.write_only]
    if never or (alone and t.cast.lister):
        of = [of_field(name, "write_only") for name in never]
        of += [of_field(name, "sensitive") for name in alone]
        yield fact("UNSHOWN", t, source(never), source(alone), of=of)


def _guarded(t: Trials) -> Iterator[Fact]:
    """Give who may do something, but not set a certain field, and who may set it."""
    for field in t.view.guarded:
        may_change = [*filter(t.view.has, WHOLE)] if not field.spec.immutable else []
        for who in t.people.all:
            yield from _at_creation(t, field, who, may_change)
            if not t.people.writes(who, field.name, t.cast.maker):
                yield from _at_change(t, field, who, may_change)


def _at_creation(
    t: Trials, field: FieldView, who: str, may_change: list[str]
) -> Iterator[Fact]:
    """Give whether somebody may set a field of a row that they make."""
    people, of = t.people, [of_field(field.name, "write")]
    creates = people.create(who) == HTTPStatus.CREATED
    can_set = people.makes_at_own(who) or (creates and _sends(t, who))
    for changes in islice(({field.name: value} for value in _set(t, field)), 1):
        if not people.writes(who, field.name, who):
            if creates:
                said = text(who), text("POST"), source(changes)
                yield fact("GUARDED", t, *said, of=of)
        elif can_set and t.changes.keeps_rules(changes):
            own = [] if creates else _own_parents(t)
            later = {
                METHODS[operation]: WHOLE[operation](t)
                for operation in may_change
                if _keeps_changing(t.after(changes), who, operation)
                and not t.after(changes).answers.is_kept(changes)
            }
            row = text(who), source(changes), source(own), source(later)
            shown = [*of, of_field(field.name, "type")]
            yield fact("ALLOWED", t, *row, of=shown)


def _at_change(
    t: Trials, field: FieldView, who: str, may_change: list[str]
) -> Iterator[Fact]:
    """Give what somebody may change of a row but for a field."""
    values = [t.cast.first.get(field.name), *([None] if field.spec.optional else [])]
    for operation in may_change:
        if t.people.item(who, operation) == HTTPStatus.OK:
            rest = WHOLE[operation](t)
            for said in dict.fromkeys(source({**rest, field.name: v}) for v in values):
                row = text(who), text(METHODS[operation]), said
                yield fact("GUARDED", t, *row, of=[of_field(field.name, "write")])


def _sends(t: Trials, who: str) -> bool:
    """Say whether somebody may set all that is in the first row."""
    return t.people.writes_all(who, t.cast.made)


def _own_parents(t: Trials) -> list[str]:
    """Return the columns of the parents that belong to who makes a row below them."""
    return [
        parent.column
        for parent in t.view.parents
        if not parent.link.optional
        and parent.subject != t.view.subject
        and t.people.near(parent.subject).maker == FIRST
    ]


def _keeps_changing(t: Trials, who: str, operation: str) -> bool:
    """Say whether somebody may change a row that is theirs, as it is made."""
    may = {OWNER, SIGNED_IN, role_of(who)}
    grants = t.people.grants(operation)
    return not t.answers.is_frozen(operation) and any(
        grant.who in may and grant.when is None for grant in grants
    )


def _set(t: Trials, field: FieldView) -> Iterator[Value]:
    """Give values of a new row that somebody has set: its default anybody may send."""
    left = as_answered(field.spec, field.spec.default)
    samples = [row.get(field.name) for row in t.cast.samples.rows]
    usual = likely(t.view.name, field.name, field.spec, clock=False)
    for value in (*samples, *usual):
        if value not in (None, left) and accepts(field.spec, value):
            yield value


def _hidden(t: Trials) -> Iterator[Fact]:
    """Give who of those who see a row may read a certain field of it."""
    for field in t.view.hidden if t.view.has("get") else ():
        creator, updater = t.cast.writers_of(field.name)
        people = t.people
        if creator != t.cast.maker and not updater:
            people = replace(people, at=replace(people.scenery, maker=creator))
        seen = tuple(
            people.reads(who, field.name)
            if people.item(who, "get") == HTTPStatus.OK
            else None
            for who in people.all
        )
        value = source(t.cast.first.get(field.name))
        if creator and not field.spec.read_only:
            row = text(field.name), value, repr(seen)
            yield fact("HIDDEN", t, *row, of=[of_field(field.name, "read")])
