"""Tests of how rows are found, counted and waited for."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from uuid import UUID

import pytest
from anyio.from_thread import BlockingPortal
from pydantic import Field
from sqlalchemy import ForeignKey, MetaData, false, null, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from app.core.database import Database
from app.core.errors import DomainError, ForbiddenError, NotFoundError
from app.core.filters import narrow, search
from app.core.locks import serialize
from app.core.pagination import CountedSlice, PageQuery, paginate_counted
from app.core.rows import count, find
from app.core.tables import Record, uuid7

T = TypeVar("T")
Work = Callable[[AsyncSession], Coroutine[Any, Any, T]]
Do = Callable[[Work[Any]], Any]


class Litter(Record):
    """Some kittens of one mother."""

    __abstract__ = True
    metadata = MetaData()


class MotherCat(Litter):
    """A row that others refer to."""

    __tablename__ = "mothers"

    name: Mapped[str]
    home: Mapped[str | None]
    kittens: Mapped[list["Kitten"]] = relationship(order_by="Kitten.name")


class Kitten(Litter):
    """A row that refers to another."""

    __tablename__ = "kittens"

    name: Mapped[str]
    mother_id: Mapped[UUID | None] = mapped_column(ForeignKey("mothers.id"))


class KittenQuery(PageQuery):
    """Which kittens to list."""

    sort: str = "name"


class KittenFilters(KittenQuery):
    """Which kittens to keep."""

    name: list[str] = Field(default=[])
    name_lt: str | None = None
    name_le: str | None = None
    name_gt: str | None = None
    name_ge: str | None = None
    name_contains: str | None = None
    mother_id_is_null: bool | None = None


@pytest.fixture
def do(database: Database, portal: BlockingPortal) -> Generator[Do]:
    """Return how to do something in a transaction, in a database with a litter."""

    async def change(*, make: bool) -> None:
        metadata = Litter.metadata
        async with database.engine.begin() as connection:
            await connection.run_sync(
                metadata.create_all if make else metadata.drop_all
            )

    async def run(work: Work[T]) -> T:
        async with database.session() as session:
            return await work(session)

    async def fill(session: AsyncSession) -> None:
        kittens = [Kitten(name=name) for name in ("Ivy", "Leo", "Sol")]
        session.add(MotherCat(name="Miso", home="Graz", kittens=kittens))
        session.add(MotherCat(name="Nala", home=None, kittens=[Kitten(name="Tom")]))

    portal.call(lambda: change(make=True))
    portal.call(run, fill)
    yield lambda work: portal.call(run, work)
    portal.call(lambda: change(make=False))


async def get_id(session: AsyncSession, name: str) -> UUID:
    mothers = select(MotherCat.id).where(MotherCat.name == name)
    return (await session.scalars(mothers)).one()


@pytest.mark.parametrize(
    ("visible", "permitted", "expected"),
    [
        (true(), None, "Miso"),
        (true(), true(), "Miso"),
        (MotherCat.home == "Graz", MotherCat.name == "Miso", "Miso"),
        (MotherCat.kittens.any(Kitten.name == "Leo"), None, "Miso"),
        (true(), MotherCat.kittens.any(Kitten.name == "Leo"), "Miso"),
        (true(), MotherCat.kittens.any(Kitten.name == "Tom"), ForbiddenError),
        (true(), false(), ForbiddenError),
        (true(), null(), ForbiddenError),
        (false(), true(), NotFoundError),
        (MotherCat.home == "Wien", None, NotFoundError),
        (MotherCat.kittens.any(Kitten.name == "Tom"), None, NotFoundError),
    ],
    ids=range(11),
)
@pytest.mark.parametrize("lock", [False, True])
def test_a_row_is_found_if_it_is_visible_and_permitted(
    do: Do,
    visible: Any,
    permitted: Any,
    expected: object,
    lock: bool,  # noqa: FBT001 - as pytest gives it
) -> None:
    asked: dict[str, Any] = {"visible": visible, "lock": lock}
    asked |= {} if permitted is None else {"permitted": permitted}

    async def work(session: AsyncSession) -> object:
        miso = await get_id(session, "Miso")
        try:
            row = await find(session, MotherCat, miso, **asked)
        except DomainError as error:
            return type(error)
        return row.name

    assert do(work) == expected


def test_an_unknown_row_is_named_in_words(do: Do) -> None:
    row_id = uuid7()

    async def work(session: AsyncSession) -> None:
        await find(session, MotherCat, row_id, visible=true())

    with pytest.raises(NotFoundError, match=f"^Mother cat {row_id} not found.$"):
        do(work)


def test_a_row_is_found_with_its_relations_even_if_it_was_read_before(do: Do) -> None:
    async def work(session: AsyncSession) -> list[str]:
        miso = await get_id(session, "Miso")
        before = await find(session, MotherCat, miso, visible=true())
        options = [selectinload(MotherCat.kittens)]
        row = await find(session, MotherCat, miso, visible=true(), options=options)
        assert row is before
        return [kitten.name for kitten in row.kittens]

    assert do(work) == ["Ivy", "Leo", "Sol"]


def test_a_row_is_locked_as_it_is_now(do: Do) -> None:
    async def work(session: AsyncSession) -> str | None:
        miso = await get_id(session, "Miso")
        before = await find(session, MotherCat, miso, visible=true())
        moved = update(MotherCat).where(MotherCat.id == miso).values(home="Wien")
        options = {"synchronize_session": False}
        await session.execute(moved, execution_options=options)
        row = await find(session, MotherCat, miso, visible=true(), lock=True)
        assert row is before
        return row.home

    assert do(work) == "Wien"


def test_a_locked_row_waits_for_whoever_locked_it(
    do: Do, database: Database, portal: BlockingPortal
) -> None:
    seen: list[str] = []

    async def move(miso: UUID) -> None:
        async with database.session() as session:
            moved = update(MotherCat).where(MotherCat.id == miso).values(home="Wien")
            await session.execute(moved)
            seen.append("moved")

    async def work(session: AsyncSession) -> asyncio.Task[None]:
        miso = await get_id(session, "Miso")
        await find(session, MotherCat, miso, visible=true(), lock=True)
        moving = asyncio.create_task(move(miso))
        await asyncio.sleep(0.2)
        seen.append("kept")
        return moving

    moving = do(work)

    async def wait() -> None:
        await moving

    portal.call(wait)
    assert seen == ["kept", "moved"]


def test_rows_are_counted_that_fulfil_every_condition(do: Do) -> None:
    async def work(session: AsyncSession) -> list[int]:
        motherless = select(MotherCat).where(MotherCat.id == Kitten.mother_id)
        return [
            await count(session, Kitten),
            await count(session, Kitten, Kitten.name > "K"),
            await count(session, Kitten, Kitten.name > "K", Kitten.name < "S"),
            await count(session, Kitten, ~motherless.exists()),
        ]

    assert do(work) == [4, 3, 1, 0]


@pytest.mark.parametrize("text", ["änne", "ÄNNE", "Änn", "NNE "])
def test_a_search_minds_no_case_of_any_letter(do: Do, text: str) -> None:
    async def work(session: AsyncSession) -> list[str]:
        session.add(MotherCat(name="Änne Ö.", home=None))
        mothers = search(select(MotherCat), text, MotherCat.home, MotherCat.name)
        return [mother.name for mother in await session.scalars(mothers)]

    assert do(work) == ["Änne Ö."]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"name": ["Ivy"]}, ["Ivy"]),
        ({"name": ["Tom", "Ivy"]}, ["Ivy", "Tom"]),
        ({"name": []}, ["Ivy", "Leo", "Sol", "Tom"]),
        ({"name_gt": "Leo"}, ["Sol", "Tom"]),
        ({"name_ge": "Leo", "name_lt": "Tom"}, ["Leo", "Sol"]),
        ({"name_le": "Ivy"}, ["Ivy"]),
        ({"name_contains": "O"}, ["Leo", "Sol", "Tom"]),
        ({"mother_id_is_null": True}, []),
        ({"mother_id_is_null": False}, ["Ivy", "Leo", "Sol", "Tom"]),
    ],
    ids=str,
)
def test_rows_are_kept_that_fulfil_every_parameter(
    do: Do, asked: dict[str, Any], found: list[str]
) -> None:
    columns = {"name": Kitten.name, "mother_id": Kitten.mother_id}

    async def work(session: AsyncSession) -> list[str]:
        query = KittenFilters(**asked)
        kittens = narrow(select(Kitten), query, columns).order_by(Kitten.name)
        return [kitten.name for kitten in await session.scalars(kittens)]

    assert do(work) == found


def test_a_page_may_be_counted_whatever_rows_it_is_of(do: Do) -> None:
    visible = (
        select(MotherCat)
        .where(MotherCat.id == Kitten.mother_id, MotherCat.home.is_not(None))
        .exists()
    )
    kittens = select(Kitten).where(visible, Kitten.name != "Leo")

    async def work(session: AsyncSession) -> tuple[list[str], int, list[str], int]:
        query = KittenQuery(limit=1)
        first = await paginate_counted(session, kittens, Kitten, query)
        query = KittenQuery(limit=1, cursor=first.next)
        last = await paginate_counted(session, kittens, Kitten, query)
        assert last.next is None
        return (
            [kitten.name for kitten in first.items],
            first.total,
            [kitten.name for kitten in last.items],
            last.total,
        )

    assert do(work) == (["Ivy"], 2, ["Sol"], 2)


def test_a_page_may_hold_rows_with_their_relations(do: Do) -> None:
    mothers = select(MotherCat).options(selectinload(MotherCat.kittens))

    async def work(session: AsyncSession) -> CountedSlice[MotherCat]:
        query = KittenQuery(sort="-home")
        return await paginate_counted(session, mothers, MotherCat, query)

    page = do(work)

    assert page.total == 2
    assert [[kitten.name for kitten in row.kittens] for row in page.items] == [
        ["Ivy", "Leo", "Sol"],
        ["Tom"],
    ]


def test_whoever_counts_before_writing_waits_for_the_others(
    do: Do, database: Database, portal: BlockingPortal
) -> None:
    async def add_one_of_five(number: int) -> None:
        async with database.session() as session:
            await serialize(session, "kittens of a mother", "Miso", 1)
            if await count(session, Kitten) < 5 + 4:
                session.add(Kitten(name=str(number)))

    async def add_all() -> None:
        await asyncio.gather(*map(add_one_of_five, range(20)))

    portal.call(add_all)
    assert do(lambda session: count(session, Kitten)) == 5 + 4


@asynccontextmanager
async def serialized(
    database: Database, purpose: str, *keys: object
) -> AsyncGenerator[None]:
    # To SQLite nobody else writes meanwhile, whatever the purpose.
    writes = database.engine.dialect.name == "postgresql"
    async with database.session(writes=writes) as session:
        await serialize(session, purpose, *keys)
        yield


@pytest.mark.parametrize(
    ("purpose", "keys", "waits"),
    [
        ("visits", [1], True),
        ("visits", [2], False),
        ("visits", [1, 1], False),
        ("visits", [], False),
        ("visit", ["s1"], False),
        ("pets", [1], False),
    ],
)
def test_nobody_waits_for_another_purpose_or_key(
    database: Database,
    portal: BlockingPortal,
    purpose: str,
    keys: list[object],
    waits: bool,  # noqa: FBT001 - as pytest gives it
) -> None:
    async def pass_by() -> None:
        async with serialized(database, purpose, *keys):
            pass

    async def work() -> bool:
        async with serialized(database, "visits", 1):
            passing = asyncio.create_task(pass_by())
            done, _ = await asyncio.wait([passing], timeout=0.2 if waits else 5)
        await passing
        return not done

    is_postgresql = database.engine.dialect.name == "postgresql"
    assert portal.call(work) == (waits and is_postgresql)
