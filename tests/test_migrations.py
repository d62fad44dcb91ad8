"""Tests of the history of the tables."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from app.core.migrations import PROJECT, migrate


def configure(url: str, **settings: str) -> Config:
    pyproject = PROJECT / "pyproject.toml"
    config = Config(toml_file=pyproject, attributes={"database_url": url})
    for name, value in settings.items():
        config.set_main_option(name, value)
    return config


@pytest.mark.whole
def test_the_migrations_make_the_tables_that_the_application_uses(
    database_url: str,
) -> None:
    migrate(database_url)

    command.check(configure(database_url))


@pytest.mark.whole
def test_every_migration_can_be_undone_and_done_again(database_url: str) -> None:
    config = configure(database_url)

    migrate(database_url)
    command.downgrade(config, "base")
    migrate(database_url)

    command.check(config)


@pytest.mark.whole
def test_a_migration_has_the_name_of_its_file() -> None:
    scripts = ScriptDirectory.from_config(configure(""))

    for script in scripts.walk_revisions():
        assert Path(script.path).name == f"{script.revision}.py"


REVISION = """
import sqlalchemy as sa
from alembic import op

revision = {name!r}
down_revision = None
branch_labels = None
depends_on = {depends_on!r}


def upgrade() -> None:
    op.execute("CREATE TABLE {name} (id INTEGER)")
    {more}


def downgrade() -> None:
    op.execute("DROP TABLE {name}")
"""

Write = Callable[..., None]


@pytest.fixture
def config(database_url: str, tmp_path: Path) -> Config:
    """Configure Alembic for a history beside that of the application."""
    history = PROJECT / "migrations" / "versions"
    return configure(
        database_url,
        version_locations=f"{history}{';'}{tmp_path}",
        path_separator=";",
    )


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return how to write a migration into that history."""

    def write(name: str, depends_on: str | None = None, more: str = "pass") -> None:
        text = REVISION.format(name=name, depends_on=depends_on, more=more)
        (tmp_path / f"{name}.py").write_text(text)

    return write


LONG = "a_feature_whose_name_has_40_letters_abcd_1"


def test_features_have_histories_of_their_own(config: Config, write: Write) -> None:
    write("first_1", depends_on="accounts_1")
    write(LONG, depends_on="first_1")
    command.upgrade(config, "heads")

    command.downgrade(config, f"{LONG}@base")
    command.downgrade(config, "first_1@base")

    command.check(configure(config.attributes["database_url"]))


def test_a_migration_that_fails_changes_nothing(config: Config, write: Write) -> None:
    migrate(config.attributes["database_url"])
    write("half_1", more="raise TimeoutError")

    with pytest.raises(TimeoutError):
        command.upgrade(config, "heads")

    write("half_1")
    command.upgrade(config, "heads")


def test_some_processes_may_migrate_at_once(database_url: str) -> None:
    code = "import sys; from app.core.migrations import migrate; migrate(sys.argv[1])"

    running = [
        subprocess.Popen([sys.executable, "-c", code, database_url], cwd=PROJECT)  # noqa: S603
        for _ in range(3)
    ]

    assert [process.wait(60) for process in running] == [0, 0, 0]
