"""Parents that a row cannot belong to, and those that it just can."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from http import HTTPStatus
from itertools import islice, product

from petsage_builder.compiler import fields_of
from petsage_builder.plan.demands import demands_of
from petsage_builder.plan.facts.fact import Fact, fact
from petsage_builder.plan.facts.later import METHODS
from petsage_builder.plan.facts.options import later_options, options
from petsage_builder.plan.facts.parts import granting, of_relation
from petsage_builder.plan.facts.pasts import (
    TIME,
    asked_of,
    passed,
    possible_changes,
    rows_above,
)
from petsage_builder.plan.facts.scenarios import MADE
from petsage_builder.plan.facts.unseen import unseen
from petsage_builder.plan.people import People, Scenery
from petsage_builder.plan.relations import ParentView
from petsage_builder.plan.sources import change, listed, source, text
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
                yield from _unfit(t, parent, above)
                yield from _unfit_far(testing, t, parent, above)
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
                said = map(text, _said(t, broken[0]))
                row = *given, *said, text(_mover(t, parent, broken[0]))
                yield fact("UNFIT", t, *row, of=_of_rule(t, broken[0]))


def _broken(t: Trials, parent: ParentView, above: Trials, changes: Row) -> list[Check]:
    """Return the rules that a row breaks below a parent with some changes."""
    scenery = _beside(above, t.people.above(parent.role, parent.subject).scenery)
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
                said = map(text, _said(t, rule))
                row = *pair, text(_mover(t, parent, rule)), *said
                yield fact("KINDRED", t, *row, of=_of_rule(t, rule))


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
                said = map(text, _said(t, rule))
                row = *columns, *said, text(_mover(t, other, rule))
                yield fact("TWINS", t, *row, of=_of_rule(t, rule))


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


def _unfit(t: Trials, parent: ParentView, above: Trials) -> Iterator[Fact]:
    """Give parents with which a rule is broken: their moves, and changes to them."""
    maker, usual = t.cast.maker, t.people.above(parent.role, parent.subject)
    known: list[Check] = []
    found = [
        *_others(t, parent, above, usual),
        *_over(t, parent, above, usual),
        *_changed(t, parent, above, usual),
    ]
    every = [*found, *_differing(t, parent, above, usual)]
    for number, (scenery, way, changes) in enumerate(every):
        people = replace(t.people, parents={parent.role: scenery})
        refused = people.create(maker) == HTTPStatus.UNPROCESSABLE_ENTITY
        if refused and len(broken := people.broken_by(maker)) == 1:
            if number >= len(found) and broken[0] in known:
                continue
            known += broken
            given = above.name, text(parent.column), listed(way), source(changes)
            updater = _mover(t, parent, broken[0])
            updater = "" if above.view.one_per_user else updater
            there = people.above(parent.role, parent.subject)
            who = updater if updater and there.sees(updater) else ""
            row = *given, *map(text, _said(t, broken[0])), text(who)
            yield fact("UNFIT", t, *row, of=_of_rule(t, broken[0]))
    yield from _unfit_together(t, parent, above, every, known)
    yield from _fitting(t, parent, above)


def _unfit_together(
    t: Trials,
    parent: ParentView,
    above: Trials,
    found: Iterable[tuple[Scenery, list[str], Row]],
    known: list[Check],
) -> Iterator[Fact]:
    """Give parents with which a rule is broken by some rows, and not by others."""
    maker, changes_of_row = t.cast.maker, [*_changes_of_row(t)]
    asking = [*_asking_above(t, parent.role)]
    for scenery, way, changes in found:
        if all(rule in known for rule in asking):
            return
        people = replace(t.people, parents={parent.role: scenery})
        if people.create(maker) not in MADE:
            continue
        as_usual = people.broken_by(maker)
        for own in changes_of_row:
            broken = people.broken_by(maker, own)
            if len(broken) == 1 and broken[0] in asking and broken[0] not in known:
                known += broken
                given = above.name, text(parent.column), listed(way), source(changes)
                said = map(text, _said(t, broken[0]))
                row = *given, source(own), *said, str(not as_usual)
                yield fact("TOGETHER", t, *row, of=_of_rule(t, broken[0]))


def _asking_above(t: Trials, role: str) -> Iterator[Check]:
    """Give the rules that ask for a parent, and for the row itself or the clock."""
    for rule in t.resource.rules:
        if isinstance(rule, Check):
            paths = fields_of(t.view.rules.condition(rule.check))
            if any(path[0] == role and path[1:] for path in paths):
                yield rule


def _changes_of_row(t: Trials) -> Iterator[Row]:
    """Give changes of one field with which the maker can make the row."""
    first, second = t.cast.samples.rows[:2]
    made: tuple[Row, ...] = (
        *({name: None} for name, value in second.items() if value is None),
        *({name: value} for name, value in second.items()),
        *(changes for _, changes in t.cast.samples.accepted),
    )
    for changes in made:
        own = {n: v for n, v in changes.items() if first.get(n) != v}
        if own and t.people.writes_all(t.cast.maker, own) and own.keys() <= {*first}:
            yield own


def _fitting(t: Trials, parent: ParentView, above: Trials) -> Iterator[Fact]:
    """Give parents with which a rule is just kept: somebody has changed them.

    It would be so without the rule, too, and tells nothing of it.
    """
    usual = t.people.above(parent.role, parent.subject)
    known: list[str] = []
    for scenery, way, _ in _changed(t, parent, above, usual):
        people = replace(t.people, parents={parent.role: scenery})
        creates = people.create(t.cast.maker) == HTTPStatus.CREATED
        if creates and way[-1] not in known:
            known.append(way[-1])
            row = above.name, text(parent.column), listed(way)
            yield fact("FITTING", t, *row, of=[f"belongs_to.{parent.role}"])


def _unfit_far(
    testing: Testing, t: Trials, parent: ParentView, above: Trials
) -> Iterator[Fact]:
    """Give parents with which a rule is broken as what they belong to is over."""
    maker, usual = t.cast.maker, t.people.above(parent.role, parent.subject)
    checks = [rule.check for rule in t.resource.rules if isinstance(rule, Check)]
    placed = t.people.solutions.place(t.view.subject, parent.role)
    beside = _beside(above, usual.scenery)
    known: list[Check] = []
    for role, column, far, people in rows_above(testing, above):
        path = f"{parent.role}.{role}"
        over = ((TIME, changes) for changes in passed(t, checks, path, far))
        asked = asked_of(t, path, far) if len(t.resource.lasting) < len(checks) else ()
        done = possible_changes(far.at(people.scenery), asked)
        for who, changes in (*over, *done):
            there = replace(people.scenery, row={**people.scenery.row, **changes})
            below = replace(t.people, parents={parent.role: beside, path: there})
            broken = below.broken_by(maker)
            refused = below.create(maker) == HTTPStatus.UNPROCESSABLE_ENTITY
            keeps = refused and far.changes.keeps_lasting(changes)
            if not keeps or len(broken) != 1 or (who != TIME and broken[0].lasts):
                continue  # what lasts is asked of the row itself, later
            if broken[0] not in known:
                known += broken
                way = [*placed.steps, change(who, changes, column)]
                given = above.name, text(parent.column), listed(way), "{}"
                row = *given, *map(text, _said(t, broken[0])), text("")
                yield fact("UNFIT", t, *row, of=_of_rule(t, broken[0]))


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


def _others(
    t: Trials, parent: ParentView, above: Trials, usual: People
) -> Iterator[tuple[Scenery, list[str], Row]]:
    """Give the parent in each state, and with each value that a rule does not want."""
    states = above.at(_beside(above, above.people.scenery)).states
    placed = t.people.solutions.place(t.view.subject, parent.role)
    for scenery, way in states.reached if states.ways or placed.way else ():
        yield scenery, [*map(text, way)], {}
    for rule in t.resource.rules:
        texts = (
            demands_of(rule.check, t.view.subject.columns)
            if isinstance(rule, Check)
            else ()
        )
        for role, demand in texts:
            if role == parent.role:
                changes = t.people.solutions.breaking(parent.subject, demand)
                if changes and above.people.writes_all(above.cast.maker, changes):
                    found = _beside(above, usual.scenery)
                    found = replace(found, row={**found.row, **changes})
                    yield found, [*placed.steps], changes


def _over(
    t: Trials, parent: ParentView, above: Trials, usual: People
) -> Iterator[tuple[Scenery, list[str], Row]]:
    """Give the parent when a moment of it, for which a rule asks, is over."""
    checks = [rule.check for rule in t.resource.rules if isinstance(rule, Check)]
    placed = t.people.solutions.place(t.view.subject, parent.role)
    for changes in passed(t, checks, parent.role, above):
        found = _beside(above, usual.scenery)
        found = replace(found, row={**found.row, **changes})
        if above.changes.keeps_lasting(changes):
            way = [*placed.steps, change(TIME, changes)]
            yield found, way, {}


def _changed(
    t: Trials, parent: ParentView, above: Trials, usual: People
) -> Iterator[tuple[Scenery, list[str], Row]]:
    """Give the parent after somebody has set a field for which a rule asks.

    Its maker may not; a rule turns at the value.
    """
    placed = t.people.solutions.place(t.view.subject, parent.role)
    beside = _beside(above, usual.scenery)
    fields = later_options(t, parent.role, above).items()
    found = ({name: value} for name, values in fields for value in values)
    for who, changes in possible_changes(above.at(beside), found):
        now = replace(beside, row={**beside.row, **changes})
        yield now, [*placed.steps, change(who, changes)], {}


def _differing(
    t: Trials, parent: ParentView, above: Trials, usual: People
) -> Iterator[tuple[Scenery, list[str], Row]]:
    """Give the parent with each other value of a field that a rule asks for."""
    placed = t.people.solutions.place(t.view.subject, parent.role)
    beside = _beside(above, usual.scenery)
    for name, values in options(t, parent.role, above).items():
        for value in values:
            row = {**beside.row, name: value}
            if above.changes.are_kept_by(row):
                yield replace(beside, row=row), [*placed.steps], {name: value}


def _beside(above: Trials, scenery: Scenery) -> Scenery:
    """Return a parent as it is made beside the first one, from the third sample."""
    if above.view.one_per_user:
        return scenery  # its maker has no other
    third = above.cast.samples.rows[2]
    others = {name: third.get(name) for name in above.cast.made}
    return replace(scenery, row={**scenery.row, **others})


def _mover(t: Trials, parent: ParentView, rule: Check) -> str:
    """Return who can try to give a row another parent, which a rule refuses.

    Nobody can if the rule is asked at creation alone.
    """
    if not rule.lasts:
        return ""
    updater = t.cast.doer("update") if parent in t.view.movable else ""
    return updater if updater and t.answers.is_done("update", updater) else ""


def _of_rule(t: Trials, rule: Check) -> list[str]:
    """Return where a rule stands."""
    return [f"rules[{t.resource.rules.index(rule)}]"]


def _said(t: Trials, rule: Check) -> tuple[str, str]:
    """Return where and how it is said that a rule is broken."""
    return t.view.rules.where(rule), rule.message
