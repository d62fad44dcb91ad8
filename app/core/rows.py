"""Rows that a caller may see, and those that they may change."""

import re
from collections.abc import Collection, Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.base import ExecutableOption

from app.core.errors import ForbiddenError, NotFoundError
from app.core.tables import Base, Record

Row = TypeVar("Row", bound=Record)

ALL: ColumnElement[bool] = true()
WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


async def find(  # noqa: PLR0913 - all but three are named
    session: AsyncSession,
    table: type[Row],
    row_id: UUID,
    *,
    visible: ColumnElement[bool],
    permitted: ColumnElement[bool] = ALL,
    options: Sequence[ExecutableOption] = (),
    lock: bool = False,
) -> Row:
    """Return a row that is visible, or raise `NotFoundError`.

    Raise `ForbiddenError` if it is not `permitted`. With `lock`, the row is read anew
    and nobody changes it before this transaction ends.
    """
    asked = select(table, permitted).where(table.id == row_id, visible)
    asked = asked.options(*options)
    if lock:
        asked = asked.with_for_update(read=True, of=table)
        asked = asked.execution_options(populate_existing=True)
    found = (await session.execute(asked)).one_or_none()
    if found is None:
        raise NotFoundError(_name(table), row_id)
    row, is_permitted = found
    if not is_permitted:
        raise ForbiddenError
    return row


async def find_all(
    session: AsyncSession,
    table: type[Row],
    ids: Collection[UUID],
    *,
    visible: ColumnElement[bool],
    options: Sequence[ExecutableOption] = (),
) -> list[Row]:
    """Return the rows with these ids; raise `NotFoundError` if one is not there."""
    asked = select(table).where(table.id.in_(ids), visible).options(*options)
    found = {row.id: row for row in await session.scalars(asked)}
    for row_id in ids:
        if row_id not in found:
            raise NotFoundError(_name(table), row_id)
    return [found[row_id] for row_id in sorted(found)]


def _name(table: type[Record]) -> str:
    """Return the words of a class's name."""
    return WORDS.sub(" ", table.__name__).capitalize()


async def count(
    session: AsyncSession, table: type[Base], *where: ColumnElement[bool]
) -> int:
    """Return how many rows of a table fulfil every condition."""
    counted = select(func.count()).select_from(table).where(*where)
    return (await session.scalars(counted)).one()
