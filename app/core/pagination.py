"""Lists in pages: a page ends with a cursor, and the next one starts after that."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from pydantic import Field
from sqlalchemy import ColumnElement, Select, and_, or_, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import QueryableAttribute

from app.core.cursors import Position, read_cursor
from app.core.errors import InvalidError
from app.core.models import Input, Output
from app.core.tables import Record

Item = TypeVar("Item")
Row = TypeVar("Row", bound=Record)


class PageQuery(Input):
    """Which part of a list. Each list adds a `sort` with its own keys."""

    limit: int = Field(default=20, ge=1, le=100)
    cursor: str | None = Field(
        default=None, max_length=2000, description="The `next` of the page before."
    )


class SortedPageQuery(Protocol):
    """A `PageQuery` whose `sort` names a column; a minus before it turns the order."""

    @property
    def limit(self) -> int:
        """Return how many rows a page has at most."""

    @property
    def cursor(self) -> str | None:
        """Return where the page before has ended."""

    @property
    def sort(self) -> str:
        """Return what to sort by."""


class Page(Output, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next: str | None = Field(description="The cursor of the next page, if any.")


@dataclass(frozen=True, slots=True)
class Slice(Generic[Item]):
    """The rows of one page."""

    items: Sequence[Item]
    next: str | None


async def paginate(
    session: AsyncSession, rows: Select[Row], table: type[Row], page: SortedPageQuery
) -> Slice[Row]:
    """Return the page of `rows` that `page` asks for; rows without value come last."""
    order = _Order(table, page.sort)
    if page.cursor is not None:
        position = read_cursor(page.cursor, order.name)
        if position is None:
            detail = "must be the `next` of a page of this list"
            raise InvalidError("/query/cursor", detail)
        rows = rows.where(order.after(position))
    rows = rows.order_by(*order.columns).limit(page.limit + 1)
    found = (await session.scalars(rows)).all()
    items = found[: page.limit]
    more = len(found) > page.limit
    return Slice(items, order.position(items[-1]).write() if more else None)


class _Order:
    """The order of a list: by one column of its table, then by id."""

    def __init__(self, table: type[Record], sort: str) -> None:
        self._key = sort.removeprefix("-")
        self._column: QueryableAttribute[Any] = getattr(table, self._key)
        self._id = table.id
        self._descends = sort.startswith("-")
        self._nullable = bool(self._column.property.columns[0].nullable)
        self.name = f"{table.__tablename__} {sort}"

    @property
    def columns(self) -> list[ColumnElement[Any]]:
        """Return what to order by."""
        column, row_id = map(self._direct, (self._column, self._id))
        return [column.nulls_last() if self._nullable else column, row_id]

    def _direct(self, column: QueryableAttribute[Any]) -> ColumnElement[Any]:
        return column.desc() if self._descends else column.asc()

    def position(self, row: Record) -> Position:
        """Return where `row` stands."""
        return Position(self.name, getattr(row, self._key), row.id)

    def after(self, position: Position) -> ColumnElement[bool]:
        """Return what is true of each row that stands after `position`."""
        if position.value is None:
            return and_(
                self._column.is_(None), self._beyond((self._id,), (position.id,))
            )
        both = (self._column, self._id), (position.value, position.id)
        if not self._nullable:
            return self._beyond(*both)
        return or_(self._beyond(*both), self._column.is_(None))

    def _beyond(
        self, columns: tuple[QueryableAttribute[Any], ...], values: tuple[object, ...]
    ) -> ColumnElement[bool]:
        """Compare as one, which lets an index of these columns find the rows."""
        here, there = tuple_(*columns), tuple_(*values)
        return here < there if self._descends else here > there
