"""Tests of what a request may count on when it uses the database."""

import logging
import sqlite3
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import cast
from uuid import UUID

import pytest
from anyio.from_thread import BlockingPortal
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel
from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    MetaData,
    UniqueConstraint,
    delete,
    event,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core import database_problems
from app.core.application import install
from app.core.config import Settings
from app.core.database import Database, DatabaseSession, database_of
from app.core.errors import ConflictError
from app.core.events import log_event
from app.core.tables import Base, ExactDecimal, Record, uuid7

logger = logging.getLogger("toys")


class Toybox(Record):
    """What is apart from the tables of the application."""

    __abstract__ = True
    metadata = MetaData(naming_convention=Base.metadata.naming_convention)


class Toy(Toybox):
    """A row with everything that may go wrong."""

    __tablename__ = "toys"
    __table_args__ = (
        UniqueConstraint("name", info={"conflict": "There is such a toy."}),
        UniqueConstraint("name", "price"),
        CheckConstraint("price >= 0", "price", info={"conflict": "Toys cost money."}),
        Index("ix_toys_barcode", "barcode", unique=True, info={"conflict": "Scanned."}),
    )

    name: Mapped[str]
    barcode: Mapped[str | None]
    price: Mapped[Decimal] = mapped_column(ExactDecimal(9, 2), default=Decimal(1))
    seen_at: Mapped[datetime | None]
    part_of: Mapped[UUID | None] = mapped_column(
        ForeignKey("toys.id", ondelete="RESTRICT")
    )
    gift_with: Mapped[UUID | None] = mapped_column(
        ForeignKey("toys.id", ondelete="CASCADE")
    )


class BrokenToyError(ConflictError):
    """A refusal that keeps what was written."""

    keeps = True


class NewToy(BaseModel):
    """What a caller sends, unchecked."""

    name: str | None
    barcode: str | None = None
    price: Decimal = Decimal(1)
    part_of: UUID | None = None
    gift_with: UUID | None = None


def _build_app(settings: Settings) -> FastAPI:
    app = FastAPI()
    install(app, settings)

    @app.post("/toys")
    async def create(session: DatabaseSession, toy: NewToy) -> dict[str, UUID]:
        row = Toy(**toy.model_dump())
        session.add(row)
        await session.flush()
        log_event(session, logger, "toy.created", toy_id=row.id)
        return {"id": row.id}

    @app.get("/toys")
    async def count(session: DatabaseSession) -> int:
        return len((await session.scalars(select(Toy))).all())

    @app.delete("/toys/{toy_id}")
    async def remove(session: DatabaseSession, toy_id: UUID) -> None:
        await session.execute(delete(Toy).where(Toy.id == toy_id))

    @app.post("/refused")
    async def refuse(session: DatabaseSession, *, keep: bool) -> None:
        session.add(Toy(name="ball"))
        await session.flush()
        log_event(session, logger, "toy.kept")
        raise BrokenToyError("no") if keep else ConflictError("no")

    @app.post("/overtaken")
    async def overtake(session: DatabaseSession) -> None:
        row = Toy(name="ball")
        session.add(row)
        await session.flush()
        overtaking = update(Toy).values(version=Toy.version + 1)
        await session.execute(
            overtaking, execution_options={"synchronize_session": False}
        )
        row.name = "mouse"

    @app.post("/toys/{toy_id}/raise")
    async def increase(session: DatabaseSession, toy_id: UUID) -> None:
        row = await session.get_one(Toy, toy_id)
        row.price += 1

    @app.get("/statement")
    async def execute(session: DatabaseSession, first: str, second: str) -> None:
        await session.execute(text(first))
        await session.execute(text(second))

    return app


@pytest.fixture
def toys(
    database: Database, portal: BlockingPortal, monkeypatch: pytest.MonkeyPatch
) -> Generator[TestClient]:
    """Serve toys from a database of each kind."""
    monkeypatch.setattr(database_problems, "Base", Toybox)
    app = _build_app(Settings())
    app.state.database = database
    client = TestClient(app, raise_server_exceptions=False)
    client.portal = portal
    portal.call(_execute, database, Toybox.metadata.create_all)
    yield client
    portal.call(_execute, database, Toybox.metadata.drop_all)


async def _execute(database: Database, work: Callable[[Connection], None]) -> None:
    async with database.engine.begin() as connection:
        await connection.run_sync(work)


def create(toys: TestClient, **toy: object) -> str:
    response = toys.post("/toys", json={"name": "ball"} | toy)
    assert response.status_code == 200, response.text
    return str(response.json()["id"])


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [r.getMessage() for r in caplog.records if r.name == "toys"]


def test_what_a_request_writes_is_stored_and_then_logged(
    toys: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    toy_id = create(toys)

    assert toys.get("/toys").json() == 1
    lines = [vars(r) for r in caplog.records if r.name == "toys"]
    assert [(line["msg"], line["toy_id"]) for line in lines] == [
        ("toy.created", toy_id)
    ]


@pytest.mark.parametrize(("keep", "left"), [(False, 0), (True, 1)])
def test_a_refusal_undoes_what_was_written_unless_it_keeps_it(
    toys: TestClient,
    caplog: pytest.LogCaptureFixture,
    keep: bool,  # noqa: FBT001 - as pytest gives it
    left: int,
) -> None:
    response = toys.post("/refused", params={"keep": keep})

    assert response.status_code == 409
    assert toys.get("/toys").json() == left
    assert logged(caplog) == ["toy.kept"] * left


def test_a_failed_commit_is_no_success(
    toys: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Session) -> None:
        raise RuntimeError

    event.listen(Session, "before_commit", fail)
    try:
        response = toys.post("/toys", json={"name": "ball"})
    finally:
        event.remove(Session, "before_commit", fail)

    assert response.status_code == 500
    assert toys.get("/toys").json() == 0
    assert logged(caplog) == []


@pytest.mark.parametrize(
    ("second", "detail"),
    [
        ({"name": "ball", "price": 2}, "There is such a toy."),
        ({"name": "mouse", "price": -1}, "Toys cost money."),
        ({"name": "mouse", "barcode": "123"}, "Scanned."),
        ({"name": "mouse", "part_of": str(uuid7())}, database_problems.CONFLICT),
    ],
)
def test_a_constraint_says_what_is_wrong(
    toys: TestClient, second: dict[str, object], detail: str
) -> None:
    create(toys, barcode="123")

    response = toys.post("/toys", json=second)

    assert response.status_code == 409
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["detail"] == detail


def test_a_missing_value_is_our_fault_and_no_value_is_logged(
    toys: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    response = toys.post("/toys", json={"name": None, "barcode": "hunter2"})

    assert response.status_code == 500
    assert "request.failed" in caplog.text
    assert "hunter2" not in caplog.text


def test_foreign_keys_hold(toys: TestClient) -> None:
    whole = create(toys)
    wheel = create(toys, name="wheel", part_of=whole)
    box = create(toys, name="box")
    create(toys, name="bow", gift_with=box)

    refused = toys.delete(f"/toys/{whole}")
    assert refused.status_code == 409
    assert refused.json()["detail"] == database_problems.IN_USE
    assert toys.delete(f"/toys/{box}").status_code == 200
    assert toys.get("/toys").json() == 2
    assert toys.delete(f"/toys/{wheel}").status_code == 200
    assert toys.delete(f"/toys/{whole}").status_code == 200


def test_who_was_overtaken_is_told(toys: TestClient) -> None:
    response = toys.post("/overtaken")

    assert response.status_code == 409
    assert response.json()["detail"] == database_problems.OVERTAKEN
    assert toys.get("/toys").json() == 0


def test_no_update_is_lost(toys: TestClient) -> None:
    toy_id = create(toys, price=0)

    with ThreadPoolExecutor(10) as pool:
        answers = list(
            pool.map(lambda _: toys.post(f"/toys/{toy_id}/raise"), range(30))
        )

    done = sum(answer.status_code == 200 for answer in answers)
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert done >= 1
    assert _read(toys).price == done


def test_whoever_reads_sees_what_is_committed_meanwhile(toys: TestClient) -> None:
    async def read() -> list[int]:
        database = database_of(cast("FastAPI", toys.app))
        async with database.session(writes=False) as reading:
            found = [len((await reading.scalars(select(Toy))).all())]
            async with database.session() as writing:
                writing.add(Toy(name="ball"))
            return [*found, len((await reading.scalars(select(Toy))).all())]

    assert toys.portal
    assert toys.portal.call(read) == [0, 1]


def test_what_somebody_writes_who_was_to_read_is_stored_and_logged(
    toys: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    async def write() -> None:
        database = database_of(cast("FastAPI", toys.app))
        async with database.session(writes=False) as session:
            session.add(Toy(name="ball"))
            log_event(session, logger, "toy.created")

    assert toys.portal
    toys.portal.call(write)

    assert toys.get("/toys").json() == 1
    assert logged(caplog) == ["toy.created"]


def _read(toys: TestClient) -> Toy:
    async def read() -> Toy:
        async with database_of(cast("FastAPI", toys.app)).session() as session:
            return (await session.scalars(select(Toy))).one()

    assert toys.portal
    return toys.portal.call(read)


def _write(toys: TestClient, row: Toy) -> None:
    async def write() -> None:
        async with database_of(cast("FastAPI", toys.app)).session() as session:
            session.add(row)

    assert toys.portal
    toys.portal.call(write)


def test_a_row_knows_when_it_was_written(toys: TestClient) -> None:
    before = datetime.now(UTC)
    toy_id = create(toys)

    created = _read(toys)
    assert before <= created.created_at == created.updated_at <= datetime.now(UTC)
    assert (created.version, created.id.version) == (1, 7)

    toys.post(f"/toys/{toy_id}/raise")
    changed = _read(toys)
    assert changed.created_at == created.created_at < changed.updated_at
    assert changed.version == 2


def test_a_moment_comes_back_in_utc(toys: TestClient) -> None:
    zone = timezone(timedelta(hours=5, minutes=30))
    moment = datetime(2026, 3, 1, 3, 4, 5, 678901, zone)

    _write(toys, Toy(name="ball", seen_at=moment))

    assert _read(toys).seen_at == moment
    assert str(_read(toys).seen_at) == "2026-02-28 21:34:05.678901+00:00"


@pytest.mark.parametrize("price", ["0.00", "0.10", "12.34", "9999999.99"])
def test_a_decimal_comes_back_as_it_was(toys: TestClient, price: str) -> None:
    _write(toys, Toy(name="ball", price=Decimal(price)))

    assert str(_read(toys).price) == price


def test_ids_are_in_the_order_of_their_time(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = []
    for milliseconds in (0, 1, 1_700_000_000_000, 2**48 - 1):
        monkeypatch.setattr("time.time_ns", lambda ms=milliseconds: ms * 1_000_000)
        ids += [uuid7()]

    assert ids == sorted(ids)
    assert {(i.version, i.variant) for i in ids} == {(7, "specified in RFC 4122")}


def test_a_lost_connection_is_replaced(
    toys: TestClient, database: Database, portal: BlockingPortal
) -> None:
    statements = {
        "sqlite": ("PRAGMA busy_timeout = 10", "DELETE FROM toys"),
        "postgresql": ("SELECT 1", "SELECT pg_terminate_backend(pg_backend_pid())"),
    }
    url = database.engine.url
    first, second = statements[url.get_backend_name()]
    lock = None
    if url.get_backend_name() == "sqlite":
        lock = sqlite3.connect(url.database or "", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")

    response = toys.get("/statement", params={"first": first, "second": second})

    if lock:
        lock.close()
        portal.call(database.close)  # with the connection that is in a hurry
    assert response.status_code == 503
    assert response.json()["detail"] == database_problems.UNAVAILABLE
    assert toys.get("/toys").json() == 0


@pytest.mark.parametrize(
    "url", ["postgresql://ada:hunter2@127.0.0.1:1/hunter2", "sqlite:////hunter2/a.db"]
)
def test_a_database_that_is_away_is_a_503_that_tells_nothing(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    app = _build_app(Settings(database_url=url))

    with TestClient(app, raise_server_exceptions=False) as toys:
        response = toys.get("/toys")
        ready = toys.get("/readyz")

    assert response.status_code == 503
    assert response.json()["detail"] == "The database cannot be reached."
    assert (ready.status_code, ready.json()["detail"]) == (503, "Not ready: database.")
    assert "database.unreachable" in caplog.text
    assert "hunter2" not in caplog.text + response.text


def test_an_operation_documents_that_it_may_conflict_and_be_unavailable() -> None:
    paths = _build_app(Settings()).openapi()["paths"]

    assert {
        f"{method} {path}": " ".join(operation["responses"])
        for path, operations in paths.items()
        for method, operation in operations.items()
        if path.startswith("/toys")
    } == {
        "get /toys": "200 503",
        "post /toys": "200 409 413 422 503",
        "delete /toys/{toy_id}": "200 404 409 422 503",
        "post /toys/{toy_id}/raise": "200 404 409 422 503",
    }
