"""A plugin of pytest: let the report say for which fact each test of a feature ran.

A fact is a row of a table of the test's class: `REFUSED 3`. The table is the one that
`tests.features` names for the test, the row that which holds its very arguments.

Of a test that is named after an operation, `[GET /pets/]`, it also says which feature
answers that: the name of its package, nothing if it is none's, `?` if nobody does. A
test that looks at all features has `?` too: what it shows is of no feature alone.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

FACT, FEATURE = "fact", "feature"
OPERATION = re.compile(r"\[([A-Z]+) (/[^]]*)\]")
PACKAGE = re.compile(r"app\.features\.(\w+)")
UNKNOWN = "?"


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Note the fact of each test that runs for one."""
    tables = getattr(sys.modules.get("tests.features"), "OVER", {})
    tries = any(OPERATION.search(item.name) for item in items)
    owners = _owners(sys.modules.get("app.main")) if tries else {}
    for item in items:
        if item.get_closest_marker("whole"):
            item.user_properties.append((FEATURE, UNKNOWN))
        elif found := OPERATION.search(item.name):
            owner = owners.get(found.groups(), UNKNOWN)
            item.user_properties.append((FEATURE, owner))
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


def _owners(main: Any) -> dict[tuple[str | Any, ...], str]:  # noqa: ANN401 - a module
    """Return the feature of each operation of an application."""
    if main is None:
        return {}
    owners: dict[tuple[str | Any, ...], str] = {}
    for route in iter_route_contexts(main.app.routes):
        package = PACKAGE.match(getattr(route.endpoint, "__module__", ""))
        for method in route.methods or ():
            owners[method, route.path_format] = package[1] if package else ""
    return owners
