"""What a row belongs to, and what it may and may not belong to instead."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product

from petsage_builder.plan.facts.fact import Fact, fact
from petsage_builder.plan.facts.later import METHODS
from petsage_builder.plan.facts.options import options
from petsage_builder.plan.facts.parts import granting, of_relation
from petsage_builder.plan.facts.unfit import (
    made_beside,
    mover,
    of_rule,
    said_of,
    unfit,
    unfit_far,
)
from petsage_builder.plan.facts.unseen import unseen
from petsage_builder.plan.relations import ParentView
from petsage_builder.plan.sources import source, text
from petsage_builder.plan.testing import Testing
from petsage_builder.plan.trials import Trials
from petsage_builder.plan.twins import pair_of
from petsage_builder.solver import Row
from petsage_builder.solver.evaluation import comparisons
from petsage_builder.spec.expressions import Compare, Expression, Field
from petsage_builder.spec.resources import Check, Frozen

MOST_TRIED = 200


def parents(testing: Testing, t: Trials) -> Iterator[Fact]:
    """Give parents that a row cannot belong to, and how that is said."""
    for parent in t.view.parents:
        above = next(a for a in testing.all if a.view.subject == parent.subject)
        is_there = above.cast.maker or len(parent.subject.resource.seed) > 1
        if is_there and not parent.link.optional and parent.subject != t.view.subject:
            yield from _resettled(t, parent, above)
        if above.cast.maker:
            yield from unseen(testing, t, parent, above)
            if parent.link.optional:
                yield from _joined(t, parent, above)
                yield from _held(t, parent, above)
            else:
                yield from unfit(t, parent, above)
                yield from unfit_far(testing, t, parent, above)
    yield from _kindred(testing, t)
    yield from _twins(t)


def _joined(t: Trials, parent: ParentView, above: Trials) -> Iterator[Fact]:
    """Give a parent that a row may have, and who changes that, or the whole row."""
    usual = t.people.above(parent.role, parent.subject)
    found = fitting(t, parent, above)
    if above.view.one_per_user or found is None or not usual.sees(t.cast.maker):
        return
    can_move = parent in t.view.movable
    updater = t.cast.doer("update") if can_move else ""
    replacer = t.cast.doer("replace") if can_move else ""
    changers = [
        who if who and t.answers.is_done(how, who) and usual.sees(who) else ""
        for who, how in ((updater, "update"), (replacer, "replace"))
    ]
    whole = source(t.changes.unchanged if replacer else None)
    joining = above.name, text(parent.column), source(found)
    relation = of_relation("belongs_to", parent.role)
    of = [*relation, f"belongs_to.{parent.role}.optional"]
    for who, how in zip(changers, ("update", "replace"), strict=True):
        of += granting(t, how) if who else ()
    yield fact("JOINED", t, *joining, *map(text, changers), whole, of=of)
    yield from _unfitting(t, parent, above, found)


def fitting(t: Trials, parent: ParentView, above: Trials) -> Row | None:
    """Return changes to a row with which it can be a parent; None if none are found."""
    fields = options(t, parent.role, above)
    for values in islice(product(*fields.values()), MOST_TRIED):
        changes = dict(zip(fields, values, strict=True))
        known = above.people.scenery.row
        changes = {name: v for name, v in changes.items() if v != known.get(name)}
        if above.changes.keeps_rules(changes) and not _broken(
            t, parent, above, changes
        ):
            return changes
    return None


def _unfitting(
    t: Trials, parent: ParentView, above: Trials, usual: Row
) -> Iterator[Fact]:
    """Give for each rule an optional parent with which it alone is broken."""
    known: list[Check] = []
    for name, values in options(t, parent.role, above).items():
        for value in values:
            changes = {**usual, name: value}
            broken = _broken(t, parent, above, changes)
            keeps = above.changes.keeps_rules(changes)
            if keeps and len(broken) == 1 and broken[0] not in known:
                known += broken
                given = above.name, text(parent.column), "[]", source(changes)
                said = map(text, said_of(t, broken[0]))
                row = *given, *said, text(mover(t, parent, broken[0]))
                yield fact("UNFIT", t, *row, of=of_rule(t, broken[0]))


def _broken(t: Trials, parent: ParentView, above: Trials, changes: Row) -> list[Check]:
    """Return the rules that a row breaks below a parent with some changes."""
    scenery = made_beside(above, t.people.above(parent.role, parent.subject).scenery)
    scenery = replace(scenery, row={**scenery.row, **changes})
    people = replace(t.people, parents={parent.role: scenery})
    return people.broken_by(t.cast.maker)


def _kindred(testing: Testing, t: Trials) -> Iterator[Fact]:
    """Give pairs of parents that a rule wants to belong to one row, and how."""
    roles = {parent.role: parent for parent in t.view.parents}
    for rule in t.resource.rules:
        if not isinstance(rule, Check):
            continue
        for near, shared in pairs(t.view.rules.condition(rule.check)):
            parent, other = roles.get(near), roles.get(shared)
            if not parent or not other or other.link.optional:
                continue
            above = next(a for a in testing.all if a.view.subject == parent.subject)
            if above.cast.maker and any(p.role == shared for p in above.view.parents):
                pair = above.name, text(parent.column), text(other.column)
                said = map(text, said_of(t, rule))
                row = *pair, text(mover(t, parent, rule)), *said
                yield fact("KINDRED", t, *row, of=of_rule(t, rule))


def _twins(t: Trials) -> Iterator[Fact]:
    """Give the parents that a rule wants to be two rows, and how that is said."""
    roles = {parent.role: parent for parent in t.view.parents}
    for rule in t.resource.rules:
        tree = t.view.rules.condition(rule.check) if isinstance(rule, Check) else None
        pair = pair_of(tree) if tree else None
        found = [roles[name] for name in pair or () if name in roles]
        # The second is given what the first has, which each row has.
        found.sort(key=lambda parent: parent.link.optional)
        if len(found) > 1 and found[0].subject == found[1].subject:
            one, other = found
            if not one.link.optional and isinstance(rule, Check):
                columns = text(other.column), text(one.column)
                said = map(text, said_of(t, rule))
                row = *columns, *said, text(mover(t, other, rule))
                yield fact("TWINS", t, *row, of=of_rule(t, rule))


def pairs(tree: Expression) -> Iterator[tuple[str, str]]:
    """Give each `near.shared = shared` of a rule."""
    for part in comparisons(tree):
        match part:
            case Compare("=", Field((near, shared)), Field((same,))) | Compare(
                "=", Field((same,)), Field((near, shared))
            ) if shared == same:
                yield near, shared


def _resettled(t: Trials, parent: ParentView, above: Trials) -> Iterator[Fact]:
    """Give a parent that who changes a row can give it instead of another."""
    if above.view.one_per_user or parent not in t.view.movable:
        return
    usual = t.people.above(parent.role, parent.subject)
    for operation, sent in (("update", {}), ("replace", t.changes.unchanged)):
        who = t.cast.doer(operation)
        if who and t.answers.is_done(operation, who) and usual.sees(who):
            request = text(who), text(METHODS[operation]), source(sent)
            of = [f"belongs_to.{parent.role}", *granting(t, operation)]
            yield fact("RESETTLED", t, text(parent.column), *request, of=of)


def _held(t: Trials, parent: ParentView, above: Trials) -> Iterator[Fact]:
    """Give for each condition a state of an optional parent with which it fails."""
    values = fitting(t, parent, above)
    if (
        above.view.one_per_user
        or values is None
        or not t.people.above(parent.role, parent.subject).sees(t.cast.maker)
    ):
        return
    made = above.after(values).people.scenery
    known: set[str] = set()
    for scenery, way in above.at(made).states.reached:
        for own, before in t.states.reached:
            here = t.at(own).beside(parent.role, scenery)
            for who, method, action, said, of in _refused(here):
                if said not in known:
                    known.add(said)
                    joined = above.name, text(parent.column), source(values)
                    steps = source(way), source(before)
                    request = text(who), text(method), text(action), text(said)
                    yield fact("HELD", t, *joined, *steps, *request, of=of)


def _refused(
    t: Trials,
) -> Iterator[tuple[str, str, str, str, list[str]]]:
    """Give the requests that a row is kept from, and what is said of them."""
    people, scenery = t.people, t.people.scenery
    for index, rule in enumerate(t.resource.rules):
        if not isinstance(rule, Frozen) or not people.holds(rule.when, scenery):
            continue
        if "delete" in rule.frozen and (who := people.first("delete")):
            yield who, "DELETE", "", rule.message, [f"rules[{index}]"]
    for move in t.view.moves:
        who, when = t.states.mover(move, scenery), move.transition.when
        legal = scenery.state in move.transition.from_ and not move.requires
        if legal and who and when and people.fails(when, scenery):
            *_, refusal = move.refusals
            of = [f"states.transitions.{move.action}.when"]
            yield who, "POST", move.path, refusal.said, of
