"""Tests of fields: their patterns, their edges, and what lies beyond."""

from datetime import timedelta
from typing import Any

import pytest

from petsage_builder.analyze.values import refusal
from petsage_builder.solver import (
    FromNow,
    FromToday,
    UnsolvableError,
    Value,
    solve,
)
from petsage_builder.spec.fields import StringField
from tests.builder.solving import solved, subject

UUID = "3f2b8c1e-5d4a-4b6f-9e7d-1a2b3c4d5e6f"
PATTERNS = [
    "^[0-9]{15}$",
    r"^[A-Z]{2}-\d{3,5}$",
    "^(cat|dog|bird)$",
    "[a-z]+",
    r"^\S+$",
    "^[^@]+@x$",
    "^a?b*c$",
    "^(?:[A-Z][a-z]+ ?){1,3}$",
    r"^\d+$",
    r"^\w{3}$",
    r"^[\w-]+$",
    r"^\+?[0-9 ]{5,}$",
    "^.{4}$",
    ".*x",
    "(?i)^kg|lb$",
    "^[à-ü]{3}$",
    "^[^a-z]+$",
    r"^[A-Z]\d{2}(?:\.\d{1,2})?$",
    r"^https?://[a-z]+\.[a-z]{2,3}$",
    r"^\d{4}-\d{2}$",
    r"^(?P<year>\d{4})/(?P<no>\d+)$",
    "^[A-HJ-NPR-Z0-9]{17}$",
    "^#[0-9a-fA-F]{6}$",
    r"^\D\W\S$",
    "^a{2}b{3,}c{0,4}$",
    "^x+?y$",
    r"\bcat\b",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_texts_match_a_pattern_and_one_does_not(pattern: str) -> None:
    field = {"type": "string", "pattern": pattern, "max_length": 30}

    samples = solved({"code": field})

    reasons = [wrong.reason for wrong in samples.refused]
    assert f"not like {pattern}" in reasons
    lengths = [len(str(row["code"])) for _, row in samples.accepted]
    assert all(length <= 30 for length in lengths)


@pytest.mark.parametrize("pattern", ["^[a-z]+$", "^x[0-9]*$", "^[A-Z]+-[0-9]+$", "a"])
def test_a_pattern_is_tried_at_both_lengths(pattern: str) -> None:
    field = {"type": "string", "pattern": pattern, "min_length": 4, "max_length": 9}

    samples = solved({"code": field})

    lengths = {len(str(row["code"])) for _, row in samples.accepted}
    assert lengths >= {4, 9}
    free = StringField(type="string", pattern=pattern, min_length=1)
    beyond = [str(w.value) for w in samples.refused if w.reason.startswith("longer")]
    assert [len(text) for text in beyond] == [10]
    assert refusal(free, beyond[0]) is None


@pytest.mark.parametrize(
    ("field", "accepted", "refused"),
    [
        ({"type": "integer", "ge": 1, "lt": 5}, [1, 4], [0, 5]),
        ({"type": "integer"}, [2**63 - 1, -(2**63)], [2**63, -(2**63) - 1, 1.5, True]),
        ({"type": "float", "gt": 0, "le": 1}, [0.001, 1.0], [0.0, 1.001]),
        ({"type": "money", "ge": 0}, ["0.00", "999999999999.99"], ["-0.01", "49.901"]),
        (
            {"type": "decimal", "max_digits": 3, "decimal_places": 0, "gt": -5},
            ["-4", "999"],
            ["-5", "1000", "4.1"],
        ),
        (
            {"type": "string", "min_length": 2, "max_length": 3},
            ["mm", "mmm"],
            ["m", "mmmm"],
        ),
        ({"type": "text", "min_length": 0}, ["m" * 10_000], ["m" * 10_001]),
        ({"type": "slug", "max_length": 4}, ["m", "mmmm"], ["mmmmm", "Miso"]),
        ({"type": "date", "not_before": "today"}, [FromToday(0)], [FromToday(-1)]),
        (
            {"type": "date", "not_before": "2024-02-29"},
            ["2024-02-29"],
            ["2024-02-28", "2024-05-04T00:00:00Z"],
        ),
        (
            {"type": "datetime", "not_after": "now"},
            [FromNow(timedelta())],
            [FromNow(timedelta(minutes=1))],
        ),
        (
            {"type": "datetime", "not_before": "2024-01-01T00:00:00+01:00"},
            ["2023-12-31T23:00:00Z"],
            ["2023-12-31T22:59:59Z", "2024-05-04T09:30:00"],
        ),
        (
            {"type": "duration"},
            ["PT0S", "P36500D"],
            ["-PT1S", "P36500DT1S", 1800],
        ),
        ({"type": "list", "items": "integer", "max_items": 2}, [[], [1, 2]], [[1] * 0]),
        ({"type": "enum", "values": ["a", "b"]}, ["a", "b"], ["unheard_of"]),
        ({"type": "boolean"}, [True, False], ["true", 1]),
        ({"type": "json", "optional": True}, [None], []),
    ],
    ids=lambda value: value.get("type") if isinstance(value, dict) else "",
)
def test_a_field_is_tried_at_its_edges_and_beyond(
    field: dict[str, Any], accepted: list[Value], refused: list[Value]
) -> None:
    samples = solved({"thing": field})

    taken = [row["thing"] for _, row in samples.accepted]
    wrong = [repr(wrong.value) for wrong in samples.refused]
    assert [value for value in accepted if value not in taken] == []
    edges = [value for value in refused if value != []]
    assert [value for value in edges if repr(value) not in wrong] == []


@pytest.mark.parametrize(
    "field",
    [
        {"type": "float", "gt": 0, "lt": 0.0001},
        {"type": "float", "ge": 1e300},
        {"type": "decimal", "max_digits": 38, "decimal_places": 18},
        {"type": "decimal", "max_digits": 2, "decimal_places": 2, "gt": 0.001},
        {"type": "integer", "ge": 5, "le": 5},
        {"type": "integer", "le": 1e30},
        {"type": "money", "le": -5},
        {"type": "date", "not_before": "0001-01-01", "not_after": "9999-12-31"},
        {"type": "date", "not_before": "9999-12-31"},
        {"type": "date", "not_before": "today", "not_after": "today"},
        {"type": "datetime", "not_after": "0001-01-01T00:00:00Z"},
        {"type": "slug", "max_length": 1},
        {"type": "string", "min_length": 999, "max_length": 1000},
        {"type": "string", "pattern": "^(a{1,9}){1,9}$", "max_length": 50},
        {"type": "enum", "values": ["unheard_of"]},
        {"type": "list", "items": "uuid", "max_items": 1000},
    ],
    ids=str,
)
def test_a_field_of_few_or_extreme_values_is_solved(field: dict[str, Any]) -> None:
    assert solved({"thing": field}).rows[0]["thing"] is not None


@pytest.mark.parametrize("pattern", [r"a\Z", "(?>a)", r"^\s*$", "^(a{1,999}){1,999}$"])
def test_a_pattern_that_no_text_of_the_api_matches_is_said(pattern: str) -> None:
    with pytest.raises(UnsolvableError, match="no value was found that code takes"):
        solve(subject({"code": {"type": "string", "pattern": pattern}}))


@pytest.mark.parametrize(
    ("field", "example", "answered"),
    [
        ({"type": "decimal"}, 4.2, "4.20"),
        ({"type": "money"}, 5, "5.00"),
        ({"type": "email"}, "Kim@Example.com", "kim@example.com"),
        ({"type": "url"}, "https://miso.example", "https://miso.example/"),
        ({"type": "uuid"}, "3F2B8C1E-5D4A-4B6F-9E7D-1A2B3C4D5E6F", UUID),
        ({"type": "time"}, "09:30", "09:30:00"),
        ({"type": "datetime"}, "2024-05-04T11:30:00+02:00", "2024-05-04T09:30:00Z"),
        ({"type": "duration"}, "PT90M", "PT1H30M"),
        ({"type": "string"}, "rabies", "rabies"),
    ],
)
def test_an_example_is_sent_as_it_comes_back(
    field: dict[str, Any], example: Value, answered: Value
) -> None:
    first, second, _ = solved({"thing": {**field, "example": example}}).rows

    assert first["thing"] == answered
    assert str(second["thing"])[:1].isupper() is str(answered)[:1].isupper()
