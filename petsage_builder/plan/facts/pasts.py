"""What can have happened to the first row before somebody asks for it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice

from petsage_builder.analyze.expressions import read_condition
from petsage_builder.analyze.vocabulary import Subject
from petsage_builder.plan.demands import demands_of
from petsage_builder.plan.facts.handed import heirs, misnamed, owned_by, signed
from petsage_builder.plan.facts.options import breaking
from petsage_builder.plan.people import People, Scenery
from petsage_builder.plan.samples import conditions_of
from petsage_builder.plan.sources import change, listed, source, text
from petsage_builder.plan.testing import Testing
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import FromNow, FromToday, Person, Row, Value
from petsage_builder.solver.evaluation import leaves, spans
from petsage_builder.solver.worlds import WORLDS
from petsage_builder.spec.expressions import Expression, Field
from petsage_builder.spec.fields import AnyField, DateField, DatetimeField
from petsage_builder.spec.resources import Check, Frozen

AGES = {"created_at", "updated_at"}
A_WHILE, A_DAY = timedelta(seconds=30), timedelta(days=1)
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
    def names_somebody(self) -> bool:
        """Say whether a change gave a row, or one above it, somebody's id."""
        if any("owner_id" in step for step in self.steps):
            return True
        now = self.now.people.scenery.row.values()
        before = self.now.cast.first.values()
        people = [value for value in now if isinstance(value, Person)]
        return any(person not in before for person in people)

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
    one of its moments, or of what it belongs to, is over; its owner is somebody who
    has no role any more; or somebody else has made it.
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
    yield from _handed_on(t)
    for role, column, above, people in rows_above(testing, t):
        for heir in heirs(above, t):
            now = replace(people.scenery, maker=heir)
            step = change(TIME, owned_by(heir), column)
            yield Past({}, (step,), t.beside(role, now), is_own=False)
        asked = tuple(asked_of(t, role, above))
        over = passed(t, _conditions(t), role, above)
        for steps, scenery in _others(above, people, column, asked, over):
            yield Past({}, steps, t.beside(role, scenery), is_own=False)
    for age in _ages(t):
        for scenery, way in t.states.reached:
            yield _aged(t.at(scenery), way, FromNow(-age))


def _handed_on(t: Trials) -> Iterator[Past]:
    """Give the row of another owner, as somebody else has made it, or naming them."""
    for heir in heirs(t):
        now = replace(t.people.scenery, maker=heir)
        yield Past({}, (change(TIME, owned_by(heir)),), t.at(now))
    for changes in signed(t):
        yield Past({}, (change(TIME, changes),), t.after(changes))
    for way, changes, then in misnamed(t):
        steps = (*map(text, way), change(TIME, changes))
        yield Past({}, steps, then, has_moved=bool(way))


def _aged(t: Trials, way: list[str], moment: FromNow) -> Past:
    """Return the past of a row that has not been touched since it came to its state."""
    row = {**t.cast.made, **dict.fromkeys(sorted(AGES), moment)}
    now = t.at(replace(t.people.scenery, row=row))
    steps = (*map(text, way), source(moment))
    return Past({}, steps, now, has_moved=bool(way), has_aged=True)


def _changed(t: Trials, way: list[str]) -> Iterator[Past]:
    """Give changes of a row in a state, by somebody who may make them or by time."""
    made = () if not way else t.changes.unwanted
    over = passed(t, _conditions(t), "", t)
    asked = (*t.changes.unwanted_later, *made)
    done = [*possible_changes(t, asked)]
    left = (c for c in asked if way and c not in [changes for _, changes in done])
    for who, changes in (
        *done,
        # Somebody's id is there because of a move, and nobody can change it any more.
        *((TIME, c) for c in left if all(isinstance(v, Person) for v in c.values())),
        *((TIME, changes) for changes in over if t.changes.keeps_lasting(changes)),
    ):
        steps = (*map(text, way), change(who, changes))
        yield Past({}, steps, t.after(changes), has_moved=bool(way))


def possible_changes(t: Trials, found: Iterable[Row]) -> Iterator[tuple[str, Row]]:
    """Give changes that somebody can make of a row, and who."""
    for changes in found:
        who = t.cast.updater_of(changes)
        if who and t.changes.keeps_lasting(changes) and not t.answers.is_kept(changes):
            yield who, changes


def passed(
    t: Trials, conditions: Iterable[str], role: str, at: Trials
) -> Iterator[Row]:
    """Give changes of a row with which a moment that conditions ask for is over.

    The row is at the path `role` from that which the conditions are about. Where they
    count from a moment, it is over by little.
    """
    texts = tuple(conditions)
    known: set[str] = set()
    for condition in texts:
        for _, failing in brinks(t, condition, role, at):
            known |= failing.keys()
            yield failing
    for over in elapsed(t, texts, role, at):
        if not known & over.keys():
            yield over


def elapsed(
    t: Trials, conditions: Iterable[str], role: str, at: Trials
) -> Iterator[Row]:
    """Give changes of a row with which such a moment is over, whatever it counts."""
    found = (name for text in conditions for name in _moments(t, text, role, at))
    for name in sorted({*found}):
        if not isinstance(at.resource.fields[name], DateField):
            over: Row = {name: FromNow(-A_WHILE)}
        else:
            over = {name: FromToday(-1)}
        yield _kept(at, over)


def _kept(at: Trials, over: Row) -> Row:
    """Return the change of a moment with which the row keeps its rules.

    If need be, all others of the row change by the same span, or to the same.
    """
    tried = over, _with_others(at, over), _with_all(at, over)
    return next(filter(at.changes.keeps_lasting, tried), tried[1])


def _with_all(at: Trials, over: Row) -> Row:
    ((name, value),) = over.items()
    kind = at.resource.fields[name].kind
    stored = at.view.subject.stored.items()
    alike = {n: s for n, s in stored if isinstance(s, AnyField) and s.kind == kind}
    return {n: value for n, spec in alike.items() if _has(at, n, spec)}


def _with_others(at: Trials, over: Row) -> Row:
    row, ((name, value),) = at.people.scenery.row, over.items()
    match row.get(name), value:
        case FromNow(was), FromNow(now):
            by = now - was
            moving = {n: v for n, v in row.items() if isinstance(v, FromNow)}
            return {n: FromNow(v.delta + by) for n, v in moving.items()}
        case FromToday(was), FromToday(now):
            days = {n: v for n, v in row.items() if isinstance(v, FromToday)}
            return {n: FromToday(v.days + now - was) for n, v in days.items()}
    return over


def brinks(
    t: Trials, condition: str, role: str, at: Trials
) -> Iterator[tuple[Row, Row]]:
    """Give changes of a moment with which a condition just holds, and just does not.

    It counts how far that moment is from the clock.
    """
    tree = read_condition(condition, t.view.subject.scope)
    for name in sorted(_moments(t, condition, role, at)):
        is_day = isinstance(at.resource.fields[name], DateField)
        for span in dict.fromkeys(spans(tree)) or (timedelta(),):
            for before, after in _beside(span, is_day=is_day):
                rows = _kept(at, {name: before}), _kept(at, {name: after})
                for holding, failing in (rows, rows[::-1]):
                    if _holds(t, condition, role, holding) is True and (
                        _holds(t, condition, role, failing) is False
                    ):
                        yield holding, failing


def _beside(span: timedelta, *, is_day: bool) -> Iterator[tuple[Value, Value]]:
    """Give two days or moments beside that which is a span from now."""
    for away in dict.fromkeys((span, -span)):
        if is_day:
            for days in (away.days - 1, away.days):
                yield FromToday(days), FromToday(days + 1)
        else:
            yield FromNow(away - 2 * A_WHILE), FromNow(away + 2 * A_WHILE)


def _holds(t: Trials, condition: str, role: str, changes: Row) -> bool | None:
    """Say whether a condition holds of a row when it, or one above it, is changed."""
    people, scenery = t.people, t.people.scenery
    if role:
        near = people
        for part in role.split("."):
            target = near.subject.vocabulary.target(
                part, near.subject.resource.belongs_to[part]
            )
            assert target  # noqa: S101 - it has rows that can be made
            near = near.above(part, target)
        above = replace(near.scenery, row={**near.scenery.row, **changes})
        people = replace(people, at=scenery, parents={role: above})
    else:
        scenery = replace(scenery, row={**scenery.row, **changes})
    if people.holds(condition, scenery):
        return True
    return False if people.fails(condition, scenery) else None


def _moments(t: Trials, condition: str, role: str, at: Trials) -> Iterator[str]:
    """Give the days and moments that a row has and a condition asks for."""
    tree = read_condition(condition, t.view.subject.scope)
    for leaf in leaves(tree):
        if isinstance(leaf, Field) and ".".join(leaf.path[:-1]) == role:
            name = leaf.path[-1]
            spec = at.resource.fields.get(name)
            if isinstance(spec, DateField | DatetimeField) and _has(at, name, spec):
                yield name


def _has(at: Trials, name: str, spec: AnyField) -> bool:
    """Say whether a row has a value in a field, if only by default."""
    scenery = at.people.scenery
    value = at.people.value(Field((name,), spec.kind or "date"), scenery, WORLDS[0])
    return value is not None


def _conditions(t: Trials) -> Iterator[str]:
    """Give what a row is asked for before something is done with it."""
    checks = (rule.check for rule in t.resource.rules if isinstance(rule, Check))
    yield from dict.fromkeys((*conditions_of(t.resource), *checks))


def rows_above(
    testing: Testing, t: Trials, people: People | None = None
) -> Iterator[tuple[str, str, Trials, People]]:
    """Give each row that one belongs to, then what those belong to, by their paths.

    Each comes with its columns, its kind, and everybody before it.
    """
    for parent in t.view.parents:
        if parent.link.optional or parent.subject == t.view.subject:
            continue
        above = next(a for a in testing.all if a.view.subject == parent.subject)
        if not above.cast.maker or above.view.one_per_user:
            continue
        near = (people or t.people).above(parent.role, parent.subject)
        yield parent.role, parent.column, above, near
        if above.cast.reader:
            for role, column, far, people_there in rows_above(testing, above, near):
                path, columns = f"{parent.role}.{role}", f"{parent.column}.{column}"
                yield path, columns, far, people_there


def asked_of(t: Trials, role: str, above: Trials) -> Iterator[Row]:
    """Give changes to a parent with which a condition about the row is not true."""
    subject = above.view.subject
    for condition in _conditions(t):
        for demand in _demands(t.view.subject, condition, role):
            if changes := t.people.solutions.breaking(subject, demand):
                yield changes
    for rule in t.resource.rules:
        if isinstance(rule, Check) and "." not in role:
            yield from islice(breaking(t, role, above, rule), 1)


def _demands(subject: Subject, condition: str, role: str) -> Iterator[str]:
    """Give what a condition asks of a row above alone, as that row says it."""
    near, _, further = role.partition(".")
    link = subject.resource.belongs_to[near]
    target = subject.vocabulary.target(near, link)
    for asked, demand in demands_of(condition, subject.columns):
        if asked == near and target:
            yield from _demands(target, demand, further) if further else (demand,)


def _others(
    above: Trials,
    usual: People,
    column: str,
    asked: Iterable[Row],
    over: Iterable[Row],
) -> Iterator[tuple[tuple[str, ...], Scenery]]:
    """Give what can happen to a row that others belong to."""
    for scenery, way in above.states.onward(usual.scenery):
        yield tuple(text(f"{column}/{action}") for action in way), scenery
    near = Trials(above.view, replace(above.people, at=usual.scenery))
    unwanted = *above.changes.unwanted, *above.changes.unwanted_later, *asked
    for who, changes in (
        *possible_changes(near, unwanted),
        *((TIME, changes) for changes in unwanted if _is_fixed(near, changes)),
        *((TIME, changes) for changes in over if near.changes.keeps_lasting(changes)),
    ):
        row = {**usual.scenery.row, **changes}
        yield (change(who, changes, column),), replace(usual.scenery, row=row)


def _is_fixed(t: Trials, changes: Row) -> bool:
    """Say whether a row can only be made so, and is stored as it is sent."""
    return (
        t.cast.updater_of(changes) == ""
        and all(isinstance(value, bool) for value in changes.values())
        and t.people.writes_all(t.cast.maker, changes)
        and t.changes.keeps_rules(changes)
    )


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
        if asks_of_age(tree):
            found |= dict.fromkeys(span + A_WHILE for span in spans(tree))
    yield from found


def asks_of_age(tree: Expression) -> bool:
    """Say whether a condition asks when a row was made or changed."""
    fields = {leaf.path for leaf in leaves(tree) if isinstance(leaf, Field)}
    return not fields.isdisjoint((name,) for name in AGES)
