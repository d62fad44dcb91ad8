"""A pytest plugin that leaves out tests which are known to pass.

The variable `PETSAGE_PASSED` names a file with a JSON list of tests, each as
`classname::name` of a JUnit report. Those marked `whole` are run all the same. The
variable `PETSAGE_OUT` names the file to which those that were left out are written.
"""

import json
import os
from pathlib import Path

import pytest
from _pytest.junitxml import mangle_test_address

PASSED, OUT = "PETSAGE_PASSED", "PETSAGE_OUT"


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Leave out what has passed."""
    passed = {*json.loads(Path(os.environ[PASSED]).read_text("utf-8"))}
    out = [i for i in items if key(i) in passed and not i.get_closest_marker("whole")]
    gone = {*map(id, out)}
    items[:] = [item for item in items if id(item) not in gone]
    config.hook.pytest_deselected(items=out)
    Path(os.environ[OUT]).write_text(json.dumps([*map(key, out)]), "utf-8")


def key(item: pytest.Item) -> str:
    """Return the name of a test as a JUnit report has it."""
    *names, name = mangle_test_address(item.nodeid)
    return f"{'.'.join(names)}::{name}"
