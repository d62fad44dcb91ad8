"""Fixtures that every feature's tests share."""

import os
from collections.abc import Callable, Collection, Generator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from anyio.from_thread import BlockingPortal
from fastapi.testclient import TestClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select

from app.core.config import Settings
from app.core.database import Database, database_of
from app.core.logging import configure_logging, drain_logging
from app.core.migrations import migrate
from app.core.passwords import passwords
from app.core.security import ADMIN, USER, create_access_token
from app.core.tables import Base
from app.core.throttle import forget_attempts
from app.features.accounts.tables import Account, Grant, Role
from app.main import app
from tests.collector import Collector
from tests.databases import (
    KINDS,
    Rows,
    Written,
    affected,
    empty_postgresql,
    empty_sqlite,
    postgresql_server,
    read_rows,
    reset_rows,
)
from tests.transport import AtOnce

LogTo = Callable[[Settings], None]
Headers = dict[str, str]
SignUp = Callable[..., Headers]
SignInAll = Callable[[Collection[str]], dict[str, Headers]]

# Before `defaults` forgets it: where to make databases, not one to be used.
SERVER = os.environ.get("DATABASE_URL")
PEOPLE = {Base.metadata.tables[name] for name in ("accounts", "grants", "roles")}
WEAK = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


@pytest.fixture(scope="session", autouse=True)
def defaults(tmp_path_factory: pytest.TempPathFactory) -> Generator[Settings]:
    """Forget the settings of the environment, the database before all."""
    with pytest.MonkeyPatch.context() as environment:
        for name in Settings.model_fields:
            environment.delenv(name.upper(), raising=False)
        file = tmp_path_factory.mktemp("defaults") / "petsage.db"
        environment.setenv("DATABASE_URL", f"sqlite:///{file}")
        environment.setattr(passwords, "_algorithm", WEAK)
        settings = Settings()
        configure_logging(settings)
        with using(Database(settings.database_url)):
            yield settings


@contextmanager
def using(database: Database) -> Generator[Database]:
    """Let the application use a database for a while."""
    before = database_of(app)
    app.state.database = database
    yield database
    app.state.database = before


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """Let each test write its last lines while pytest still captures them."""
    try:
        return (yield)
    finally:
        drain_logging(0.05)


@pytest.fixture(scope="session")
def client(defaults: Settings) -> Generator[TestClient]:  # noqa: ARG001 - it logs
    """Serve the application."""
    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.portal
        client._transport = AtOnce(app, client.portal)  # noqa: SLF001 - it takes no other
        yield client


@pytest.fixture(scope="session")
def portal(client: TestClient) -> BlockingPortal:
    """Reach the event loop in which the application runs."""
    assert client.portal
    return client.portal


class Databases:
    """A migrated database of each kind, made when it is first asked for."""

    def __init__(self, stack: ExitStack, portal: BlockingPortal, folder: Path) -> None:
        self._stack = stack
        self._portal = portal
        self._folder = folder
        self._made: dict[str, tuple[Database, Rows]] = {}
        self._known: dict[Database, dict[str, UUID]] = {}
        self._server: str | None = None
        self._written = Written()

    def empty(self, kind: str) -> str:
        """Return the address of a database without tables."""
        if kind == "sqlite":
            return self._stack.enter_context(empty_sqlite(self._folder))
        if self._server is None:
            self._server = self._stack.enter_context(postgresql_server(SERVER))
        return self._stack.enter_context(empty_postgresql(self._server))

    def fresh(self, kind: str, *, keep_people: bool = False) -> Database:
        """Return a database with tables, and in them what migrations put there.

        People whom earlier tests have signed up, and left as they were, may stay.
        """
        if kind not in self._made:
            url = self.empty(kind)
            migrate(url)
            database = Database(url)
            self._stack.callback(self._portal.call, database.close)
            rows = self._portal.call(read_rows, database)
            self._made[kind] = database, rows
        database, rows = self._made[kind]
        changed = self._written.take(database)
        if not keep_people or PEOPLE & changed:
            changed |= PEOPLE if self._known.pop(database, None) else set()
        self._portal.call(reset_rows, database, rows, affected(changed, rows))
        self._written.take(database)  # that was only to reset them
        return database

    def people(self, database: Database, roles: Collection[str]) -> dict[str, Headers]:
        """Sign in two users, and one with each role; the accounts stay.

        Who is called `other-` and a role has it too.
        """
        known = self._known.setdefault(database, {})
        wanted = dict.fromkeys(("owner", "other"), ()) | {
            role: (role.removeprefix("other-").removeprefix("third-"),)
            for role in roles
        }
        missing = {name: own for name, own in wanted.items() if name not in known}
        if missing:
            with self._written.overlooking(database):
                known |= self._portal.call(store_accounts, database, missing)
        return {name: signed_in(known[name]) for name in wanted}


@pytest.fixture(scope="session")
def databases(
    portal: BlockingPortal, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Databases]:
    """Make databases, and drop them at the end."""
    with ExitStack() as stack:
        yield Databases(stack, portal, tmp_path_factory.mktemp("databases"))


@pytest.fixture(params=KINDS)
def database(
    databases: Databases, request: pytest.FixtureRequest
) -> Generator[Database]:
    """Let the application use a database of each kind, with nothing stored in it."""
    forget_attempts()
    keep_people = "everybody" in request.fixturenames
    fresh = databases.fresh(request.param, keep_people=keep_people)
    with using(fresh) as database:
        yield database


@pytest.fixture(params=KINDS)
def database_url(databases: Databases, request: pytest.FixtureRequest) -> str:
    """Make a database of each kind without tables."""
    return databases.empty(request.param)


@pytest.fixture
def sign_up(database: Database, portal: BlockingPortal) -> SignUp:
    """Return how to make an account with some roles, and the headers to send for it."""

    def sign_up(name: str, *roles: str) -> Headers:
        return portal.call(store_account, database, name, {*roles} - {USER})

    return sign_up


@pytest.fixture
def everybody(databases: Databases, database: Database) -> SignInAll:
    """Return how to sign in two users, and one with each of some roles."""
    return partial(databases.people, database)


async def store_account(
    database: Database, name: str, roles: Collection[str]
) -> Headers:
    """Store an account, and return the headers to send for it."""
    accounts = await store_accounts(database, {name: roles})
    return signed_in(accounts[name])


async def store_accounts(
    database: Database, people: Mapping[str, Collection[str]]
) -> dict[str, UUID]:
    """Store accounts with their roles, and the roles that are not there yet."""
    accounts = {
        name: Account(
            email=f"{name}@example.com",
            password_hash="",
            grants=[Grant(role=role) for role in roles],
        )
        for name, roles in people.items()
    }
    asked = {role for roles in people.values() for role in roles}
    async with database.session() as session:
        known = (await session.scalars(select(Role.name))).all()
        session.add_all(Role(name=role) for role in sorted(asked.difference(known)))
        await session.flush()
        session.add_all(accounts.values())
    return {name: account.id for name, account in accounts.items()}


def signed_in(account_id: UUID) -> Headers:
    """Return what somebody who is signed in sends."""
    return {"Authorization": f"Bearer {create_access_token(account_id)}"}


@pytest.fixture
def owner(sign_up: SignUp) -> Headers:
    """Sign in somebody who will own things."""
    return sign_up("owner")


@pytest.fixture
def other(sign_up: SignUp) -> Headers:
    """Sign in somebody else."""
    return sign_up("other")


@pytest.fixture
def admin(sign_up: SignUp) -> Headers:
    """Sign in an admin."""
    return sign_up("admin", ADMIN)


@pytest.fixture
def vet(sign_up: SignUp) -> Headers:
    """Sign in a vet."""
    return sign_up("vet", "vet")


@pytest.fixture
def log_to(defaults: Settings) -> Generator[LogTo]:
    """Configure logging for one test."""
    yield configure_logging
    configure_logging(defaults)


@pytest.fixture
def log_file(log_to: LogTo, tmp_path: Path) -> Path:
    """Log to a file too."""
    path = tmp_path / "petsage.log"
    log_to(Settings(log_file=path))
    return path


@pytest.fixture
def collector() -> Generator[Collector]:
    """Run a collector."""
    with Collector() as collector:
        yield collector
