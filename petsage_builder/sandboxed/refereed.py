"""A plugin of pytest: hold each answer that tests get against the reference.

The file that `PETSAGE_REFEREED` names gets a JSON object: for each test, as a JUnit
report names it, `wrong` has what was answered otherwise than the reference says,
`unsaid` that of which it says nothing, `requests` how many there were, `refused`
whether the last one was, and `failed` whether the test did.
"""

import json
import os
import sys
from collections.abc import Generator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from petsage_builder.manifest import FOLDER
from petsage_builder.reference.judging import Answer, Request, differences
from petsage_builder.reference.seeing import Sight
from petsage_builder.reference.state import Caller, State, UnmodelledError, Values
from petsage_builder.reference.system import Kind, System
from petsage_builder.reference.values import stored
from petsage_builder.sandboxed.chosen import key
from petsage_builder.spec.fields import AnyField

REFEREED = "PETSAGE_REFEREED"
REFUSED = 400


@dataclass(slots=True)
class Told:
    """What the reference says of the answers of one test."""

    wrong: list[str] = field(default_factory=list)
    unsaid: list[str] = field(default_factory=list)
    requests: int = 0
    refused: bool = False
    failed: bool = False


class Referee:
    """What the reference says of the answers of one test after another."""

    def __init__(self, system: System) -> None:
        """Take what each feature was made of."""
        self.system = system
        self.told: dict[str, Told] = {}
        self.start("")

    @classmethod
    def here(cls, root: Path) -> "Referee":
        """Return one that knows what the backend was made of, and begins to watch."""
        manifests = sorted((root / FOLDER).glob("*.json"))
        made = [json.loads(path.read_text("utf-8"))["request"] for path in manifests]
        referee = cls(System.of({one["feature"]: one["requirements"] for one in made}))
        referee.watch(_module("tests.transport").AtOnce)
        referee.watch_writes(_module("tests.resources"))
        return referee

    def start(self, test: str) -> None:
        """Begin a test."""
        self.told[test] = self.current = Told()

    def watch(self, transport: Any) -> None:  # noqa: ANN401 - of the tests
        """Look at each request that goes this way."""
        ask = transport.handle_request

        def handle(this: Any, request: Any) -> Any:  # noqa: ANN401 - of httpx
            portal = this._portal  # noqa: SLF001 - the way into the event loop
            asked = f"{request.method} {request.url.raw_path.decode()}"
            try:
                before, roles = portal.call(self._read)
                response = ask(this, request)
                after, _ = portal.call(self._read)
            except BaseException as error:
                self.current.unsaid.append(f"{asked}: {error!r}")
                raise
            try:
                call = self.system.call(request.method, request.url.path)
                if call is None:  # no feature with data answers it
                    return response
                self.current.requests += 1
                self.current.refused = response.status_code >= REFUSED
                sight = Sight(before, _caller(request, roles))
                sent = _sent(request)
                found = Answer(response.status_code, _json(response.content))
                wrong = differences(call, sight, sent, found, after)
                self.current.wrong += (f"{asked} {one}" for one in wrong)
            except UnmodelledError as error:
                self.current.unsaid.append(f"{asked}: {error}")
            except Exception as error:  # noqa: BLE001 - it must break no test
                self.current.unsaid.append(f"{asked}: {error!r}")
            return response

        transport.handle_request = handle

    def watch_writes(self, resources: Any) -> None:  # noqa: ANN401 - of the tests
        """Look at what tests write without asking: none of it is in an answer."""
        write = resources._write  # noqa: SLF001 - how they do it

        async def noted(*arguments: object) -> bool:
            is_taken: bool = await write(*arguments)
            if not is_taken:
                self.current.unsaid.append("the database does not take a value")
            return is_taken

        resources._write = noted  # noqa: SLF001 - the same

    async def _read(self) -> tuple[State, Mapping[str, frozenset[str]]]:
        """Return all rows, and the roles of every account."""
        database = _module("app.core.database").database_of(_module("app.main").app)
        tables = _module("app.core.tables").Base.metadata.tables
        now = datetime.now(UTC)
        async with database.engine.connect() as connection:

            async def rows(name: str) -> list[Mapping[str, Any]]:
                found = await connection.execute(tables[name].select())
                return [dict(row) for row in found.mappings()]

            found = {k.home: await _rows(k, rows) for k in self.system.kinds}
            accounts = {str(r["id"]): {"user"} for r in await rows("accounts")}
            for grant in await rows("grants"):
                accounts[str(grant["account_id"])].add(grant["role"])
        return State(found, now), {i: frozenset(r) for i, r in accounts.items()}


async def _rows(kind: Kind, rows: Any) -> dict[str, Values]:  # noqa: ANN401 - a function
    """Return the rows of a kind as the reference sees them."""
    fields = kind.resource.fields
    plain = {
        name
        for name, spec in fields.items()
        if isinstance(spec, AnyField) and spec.kind is None
    }
    found: dict[str, dict[str, Any]] = {}
    for row in await rows(kind.view.plural):
        read = {n: stored(v, is_plain=n in plain) for n, v in row.items()}
        found[read["id"]] = {n: v for n, v in read.items() if n != "version"}
    for link in kind.view.links:
        for row in found.values():
            row[link.role] = frozenset()
        for pair in await rows(link.table):
            near, far = str(pair[link.near]), str(pair[link.far])
            found[near][link.role] |= {far}
    return dict(found)


def _sent(request: Any) -> Request:  # noqa: ANN401 - of httpx
    """Return what a request sends beside method and path."""
    return Request(_json(request.read()), request.url.params.multi_items())


def _caller(request: Any, roles: Mapping[str, frozenset[str]]) -> Caller | None:  # noqa: ANN401
    """Return who sends a request."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    account = str(_module("app.core.security").read_access_token(token))
    return Caller(account, roles[account]) if account in roles else None


def _json(content: bytes) -> Any:  # noqa: ANN401 - JSON
    """Return what a body says; None if it is empty."""
    try:
        return json.loads(content) if content else None
    except ValueError as error:
        raise UnmodelledError("a body that is no JSON") from error


def _module(name: str) -> Any:  # noqa: ANN401 - of the backend
    return sys.modules[name]


REFEREE = pytest.StashKey[Referee]()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Begin to watch."""
    session.config.stash[REFEREE] = Referee.here(session.config.rootpath)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Begin a test."""
    item.config.stash[REFEREE].start(key(item))
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note whether a test fails."""
    report = yield
    item.config.stash[REFEREE].current.failed |= report.failed
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Say what was found."""
    if referee := session.config.stash.get(REFEREE, None):
        told = {test: asdict(found) for test, found in referee.told.items() if test}
        Path(os.environ[REFEREED]).write_text(json.dumps(told), "utf-8")
