"""Where the parts of a resource stand, below it."""

from collections.abc import Iterable, Iterator

from petsage_builder.plan.access import OWNER
from petsage_builder.plan.grants import grants_of
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import Row, Value
from petsage_builder.solver.acceptance import accepts
from petsage_builder.spec.fields import AnyField, EnumField, ListField

EXPLAINING = {"type", "description", "example"}
NO_WORD = "none of the words"


def of_field(name: str, option: str) -> str:
    """Return where an option of a field stands."""
    return f"fields.{name}.{option}"


def of_move(action: str, option: str) -> str:
    """Return where an option of a transition stands."""
    return f"states.transitions.{action}.{option}"


def of_relation(kind: str, role: str) -> list[str]:
    """Return where a relation stands, and what it leads to."""
    where = f"{kind}.{role}"
    return [where, f"{where}.to", f"{where}.feature"]


def of_parameter(t: Trials, parameter: str) -> list[str]:
    """Return where it is said that a list has a parameter."""
    if parameter == "search":
        return ["list.search[0]"]
    roles = {parent.column: parent.role for parent in t.view.parents}
    links = {link.filter: link.role for link in t.view.linked_filters}
    name = {"owner_id": "owner", **links, **roles}.get(parameter, parameter)
    asked = t.view.listing.filter
    found = [f"list.filter[{asked.index(name)}]"] if name in asked else []
    return [*found, *([f"belongs_to.{name}"] if parameter in roles else [])]


def of_columns(t: Trials, names: Iterable[str]) -> Iterator[str]:
    """Give where it is said that a row has each of some fields and parents."""
    parents = {parent.column: parent.role for parent in t.view.parents}
    for name in names:
        if name in parents:
            yield f"belongs_to.{parents[name]}"
        else:
            yield of_field(name, "type")


def granting(t: Trials, operation: str) -> list[str]:
    """Return where it stands who may do something."""
    is_move = any(operation == move.action for move in t.view.moves)
    return [of_move(operation, "by") if is_move else f"access.{operation}"]


def answering(t: Trials, operation: str) -> list[str]:
    """Return what decides how everybody is answered who asks for something."""
    grants = grants_of(t.resource, operation)
    is_owners = any(grant.who == OWNER for grant in grants)
    return [*granting(t, operation), *(["owned_by"] if is_owners else [])]


def sending(t: Trials, row: Row) -> Iterator[str]:
    """Give the parts of the fields that have a value in a row as it is sent."""
    for name, value in row.items():
        if value is not None:
            yield of_field(name, "type")
            if t.view.field(name).spec.example == value:
                yield of_field(name, "example")


def deciding(t: Trials, name: str, values: Iterable[Value]) -> Iterator[str]:
    """Give the options of a field that decide whether it takes one of some values.

    Without such an option, it would take a value that it does not take, or the other
    way round.
    """
    spec = t.view.field(name).spec
    tried = list(values)
    yield of_field(name, "type")
    for option in sorted(spec.model_fields_set - EXPLAINING):
        other = _without(spec, option)
        if any(accepts(spec, value) != accepts(other, value) for value in tried):
            yield of_field(name, option)


def _without(spec: AnyField, option: str) -> AnyField:
    """Return the field as it were if an option said nothing, or something else."""
    usual = type(spec).model_fields[option].default
    if isinstance(spec, EnumField) and option == "values":
        usual = [NO_WORD]
    elif isinstance(spec, ListField) and option == "items":
        usual = "uuid" if spec.items != "uuid" else "integer"
    return spec.model_copy(update={option: usual})
