"""The database: a pool of connections, and one transaction per request."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.core.engine import (
    BEGIN_WRITING,
    NO_SQLITE_TRANSACTION,
    NO_TRANSACTION,
    ONE_CONNECTION,
    create_engine,
    is_sqlite,
)
from app.core.errors import DomainError
from app.core.events import log_events

READING = ("GET", "HEAD", "OPTIONS")


class Database:
    """One database, and the sessions that work with it."""

    def __init__(self, url: str) -> None:
        """Take its address; nothing is connected before somebody needs it."""
        self.engine = create_engine(url)
        self._writer = self.engine
        reading: Mapping[str, str | None] = NO_TRANSACTION
        if is_sqlite(url):
            self._writer = create_engine(url, pool=ONE_CONNECTION)
            reading = NO_SQLITE_TRANSACTION
        writing = self._writer.execution_options(**BEGIN_WRITING)
        self._reading = async_sessionmaker(
            self.engine.execution_options(**reading), expire_on_commit=False
        )
        self._writing = async_sessionmaker(writing, expire_on_commit=False)

    @asynccontextmanager
    async def session(self, *, writes: bool = True) -> AsyncGenerator[AsyncSession]:
        """Commit what the block does, or undo it if that raises.

        Whoever does not say that it writes locks nothing, and undoes nothing.
        """
        async with self._writing() if writes else self._reading() as session:
            try:
                yield session
            except DomainError as error:
                if error.keeps:
                    await _commit(session)
                raise
            if writes:
                await _commit(session)
            else:
                await session.flush()
                log_events(session)

    async def check(self) -> None:
        """Raise an error if the database does not answer."""
        async with self.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Close the connections."""
        await self.engine.dispose()
        await self._writer.dispose()


async def _commit(session: AsyncSession) -> None:
    await session.commit()
    log_events(session)


async def release(session: AsyncSession) -> None:
    """End a transaction that has only read: slow work needs no connection."""
    await session.rollback()


def database_of(app: FastAPI) -> Database:
    """Return the database that `install` gave the application."""
    database: Database = app.state.database
    return database


async def get_session(request: Request) -> AsyncGenerator[AsyncSession]:
    """Give a request its transaction."""
    writes = request.method not in READING
    async with database_of(request.app).session(writes=writes) as session:
        yield session


# scope="function" commits before the answer leaves: a commit that fails is an error,
# and not a 201 for a row that was never stored.
DatabaseSession = Annotated[AsyncSession, Depends(get_session, scope="function")]
