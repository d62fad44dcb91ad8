"""What the database refuses, or cannot do, as an answer."""

from collections.abc import Callable, Coroutine, Iterator
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from sqlalchemy import Constraint, Index, UniqueConstraint
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError

from app.core.problems import respond
from app.core.tables import Base

CONFLICT = "This conflicts with what is stored."
IN_USE = "This is still in use."
OVERTAKEN = "This was changed by another request. Try again."
UNAVAILABLE = "The database is not available. Try again."

NOT_NULL = "23502"
OVERTAKING = {"40001", "40P01", "55P03"}  # serialization, deadlock, lock
UNAVAILABILITY = ("08", "53", "57P")  # connection, resources, shutdown
SQLITE_UNAVAILABILITY = {5, 6, 10, 13, 14}  # busy, locked, I/O, full, cannot open


async def _answer_integrity_error(_: Request, error: IntegrityError) -> Response:
    if _sqlstate(error) == NOT_NULL or "NOT NULL" in str(error.orig):
        raise error  # nothing that a caller sends should get there
    return respond(HTTPStatus.CONFLICT, describe_conflict(error))


def describe_conflict(error: IntegrityError) -> str:
    """Return what the broken constraint says of itself, as `info["conflict"]`."""
    if (error.statement or "").startswith("DELETE"):
        return IN_USE  # nothing but a foreign key stands in its way
    name = getattr(_cause(error), "constraint_name", None)
    message = str(error.orig)
    for constraint in _constraints():
        if constraint.name == name if name else _is_named(message, constraint):
            return str(constraint.info.get("conflict", CONFLICT))
    return CONFLICT


def _constraints() -> Iterator[Constraint | Index]:
    for table in Base.metadata.sorted_tables:
        yield from table.constraints
        yield from table.indexes


def _is_named(message: str, constraint: Constraint | Index) -> bool:
    """Recognise a constraint in SQLite's words: its columns, or its name."""
    if isinstance(constraint, UniqueConstraint | Index):
        columns = ", ".join(
            f"{constraint.table}.{column.name}" for column in constraint.columns
        )
        return message.endswith((f": {columns}", f"index '{constraint.name}'"))
    return message.endswith(f": {constraint.name}")


async def _answer_stale_data(_: Request, __: StaleDataError) -> Response:
    return respond(HTTPStatus.CONFLICT, OVERTAKEN)


async def _answer_database_error(_: Request, error: DBAPIError) -> Response:
    if _sqlstate(error) in OVERTAKING:
        return respond(HTTPStatus.CONFLICT, OVERTAKEN)
    if error.connection_invalidated or _is_unavailability(error):
        return respond(HTTPStatus.SERVICE_UNAVAILABLE, UNAVAILABLE)
    raise error


async def _answer_pool_timeout(_: Request, __: PoolTimeoutError) -> Response:
    return respond(HTTPStatus.SERVICE_UNAVAILABLE, UNAVAILABLE)


def _is_unavailability(error: DBAPIError) -> bool:
    code = getattr(_cause(error), "sqlite_errorcode", 0) & 0xFF
    return code in SQLITE_UNAVAILABILITY or _sqlstate(error).startswith(UNAVAILABILITY)


def _sqlstate(error: DBAPIError) -> str:
    return str(getattr(_cause(error), "sqlstate", None) or "")


def _cause(error: DBAPIError) -> BaseException | None:
    """Return the error of the driver, below that of SQLAlchemy's adapter."""
    return (error.orig and error.orig.__cause__) or error.orig


DATABASE_PROBLEM_HANDLERS: dict[
    type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]
] = {
    DBAPIError: _answer_database_error,
    IntegrityError: _answer_integrity_error,
    PoolTimeoutError: _answer_pool_timeout,
    StaleDataError: _answer_stale_data,
}
