"""What each field takes, refuses, and is if nothing is sent."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from petsage_builder.plan.facts.fact import Fact, fact
from petsage_builder.plan.facts.parts import (
    deciding,
    granting,
    of_columns,
    of_field,
    of_move,
    of_relation,
    sending,
)
from petsage_builder.plan.moves import Move
from petsage_builder.plan.sources import listed, source, text
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import Row, Value
from petsage_builder.solver.acceptance import accepts
from petsage_builder.solver.boundaries import edges
from petsage_builder.solver.likely import likely
from petsage_builder.solver.spelling import as_answered
from petsage_builder.spec.fields import AnyField, ComputedField, FloatField

LARGEST_REQUEST = 1_000_000  # bytes, as `app.core.config` has it
ROOM_FOR_IDS = 10_000  # bytes, for those of parents and links
NEVER_SENT = ("id", "owner_id", "created_at")


def fields(t: Trials) -> Iterator[Fact]:
    """Give the facts about the fields of a row, one by one."""
    for number, row in enumerate(t.changes.rows):
        yield fact("CREATED", t, str(number), of=_stored(t, row))
    least = _least(t)
    if defaults := _defaults(t, least):
        said = source(least), source(defaults)
        yield fact("DEFAULTS", t, *said, of=_of_defaults(defaults))
    yield from _limits(t)
    if required := _required(t):
        yield fact("REQUIRED", t, source(required), of=of_columns(t, required))
    yield from _unsettable(t)
    if who := t.cast.doer("replace"):
        whole = t.changes.whole
        of = [*granting(t, "replace"), *of_columns(t, whole)]
        yield fact("REPLACED", t, text(who), source(whole), of=of)
        yield from _reset(t, who)
    yield from _conflicts(t)


def of_seeds(t: Trials) -> Iterator[Fact]:
    """Give the facts about rows that are there from the beginning."""
    if t.cast.doer("update"):
        yield from _refused(t)
        yield _unsettable_later(t)
    yield from _alike(t)


def _stored(t: Trials, row: Row) -> Iterator[str]:
    """Give what decides how a row is sent, and what is then found of it."""
    yield from granting(t, "create")
    yield from sending(t, row)
    for parent in t.view.parents:
        if parent.link.optional:
            yield f"belongs_to.{parent.role}.optional"
        else:
            yield from of_relation("belongs_to", parent.role)
    if t.view.state:
        yield from ("states.initial", "states.field")


def _unsettable(t: Trials) -> Iterator[Fact]:
    """Give what nobody sets."""
    if t.view.has_body:  # a request that needs none is not looked into
        unknown = source(_unknown(t))
        yield fact("UNKNOWN", t, text("POST"), unknown, of=_of_unknown(t))
    if t.cast.doer("update"):
        yield _unsettable_later(t)


def _unsettable_later(t: Trials) -> Fact:
    """Return what nobody changes."""
    unknown, fixed = _unknown(t), _fixed(t)
    of = [*_of_unknown(t), *(of_field(name, "immutable") for name in fixed)]
    return fact("UNKNOWN", t, text("PATCH"), source([*unknown, *fixed]), of=of)


def _of_unknown(t: Trials) -> list[str]:
    """Return where it is said of fields that nobody sends them."""
    own = [name for name in _unknown(t) if name in t.resource.fields]
    of = [of_field(name, part) for name in own for part in ("read_only", "value")]
    return [*of, "states.field"]


def _limits(t: Trials) -> Iterator[Fact]:
    """Give for each field what it just takes, and what it does not."""
    accepted: dict[tuple[str, bool], list[Row]] = {}
    for name, least in t.cast.samples.accepted:
        changes = t.changes.completed(least)
        can_be_sent = changes is not None and _can_be_sent(t, name, changes)
        if changes is not None and can_be_sent and _fits(t, changes):
            can_change = changes.keys() <= t.changes.changeable
            accepted.setdefault((name, can_change), []).append(changes)
    for (name, can_change), rows in accepted.items():
        of = deciding(t, name, [row[name] for row in rows])
        row = text(name), _distinct(map(source, rows)), str(can_change)
        yield fact("ACCEPTED", t, *row, of=of)
    yield from _given(t)
    yield from _later(t)
    yield from _endless(t)
    yield from _refused(t)


def _refused(t: Trials) -> Iterator[Fact]:
    refused: dict[str, list[Value]] = {}
    for wrong in t.cast.samples.refused:
        creator, updater = t.cast.writers_of(wrong.field)
        if not _fits(t, {wrong.field: wrong.value}):
            continue
        if creator or (updater and wrong.field in t.changes.changeable):
            refused.setdefault(wrong.field, []).append(wrong.value)
    for name, values in refused.items():
        can_change = name in t.changes.changeable
        row = text(name), _distinct(map(source, values)), str(can_change)
        yield fact("REFUSED", t, *row, of=deciding(t, name, values))


def _given(t: Trials) -> Iterator[Fact]:
    """Give each field that only a move sets, what it just takes, and what it does not.

    Only one field of a move is tried at a time.
    """
    for move in t.view.moves:
        who, before = t.answers.actor(move.action)
        for name in move.requires if who else ():
            creator, updater = t.cast.writers_of(name)
            if creator or (updater and name in t.changes.changeable):
                continue
            taken = [
                changes[name]
                for field, changes in t.cast.samples.accepted
                if field == name
                and changes.keys() == {name}
                and changes[name] is not None
                and t.changes.keeps_lasting(changes)
                and _fulfils(t, move, changes)
            ]
            wrong = [w.value for w in t.cast.samples.refused if w.field == name]
            limits = (_distinct(map(source, values)) for values in (taken, wrong))
            row = source(before), text(move.action), text(name), *limits
            decides = deciding(t, name, [*taken, *wrong])
            of = [of_move(move.action, "requires"), *decides]
            yield fact("GIVEN", t, *row, of=of)


def _fulfils(t: Trials, move: Move, changes: Row) -> bool:
    """Say whether a move that somebody begins is done with some of what it is sent."""
    if not (begun := t.states.begun(move)):
        return False
    scenery, _ = begun
    sent = {name: t.cast.first.get(name) for name in move.requires}
    after = replace(scenery, row={**scenery.row, **sent, **changes})
    when = move.transition.when
    return not when or t.people.holds(when, after)


def _later(t: Trials) -> Iterator[Fact]:
    """Give what a field just takes after a move, if it has to be empty before."""
    for field in t.view.changeable:
        rows: list[Row] = [{field.name: least} for least, *_ in edges(field.spec)]
        if not field.spec.optional or any(map(t.changes.keeps_rules, rows)):
            continue
        for scenery, way in t.states.reached if rows else ():
            now = t.at(scenery)
            who = now.cast.updater_of(rows[0])
            taken = [c for c in rows if now.changes.keeps_lasting(c)]
            is_open = who and now.answers.is_done("update", who)
            is_open = is_open and now.people.reads(who, field.name)
            if way and is_open and taken and not now.answers.is_kept(rows[0]):
                asked = source(way), text(who), _distinct(map(source, taken))
                of = deciding(t, field.name, [c[field.name] for c in taken])
                yield fact("TAKEN_LATER", t, *asked, of=of)
                break


def _endless(t: Trials) -> Iterator[Fact]:
    """Give each number that JSON could write too large for any."""
    for field in t.view.settable:
        creator, _ = t.cast.writers_of(field.name)
        if isinstance(field.spec, FloatField) and creator:
            of = [of_field(field.name, "type")]
            yield fact("ENDLESS", t, text(creator), text(field.name), of=of)


def _can_be_sent(t: Trials, name: str, changes: Row) -> bool:
    """Say whether one person may set all that puts a field at its limit."""
    creator, updater = t.cast.writers_of(name)
    can_change = bool(updater) and changes.keys() <= t.changes.changeable
    writers = {t.cast.writers.get(changed) for changed in changes}
    return bool(creator or can_change) and len(writers) == 1


def _fits(t: Trials, changes: Row) -> bool:
    """Say whether a request can hold the first row with some changes.

    What is too much for any request is refused before its fields are looked at.
    """
    row = json.dumps({**t.cast.first, **changes}, default=str)
    return len(row.encode()) < LARGEST_REQUEST - ROOM_FOR_IDS


def _distinct(texts: Iterable[str]) -> str:
    return listed(dict.fromkeys(texts))


def _least(t: Trials) -> Row:
    """Return what must be sent; more, if the rules ask for it."""
    known = t.cast.minimal
    needed = {
        name: value
        for name, value in known.items()
        if (spec := t.view.field(name).spec).default is None and not spec.optional
    }
    return needed if t.changes.are_kept_by(needed) else known


def _defaults(t: Trials, least: Row) -> dict[str, Value]:
    """Return what a row shows that was made from as little as can be."""
    return {
        field.name: as_answered(field.spec, field.spec.default)
        for field in t.view.fields
        if field.name not in least
        and (field.spec.optional or field.spec.default is not None)
        and not field.is_dynamic
        and not field.spec.write_only
        and t.people.reads(t.cast.maker, field.name)
    }


def _reset(t: Trials, who: str) -> Iterator[Fact]:
    """Give what a whole row must have, and what it is if it has nothing else."""
    least = {
        name: t.cast.first[name]
        for name in t.changes.whole
        if (spec := t.view.field(name).spec).default is None and not spec.optional
    }
    left = [f for f in t.view.changeable if f.name in t.changes.whole.keys() - least]
    defaults = {
        field.name: as_answered(field.spec, field.spec.default)
        for field in left
        if not field.is_dynamic
        and not field.spec.write_only
        and t.people.reads(who, field.name)
    }
    if defaults and t.changes.keeps_lasting({**least, **defaults}):
        row = text(who), source(least), source(defaults)
        of = [*granting(t, "replace"), *_of_defaults(defaults)]
        yield fact("RESET", t, *row, of=of)


def _of_defaults(names: Iterable[str]) -> Iterator[str]:
    """Give where it is said what each of some fields is if it is not sent."""
    for name in names:
        yield from (of_field(name, part) for part in ("default", "optional"))


def _required(t: Trials) -> list[str]:
    """Return what must be sent."""
    parents = [p.column for p in t.view.parents if not p.link.optional]
    needed = [
        field.name
        for field in t.view.settable
        if not field.spec.optional
        and field.spec.default is None
        and not field.is_dynamic
    ]
    return [*parents, *needed]


def _unknown(t: Trials) -> list[str]:
    """Return what nobody sends when a row is made."""
    state = [t.view.state] if t.view.state else []
    read_only = [field.name for field in t.view.fields if field.spec.read_only]
    specs = t.resource.fields.items()
    computed = [name for name, spec in specs if isinstance(spec, ComputedField)]
    return [*NEVER_SENT, *state, *read_only, *computed]


def _fixed(t: Trials) -> list[str]:
    """Return what is sent when a row is made, and not to change it."""
    movable = {parent.column for parent in t.view.movable}
    columns = [parent.column for parent in t.view.parents]
    parents = [column for column in columns if column not in movable]
    return [*parents, *(f.name for f in t.view.settable if f.spec.immutable)]


def _conflicts(t: Trials) -> Iterator[Fact]:
    """Give fields whose values are unique, how that is said, and who may repeat one."""
    if t.view.one_per_user:
        once = text(f"You have {t.view.a} already.")
        yield fact("SINGLE", t, once, of=["one_per_user"])
    yield from _issued(t)
    yield from _alike(t)
    for constraint in t.view.constraints:
        name = constraint.columns[-1]
        if (
            constraint.is_unique
            and name != "owner_id"
            and t.cast.first.get(name) is not None
            and all(t.people.writes(who, name, who) for who in t.cast.makers)
        ):
            per_owner = constraint.columns[0] == "owner_id"
            if per_owner and t.view.one_per_user:
                continue  # there is no second row that could have the same
            elsewhere = t.people.another_maker(name) if per_owner else ""
            said = text(constraint.conflict), text(elsewhere)
            row = text(name), *said, str(_changes(t, name))
            yield fact("CONFLICTS", t, *row, of=[of_field(name, "unique")])


def _issued(t: Trials) -> Iterator[Fact]:
    """Give the ids that each row gets, and how it is said that one was there."""
    for field in t.view.fields:
        for constraint in t.view.constraints:
            is_alone = constraint.is_unique and list(constraint.columns) == [field.name]
            if is_alone and field.spec.read_only and field.dynamic_default == "uuid7()":
                of = [of_field(field.name, part) for part in ("default", "unique")]
                yield fact("ISSUED", t, text(constraint.conflict), of=of)


def _alike(t: Trials) -> Iterator[Fact]:
    """Give unique values that nobody sets when a row is made.

    They are set by who changes rows, or by nobody: then the database keeps them apart.
    """
    for constraint in t.view.constraints if not t.view.one_per_user else ():
        name = constraint.columns[-1]
        spec = t.view.subject.stored.get(name)
        if not (constraint.is_unique and isinstance(spec, AnyField)):
            continue
        of, value = [of_field(name, "unique")], _taken(t, name, spec)
        who = t.cast.updater_of({name: value})
        is_made = t.cast.maker and t.people.sets(t.cast.maker, name)
        is_alone = not t.cast.maker and not t.resource.seed[1:]
        if is_alone or (is_made and not spec.read_only):
            continue
        if who and t.answers.is_done("update", who) and not spec.read_only:
            row = text(name), source(value), text(who), text(constraint.conflict)
            yield fact("TAKEN", t, *row, of=of)
        elif (spec.read_only and spec.default is None) or not t.cast.maker:
            yield fact("APART", t, text(name), source(value), of=of)


def _taken(t: Trials, name: str, spec: AnyField) -> Value:
    """Return a value that two rows cannot have; none if they have it already."""
    if not t.cast.maker:
        return None
    usual = likely(t.view.name, name, spec, clock=False)
    return next((value for value in usual if accepts(spec, value)), None)


def _changes(t: Trials, name: str) -> bool:
    """Say whether who changes rows may set a field of theirs."""
    who = t.cast.doer("update")
    return (
        bool(who)
        and not t.view.one_per_user
        and name in t.changes.changeable - t.cast.stuck("update")
        and t.people.writes(who, name, t.cast.maker)
        and t.answers.is_done("update", who)
    )
