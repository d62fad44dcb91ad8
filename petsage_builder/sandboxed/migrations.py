"""Take a database with rows through a feature's migrations: there, back, and there.

The arguments are the id of the feature's first migration and the address of a database
on SQLite; PostgreSQL is started here. The answer is `{"databases": {kind: {"faults":
[text], "lost": [text]}}, "rows": count, "tables": count, "empty": [table]}`: what is
lost are rows, columns and tables that were there before, `rows` are those that had to
stay, and `empty` are tables in which none could be stored.
"""

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, TypeVar

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError

from petsage_builder.sandboxed.filling import fill

Found = TypeVar("Found")
Rows = dict[str, list[dict[str, Any]]]

OWN_TABLES = {"alembic_version"}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a database looks like: its tables as text, and all that they hold."""

    tables: dict[str, str]
    columns: dict[str, list[str]]
    rows: Rows

    @property
    def count(self) -> int:
        """Return how many rows there are."""
        return sum(map(len, self.rows.values()))


@dataclass(frozen=True, slots=True)
class Trial:
    """What went wrong with one database, and what had been there before."""

    before: Snapshot
    faults: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def main() -> None:
    """Try both databases, and print what was wrong."""
    revision, sqlite = sys.argv[1:]
    import_module("app.main")
    first = _try(sqlite.replace("sqlite:", "sqlite+aiosqlite:", 1), revision)
    databases = import_module("tests.databases")
    with databases.postgresql_server(None) as address:
        trials = {"SQLite": first, "PostgreSQL": _try(address, revision)}
    rows = first.before.rows
    answer = {
        "databases": {
            kind: {"faults": trial.faults, "lost": trial.lost}
            for kind, trial in trials.items()
        },
        "rows": first.before.count,
        "tables": sum(map(bool, rows.values())),
        "empty": sorted(name for name, found in rows.items() if not found),
    }
    print(json.dumps(answer))


def _try(url: str, revision: str) -> Trial:
    """Migrate one database up, back, and up again."""
    config = Config(toml_file="pyproject.toml", attributes={"database_url": url})
    for head in _other_heads(ScriptDirectory.from_config(config), revision):
        command.upgrade(config, head)
    asyncio.run(_with(url, _fill))
    trial = Trial(asyncio.run(_with(url, _look)))
    try:
        command.upgrade(config, "heads")
        after = asyncio.run(_with(url, _look))
        trial.lost.extend(_losses(trial.before, after, "upgrade"))
        command.check(config)
        command.downgrade(config, f"{revision}@base")
        after = asyncio.run(_with(url, _look))
        trial.faults.extend(_differences(trial.before, after))
        trial.lost.extend(_losses(trial.before, after, "downgrade"))
        command.upgrade(config, "heads")
        command.check(config)
    except (CommandError, sa.exc.SQLAlchemyError, RuntimeError) as error:
        trial.faults.append(f"{type(error).__name__}: {error}")
    return trial


def _losses(before: Snapshot, after: Snapshot, step: str) -> Iterator[str]:
    """Give what was there before, and is gone or another after a step."""
    for name, columns in before.columns.items():
        if name not in after.tables:
            yield f"the {step} removes the table {name}"
            continue
        kept = [column for column in columns if column in after.columns[name]]
        for column in sorted(set(columns) - set(kept)):
            yield f"the {step} removes the column {name}.{column}"
        old, new = (
            [{column: row[column] for column in kept} for row in found.rows[name]]
            for found in (before, after)
        )
        if lost := [row for row in old if row not in new]:
            told = "rows" if len(lost) > 1 else "row"
            yield (
                f"after the {step}, {len(lost)} {told} of {name} "
                "are gone, or not as they were"
            )


def _differences(before: Snapshot, after: Snapshot) -> Iterator[str]:
    """Give what the downgrade leaves otherwise than it was."""
    for name in sorted(after.tables):
        if name not in before.tables:
            yield f"the downgrade leaves the table {name}"
        elif before.tables[name] != after.tables[name]:
            yield f"the downgrade leaves {name} as {after.tables[name]}"


def _other_heads(scripts: ScriptDirectory, revision: str) -> list[str]:
    """Return the newest migrations that have nothing to do with the feature's."""
    return [
        head
        for head in scripts.get_heads()
        if revision not in set(_needed(scripts, scripts.get_revision(head)))
    ]


def _needed(scripts: ScriptDirectory, script: Script) -> Iterator[str]:
    """Give a migration and all that come before it."""
    yield script.revision
    for names in (script.down_revision, script.dependencies):
        for name in (names,) if isinstance(names, str) else names or ():
            yield from _needed(scripts, scripts.get_revision(name))


def _fill(connection: sa.Connection) -> None:
    fill(connection, import_module("app.core.tables").Base.metadata)


def _look(connection: sa.Connection) -> Snapshot:
    found = sa.inspect(connection)
    names = sorted(set(found.get_table_names()) - OWN_TABLES)
    return Snapshot(
        tables={name: _shape(connection, name) for name in names},
        columns={
            name: [column["name"] for column in found.get_columns(name)]
            for name in names
        },
        rows={name: _rows(connection, name) for name in names},
    )


def _rows(connection: sa.Connection, table: str) -> list[dict[str, Any]]:
    """Return what a table holds, as the database itself gives it."""
    name = connection.dialect.identifier_preparer.quote(table)
    found = connection.execute(sa.text(f"SELECT * FROM {name}"))  # noqa: S608 - quoted
    return [dict(row) for row in found.mappings()]


def _shape(connection: sa.Connection, table: str) -> str:
    """Return all that the database says of a table, in an order of its own."""
    found = sa.inspect(connection)
    columns = [{**c, "type": str(c["type"])} for c in found.get_columns(table)]
    parts = (
        columns,
        found.get_pk_constraint(table),
        found.get_foreign_keys(table),
        found.get_unique_constraints(table),
        found.get_indexes(table),
        found.get_check_constraints(table),
    )
    return str([sorted(map(str, p)) if isinstance(p, list) else p for p in parts])


async def _with(url: str, work: Callable[[sa.Connection], Found]) -> Found:
    engine = import_module("app.core.engine").create_engine(url)
    try:
        async with engine.begin() as connection:
            found: Found = await connection.run_sync(work)
            return found
    finally:
        await engine.dispose()


main()
