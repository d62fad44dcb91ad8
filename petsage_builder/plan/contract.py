"""What the contract check needs to know of a feature with data, as JSON values."""

from collections.abc import Iterator, Sequence
from typing import Any

from petsage_builder.decode import JsonValue
from petsage_builder.plan.answers import some_id
from petsage_builder.plan.resources import ResourceView
from petsage_builder.plan.steps import Body, Id, Value
from petsage_builder.plan.walkthrough import Walkthrough
from petsage_builder.solver import FromNow, FromToday, Person
from petsage_builder.spec.resources import Check, Grant, Resource

WITHOUT_ROLE = {"public", "user"}


def rows(walkthrough: Walkthrough) -> list[dict[str, Any]]:
    """Return the requests that store a row each, as `sandboxed/stage.py` takes them."""
    return [
        {
            "method": step.method,
            "path": step.path,
            "body": {name: written(v) for name, v in (step.body or {}).items()},
            "keeps": step.keeps,
            "aims": dict(_aims(step.body or {})),
        }
        for step in walkthrough.stored
    ]


def roles(views: Sequence[ResourceView]) -> list[str]:
    """Return who the access rules speak of, but those who have no role of their own.

    `owner` is one of them if some rows have an owner.
    """
    everybody = {
        grant.who
        for view in views
        for grants in _granted(view.subject.resource)
        for grant in grants
    }
    return sorted(everybody - WITHOUT_ROLE)


def _granted(resource: Resource) -> Iterator[list[Grant]]:
    yield from (grants for _, grants in resource.access.items())
    moves = resource.states.transitions.values() if resource.states else ()
    yield from (move.by for move in moves)


def refusals(views: Sequence[ResourceView]) -> list[str]:
    """Return what is said of requests that no schema can tell to be wrong."""
    return [
        rule.message
        for view in views
        for rule in view.subject.resource.rules
        if isinstance(rule, Check)
    ]


def written(value: Value) -> JsonValue:
    """Return a value as JSON; what is known only then is an object that says so."""
    match value:
        case Id():
            return {"$id": value.name}
        case FromToday():
            return {"$days": value.days}
        case Person():
            return some_id(value.name)
        case FromNow():
            return {"$seconds": value.delta.total_seconds()}
        case list():
            return [written(item) for item in value]
        case _:
            return value


def _aims(body: Body) -> Iterator[tuple[str, JsonValue]]:
    for name, value in body.items():
        match value:
            case Id():
                yield name, value.name
            case [Id(), *_]:
                yield name, [item.name for item in value if isinstance(item, Id)]
