"""Tests that compiled rules pass the checks of a backend."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.builder.compiled_rules import RULES

PROJECT = Path(__file__).parents[2]

HEAD = '''"""Rules, compiled."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, Numeric, and_, cast, not_, or_

from app.core.clock import scale, shift
from app.core.tables import utc_now
from tests.builder.visits import Actor, Clinic, Pet, Place, Sitter, Status, Visit
'''
PYTHON = '''

def rule_{}(visit: Visit, actor: Actor) -> bool:
    """Say whether it holds."""
    return {}
'''
SQL = '''

def rule_{}(actor: Actor) -> ColumnElement[bool]:
    """Search for those that it holds for."""
    return {}
'''


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a module with every text of the table, as formatted."""
    texts = [
        text for rule, texts in RULES.items() if "follows" not in rule for text in texts
    ]
    functions = [
        (SQL if text[0] == "=" else PYTHON).format(number, text[2:])
        for number, text in enumerate(texts)
        if text[0] != "!"
    ]
    path = tmp_path_factory.mktemp("written") / "written.py"
    path.write_text(HEAD + "".join(functions), encoding="utf-8")
    run("ruff", "format", path)
    return path


def run(tool: str, *arguments: str | Path) -> None:
    """Run a tool on what was written, and show what it says if it fails."""
    command = [Path(sys.executable).with_name(tool), *arguments]
    ran = subprocess.run(
        command, cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_what_is_written_has_types(written: Path) -> None:
    run("mypy", "--strict", written)


def test_what_is_written_is_clean(written: Path) -> None:
    config = PROJECT / "pyproject.toml"
    # Neither is a matter of the text: the number of a rule, an argument that is unused.
    run("ruff", "check", "--config", config, "--ignore=PLR2004,ARG001,INP001", written)
