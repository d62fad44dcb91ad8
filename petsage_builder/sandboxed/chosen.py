"""A pytest plugin that leaves out tests which are known to pass.

The variable `PETSAGE_KNOWN` names a file with a JSON object: `passed` are tests, each
as `classname::name` of a JUnit report, and `ignored` are modules, which are looked at
only if the command names them. Tests marked `whole` are run all the same. The variable
`PETSAGE_OUT` names the file to which those that were left out are written.

Left out too is what the contract check does: the tests of `test_contract` that try, on
SQLite, the operations of the feature that `PETSAGE_CHECKED` names.
"""

import json
import os
from functools import cache
from pathlib import Path

import pytest
from _pytest.junitxml import mangle_test_address

from petsage_builder.sandboxed.stated import FEATURE

KNOWN, OUT, CHECKED = "PETSAGE_KNOWN", "PETSAGE_OUT", "PETSAGE_CHECKED"
CONTRACT, DATABASE = "test_contract.py", "[sqlite]"


@cache
def known(what: str) -> frozenset[str]:
    """Return the names that the file has for something."""
    found = json.loads(Path(os.environ[KNOWN]).read_text("utf-8"))
    return frozenset(found[what])


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Look at no module of which all tests have passed, or run elsewhere."""
    path = str(collection_path.relative_to(config.rootpath))
    return True if path in known("ignored").difference(config.args) else None


@pytest.hookimpl(trylast=True)  # `stated` has said whose operation a test tries
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Leave out what has passed."""
    passed = known("passed")
    out = [i for i in items if key(i) in passed and not i.get_closest_marker("whole")]
    checked = [i for i in items if is_checked(i, os.environ.get(CHECKED))]
    gone = {*map(id, (*out, *checked))}
    config.hook.pytest_deselected(items=[i for i in items if id(i) in gone])
    items[:] = [item for item in items if id(item) not in gone]
    Path(os.environ[OUT]).write_text(json.dumps([*map(key, out)]), "utf-8")


def is_checked(item: pytest.Item, feature: str | None) -> bool:
    """Say whether a test tries on SQLite what the contract check tries there."""
    return (
        bool(feature)
        and item.path.name == CONTRACT
        and item.name.endswith(DATABASE)
        and (FEATURE, feature) in item.user_properties
    )


def key(item: pytest.Item) -> str:
    """Return the name of a test as a JUnit report has it."""
    *names, name = mangle_test_address(item.nodeid)
    return f"{'.'.join(names)}::{name}"
