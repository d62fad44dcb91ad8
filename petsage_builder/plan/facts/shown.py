"""What answers show beside what was sent."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Context, Decimal
from http import HTTPStatus

from petsage_builder.analyze.expressions import read_expression
from petsage_builder.plan.facts.fact import Fact, fact
from petsage_builder.plan.facts.parts import of_field, of_relation
from petsage_builder.plan.facts.pasts import possible_changes, rows_above
from petsage_builder.plan.people import FIRST, Scenery
from petsage_builder.plan.sources import change, listed, source, text
from petsage_builder.plan.testing import Testing
from petsage_builder.plan.trials import Trials
from petsage_builder.plan.views import FieldView
from petsage_builder.solver import FromNow, FromToday, Row, Value
from petsage_builder.solver.evaluation import leaves
from petsage_builder.solver.spans import written_duration
from petsage_builder.solver.worlds import WORLDS, Real, Unseen, World, written_moment
from petsage_builder.spec.expressions import Expression, Field
from petsage_builder.spec.fields import ComputedField, EnumField

AS_CALCULATED = Context(prec=28)  # as Python has it, and so the service


def shown(testing: Testing, t: Trials) -> Iterator[Fact]:
    """Give the facts about what is computed, referred to, or somebody's own."""
    for sample, row in enumerate(t.changes.rows):
        if found := dict(_computed(_with_parents(t, sample), row)):
            of = [of_field(name, part) for name in found for part in ("type", "value")]
            yield fact("COMPUTED", t, str(sample), source(found), of=of)
    if found := dict(_derived(t)):
        parts = ("default_from", "default_expression")
        of = [of_field(name, part) for name in found for part in parts]
        yield fact("DERIVED", t, source(found), of=of)
    for field in t.view.fields:
        yield from _copied(testing, t, field)
    for parent in t.view.parents:
        of = [f"belongs_to.{parent.role}"]
        yield fact("STRANGERS", t, text(parent.column), of=of)
    for link in t.view.links:
        of = of_relation("many_to_many", link.role)
        # Rows of other samples are replaced, which is no change of what is stuck.
        who = "" if t.cast.stuck("replace") else t.cast.doer("replace")
        whole = source(t.changes.unchanged if who else None)
        yield fact("LINKED", t, text(link.ids), text(who), whole, of=of)
    yield from _within(testing, t)
    if t.view.one_per_user and t.people.create(FIRST) == HTTPStatus.CREATED:
        yield from _own(t)


def _with_parents(t: Trials, sample: int) -> Trials:
    """Return the same below the parents that a sample row has for itself."""
    parents = {}
    for parent in t.view.parents if sample else ():
        if parent.column in t.apart:
            near = t.people.near(parent.subject)
            placed = t.people.solutions.place(t.view.subject, parent.role)
            made = near.made_by(near.maker, sample)
            parents[parent.role] = near.moved(made, placed)
    return Trials(t.view, replace(t.people, parents=parents)) if parents else t


def _within(testing: Testing, t: Trials) -> Iterator[Fact]:
    """Give what a row shows of others, and what of those is not for everybody."""
    columns = {p.role: p.column for p in t.view.parents if not p.link.optional}
    columns |= {link.role: link.ids for link in t.view.links}
    for index, role in enumerate(t.resource.embed):
        if role in columns:
            shown_as = text(role), text(columns[role])
            yield fact("EMBEDDED", t, *shown_as, of=[f"embed[{index}]"])
            for who, changes in _partly(testing, t, role):
                of = [f"embed[{index}]"]
                yield fact("PARTLY", t, *shown_as, who, changes, of=of)


def _partly(testing: Testing, t: Trials, role: str) -> Iterator[tuple[str, str]]:
    """Give who sets a field of a parent that not everybody may read, and to what.

    Its maker does not.
    """
    link = t.resource.belongs_to.get(role)
    subject = t.view.subject.vocabulary.target(role, link) if link else None
    above = next((a for a in testing.all if a.view.subject == subject), None)
    if not subject or not above or not above.cast.maker:
        return
    if not (t.cast.reader and above.cast.reader):
        return  # nobody could tell
    there = above.at(t.people.above(role, subject).scenery)
    found = [
        {field.name: value}
        for field in above.view.hidden
        if (value := above.cast.first.get(field.name)) is not None
        if field.name not in there.people.scenery.row
    ]
    for who, changes in possible_changes(there, found):
        yield text(who), source(changes)


def _own(t: Trials) -> Iterator[Fact]:
    """Give what somebody does with the only row that is theirs."""
    own = [e for e in t.view.endpoints if e.operation.endswith("_own")]
    methods = [e.method.upper() for e in own if e.method != "put"]
    if "GET" in methods:
        yield fact("OWN", t, source(methods), of=["one_per_user"])


def _computed(t: Trials, row: Row) -> Iterator[tuple[str, Value]]:
    """Give the value of each computed field, if it is the same whenever tests run."""
    for name, spec in t.resource.fields.items():
        if isinstance(spec, ComputedField):
            for value in _certain(t, spec.value, row):
                yield name, _as_json(value)


def _derived(t: Trials) -> Iterator[tuple[str, Value]]:
    """Give the value of each field that other fields decide if it is not sent."""
    least = t.cast.minimal
    for field in t.view.fields:
        is_sent = field.name in least or field.spec.write_only
        if is_sent or not t.people.reads(t.cast.maker, field.name):
            continue
        said = field.spec.default_from or field.spec.default_expression
        for value in _certain(t, said, least) if said else ():
            yield field.name, _as_json(value)


def _copied(testing: Testing, t: Trials, field: FieldView) -> Iterator[Fact]:
    """Give each other word that a field has if what it is taken from has it."""
    least = t.cast.minimal
    *roles, name = (field.spec.default_from or "").split(".")
    is_shown = not field.spec.write_only and t.people.reads(t.cast.maker, field.name)
    if not roles or field.name in least or not is_shown:
        return
    nearest = next(p for p in t.view.parents if p.role == roles[0])
    parent = next(a for a in testing.all if a.view.subject == nearest.subject)
    placed = t.people.solutions.place(t.view.subject, nearest.role)
    for role, columns, above, people in rows_above(testing, t):
        spec = above.resource.fields.get(name)
        if role != ".".join(roles) or not isinstance(spec, EnumField):
            continue
        near, scenery = above.at(people.scenery), people.scenery
        words = [word for word in spec.values if word != scenery.row.get(name)]
        for who, changes in possible_changes(near, ({name: word} for word in words)):
            there = replace(scenery, row={**scenery.row, **changes})
            if t.beside(role, there).changes.are_kept_by(least):
                further = columns.partition(".")[2]
                way = [*placed.steps, change(who, changes, further)]
                joined = parent.name, text(nearest.column), listed(way)
                said = text(field.name), source(changes[name])
                of = [of_field(field.name, part) for part in ("default_from", "type")]
                yield fact("COPIED", t, *joined, *said, of=of)


def _certain(
    t: Trials, expression: str, row: Row
) -> Iterator[Real | FromNow | FromToday]:
    """Give the value of an expression if it is the same whenever tests run.

    It may be as far from the beginning of a test each time.
    """
    scenery = Scenery(row, t.people.scenery.state, t.cast.maker)
    tree = read_expression(expression, t.view.subject.scope)
    values = [t.people.value(tree, scenery, world) for world in WORLDS]
    relative = {
        _relative(value, world) for value, world in zip(values, WORLDS, strict=True)
    }
    if len({*values}) == 1 and not isinstance(values[0], Unseen):
        yield values[0]
    elif len(relative) == 1 and _is_of_sent(tree, row):
        yield from (value for value in relative if value is not None)


def _is_of_sent(tree: Expression, row: Row) -> bool:
    """Say whether all that an expression asks for was sent."""
    return all(
        isinstance(leaf, Field) and len(leaf.path) == 1 and leaf.path[0] in row
        for leaf in leaves(tree)
    )


def _relative(value: Real, world: World) -> FromNow | FromToday | None:
    """Return a day or a moment as it is counted from the beginning of a test."""
    match value:
        case datetime():
            return FromNow(value - world.start)
        case date():
            return FromToday((value - world.start.date()).days)
        case _:
            return None


def _as_json(value: Real | FromNow | FromToday) -> Value:
    match value:
        case FromNow() | FromToday():
            return value
        case datetime():
            return written_moment(value)
        case timedelta():
            return written_duration(value)
        case None | bool() | str():
            return value
        case Decimal():
            return str(AS_CALCULATED.plus(value))
        case _:
            return str(value)
