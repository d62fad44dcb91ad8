"""What breaks a rule, and what is frozen."""

from collections.abc import Iterator
from http import HTTPStatus

from petsage_builder.plan.facts.fact import Fact, fact
from petsage_builder.plan.facts.pasts import pasts
from petsage_builder.plan.sources import source, text
from petsage_builder.plan.testing import Testing
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import Row
from petsage_builder.spec.resources import Check, Frozen

METHODS = {"update": "PATCH", "replace": "PUT", "delete": "DELETE"}


def rules(testing: Testing, t: Trials) -> Iterator[Fact]:
    """Give the facts about the rules of a resource, but for overlaps."""
    yield from _broken(t)
    for index, rule in enumerate(t.resource.rules):
        if isinstance(rule, Frozen):
            for operation in filter(t.view.has, rule.frozen):
                for row in _frozen(testing, t, rule, operation):
                    yield fact("FROZEN", t, *row, of=[f"rules[{index}]"])


def _broken(t: Trials) -> Iterator[Fact]:
    """Give changes that break a rule, where and how it is said, and who makes them."""
    own = t.resource.rules
    samples = t.cast.samples
    for broken in (*samples.broken, *samples.broken_otherwise):
        rule = own[broken.rule] if broken.rule < len(own) else None
        if not isinstance(rule, Check):
            continue
        # The row may lack what its maker may not set, and then break another or none.
        changes = t.changes.breaking(broken.changes, rule)
        if changes is not None:
            said = text(t.view.rules.where(rule)), text(rule.message)
            of = [f"rules[{broken.rule}]"]
            creator, updater = t.cast.creator_of(changes), t.cast.updater_of(changes)
            if creator or updater:
                row = source(changes), *said, text(creator), text(updater)
                yield fact("BROKEN", t, *row, of=of)
            who, whole = t.cast.doer("replace"), t.changes.unchanged
            if who and changes.keys() <= whole.keys():
                sent = source({**whole, **changes})
                yield fact("SPOILED", t, text(who), sent, *said, of=of)


def _frozen(
    testing: Testing, t: Trials, rule: Frozen, operation: str
) -> Iterator[tuple[str, ...]]:
    """Give each past in which an operation is frozen, for everybody who may do it.

    Where only some fields are, all others can still be changed.
    """
    known: set[str] = set()
    for past in pasts(testing, t):
        people = past.now.people
        if not people.holds(rule.when, people.scenery):
            continue
        is_new = past.is_plain or past.is_state
        done = (w for w in people.all[1:] if people.item(w, operation) == HTTPStatus.OK)
        for who in done:
            if who in known and not is_new:
                continue
            known.add(who)
            sent = _touching(t, rule, operation)
            if sent is not None and not people.writes_all(who, sent):
                continue
            request = text(who), text(METHODS[operation]), source(sent)
            is_open = operation == "update" and past.now.answers.is_done(operation, who)
            yield *past.source, *request, text(rule.message), str(is_open)


def _touching(t: Trials, rule: Frozen, operation: str) -> Row | None:
    """Return what is sent so that the rule is asked."""
    if operation == "delete":
        return None
    if operation == "replace":
        return t.changes.whole
    return {name: t.cast.samples.rows[1].get(name) for name in rule.fields}
