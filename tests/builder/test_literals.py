"""Tests of literals: a value in the source of a feature is what the API answers."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from petsage_builder.decode import JsonValue
from petsage_builder.plan.literals import written
from petsage_builder.spec.fields import FieldSpec


@pytest.mark.parametrize(
    ("field", "value", "source"),
    [
        ({"type": "duration"}, "PT0.5S", "timedelta(microseconds=500_000)"),
        ({"type": "duration"}, "P0D", "timedelta()"),
        (
            {"type": "datetime"},
            "2024-05-01T10:00:00+02:00",
            'datetime.fromisoformat("2024-05-01T08:00:00Z")',
        ),
        ({"type": "time"}, "08:30", 'time.fromisoformat("08:30:00")'),
        ({"type": "email"}, "Kim@Example.com", '"kim@example.com"'),
        ({"type": "float"}, 1, "1.0"),
        ({"type": "money"}, 4.9, 'Decimal("4.90")'),
        ({"type": "json"}, {"a": [None, 1.5]}, "{'a': [None, 1.5]}"),
    ],
)
def test_a_default_is_written_in_its_one_form(
    field: dict[str, Any], value: JsonValue, source: str
) -> None:
    spec = TypeAdapter[Any](FieldSpec).validate_python(field)

    assert written("thing", "part", spec, value) == source
