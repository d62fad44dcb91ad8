"""How the application connects to SQLite, and to PostgreSQL."""

import logging
import sqlite3
from collections.abc import Mapping
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, event, make_url
from sqlalchemy.engine import Dialect, ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from app.core.errors import UnavailableError

logger = logging.getLogger(__name__)

SECONDS = 5.0  # to connect, and to wait for somebody else's transaction on SQLite
RETRY_SECONDS = 0.01
DETAIL = "\nDETAIL:"

# On SQLite, a transaction that reads before it writes loses against one that has
# written meanwhile. So whoever may write says so at once, and waits for its turn.
BEGIN_WRITING = {"sqlite_begin": "BEGIN IMMEDIATE"}

# Whoever only reads begins no transaction, and ends none: each statement sees what is
# committed when it begins.
NO_TRANSACTION = {"isolation_level": "AUTOCOMMIT"}
NO_SQLITE_TRANSACTION: dict[str, None] = {"sqlite_begin": None}

# None is opened for a busy moment and closed after it, which takes longer than waiting.
CONNECTIONS = {"pool_size": 20, "max_overflow": 0}

# One at a time writes to SQLite. Whoever waits for its lock tries again now and then,
# and among many some never get it; those who wait for a connection stand in line.
ONE_CONNECTION = {"pool_size": 1, "max_overflow": 0}


def create_engine(
    url: str,
    *,
    foreign_keys: bool = True,
    seconds: float = SECONDS,
    pool: Mapping[str, int] = CONNECTIONS,
) -> AsyncEngine:
    """Return an engine that shows no row's values in an error message."""
    engine = create_async_engine(
        url,
        hide_parameters=True,
        connect_args={"timeout": seconds},
        **pool,
    )
    event.listen(engine.sync_engine, "do_connect", _connect)
    event.listen(engine.sync_engine, "handle_error", _forget_values)
    if is_sqlite(url):
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        if foreign_keys:
            event.listen(engine.sync_engine, "connect", _check_foreign_keys)
    return engine


def is_sqlite(url: str) -> bool:
    """Say whether the address is that of a file."""
    return make_url(url).get_backend_name() == "sqlite"


def _connect(
    dialect: Dialect,
    _: ConnectionPoolEntry,
    arguments: list[Any],
    options: dict[str, Any],
) -> DBAPIConnection:
    """Connect, or say no more than that it did not work."""
    try:
        return dialect.connect(*arguments, **options)
    except Exception as error:  # noqa: BLE001 - each driver has its own
        # The message may hold the password.
        fields = {"reason": type(error).__name__}
        logger.error("database.unreachable", extra=fields)  # noqa: TRY400
        raise UnavailableError("The database cannot be reached.") from None


def _forget_values(context: ExceptionContext) -> None:
    """Forget what PostgreSQL adds to its message: the values of a row."""
    driver = context.original_exception.__cause__
    if getattr(driver, "detail", None):
        vars(driver)["detail"] = None
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None:
            error.args = tuple(str(arg).partition(DETAIL)[0] for arg in error.args)


def _prepare_sqlite(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's
    connection.isolation_level = None  # transactions begin as `_begin_sqlite` says
    connection.create_function("lower", 1, _lower)  # SQLite's own knows ASCII alone
    _enter_wal(connection)
    _execute(connection, "PRAGMA synchronous = NORMAL")


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _enter_wal(connection: DBAPIConnection) -> None:
    """Let readers and a writer work at once; SQLite does not wait for this by itself.

    It is refused while another process does the same to a new file, and done for good
    once one of them has.
    """
    deadline = monotonic() + SECONDS
    while True:
        try:
            _execute(connection, "PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if monotonic() > deadline:
                raise
            sleep(RETRY_SECONDS)
        else:
            return


def _check_foreign_keys(connection: DBAPIConnection, _: object) -> None:
    _execute(connection, "PRAGMA foreign_keys = ON")


def _execute(connection: DBAPIConnection, statement: str) -> None:
    cursor = connection.cursor()
    cursor.execute(statement)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if statement := options.get("sqlite_begin", "BEGIN"):
        connection.exec_driver_sql(statement)
