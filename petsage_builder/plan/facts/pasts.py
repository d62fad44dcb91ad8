"""What can have happened to the first row before somebody asks for it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from http import HTTPStatus

from petsage_builder.analyze.expressions import read_condition
from petsage_builder.plan.demands import demands_of
from petsage_builder.plan.people import People, Scenery
from petsage_builder.plan.samples import conditions_of
from petsage_builder.plan.sources import listed, source, text
from petsage_builder.plan.testing import Testing
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import FromNow, FromToday, Row
from petsage_builder.solver.evaluation import leaves, spans
from petsage_builder.spec.expressions import Expression, Field
from petsage_builder.spec.fields import DateField, DatetimeField
from petsage_builder.spec.resources import Frozen

AGES = {"created_at", "updated_at"}
A_WHILE = timedelta(seconds=30)
TIME = ""  # what changes a row that nobody changes


@dataclass(frozen=True)
class Past:
    """How the first row was made, what happened then, and how it is answered now."""

    changes: Row
    steps: tuple[str, ...]
    now: Trials
    is_plain: bool = False
    has_moved: bool = False
    has_aged: bool = False
    is_own: bool = True

    @property
    def is_state(self) -> bool:
        """Say whether nothing happened but that the row moved from state to state."""
        return self.has_moved and not any("(" in step for step in self.steps)

    @property
    def source(self) -> tuple[str, str]:
        """Return both as the arguments of a test."""
        return source(self.changes), listed(self.steps)


def pasts(testing: Testing, t: Trials) -> Iterator[Past]:
    """Give the row as it is made, then other pasts of it, one change in each.

    It is made with other values, or somebody changes it, or it moves to another state;
    what it belongs to moves or is changed; it grows old in the state that it has, or
    one of its moments, or of what it belongs to, is over.
    """
    yield Past({}, (), t, is_plain=True)
    if not t.cast.maker or t.view.one_per_user:
        return
    yield from (Past(changes, (), t.after(changes)) for changes in t.changes.unwanted)
    yield from later(testing, t)


def later(testing: Testing, t: Trials) -> Iterator[Past]:
    """Give the pasts in which something happens after the row was made."""
    for scenery, way in t.states.reached:
        if way:
            yield Past({}, tuple(map(text, way)), t.at(scenery), has_moved=True)
    for scenery, way in t.states.reached:
        yield from _changed(t.at(scenery), way)
    for role, column, above, people in _above(testing, t, t.people):
        asked = tuple(_asked(t, role, above)) if "." not in role else ()
        over = elapsed(_conditions(t), role, above)
        for steps, scenery in _others(above, people, column, asked, over):
            yield Past({}, steps, t.beside(role, scenery), is_own=False)
    for age in _ages(t):
        for scenery, way in t.states.reached:
            yield _aged(t.at(scenery), way, FromNow(-age))


def _aged(t: Trials, way: list[str], moment: FromNow) -> Past:
    """Return the past of a row that has not been touched since it came to its state."""
    row = {**t.cast.made, **dict.fromkeys(sorted(AGES), moment)}
    now = t.at(replace(t.people.scenery, row=row))
    steps = (*map(text, way), source(moment))
    return Past({}, steps, now, has_moved=bool(way), has_aged=True)


def _changed(t: Trials, way: list[str]) -> Iterator[Past]:
    """Give changes of a row in a state, by somebody who may make them or by time."""
    made = () if not way else t.changes.unwanted
    over = elapsed(_conditions(t), "", t)
    for who, changes in (
        *_possible(t, (*t.changes.unwanted_later, *made)),
        *((TIME, changes) for changes in over if t.changes.keeps_rules(changes)),
    ):
        steps = (*map(text, way), change(who, changes))
        yield Past({}, steps, t.after(changes), has_moved=bool(way))


def _possible(t: Trials, found: Iterable[Row]) -> Iterator[tuple[str, Row]]:
    """Give changes that somebody can make of a row, and who."""
    for changes in found:
        who = t.cast.updater_of(changes)
        if who and t.changes.keeps_rules(changes) and not t.answers.is_kept(changes):
            yield who, changes


def elapsed(conditions: Iterable[Expression], role: str, at: Trials) -> Iterator[Row]:
    """Give changes of a row with which a moment that conditions ask for is over.

    The row is at the path `role` from that which the conditions are about.
    """
    names = {
        leaf.path[-1]
        for condition in conditions
        for leaf in leaves(condition)
        if isinstance(leaf, Field) and ".".join(leaf.path[:-1]) == role
    }
    for name in sorted(names & at.resource.fields.keys()):
        spec = at.resource.fields[name]
        if at.people.scenery.row.get(name) is None:
            continue
        if isinstance(spec, DateField):
            yield {name: FromToday(-1)}
        elif isinstance(spec, DatetimeField):
            yield {name: FromNow(-A_WHILE)}


def _conditions(t: Trials) -> Iterator[Expression]:
    """Give what a row is asked for before something is done with it."""
    for condition in dict.fromkeys(conditions_of(t.resource)):
        yield read_condition(condition, t.view.subject.scope)


def change(who: str, changes: Row, column: str = "") -> str:
    """Return the step that somebody, or time, changes a row or what it belongs to."""
    parts = [text(who), source(changes), *([text(column)] if column else [])]
    return f"({', '.join(parts)})"


def _above(
    testing: Testing, t: Trials, people: People
) -> Iterator[tuple[str, str, Trials, People]]:
    """Give each row that one belongs to, then what those belong to, by their paths."""
    for parent in t.view.parents:
        if parent.link.optional or parent.subject == t.view.subject:
            continue
        above = next(a for a in testing.all if a.view.subject == parent.subject)
        if not above.cast.maker or above.view.one_per_user:
            continue
        near = people.above(parent.role, parent.subject)
        yield parent.role, parent.column, above, near
        if above.cast.reader:
            for role, column, far, people_there in _above(testing, above, near):
                path, columns = f"{parent.role}.{role}", f"{parent.column}.{column}"
                yield path, columns, far, people_there


def _asked(t: Trials, role: str, above: Trials) -> Iterator[Row]:
    """Give changes to a parent with which a condition about the row is not true."""
    for condition in dict.fromkeys(conditions_of(t.resource)):
        for asked, demand in demands_of(condition, t.view.subject.columns):
            if asked == role:
                subject = above.view.subject
                if changes := t.people.solutions.breaking(subject, demand):
                    yield changes


def _others(
    above: Trials,
    usual: People,
    column: str,
    asked: Iterable[Row],
    over: Iterable[Row],
) -> Iterator[tuple[tuple[str, ...], Scenery]]:
    """Give what can happen to a row that others belong to."""
    for scenery, way in _moved(above, usual.scenery):
        yield tuple(text(f"{column}/{action}") for action in way), scenery
    near = Trials(above.view, replace(above.people, at=usual.scenery))
    unwanted = *above.changes.unwanted, *above.changes.unwanted_later
    for who, changes in (
        *_possible(near, (*unwanted, *asked)),
        *((TIME, changes) for changes in over if near.changes.keeps_rules(changes)),
    ):
        row = {**usual.scenery.row, **changes}
        yield (change(who, changes, column),), replace(usual.scenery, row=row)


def _moved(t: Trials, start: Scenery) -> Iterator[tuple[Scenery, list[str]]]:
    """Give a row in each further state that it can reach, the shortest way."""
    due: list[tuple[Scenery, list[str]]] = [(start, [])]
    seen = {start.state}
    for scenery, way in due:
        for move in t.view.moves:
            to = move.transition.to
            if to in seen or not t.states.mover(move, scenery):
                continue
            if t.states.answer(move, scenery) == HTTPStatus.OK:
                seen.add(to)
                sent = {name: t.cast.first.get(name) for name in move.requires}
                row = {**scenery.row, **sent}
                due.append((replace(scenery, row=row, state=to), [*way, move.action]))
    yield from due[1:]


def _ages(t: Trials) -> Iterator[timedelta]:
    """Give how old the row must be for a condition about its age to have turned."""
    resource = t.resource
    conditions = [
        *conditions_of(resource),
        *(rule.when for rule in resource.rules if isinstance(rule, Frozen)),
    ]
    found: dict[timedelta, None] = {}
    for condition in dict.fromkeys(conditions):
        tree = read_condition(condition, t.view.subject.scope)
        fields = {leaf.path for leaf in leaves(tree) if isinstance(leaf, Field)}
        if fields & {(name,) for name in AGES}:
            found |= dict.fromkeys(span + A_WHILE for span in spans(tree))
    yield from found
