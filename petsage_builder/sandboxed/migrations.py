"""Take a database with rows through a feature's migrations: there, back, and there.

The arguments are the id of the feature's first migration and the address of a database
on SQLite; PostgreSQL is started here. The answer is `{"databases": {kind: [fault]},
"rows": count}`, in which the rows are those that had to stay.
"""

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError

from petsage_builder.sandboxed.postgresql import postgresql

Found = TypeVar("Found")
Rows = dict[str, list[tuple[Any, ...]]]

OWN_TABLES = {"alembic_version"}
LONG_AGO = datetime(2024, 5, 4, 9, 30, tzinfo=UTC)
PEOPLE = 3


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a database looks like: its tables as text, and all that they hold."""

    tables: dict[str, str]
    rows: Rows

    @property
    def count(self) -> int:
        """Return how many rows there are."""
        return sum(map(len, self.rows.values()))


def main() -> None:
    """Try both databases, and print what was wrong."""
    revision, sqlite = sys.argv[1:]
    import_module("app.main")
    faults, count = _try(sqlite.replace("sqlite:", "sqlite+aiosqlite:", 1), revision)
    with postgresql() as address:
        more, _ = _try(address, revision)
    databases = {"SQLite": faults, "PostgreSQL": more}
    print(json.dumps({"databases": databases, "rows": count}))


def _try(url: str, revision: str) -> tuple[list[str], int]:
    config = Config(toml_file="pyproject.toml", attributes={"database_url": url})
    for head in _other_heads(ScriptDirectory.from_config(config), revision):
        command.upgrade(config, head)
    asyncio.run(_with(url, _store_people))
    before = asyncio.run(_with(url, _look))
    return list(_faults(config, url, revision, before)), before.count


def _faults(config: Config, url: str, revision: str, before: Snapshot) -> Iterator[str]:
    """Give what goes wrong on the way up, back, and up again."""
    try:
        command.upgrade(config, "heads")
        command.check(config)
        command.downgrade(config, f"{revision}@base")
        after = asyncio.run(_with(url, _look))
        yield from _differences(before, after)
        command.upgrade(config, "heads")
        command.check(config)
    except (CommandError, sa.exc.SQLAlchemyError, RuntimeError) as error:
        yield f"{type(error).__name__}: {error}"


def _differences(before: Snapshot, after: Snapshot) -> Iterator[str]:
    for name in sorted(before.tables.keys() | after.tables.keys()):
        if name not in before.tables:
            yield f"the downgrade leaves the table {name}"
        elif name not in after.tables:
            yield f"the downgrade removes the table {name}"
        elif before.tables[name] != after.tables[name]:
            yield f"the downgrade leaves {name} as {after.tables[name]}"
        elif lost := [r for r in before.rows[name] if r not in after.rows[name]]:
            yield f"{len(lost)} rows of {name} are gone, or not as they were"


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


def _store_people(connection: sa.Connection) -> None:
    """Store accounts that have roles: rows which must outlive every migration."""
    stamps = {"created_at": LONG_AGO, "updated_at": LONG_AGO, "version": 1}
    people = [
        {"id": UUID(int=n), "email": f"person{n}@example.com", "password_hash": ""}
        for n in range(1, PEOPLE + 1)
    ]
    base = import_module("app.core.tables").Base.metadata.tables
    accounts, grants = base["accounts"], base["grants"]
    roles = connection.scalars(sa.select(base["roles"].c.name)).all()
    connection.execute(sa.insert(accounts), [{**one, **stamps} for one in people])
    held = [{"account_id": one["id"], "role": name} for one in people for name in roles]
    connection.execute(sa.insert(grants), held)


def _look(connection: sa.Connection) -> Snapshot:
    metadata = sa.MetaData()
    metadata.reflect(connection)
    tables = [t for t in metadata.sorted_tables if t.name not in OWN_TABLES]
    return Snapshot(
        {table.name: _shape(connection, table.name) for table in tables},
        {
            table.name: [tuple(row) for row in connection.execute(sa.select(table))]
            for table in tables
        },
    )


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
