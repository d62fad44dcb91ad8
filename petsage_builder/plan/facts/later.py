"""What is refused, or still possible, only after something has happened to a row."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from http import HTTPStatus
from itertools import islice, product

from petsage_builder.plan.facts.fact import Fact, fact
from petsage_builder.plan.facts.parts import granting, of_move
from petsage_builder.plan.facts.pasts import TIME, Past, brinks, pasts, rows_above
from petsage_builder.plan.sources import change, listed, source, text
from petsage_builder.plan.testing import Testing
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import Row
from petsage_builder.solver.likely import likely
from petsage_builder.spec.resources import Check, Frozen

METHODS = {"update": "PATCH", "replace": "PUT", "delete": "DELETE"}


def later(testing: Testing, t: Trials, broken: Collection[int]) -> Iterator[Fact]:
    """Give requests that a rule refuses later, and those that nothing refuses yet.

    `broken` are the rules that a change of a new row breaks.
    """
    if not t.view.one_per_user:
        yield from _refused(testing, t, broken)
        yield from _spared(testing, t)
        yield from _possible(testing, t)


def _refused(testing: Testing, t: Trials, broken: Collection[int]) -> Iterator[Fact]:
    """Give for each rule, and for each operation, the first request that it refuses.

    What is refused at once, when a row is changed or moves, is left out.
    """
    known = {t.resource.rules[index].message for index in broken}
    done = {"update"} if broken and t.cast.doer("update") else set[str]()
    for past in pasts(testing, t):
        for operation, request, rule in _requests(past):
            if operation not in done or rule.message not in known:
                done.add(operation)
                known.add(rule.message)
                said = text(t.view.rules.where(rule)), text(rule.message)
                of = [f"rules[{t.resource.rules.index(rule)}]"]
                yield fact("LATER", t, *past.source, *request, *said, of=of)


def _requests(past: Past) -> Iterator[tuple[str, tuple[str, ...], Check]]:
    """Give what a row is asked, and the rule that it breaks then."""
    t = past.now
    for changes in _changes(t) if not past.is_plain else ():
        who = t.cast.updater_of(changes)
        rule = t.changes.broken_first({**t.cast.made, **changes}) if who else None
        if rule and not t.answers.is_kept(changes):
            request = text(who), text("PATCH"), text(""), source(changes)
            yield "update", request, rule
    for move in filter(t.view.move_checks, t.view.moves):
        scenery = t.people.scenery
        sent = {name: t.cast.first.get(name) for name in move.requires}
        who = t.states.mover(move, scenery)
        if who and t.states.answer(move, scenery) == HTTPStatus.OK:
            row, state = {**scenery.row, **sent}, move.transition.to
            after = t.at(replace(scenery, row=row, state=state))
            if rule := after.changes.broken_first(row):
                body = source(t.answers.body(move.action))
                request = text(who), text("POST"), text(move.path), body
                yield move.action, request, rule


def _spared(testing: Testing, t: Trials) -> Iterator[Fact]:
    """Give for each rule of new rows what can be done with one that breaks it now."""
    left = [rule for rule in t.resource.checks if not rule.lasts]
    for past in pasts(testing, t) if left else ():
        now = past.now
        broken = [r for r in left if now.people.fails(r.check, now.people.scenery)]
        if broken and now.changes.keeps_lasting({}):
            for rule, request in product(broken, islice(_lawful(past), 1)):
                left.remove(rule)
                of = [f"rules[{t.resource.rules.index(rule)}]"]
                yield fact("STILL", t, *past.source, *request, of=of)


def _lawful(past: Past) -> Iterator[tuple[str, ...]]:
    """Give what can be asked of a row as it is now: a change of nothing, or a move."""
    t = past.now
    who = t.cast.doer("update")
    if who and t.answers.is_done("update", who):
        yield text(who), text("PATCH"), text(""), source({})
    for move in t.view.moves:
        scenery = t.people.scenery
        who = t.states.mover(move, scenery)
        if who and t.states.answer(move, scenery) == HTTPStatus.OK:
            body = source(t.answers.body(move.action))
            yield text(who), text("POST"), text(move.path), body


def _changes(t: Trials) -> Iterator[Row]:
    """Give no change, then each change of a field that a rule asks for."""
    yield {}
    asked = {path[0] for paths in t.view.rules.checked() for path in paths}
    for field in t.view.changeable:
        if field.name in asked:
            empty = [None] if field.spec.optional else []
            usual = likely(t.view.name, field.name, field.spec, clock=False)
            yield from ({field.name: value} for value in (*empty, *usual))


def _possible(testing: Testing, t: Trials) -> Iterator[Fact]:
    """Give what can just be done before a moment from which on it cannot."""
    for rule in t.resource.rules:
        if not isinstance(rule, Frozen):
            continue
        for operation in rule.frozen:
            if t.view.has(operation):
                part = f"rules[{t.resource.rules.index(rule)}]"
                said = f"not ({rule.when})"
                yield from _still(testing, t, said, operation, "", [part])
    for move in t.view.moves:
        if move.transition.when:
            part = of_move(move.action, "when")
            when = move.transition.when
            yield from _still(testing, t, when, move.action, move.path, [part])


def _still(  # noqa: PLR0913, PLR0917 - what is done, and of what it depends
    testing: Testing,
    t: Trials,
    condition: str,
    operation: str,
    path: str,
    of: list[str],
) -> Iterator[Fact]:
    """Give the row as it is when a condition just holds, and who does something.

    `path` is that of a move; a change has none.
    """
    for role, column, at, usual in (("", "", t, t.people), *rows_above(testing, t)):
        for holding, _ in brinks(t, condition, role, at):
            scenery = replace(usual.scenery, row={**usual.scenery.row, **holding})
            now = t.beside(role, scenery) if role else t.at(scenery)
            who, before = now.answers.actor(operation)
            moves = before if path else []
            if who and at.changes.keeps_lasting(holding):
                steps = [*map(text, moves), change(TIME, holding, column)]
                method = METHODS.get(operation, "POST")
                body = source(now.answers.body(operation))
                request = text(who), text(method), text(path), body
                parts = [*of, *granting(t, operation)]
                yield fact("STILL", t, "{}", listed(steps), *request, of=parts)
