"""Lists in pages: a page ends with a cursor, and the next one starts after that."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from pydantic import Field
from sqlalchemy import ColumnElement, Select, and_, func, select, true, tuple_
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


class CountedPage(Page[Item], Generic[Item]):
    """One page of a list, and how long the whole list is."""

    total: int


@dataclass(frozen=True, slots=True)
class Slice(Generic[Item]):
    """The rows of one page."""

    items: Sequence[Item]
    next: str | None


@dataclass(frozen=True, slots=True)
class CountedSlice(Slice[Item]):
    """The rows of one page, and how many all pages have."""

    total: int


async def paginate(
    session: AsyncSession, rows: Select[Row], table: type[Row], page: SortedPageQuery
) -> Slice[Row]:
    """Return the page of `rows` that `page` asks for; rows without value come last."""
    order = _Order(table, page.sort)
    position = None
    if page.cursor is not None:
        position = read_cursor(page.cursor, order.name)
        if position is None:
            detail = "must be the `next` of a page of this list"
            raise InvalidError("/query/cursor", detail)
    found: list[Row] = []
    for part in order.parts(position):
        if missing := page.limit + 1 - len(found):
            asked = rows.where(part).order_by(*order.columns).limit(missing)
            found += await session.scalars(asked)
    items = found[: page.limit]
    more = len(found) > page.limit
    return Slice(items, order.position(items[-1]).write() if more else None)


async def paginate_counted(
    session: AsyncSession, rows: Select[Row], table: type[Row], page: SortedPageQuery
) -> CountedSlice[Row]:
    """Return the page of `rows` that `page` asks for, and how many `rows` there are."""
    found = await paginate(session, rows, table, page)
    counted = select(func.count()).select_from(rows.order_by(None).subquery())
    total = (await session.scalars(counted)).one()
    return CountedSlice(found.items, found.next, total)


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
        """Return what to order by: in a part, all rows have a value, or none has."""
        return [self._direct(column) for column in (self._column, self._id)]

    def _direct(self, column: QueryableAttribute[Any]) -> ColumnElement[Any]:
        return column.desc() if self._descends else column.asc()

    def position(self, row: Record) -> Position:
        """Return where `row` stands."""
        return Position(self.name, getattr(row, self._key), row.id)

    def parts(self, position: Position | None) -> Iterator[ColumnElement[bool]]:
        """Give what is true of the rows after `position`, those without value apart.

        Each part stands in an index in its order, whichever that is. Both in one
        statement would not: PostgreSQL has the rows without value first, or sorts.
        """
        if not self._nullable:
            yield true() if position is None else self._after(position)
            return
        if position is None:
            yield self._column.is_not(None)
        elif position.value is not None:
            yield self._after(position)
        absent = self._column.is_(None)
        if position is None or position.value is not None:
            yield absent
        else:
            yield and_(absent, self._beyond((self._id,), (position.id,)))

    def _after(self, position: Position) -> ColumnElement[bool]:
        return self._beyond((self._column, self._id), (position.value, position.id))

    def _beyond(
        self, columns: tuple[QueryableAttribute[Any], ...], values: tuple[object, ...]
    ) -> ColumnElement[bool]:
        """Compare as one, which lets an index of these columns find the rows."""
        here, there = tuple_(*columns), tuple_(*values)
        return here < there if self._descends else here > there
