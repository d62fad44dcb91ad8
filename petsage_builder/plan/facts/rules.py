"""What breaks a rule, and what is frozen."""

from collections.abc import Iterator

from petsage_builder.plan.facts.fact import Fact, fact
from petsage_builder.plan.sources import source, text
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import Row
from petsage_builder.spec.resources import Check, Frozen

METHODS = {"update": "PATCH", "replace": "PUT", "delete": "DELETE"}


def rules(t: Trials) -> Iterator[Fact]:
    """Give the facts about the rules of a resource, but for overlaps."""
    yield from _broken(t)
    for index, rule in enumerate(t.resource.rules):
        if isinstance(rule, Frozen):
            for operation in filter(t.view.has, rule.frozen):
                for row in _frozen(t, rule, operation):
                    yield fact("FROZEN", t, *row, of=[f"rules[{index}]"])


def _broken(t: Trials) -> Iterator[Fact]:
    """Give changes that break a rule, where and how it is said, if it can change."""
    own = t.resource.rules
    updater = t.cast.doer("update")
    samples = t.cast.samples
    # The row may lack what its maker may not set, and then keep the rule.
    otherwise = (
        b for b in samples.broken_otherwise if not t.changes.keeps_rules(b.changes)
    )
    for broken in (*samples.broken, *otherwise):
        rule = own[broken.rule] if broken.rule < len(own) else None
        changes = broken.changes
        if isinstance(rule, Check) and t.people.writes_all(t.cast.maker, changes):
            field = t.view.rules.pointer(t.view.rules.condition(rule.check))
            pointer = f"/body/{field}".rstrip("/")
            can_change = (
                bool(updater)
                and changes.keys() <= t.changes.changeable
                and t.people.writes_all(updater, changes)
            )
            said = text(pointer), text(rule.message), str(can_change)
            of = [f"rules[{broken.rule}]"]
            yield fact("BROKEN", t, source(changes), *said, of=of)


def _frozen(t: Trials, rule: Frozen, operation: str) -> Iterator[tuple[str, ...]]:
    """Give each state in which an operation is frozen, for everybody who may do it."""
    grants = t.people.grants(operation)
    for scenery, way in t.states.reached:
        people = (w for w in t.people.all[1:] if t.people.may(w, grants, scenery))
        for who in people if t.people.holds(rule.when, scenery) else ():
            sent = source(_touching(t, rule, operation))
            request = text(who), text(METHODS[operation]), sent
            yield source(way), *request, text(rule.message)


def _touching(t: Trials, rule: Frozen, operation: str) -> Row | None:
    """Return what is sent so that the rule is asked."""
    if operation == "delete":
        return None
    if operation == "replace":
        return t.changes.whole
    return {name: t.cast.samples.rows[1].get(name) for name in rule.fields}
