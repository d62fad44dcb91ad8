"""What breaks a rule, and what is frozen."""

from collections.abc import Iterator
from http import HTTPStatus

from petsage_builder.compiler import fields_of
from petsage_builder.plan.facts.fact import Fact, fact
from petsage_builder.plan.facts.later import METHODS, later
from petsage_builder.plan.facts.pasts import asks_of_age, pasts
from petsage_builder.plan.sources import source, text
from petsage_builder.plan.testing import Testing
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import Broken, Person, Row
from petsage_builder.spec.fields import UuidField
from petsage_builder.spec.resources import Check, Frozen

NOWHERE = "01890a5d-ac96-774b-bcce-b302099a8057"  # the id of no row


def rules(testing: Testing, t: Trials) -> Iterator[Fact]:
    """Give the facts about the rules of a resource, but for overlaps."""
    broken = [*_broken(t), *_own(t)]
    yield from (found for _, found in broken)
    refused = {i for i, found in broken if found.table == "BROKEN"}
    lasting = (t.resource.rules.index(rule) for rule in t.resource.lasting)
    yield from later(testing, t, refused.intersection(lasting))
    for index, rule in enumerate(t.resource.rules):
        if isinstance(rule, Frozen):
            for operation in filter(t.view.has, rule.frozen):
                for row in _frozen(testing, t, rule, operation):
                    yield fact("FROZEN", t, *row, of=[f"rules[{index}]"])


def _broken(t: Trials) -> Iterator[tuple[int, Fact]]:
    """Give what breaks a rule, where and how it is said, and who does it.

    With it comes the number of the rule.
    """
    own = t.resource.rules
    samples = t.cast.samples
    for broken in (*samples.broken, *samples.broken_otherwise, *_by_people(t)):
        rule = own[broken.rule] if broken.rule < len(own) else None
        if not isinstance(rule, Check):
            continue
        # The row may lack what its maker may not set, and then break another or none.
        changes = t.changes.breaking(broken.changes, rule)
        if changes is not None:
            yield from ((broken.rule, found) for found in _breaking(t, rule, changes))


def _breaking(t: Trials, rule: Check, changes: Row) -> Iterator[Fact]:
    """Give who breaks a rule with some changes, or who may, if it does not last."""
    said = text(t.view.rules.where(rule)), text(rule.message)
    of = [f"rules[{t.resource.rules.index(rule)}]"]
    creator = t.cast.creator_of(changes)
    updater = t.cast.updater_of(changes) if rule.lasts else ""
    if creator or updater:
        row = source(changes), *said, text(creator), text(updater)
        yield fact("BROKEN", t, *row, of=of)
    if not rule.lasts:
        yield from _spared(t, changes, of)
    elif who := _replacer(t, changes):
        sent = source({**t.changes.unchanged, **changes})
        yield fact("SPOILED", t, text(who), sent, *said, of=of)


def _spared(t: Trials, changes: Row, of: list[str]) -> Iterator[Fact]:
    """Give who may change a row so, though a new one is refused."""
    who = t.cast.updater_of(changes)
    if who and t.answers.is_done("update", who) and not t.answers.is_kept(changes):
        row = "{}", "[]", text(who), source(changes)
        yield fact("UPDATES", t, *row, of=of)
    who = _replacer(t, changes)
    if who and t.answers.is_done("replace", who):
        whole = source({**t.changes.unchanged, **changes})
        yield fact("REPLACED", t, text(who), whole, of=of)


def _replacer(t: Trials, changes: Row) -> str:
    """Return who can send a whole row with some changes; empty if nobody can."""
    who, can_be_sent = t.cast.doer("replace"), changes.keys() <= t.changes.changeable
    return who if who and can_be_sent and t.people.writes_all(who, changes) else ""


def _own(t: Trials) -> Iterator[tuple[int, Fact]]:
    """Give who breaks a rule by making the row, as others may, and how that is said."""
    known: list[Check] = []
    for who in t.people.all[1:]:
        refused = t.people.create(who) == HTTPStatus.UNPROCESSABLE_ENTITY
        for rule in t.people.broken_by(who)[:1] if refused else ():
            writes = all(t.people.writes(who, name, who) for name in t.cast.made)
            if rule not in known and writes:
                known.append(rule)
                index = t.resource.rules.index(rule)
                said = text(t.view.rules.where(rule)), text(rule.message)
                row = source({}), *said, text(who), text("")
                yield index, fact("BROKEN", t, *row, of=[f"rules[{index}]"])


def _by_people(t: Trials) -> Iterator[Broken]:
    """Give for each rule what breaks it because of who makes a row, or is named."""
    known = {b.rule for b in t.cast.samples.broken}
    for index, rule in enumerate(t.resource.rules):
        if isinstance(rule, Check) and index not in known:
            paths = fields_of(t.view.rules.condition(rule.check))
            for (name,) in (path for path in paths if not path[1:]):
                spec = t.view.subject.stored.get(name)
                if isinstance(spec, UuidField) and not spec.read_only:
                    yield Broken(index, {name: Person(t.cast.maker)})


def _frozen(
    testing: Testing, t: Trials, rule: Frozen, operation: str
) -> Iterator[tuple[str, ...]]:
    """Give each past in which an operation is frozen, for everybody who may do it.

    Where only some fields are, all others can still be changed.
    """
    asks_age = asks_of_age(t.view.rules.condition(rule.when))
    known: set[tuple[str, bool]] = set()
    for past in pasts(testing, t):
        people = past.now.people
        if not people.holds(rule.when, people.scenery):
            continue
        if _is_said_before(past.now, rule, operation):
            continue
        is_new = past.is_plain or past.is_state
        done = (w for w in people.all[1:] if people.item(w, operation) == HTTPStatus.OK)
        for who in done:
            key = who, past.has_aged and asks_age
            if key in known and not is_new:
                continue
            known.add(key)
            sent = _touching(t, rule, operation)
            own = (name for name in sent or () if name in t.view.subject.stored)
            if not people.writes_all(who, own):
                continue
            request = text(who), text(METHODS[operation]), source(sent)
            is_open = operation == "update" and past.now.answers.is_done(operation, who)
            yield *past.source, *request, text(rule.message), str(is_open)


def _is_said_before(t: Trials, rule: Frozen, operation: str) -> bool:
    """Say whether a rule before this one may keep a row from the same, and say so."""
    sent = {*(_touching(t, rule, operation) or ())}
    before = t.resource.rules[: t.resource.rules.index(rule)]
    return any(
        isinstance(earlier, Frozen)
        and operation in earlier.frozen
        and (operation == "delete" or not earlier.fields or sent & _columns(t, earlier))
        and not t.people.fails(earlier.when, t.people.scenery)
        for earlier in before
    )


def _columns(t: Trials, rule: Frozen) -> set[str]:
    """Return the fields of a body that a rule keeps as they are."""
    parents = t.resource.belongs_to
    return {f"{name}_id" if name in parents else name for name in rule.fields}


def _touching(t: Trials, rule: Frozen, operation: str) -> Row | None:
    """Return what is sent so that the rule is asked, before a parent is looked for."""
    if operation == "delete":
        return None
    fields, second = t.view.subject.stored, t.cast.samples.rows[1]
    parents = {f"{n}_id": NOWHERE for n in rule.fields if n in t.resource.belongs_to}
    own = {n: second.get(n) for n in rule.fields if n in fields}
    if operation == "replace":
        whole = t.changes.whole
        touched = {name: value for name, value in own.items() if name in whole}
        return {**whole, **touched, **parents}
    return own | parents
