"""The rows that are there from the beginning, as a migration writes them."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import NAMESPACE_OID, uuid5

from petsage_builder.decode import JsonValue
from petsage_builder.plan.literals import written
from petsage_builder.python_text import literal
from petsage_builder.spec.fields import AnyField, EnumField, ListField
from petsage_builder.spec.resources import Resource

if TYPE_CHECKING:
    from petsage_builder.plan.resources import ResourceView


def seeds(feature: str, view: "ResourceView") -> Iterator[dict[str, str]]:
    """Give each row as columns with their values in Python source."""
    resource: Resource = view.subject.resource
    for number, row in enumerate(resource.seed):
        known = json.dumps([feature, view.name, number])
        values = {"id": f'UUID("{uuid5(NAMESPACE_OID, known)}")'}
        if view.state:
            values[view.state] = literal(
                resource.states.initial if resource.states else ""
            )
        for name, field in view.subject.stored.items():
            if isinstance(field, AnyField):
                value = row.get(name, field.default)
                values[name] = _value(view.name, name, field, value)
        yield values


def _value(owner: str, name: str, field: AnyField, value: JsonValue) -> str:
    if isinstance(field, EnumField) and isinstance(value, str):
        return literal(value)
    if isinstance(field, ListField) and isinstance(value, list):
        return repr(value)
    return written(owner, name, field, value)
