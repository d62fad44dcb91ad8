"""What an API answers to the steps of a walkthrough, as a README shows it."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from uuid import NAMESPACE_OID, uuid5

from petsage_builder.decode import JsonValue
from petsage_builder.plan.resources import ResourceView
from petsage_builder.plan.steps import Body, Id, Step, Value
from petsage_builder.plan.views import FieldView
from petsage_builder.solver import FromNow, FromToday, Person
from petsage_builder.solver.spelling import as_answered
from petsage_builder.solver.worlds import World, sent

SOME_TIME = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
WORLD = World(SOME_TIME, SOME_TIME - SOME_TIME)
STAMP = "2026-11-23T09:30:00.123456Z"
# Stands for a value that the API works out.
ANYTHING = "…"
CLOCK: Mapping[str, JsonValue] = {
    "utc_now()": STAMP,
    "utc_now().date()": str(date(2026, 11, 23)),
    "uuid7()": str(uuid5(NAMESPACE_OID, "new")),
    "actor.id": str(uuid5(NAMESPACE_OID, "owner")),
}


def answer(step: Step) -> dict[str, JsonValue]:
    """Return what creating a row is answered with."""
    return dict(_parts(step.view, step.body or {}))


def _parts(view: ResourceView, body: Body) -> Iterator[tuple[str, JsonValue]]:
    yield "id", some_id(view.id)
    if view.is_owned:
        yield "owner_id", some_id("owner")
    for parent in view.parents:
        yield parent.column, shown(body.get(parent.column))
    states = view.subject.resource.states
    if states:
        yield states.field, states.initial
    for one in view.fields:
        if not one.spec.write_only:
            yield one.name, _field(one, body)
    for computed in view.rules.computed():
        yield computed.name, ANYTHING
    for link in view.links:
        yield link.ids, shown(body.get(link.ids, []))
    for role in view.subject.resource.embed:
        yield role, ANYTHING
    yield from (("created_at", STAMP), ("updated_at", STAMP))


def _field(one: FieldView, body: Body) -> JsonValue:
    if one.name in body:
        return shown(body[one.name])
    if one.is_clock:
        return CLOCK[one.dynamic_default]
    if one.is_dynamic:
        return ANYTHING
    return shown(as_answered(one.spec, one.spec.default))


def shown(value: Value) -> JsonValue:
    """Return a value as it may look in an answer."""
    match value:
        case Id():
            return some_id(value.name)
        case FromToday() | FromNow() | Person():
            return str(sent(value, WORLD))
        case list():
            return [shown(item) for item in value]
        case _:
            return value


def some_id(name: str) -> str:
    """Return an id that looks like one, and is the same for the same name."""
    return str(uuid5(NAMESPACE_OID, name))
