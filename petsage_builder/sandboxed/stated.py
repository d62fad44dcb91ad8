"""A plugin of pytest: let the report say for which fact each test of a feature ran.

A fact is a row of a table of the test's class: `REFUSED 3`. The table is the one that
`tests.features` names for the test, the row that which holds its very arguments.
"""

import sys
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

FACT = "fact"


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Note the fact of each test that runs for one."""
    tables = getattr(sys.modules.get("tests.features"), "OVER", {})
    for item in items:
        if isinstance(item, pytest.Function) and item.originalname in tables:
            table, names = tables[item.originalname]
            for number in _rows(item, table, names):
                item.user_properties.append((FACT, f"{table} {number}"))


def _rows(item: pytest.Function, table: str, names: Sequence[str]) -> Iterator[int]:
    """Give the number of each row that holds the arguments of a test."""
    rows: Sequence[Sequence[Any]] = getattr(item.cls, table, ())
    arguments = [item.callspec.params[name] for name in names]
    for number, row in enumerate(rows):
        if all(one is other for one, other in zip(row, arguments, strict=True)):
            yield number
