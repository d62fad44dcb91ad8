"""Tests of rules: rows keep them, and break each alone."""

from itertools import pairwise
from typing import Any

import pytest

from petsage_builder.solver import (
    FromToday,
    Person,
    UnsolvableError,
    solve,
)
from tests.builder.solving import solved, subject


def day(**more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a date field."""
    return {"type": "date", **more}


WORDS = ["asked", "declined"]
INTEGER = {"type": "integer"}
MAYBE = {"type": "string", "optional": True}
DOMAINS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "loan": (
        {
            "lent_on": day(not_after="today"),
            "due_on": day(),
            "back_on": day(optional=True),
        },
        ("due_on > lent_on", "due_on - lent_on <= 28 days", "back_on >= lent_on"),
    ),
    "booking": (
        {"from_day": day(not_before="today"), "to_day": day()},
        ("to_day > from_day", "to_day <= from_day + 30 days"),
    ),
    "expense": (
        {"amount": {"type": "money", "gt": 0}, "receipt": MAYBE},
        ("amount <= 50 or receipt is not empty",),
    ),
    "answer": (
        {"answer": {"type": "enum", "values": WORDS}, "reason": MAYBE},
        ("answer != declined or reason is not empty",),
    ),
    "answer and reason alone": (
        {"answer": {"type": "enum", "values": WORDS}, "reason": MAYBE},
        (
            "answer != declined or reason is not empty",
            "answer = declined or reason is empty",
        ),
    ),
    "contact": (
        {"email": {"type": "email", "optional": True}, "call": MAYBE},
        ("email is not empty or call is not empty",),
    ),
    "notice": (
        {"starts_at": {"type": "datetime"}},
        ("starts_at - now >= 24 hours", "starts_at <= now + 90 days"),
    ),
    "recent": (
        {"sold_on": day(example="2025-12-30")},
        ("sold_on >= today - 90 days", "sold_on <= today"),
    ),
    "range": (
        {
            "low": {"type": "decimal", "decimal_places": 1, "max_digits": 4},
            "high": {"type": "decimal", "decimal_places": 1, "max_digits": 4},
            "value": {"type": "decimal", "decimal_places": 1, "max_digits": 4},
        },
        ("low < high", "value >= low and value <= high"),
    ),
    "total": (
        {
            "net": {"type": "money", "ge": 0},
            "tax": {"type": "money", "ge": 0},
            "gross": {"type": "money"},
        },
        ("gross = net + tax", "tax <= net * 0.25"),
    ),
    "portions": (
        {"eaten": {"type": "integer", "ge": 0}, "packs": {"type": "integer", "ge": 1}},
        ("eaten / 12 <= packs", "not (eaten = 0 and packs > 3)"),
    ),
    "shift": (
        {
            "opens": {"type": "time"},
            "closes": {"type": "time"},
            "pause": {"type": "duration"},
        },
        ("closes > opens", "pause <= 45 minutes", "pause * 2 > 20 minutes"),
    ),
    "state": (
        {"reason": MAYBE, "paid": {"type": "boolean", "default": False}},
        ("not paid or reason is not empty", "created_at <= now"),
    ),
    "kinds": (
        {
            "kind": {"type": "enum", "values": ["a", "b", "c"]},
            "size": {"type": "integer"},
        },
        ("kind not in (a, b) or size in (1, 3, 5)", "kind != c or size > 1000"),
    ),
    "country": (
        {
            "country": {"type": "string"},
            "zip_code": {"type": "string", "max_length": 9},
        },
        ('country != "DE" or zip_code != "0"',),
    ),
    "chain": (
        {name: day() for name in ("a_on", "b_on", "c_on", "d_on")},
        ("a_on < b_on", "b_on < c_on", "c_on < d_on", "d_on - a_on <= 10 days"),
    ),
    "read only": (
        {
            "lent_on": day(not_after="today"),
            "due_on": day(read_only=True, default_expression="lent_on + 21 days"),
            "seen_on": day(default="today"),
        },
        ("due_on > lent_on", "seen_on <= due_on + 7300 days"),
    ),
}


@pytest.mark.parametrize("name", DOMAINS)
def test_rules_of_a_domain_are_kept_and_each_is_broken(name: str) -> None:
    fields, rules = DOMAINS[name]

    samples = solved(fields, *rules)

    never = {"state": {1}, "read only": {0}}.get(name, set())
    every = set(range(len(rules)))
    assert {broken.rule for broken in samples.broken} == every - never


def test_a_rule_is_only_just_kept_and_only_just_broken() -> None:
    fields, rules = DOMAINS["booking"]

    samples = solved(fields, *rules)

    first = samples.rows[0]
    assert first == {"from_day": FromToday(7), "to_day": FromToday(14)}
    assert ("to_day", {"to_day": FromToday(8)}) in samples.accepted
    assert ("to_day", {"to_day": FromToday(37)}) in samples.accepted
    assert [broken.changes for broken in samples.broken] == [
        {"to_day": FromToday(7)},
        {"to_day": FromToday(38)},
    ]


def test_a_bound_that_another_field_lifts_is_tried_where_it_binds() -> None:
    fields, rules = DOMAINS["expense"]

    samples = solved(fields, *rules)

    assert ("amount", {"amount": "50.00", "receipt": None}) in samples.accepted
    assert [broken.changes for broken in samples.broken] == [
        {"amount": "50.01", "receipt": None}
    ]


def test_what_must_be_sent_counts_rules() -> None:
    fields, rules = DOMAINS["contact"]

    assert len(solved(fields, *rules).minimal) == 1


@pytest.mark.parametrize(
    ("fields", "rules", "where"),
    [
        (
            {"a": {"type": "integer"}, "b": {"type": "integer"}},
            ("a > b", "b > a"),
            (0, 1),
        ),
        ({"a": day(), "b": day()}, ("b > a", "a > today", "b < today"), (0, 1, 2)),
        (
            {"a": {"type": "integer"}, "b": MAYBE},
            ("a > 5", "b is empty", "a < 5"),
            (0, 2),
        ),
        ({"a": {"type": "integer", "le": 3}}, ("a > 3",), (0,)),
        (
            {"code": {"type": "string", "pattern": "^[0-9]{3}$", "min_length": 5}},
            (),
            "code",
        ),
        ({"a": day(not_before="today", not_after="2020-01-01")}, (), "a"),
        ({"kind": {"type": "enum", "values": ["x", "y"], "unique": True}}, (), "kind"),
        ({"a": {"type": "integer", "gt": 1, "lt": 2}}, (), "a"),
    ],
)
def test_what_no_row_can_keep_is_said(
    fields: dict[str, Any], rules: tuple[str, ...], where: tuple[int, ...] | str
) -> None:
    with pytest.raises(UnsolvableError) as unsolvable:
        solve(subject(fields, *rules))

    error = unsolvable.value
    assert where == (error.field or error.rules)
    for text in [rules[index] for index in error.rules] or [error.field]:
        assert text in error.what


def test_many_rules_over_many_fields_are_kept() -> None:
    names = [f"day_{letter}" for letter in "abcdefghij"]
    rules = [f"{one} < {other}" for one, other in pairwise(names)]

    samples = solved({name: day() for name in names}, *rules, "day_j - day_a < 90 days")

    assert len(samples.broken) == len(rules) + 1


def test_each_value_that_a_rule_names_is_tried() -> None:
    fields = {"agreed": {"type": "boolean"}, "count": {**INTEGER, "optional": True}}

    samples = solved(fields, "agreed = true or count in (1, 2, 3)")

    tried = [changes.get("count") for name, changes in samples.accepted]
    assert {1, 2, 3} <= {*tried}


@pytest.mark.parametrize(("who", "called"), [("user", "other"), ("helper", "helper")])
def test_a_field_that_is_compared_with_the_caller_holds_their_id(
    who: str, called: str
) -> None:
    access = {"get": [{"who": who, "when": "helped_by = caller"}]}
    found = subject({"helped_by": {"type": "uuid"}}, access=access)

    assert solve(found).rows[0] == {"helped_by": Person(called)}
