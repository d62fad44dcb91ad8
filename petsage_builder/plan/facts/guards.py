"""Who may set and read which field."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from http import HTTPStatus
from itertools import islice

from petsage_builder.plan.access import OWNER, SIGNED_IN
from petsage_builder.plan.facts.fact import Fact, fact
from petsage_builder.plan.facts.handed import owned_by
from petsage_builder.plan.facts.later import METHODS
from petsage_builder.plan.facts.parts import of_field
from petsage_builder.plan.facts.pasts import TIME
from petsage_builder.plan.people import FIRST, role_of
from petsage_builder.plan.sources import change, listed, source, text
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
        known = False
        for who in t.people.all:
            yield from _at_creation(t, field, who, may_change)
            if not t.people.writes(who, field.name, t.cast.maker):
                guarded = [*_at_change(t, field, who, may_change)]
                yield from guarded
                known = known or bool(guarded)
        for operation in may_change if not known else ():
            yield from _handed_on(t, field, operation)


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
                said = "[]", text(who), text("POST"), source(changes)
                yield fact("GUARDED", t, *said, of=of)
        elif can_set and t.changes.keeps_rules(changes) and not _is_any(t, field, who):
            own = [] if creates else _own_parents(t)
            later = {
                METHODS[operation]: WHOLE[operation](t)
                for operation in may_change
                if _keeps_changing(t.after(changes), who, operation)
                and not t.after(changes).answers.is_kept(changes)
            }
            reads = people.reads(who, field.name, who)
            seen = source({n: v if reads else None for n, v in changes.items()})
            row = text(who), source(changes), seen, source(own), source(later)
            shown = [*of, of_field(field.name, "type")]
            yield fact("ALLOWED", t, *row, of=shown)


def _at_change(
    t: Trials, field: FieldView, who: str, may_change: list[str]
) -> Iterator[Fact]:
    """Give what somebody may change of a row but for a field."""
    for operation in may_change:
        if t.people.item(who, operation) == HTTPStatus.OK:
            yield from _guarded_by(t, field, "[]", who, operation)


def _handed_on(t: Trials, field: FieldView, operation: str) -> Iterator[Fact]:
    """Give the same of a row that is somebody else's, if all who change it may."""
    for who in t.people.all[1:] if t.resource.owned_by else ():
        now = t.at(replace(t.people.scenery, maker=who))
        done = now.people.item(who, operation) == HTTPStatus.OK
        if done and not now.people.writes(who, field.name, who):
            before = listed([change(TIME, owned_by(who))])
            yield from _guarded_by(t, field, before, who, operation)
            return


def _guarded_by(
    t: Trials, field: FieldView, before: str, who: str, operation: str
) -> Iterator[Fact]:
    """Give each value of a field that somebody is forbidden to send."""
    rest, method = WHOLE[operation](t), text(METHODS[operation])
    values = [t.cast.first.get(field.name), *([None] if field.spec.optional else [])]
    for said in dict.fromkeys(source({**rest, field.name: v}) for v in values):
        row = before, text(who), method, said
        yield fact("GUARDED", t, *row, of=[of_field(field.name, "write")])


def _is_any(t: Trials, field: FieldView, who: str) -> bool:
    """Say whether a role has nothing to do with that somebody may set a field."""
    return who in t.people.roles and role_of(who) not in (field.spec.write or ())


def _sends(t: Trials, who: str) -> bool:
    """Say whether somebody may set all that is in the first row, as their own."""
    return all(t.people.writes(who, name, who) for name in t.cast.made)


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
    own = replace(t.people, at=replace(t.people.scenery, maker=who))
    return not t.answers.is_frozen(operation) and (
        any(grant.who in may and grant.when is None for grant in grants)
        or own.item(who, operation) == HTTPStatus.OK
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
