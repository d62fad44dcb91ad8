"""Tests of lists in pages, for a column of every kind."""

from base64 import urlsafe_b64encode
from collections.abc import Generator, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from anyio.from_thread import BlockingPortal
from sqlalchemy import Index, MetaData, delete, event, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core.cursors import Position
from app.core.database import Database
from app.core.errors import InvalidError
from app.core.pagination import PageQuery, Slice, paginate
from app.core.tables import ExactDecimal, Record, uuid7


class Size(StrEnum):
    """How much of it there is."""

    LARGE = "large"
    SMALL = "small"


class Treat(Record):
    """A row with something to sort by of every kind, each twice and once absent."""

    __tablename__ = "treats"
    __table_args__ = (Index("ix_treats_name_id", "name", "id"),)
    metadata = MetaData()

    name: Mapped[str]
    label: Mapped[str | None]
    pieces: Mapped[int | None]
    rating: Mapped[float | None]
    price: Mapped[Decimal | None] = mapped_column(ExactDecimal(9, 2))
    baked_on: Mapped[date | None]
    eaten_at: Mapped[datetime | None]
    served_at: Mapped[time | None]
    batch: Mapped[UUID | None]
    crunchy: Mapped[bool | None]
    size: Mapped[Size | None]


class TreatQuery(PageQuery):
    """Which treats to list."""

    sort: str


VALUES: dict[str, Sequence[object]] = {
    "label": ["", "it's", "né 🐈"],
    "pieces": [-(2**31), 0, 2**31 - 1],
    "rating": [-0.1, 0.1 + 0.2, 1e300],
    "price": [Decimal("-0.10"), Decimal("0.10"), Decimal("9999999.99")],
    "baked_on": [date(1, 1, 1), date(2026, 2, 28), date(9999, 12, 31)],
    "eaten_at": [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(2026, 2, 28, 21, 34, 5, 678901, UTC),
        datetime(2026, 2, 28, 21, 34, 5, 678902, UTC),
    ],
    "served_at": [time(0), time(12, 30, 0, 1), time(23, 59, 59, 999999)],
    "batch": sorted(uuid7() for _ in range(3)),
    "crunchy": [False, True],
    "size": [Size.LARGE, Size.SMALL],
}
KEYS = ["created_at", "name", *VALUES]


def make_rows() -> list[dict[str, object]]:
    names = "bone", "fish", "mouse"
    return [
        {"id": uuid7(), "version": 1, "name": names[number % 3]}
        | {
            key: values[number % len(values)] if number < 6 else None
            for key, values in VALUES.items()
        }
        for number in range(8)
    ]


class Shelf:
    """Treats in a database, and pages of them."""

    def __init__(self, database: Database, portal: BlockingPortal) -> None:
        self._database = database
        self._portal = portal

    def page(self, sort: str, limit: int, cursor: str | None = None) -> Slice[Treat]:
        """Return one page."""

        async def page() -> Slice[Treat]:
            query = TreatQuery(sort=sort, limit=limit, cursor=cursor)
            async with self._database.session(writes=False) as session:
                return await paginate(session, select(Treat), Treat, query)

        return self._portal.call(page)

    def pages(self, sort: str, limit: int) -> list[list[Treat]]:
        """Return what every page holds."""
        page = self.page(sort, limit)
        pages = [list(page.items)]
        while page.next:
            page = self.page(sort, limit, page.next)
            pages.append(list(page.items))
        return pages

    def prices_above(self, number: Decimal) -> set[Decimal | None]:
        """Return the prices that are higher."""

        async def search() -> set[Decimal | None]:
            async with self._database.session(writes=False) as session:
                found = select(Treat.price).where(Treat.price > number)
                return set(await session.scalars(found))

        return self._portal.call(search)

    def add(self, *rows: dict[str, object]) -> None:
        """Store rows."""

        async def add() -> None:
            async with self._database.session() as session:
                await session.execute(insert(Treat), list(rows))

        self._portal.call(add)

    def remove(self, treat: Treat) -> None:
        """Remove a row."""

        async def remove() -> None:
            async with self._database.session() as session:
                await session.execute(delete(Treat).where(Treat.id == treat.id))

        self._portal.call(remove)


@pytest.fixture
def shelf(database: Database, portal: BlockingPortal) -> Generator[Shelf]:
    """Put treats into a database of each kind."""

    async def change(*, make: bool) -> None:
        metadata = Treat.metadata
        async with database.engine.begin() as connection:
            await connection.run_sync(
                metadata.create_all if make else metadata.drop_all
            )

    portal.call(lambda: change(make=True))
    shelf = Shelf(database, portal)
    shelf.add(*make_rows())
    yield shelf
    portal.call(lambda: change(make=False))


@pytest.mark.parametrize("direction", ["", "-"])
@pytest.mark.parametrize("key", KEYS)
def test_pages_hold_each_row_once_and_in_order(
    shelf: Shelf, key: str, direction: str
) -> None:
    whole = [treat.id for treat in shelf.page(direction + key, 100).items]
    values = [getattr(t, key) for t in shelf.page(direction + key, 100).items]
    present = [value for value in values if value is not None]

    for limit in (1, 2, 3):
        pages = shelf.pages(direction + key, limit)
        assert [treat.id for page in pages for treat in page] == whole
        assert {len(page) for page in pages[:-1]} == {limit}

    assert len(set(whole)) == 8
    assert present == sorted(present, reverse=bool(direction))
    assert values[len(present) :] == [None] * (8 - len(present))


def test_rows_of_one_value_are_in_the_order_of_their_ids(shelf: Shelf) -> None:
    for sort, reverse in (("name", False), ("-name", True)):
        keys = [(treat.name, treat.id) for treat in shelf.page(sort, 100).items]
        assert keys == sorted(keys, reverse=reverse)


def test_the_last_page_has_no_next_one(shelf: Shelf) -> None:
    assert shelf.page("name", 8).next is None
    assert shelf.page("name", 7).next is not None


@pytest.mark.parametrize("key", ["name", "label"])
def test_a_page_goes_on_although_rows_come_and_go(shelf: Shelf, key: str) -> None:
    before = shelf.page(key, 3)
    rest = [treat.id for treat in shelf.page(key, 100).items][3:]

    shelf.add({"id": uuid7(), "version": 1, "name": "", "label": ""})
    shelf.remove(before.items[-1])

    after = shelf.page(key, 100, before.next)
    assert [treat.id for treat in after.items if treat.id in rest] == rest


def position(order: str = "treats name") -> str:
    return Position(order, "fish", uuid7()).write()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "é",
        "====",
        position()[:-4],
        position().swapcase(),
        position("treats -name"),
        position("pets name"),
        urlsafe_b64encode(b"x" * 16 + b'["treats name", "str", "fish", "0"]').decode(),
    ],
    ids=range(9),
)
def test_a_cursor_that_no_page_gave_out_is_refused(shelf: Shelf, cursor: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        shelf.page("name", 3, cursor)

    assert refusal.value.members["errors"] == [
        {
            "pointer": "/query/cursor",
            "detail": "must be the `next` of a page of this list",
        }
    ]


@pytest.mark.parametrize("sort", ["name", "-name"])
def test_a_page_is_found_by_an_index(
    database: Database, portal: BlockingPortal, shelf: Shelf, sort: str
) -> None:
    asked: list[tuple[str, Any]] = []

    def listen(
        _: object, __: object, statement: str, values: object, *___: object
    ) -> None:
        asked.append((statement, values))

    cursor = shelf.page(sort, 3).next
    event.listen(database.engine.sync_engine, "before_cursor_execute", listen)
    shelf.page(sort, 3, cursor)
    event.remove(database.engine.sync_engine, "before_cursor_execute", listen)

    plan = portal.call(_explain, database, *asked[-1])
    assert "ix_treats_name_id" in plan
    assert "SORT" not in plan.upper().replace("TEMP B-TREE", "SORT")


async def _explain(database: Database, statement: str, values: tuple[Any]) -> str:
    async with database.engine.connect() as connection:
        explain = "EXPLAIN QUERY PLAN"
        if database.engine.dialect.name == "postgresql":
            explain = "EXPLAIN"  # a table of 8 rows needs no index, unless it must
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            await connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
        plan = await connection.exec_driver_sql(f"{explain} {statement}", values)
        return "\n".join(map(str, plan))


@pytest.mark.parametrize(
    ("number", "prices"),
    [
        ("-0.095", {Decimal("0.10"), Decimal("9999999.99")}),
        ("0.095", {Decimal("0.10"), Decimal("9999999.99")}),
        ("999999999999", set()),
    ],
)
def test_a_decimal_is_compared_with_a_number_of_any_length(
    shelf: Shelf, number: str, prices: set[Decimal]
) -> None:
    assert shelf.prices_above(Decimal(number)) == prices
