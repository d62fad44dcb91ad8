"""Run the migrations, all of them or none."""

import asyncio

import sqlalchemy as sa
from alembic import context

import app.main  # noqa: F401 - for Alembic it imports the tables of every feature
from app.core.config import settings
from app.core.engine import BEGIN_WRITING, create_engine
from app.core.tables import Base

LOCK = 7030
SECONDS = 60.0


def run(connection: sa.Connection) -> None:
    """Migrate, once nobody else does."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    make_version_table(connection)
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transactional_ddl=True,
    )
    context.run_migrations()
    if connection.dialect.name == "sqlite":
        require_foreign_keys(connection)


def make_version_table(connection: sa.Connection) -> None:
    """Make room for ids that are names; Alembic would take 32 letters."""
    version = sa.Column("version_num", sa.String(100), primary_key=True)
    table = sa.Table("alembic_version", sa.MetaData(), version)
    table.create(connection, checkfirst=True)


def require_foreign_keys(connection: sa.Connection) -> None:
    """Refuse a migration that has left rows which refer to nothing."""
    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
        raise RuntimeError(f"rows that refer to nothing, in {broken[0][0]} at least")


async def main() -> None:
    """Connect, and migrate in one transaction."""
    url = context.config.attributes.get("database_url", settings.database_url)
    # SQLite changes a table by replacing it. With foreign keys on, that would delete
    # the rows which refer to it.
    engine = create_engine(url, foreign_keys=False, seconds=SECONDS)
    try:
        async with engine.execution_options(**BEGIN_WRITING).begin() as connection:
            await connection.run_sync(run)
    finally:
        await engine.dispose()


asyncio.run(main())
