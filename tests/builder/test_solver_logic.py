"""Tests of what a rule says of a row: the same as SQL."""

import sqlite3
from contextlib import closing
from itertools import product

import pytest

from petsage_builder.analyze.expressions import Scope, read_condition
from petsage_builder.solver import (
    Row,
)
from petsage_builder.solver.evaluation import Scene, evaluate
from petsage_builder.solver.worlds import WORLDS, read

CONDITIONS = {
    "a and b": "a AND b",
    "a or b": "a OR b",
    "not (a)": "NOT a",
    "a = b": "a = b",
    "a in (b, true)": "a IN (b, 1)",
    "a not in (b, false)": "a NOT IN (b, 0)",
    "a is empty or b": "a IS NULL OR b",
    "not (a and b) or a is not empty": "NOT (a AND b) OR a IS NOT NULL",
    "x + y > 3 and x * y <= 4": "x + y > 3 AND x * y <= 4",
    "not (x < y or x - y = 0)": "NOT (x < y OR x - y = 0)",
}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_rule_says_what_sql_says(condition: str) -> None:
    scope = Scope({"a": "boolean", "b": "boolean", "x": "number", "y": "number"})
    tree = read_condition(condition, scope)
    query = f"SELECT {CONDITIONS[condition]} FROM (SELECT ? a, ? b, ? x, ? y)"  # noqa: S608

    with closing(sqlite3.connect(":memory:")) as database:
        for a, b, x, y in product(*[[True, False, None]] * 2, *[[1, 3, None]] * 2):
            row: Row = {"a": a, "b": b, "x": x, "y": y}
            (expected,) = database.execute(query, (a, b, x, y)).fetchone()
            found = evaluate(tree, scene_of(row))
            assert found is (None if expected is None else bool(expected)), row


def scene_of(row: Row) -> Scene:
    """Return a scene in which fields are what a row says."""
    return Scene(WORLDS[0], lambda f: read(row[f.path[0]], f.kind, WORLDS[0]))


def test_what_cannot_be_calculated_is_unknown() -> None:
    scope = Scope({"since": "date"})
    tree = read_condition("since + 9999999 days > since", scope)

    found = evaluate(tree, scene_of({"since": "2024-05-04"}))

    assert found not in (True, False)
