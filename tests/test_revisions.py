"""Tests of whether a database is said to be current only if it is."""

import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from app.core.migrations import PROJECT, migrate
from app.core.revisions import covers, is_current, read_parents
from tests.test_migrations import configure

VERSIONS = PROJECT / "migrations" / "versions"
CHAIN = {"a": set[str](), "b": {"a"}, "c": {"b"}, "d": {"a"}}
TEXT = 'revision = "b"\ndown_revision = "a"\ndepends_on = (\n    "c",\n    "d",\n)\n'


def test_a_database_is_current_once_it_is_migrated(database_url: str) -> None:
    assert not is_current(database_url, VERSIONS)

    migrate(database_url)

    assert is_current(database_url, VERSIONS)


def test_a_migration_more_is_noticed(database_url: str, tmp_path: Path) -> None:
    migrate(database_url)
    for file in VERSIONS.glob("*.py"):
        (tmp_path / file.name).write_text(file.read_text())
    assert is_current(database_url, tmp_path)

    more = TEXT.replace('"a"', "None").replace('"c",\n    "d"', '"accounts_1"')
    (tmp_path / "b.py").write_text(more)

    assert not is_current(database_url, tmp_path)


def test_a_current_database_needs_no_alembic(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(database_url)
    monkeypatch.setitem(sys.modules, "alembic", None)

    migrate(database_url)


def test_the_texts_say_what_alembic_says() -> None:
    scripts = ScriptDirectory.from_config(configure(""))

    assert read_parents(VERSIONS.glob("*.py")) == {
        script.revision: {*script._all_down_revisions}  # noqa: SLF001 - it has no other
        for script in scripts.walk_revisions()
    }


@pytest.mark.parametrize(
    ("versions", "is_all"),
    [
        ({"c", "d"}, True),
        ({"a", "b", "c", "d"}, True),
        ({"c"}, False),
        ({"b", "d"}, False),
        (set[str](), False),
        ({"c", "d", "unknown"}, False),
    ],
)
def test_every_migration_has_to_be_done(versions: set[str], *, is_all: bool) -> None:
    assert covers(versions, CHAIN) is is_all


def test_a_text_is_read(tmp_path: Path) -> None:
    file = tmp_path / "b.py"
    file.write_text(TEXT)

    assert read_parents([file]) == {"b": {"a", "c", "d"}}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('revision = "b"\n', ""),
        ('depends_on = (\n    "c"', "depends_on = (\n    NAME"),
        ('= "a"', "= NAME"),
        ('revision = "b"', "revision = None"),
    ],
)
def test_an_unusual_text_is_left_to_alembic(tmp_path: Path, old: str, new: str) -> None:
    file = tmp_path / "b.py"
    file.write_text(TEXT.replace(old, new, 1))

    assert read_parents([file]) == {}
