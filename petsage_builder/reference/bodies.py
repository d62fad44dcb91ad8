"""What was sent, or which parts of it are not valid."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

from petsage_builder.reference.outcomes import Refusal, StoppedError
from petsage_builder.reference.state import State, UnmodelledError
from petsage_builder.reference.system import Kind
from petsage_builder.reference.values import read
from petsage_builder.solver.acceptance import refused_in
from petsage_builder.solver.worlds import World
from petsage_builder.spec.fields import AnyField

MOST_LINKS = 100
# What is said of a part that an operation does not have, and of one that it lacks.
UNKNOWN, LACKING = "Extra inputs are not permitted", "Field required"
CREATE, UPDATE, REPLACE = "create", "update", "replace"
WITH_ROWS = frozenset({CREATE, UPDATE, REPLACE})

# The fields, parents and links of a request, each by its name in a row.
Sent = Mapping[str, Any]
Reading = Callable[[Any], Any]


def read_body(kind: Kind, operation: str, body: object, state: State) -> Sent:
    """Return what was sent for an operation, or raise `StoppedError`."""
    parts = {name: (name, reading) for name, reading in _parts(kind, operation, state)}
    for link in kind.view.links if operation in WITH_ROWS else ():
        parts[link.ids] = link.role, _ids
    if not parts and operation != CREATE:
        return {}
    if body is None and parts:
        raise StoppedError([Refusal(422, errors={"/body": ""})])
    if not isinstance(body, dict):
        raise UnmodelledError("a body that is no object")
    sent: dict[str, Any] = {}
    wrong = {name: UNKNOWN for name in body if name not in parts}
    for name in body.keys() & parts.keys():
        column, reading = parts[name]
        try:
            sent[column] = reading(body[name])
        except ValueError:
            wrong[name] = ""
    if operation in (CREATE, REPLACE):
        needed = _needed(kind, operation)
        wrong |= {name: LACKING for name in needed if name not in body}
    if wrong:
        errors = {f"/body/{name}": text for name, text in wrong.items()}
        raise StoppedError([Refusal(422, errors=errors)])
    return sent


def _parts(kind: Kind, operation: str, state: State) -> Iterator[tuple[str, Reading]]:
    """Give each field and parent that a request may have, and how it is read."""
    view, states = kind.view, kind.resource.states
    names = {
        CREATE: [field.name for field in view.settable],
        UPDATE: [field.name for field in view.changeable],
        REPLACE: [field.name for field in view.changeable],
    }
    moves = states.transitions if states else {}
    for name in names.get(operation, ()):
        yield name, _field(kind.view.field(name).spec, state)
    if operation not in names:
        for name in moves[operation].requires:
            spec = kind.view.field(name).spec
            yield name, _field(spec.model_copy(update={"optional": False}), state)
    if operation in WITH_ROWS:
        for parent in view.parents if operation == CREATE else view.movable:
            yield parent.column, _id_or_none if parent.link.optional else _id


def _needed(kind: Kind, operation: str) -> Iterator[str]:
    """Give what a whole row needs."""
    view = kind.view
    for parent in view.parents if operation == CREATE else view.movable:
        if not parent.link.optional:
            yield parent.column
    for field in view.settable if operation == CREATE else view.changeable:
        spec = field.spec
        given = spec.default, spec.default_from, spec.default_expression
        stays = operation == REPLACE and field.name in view.kept
        if not spec.optional and not stays and not any(g is not None for g in given):
            yield field.name


def _field(spec: AnyField, state: State) -> Reading:
    world = World(state.now, state.now - state.now)

    def reading(value: Any) -> Any:  # noqa: ANN401 - JSON
        if wrong := refused_in(world, spec, value):
            raise ValueError(wrong)
        return read(spec, value)

    return reading


def _id(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("no id")  # noqa: TRY004 - as UUID says it of texts
    return str(UUID(value))


def _id_or_none(value: object) -> str | None:
    return None if value is None else _id(value)


def _ids(value: object) -> frozenset[str]:
    if not isinstance(value, list) or len(value) > MOST_LINKS:
        raise ValueError("no list of at most a hundred")
    return frozenset(map(_id, value))
