"""What the tests of features with data do: make rows, ask as somebody, compare."""

import re
from collections import Counter
from collections.abc import (
    Collection,
    Generator,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any
from uuid import UUID

import pytest
from anyio.from_thread import BlockingPortal
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from app.core.database import Database
from app.core.spans import parse_span
from app.core.tables import Base, Record
from tests.api import invalid_parts
from tests.conftest import Headers
from tests.databases import remove_rows

Json = dict[str, Any]
Mover = tuple[str, str, Json | None, str]

NOBODY = "01890a5d-ac96-774b-bcce-b302099a8057"
OVERTAKEN = "This was changed by another request. Try again."


class Clock:
    """What time a test has: that of its beginning."""

    def __init__(self) -> None:
        self.moment = datetime.now(UTC)

    def start(self) -> None:
        """Begin a test."""
        self.moment = datetime.now(UTC)


CLOCK = Clock()


@dataclass(frozen=True, slots=True)
class Later:
    """A day or a moment, counted from the beginning of the test."""

    after: timedelta
    is_day: bool

    @property
    def moment(self) -> datetime:
        """Return when it is."""
        return CLOCK.moment + self.after

    def __str__(self) -> str:
        """Return it as the API writes it."""
        moment = self.moment
        text = moment.date().isoformat() if self.is_day else moment.isoformat()
        return text.replace("+00:00", "Z")


def today(days: int = 0) -> Later:
    """Return a day, counted from the day of the test."""
    return Later(timedelta(days=days), is_day=True)


def now(**span: float) -> Later:
    """Return a moment, counted from that of the test."""
    return Later(timedelta(**span), is_day=False)


# What happens to a row: it moves, or its parent does (`post_id/retract`), it becomes as
# old as if it was made then, or somebody changes it, or its parent.
Step = str | Later | tuple[str, Json] | tuple[str, Json, str]


def known(value: Any) -> Any:
    """Return a value with its days and moments written out."""
    match value:
        case Later():
            return str(value)
        case dict():
            return {name: known(part) for name, part in value.items()}
        case list() | tuple():
            return [known(part) for part in value]
        case _:
            return value


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A kind of rows: where they answer, and rows that can be made of it.

    `makers` make the rows from the samples, and `another` can have one too; `reader`,
    `lister` and `updater` may do that with the first of them, empty if nobody may.
    `writers` say who may create and update with a certain field, where not everybody
    may. The `samples` lack `parents` and `links`, whose ids are columns; those of
    `parents` that are `movable` can change. `movers` say for each move of a row who
    makes it, the end of its path, what is sent, and the state after it; `settings`,
    through which moves a parent went before a row belongs to it. Samples belong to a
    parent of their own where the columns stand `apart`; `later` has for each what
    others must set.
    """

    name: str
    path: str
    table: type[Record]
    samples: Sequence[Json]
    makers: tuple[str, str, str]
    another: str = ""
    reader: str = ""
    lister: str = ""
    updater: str = ""
    minimal: Json = field(default_factory=dict)
    parents: Mapping[str, "Kind"] = field(default_factory=dict)
    movable: Collection[str] = ()
    links: Mapping[str, "Kind"] = field(default_factory=dict)
    writers: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    unseen: Collection[str] = ()
    computed: Collection[str] = ()
    state: tuple[str, str] | None = None
    movers: Mapping[str, Mover] = field(default_factory=dict)
    settings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    apart: Collection[str] = ()
    later: Sequence[Json] = ()

    @property
    def maker(self) -> str:
        """Return who makes the first row; empty if the rows are there already."""
        return self.makers[0]

    @property
    def label(self) -> str:
        """Return the name as a sentence has it."""
        return self.name.replace("_", " ")

    def state_after(self, moves: Sequence[str]) -> tuple[str, str]:
        """Return the field that has the state, and that state after some moves."""
        assert self.state
        field, first = self.state
        return field, self.movers[moves[-1]][3] if moves else first

    def __str__(self) -> str:
        """Return what the output of a test calls it."""
        return self.name


class Api:
    """The API with some people: anonymous, owner, other, and one with each role."""

    def __init__(
        self,
        client: TestClient,
        people: Mapping[str, Headers],
        database: Database | None = None,
        portal: BlockingPortal | None = None,
    ) -> None:
        """Take the people by their names, and the database if rows are to go."""
        CLOCK.start()
        self.people: Mapping[str, Headers] = {"anonymous": {}, **people}
        self._client = client
        self._database = database
        self._portal = portal
        self.made: Counter[Kind] = Counter()
        self._changed: dict[Kind, None] = {}
        self._stored: dict[tuple[Kind, str, int, tuple[str, ...]], str] = {}

    def ask(
        self,
        who: str,
        method: str,
        url: str,
        json: Json | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Response:
        """Send a request as somebody."""
        headers = self.people[who]
        return self._client.request(
            method, url, headers=headers, json=json, params=params
        )

    def ask_with(self, who: str, method: str, url: str, body: str) -> Response:
        """Send a text as JSON, as somebody."""
        headers = {**self.people[who], "Content-Type": "application/json"}
        return self._client.request(method, url, headers=headers, content=body)

    def those(self, facts: Sequence[bool | None]) -> dict[str, bool]:
        """Return what is true of whom, without those of whom nothing is known."""
        everybody = zip(self.people, facts, strict=True)
        return {who: fact for who, fact in everybody if fact is not None}

    def body(self, kind: Kind, who: str, sample: int = 0, /, **changes: Any) -> Json:
        """Return what creates a row: its parents are made for it."""
        sent: Json = {
            column: self.parent(
                kind, column, who, sample if column in kind.apart else 0
            )
            for column in kind.parents.keys() - changes.keys()
        }
        if sample != 1:
            sent |= {
                ids: [self.linked(kind.links[ids], who)]
                for ids in kind.links.keys() - changes.keys()
            }
        found: Json = known(sent | kind.samples[sample] | changes)
        return found

    def parents(self, kind: Kind, who: str) -> Json:
        """Return for each column the id of a row that one of `who` can belong to."""
        return {column: self.parent(kind, column, who) for column in kind.parents}

    def parent(self, kind: Kind, column: str, who: str, sample: int = 0) -> str:
        """Return the id of a row that one of `who` can belong to, made once."""
        above = kind.parents[column]
        is_own = kind.maker == above.maker == "owner" and who == "other"
        moves = kind.settings.get(column, ())
        return self._once(
            above, "other" if is_own else "", 2 if is_own else sample, moves
        )

    def linked(self, kind: Kind, who: str) -> str:
        """Return the id of a row that `who` may link to, made once."""
        is_own = kind.maker == "owner" and who == "other"
        return self._once(kind, who if is_own else "", 2 if is_own else 0)

    def settle(
        self, kind: Kind, row: Json, who: str = "", moves: Sequence[str] = ()
    ) -> None:
        """Let further rows belong to one that somebody has made, after its moves."""
        is_own = kind.maker == "owner" and who == "other"
        known_as = kind, "other" if is_own else "", 2 if is_own else 0, tuple(moves)
        self._stored[known_as] = str(row["id"])

    def _once(
        self, kind: Kind, who: str, sample: int, moves: Sequence[str] = ()
    ) -> str:
        known_as = kind, who, sample, tuple(moves)
        if known_as not in self._stored:
            row = self.moved(kind, moves, who, sample)
            self._stored[known_as] = str(row["id"])
        return self._stored[known_as]

    def parent_row(
        self,
        kind: Kind,
        column: str,
        sample: int = 0,
        who: str = "",
        /,
        **changes: Any,
    ) -> Json:
        """Store a row that others can belong to, and return it."""
        moves = kind.settings.get(column, ())
        return self.moved(kind.parents[column], moves, who, sample, **changes)

    def moved(
        self,
        kind: Kind,
        steps: Sequence[Step],
        who: str = "",
        sample: int = 0,
        /,
        **changes: Any,
    ) -> Json:
        """Make a row, let some steps happen to it, and return it as it was made."""
        row = self.make(kind, who, sample, **changes)
        own = kind.later[sample] if kind.later else {}
        for step in steps:
            self._happen(kind, row, step, own)
        return row

    def _happen(self, kind: Kind, row: Json, step: Step, own: Json) -> None:
        match step:
            case Later():
                self.age(kind, row, step)
            case str() if "/" in step:
                column, _, action = step.partition("/")
                self.move(*self._unsettled(kind, row, column), action, {})
            case str():
                self.move(kind, row, step, own)
            case (who, changes):
                self.change(kind, row, who, changes)
            case (who, changes, column):
                self.change(*self._unsettled(kind, row, column), who, changes)

    def _unsettled(self, kind: Kind, row: Json, columns: str) -> tuple[Kind, Json]:
        """Return what a row belongs to, and let no other row belong to it."""
        for column in columns.split("."):
            row = row if column in row else self.get(kind, row)
            kind, row = kind.parents[column], {"id": row[column]}
            for known_as in [k for k, one in self._stored.items() if one == row["id"]]:
                del self._stored[known_as]
                self._changed[known_as[0]] = None
        return kind, row

    def change(self, kind: Kind, row: Json, who: str, changes: Json) -> None:
        """Change a row as somebody."""
        answer = self.ask(who, "PATCH", url(kind, row), known(changes))
        assert answer.status_code == 200, answer.text

    def age(self, kind: Kind, row: Json, moment: Later) -> None:
        """Let a row have been made at a moment."""
        assert self._portal
        assert self._database
        self._portal.call(_age, self._database, kind.table, row["id"], moment.moment)

    def move(
        self, kind: Kind, row: Json, action: str, own: Json, who: str = ""
    ) -> None:
        """Move a row as somebody, or as who does so usually, with values of its own."""
        mover, path, body, _ = kind.movers[action]
        sent = {name: own.get(name, value) for name, value in (body or {}).items()}
        where = url(kind, row, path)
        answer = self.ask(who or mover, "POST", where, known(sent) or None)
        assert answer.status_code == 200, answer.text

    def make(
        self, kind: Kind, who: str = "", sample: int = 0, /, **changes: Any
    ) -> Json:
        """Store a row through the API, and return it; a seed if nobody may.

        There may be fewer of these than there are samples.
        """
        if not kind.maker:
            seeded = self.items(kind, kind.lister, limit=100)
            return seeded[min(sample, len(seeded) - 1)]
        who = who or kind.makers[sample]
        sent = self.body(kind, who, sample, **changes)
        response = self.ask(who, "POST", kind.path, sent)
        assert response.status_code == 201, response.text
        made: Json = response.json()
        self.made[kind] += 1
        return made

    def get(self, kind: Kind, row: Json) -> Json:
        """Return a row as its reader gets it."""
        response = self.ask(kind.reader, "GET", url(kind, row))
        assert response.status_code == 200, response.text
        found: Json = response.json()
        return found

    def items(self, kind: Kind, who: str, /, **params: object) -> list[Json]:
        """Return the rows of the first page of a list."""
        response = self.ask(who, "GET", kind.path, params=params)
        assert response.status_code == 200, response.text
        items: list[Json] = response.json()["items"]
        return items

    def clear(self, kind: Kind) -> None:
        """Remove all rows of a kind, whoever made them."""
        assert self._portal
        assert self._database
        for cleared in (kind, *self._changed):
            self._portal.call(_clear, self._database, cleared.table)
        self._changed.clear()


async def _age(
    database: Database, table: type[Record], row: str, moment: datetime
) -> None:
    async with database.session() as session:
        times = {"created_at": moment, "updated_at": moment}
        await session.execute(
            update(table).where(table.id == UUID(row)).values(**times)
        )


async def _clear(database: Database, table: type[Base]) -> None:
    async with database.session() as session:
        await remove_rows(session, Base.metadata.tables[table.__tablename__])


def url(kind: Kind, row: Json, action: str = "") -> str:
    """Return where a row is, or an action on it."""
    tail = f"/{action}" if action else ""
    return f"{kind.path}{row['id']}{tail}"


def shown(kind: Kind, sent: Json) -> Json:
    """Return what an answer shows of what was sent."""
    return {name: value for name, value in sent.items() if name not in kind.unseen}


def assert_created(api: Api, kind: Kind, sent: Json, who: str) -> Json:
    """Store a row, and find it as it was sent, with nothing made up."""
    response = api.ask(who, "POST", kind.path, sent)

    assert response.status_code == 201, response.text
    row: Json = response.json()
    assert row == row | shown(kind, sent)
    assert row["created_at"] == row["updated_at"]
    if kind.state:
        name, initial = kind.state
        assert row[name] == initial
    if kind.reader == who:
        assert api.get(kind, row) == row
    return row


def assert_accepted(
    api: Api, kind: Kind, name: str, values: Sequence[Json], *, changes: bool
) -> None:
    """Give a field each of its limits, at creation and, if it can be, in a change."""
    creator, updater = kind.writers.get(name, (kind.maker, kind.updater))
    for value in map(known, values):
        if creator:
            assert_created(api, kind, api.body(kind, creator, **value), creator)
            api.clear(kind)
        if updater and changes:
            row = api.make(kind)
            response = api.ask(updater, "PATCH", url(kind, row), value)
            assert response.status_code == 200, response.text
            assert response.json() == response.json() | shown(kind, value)
            api.clear(kind)


def assert_refused(
    api: Api, kind: Kind, name: str, values: Sequence[object], *, changes: bool = True
) -> None:
    """Give a field what it must not take, and see that nothing of it is stored."""
    creator, updater = kind.writers.get(name, (kind.maker, kind.updater))
    row = api.make(kind)
    attempts: list[tuple[str, str, str, Json]] = []
    if creator:
        body = api.body(kind, creator, 2)
        attempts.append((creator, "POST", kind.path, body))
    if updater and changes:
        attempts.append((updater, "PATCH", url(kind, row), {}))
    for value in map(known, values):
        for who, method, where, body in attempts:
            response = api.ask(who, method, where, body | {name: value})
            pointers = {pointer.split("/")[2] for pointer in invalid_parts(response)}
            assert pointers == {name}, (method, value, response.text)
    if kind.reader:
        assert api.get(kind, row) == row


def assert_required(api: Api, kind: Kind, names: Sequence[str]) -> None:
    """Leave out each of what a row needs."""
    sent = api.body(kind, kind.maker)
    for name in names:
        less = {key: value for key, value in sent.items() if key != name}
        response = api.ask(kind.maker, "POST", kind.path, less)
        assert invalid_parts(response) == {f"/body/{name}": "Field required"}


def assert_unknown(
    api: Api, kind: Kind, names: Sequence[str], method: str = "POST"
) -> None:
    """Nobody sets these."""
    row = api.make(kind)
    who = kind.maker if method == "POST" else kind.updater
    where = kind.path if method == "POST" else url(kind, row)
    body = api.body(kind, who, 2) if method == "POST" else {}
    for name in names:
        response = api.ask(who, method, where, body | {name: NOBODY})
        assert invalid_parts(response) == {
            f"/body/{name}": "Extra inputs are not permitted"
        }


def assert_updated(
    api: Api, kind: Kind, row: Json, changes: Json, who: str = ""
) -> None:
    """Change a row: what is sent is set, and the rest is kept."""
    changes = known(changes)

    response = api.ask(who or kind.updater, "PATCH", url(kind, row), changes)

    assert response.status_code == 200, response.text
    changed = response.json()
    decided = {name: changed[name] for name in ("updated_at", *kind.computed)}
    assert changed == row | shown(kind, changes) | decided
    if changes and any(row.get(name) != value for name, value in changes.items()):
        assert changed["updated_at"] > row["updated_at"]
    assert_read(api, kind, row, changed)


def assert_read(api: Api, kind: Kind, row: Json, changed: Json) -> None:
    """Require that a change is read as it was answered."""
    if kind.reader:
        assert api.get(kind, row)["updated_at"] == changed["updated_at"]


def assert_moved(api: Api, kind: Kind, was: Json, moved: Json, changes: Json) -> None:
    """Require that a move has set what it says, and nothing else.

    Whoever may not read a field is shown that it is empty.
    """

    def seen(row: Json) -> Json:
        return {n: v for n, v in changes.items() if row[n] is not None}

    assert moved == moved | seen(moved)
    assert moved["updated_at"] > was["updated_at"]
    if kind.reader:
        found = api.get(kind, was)
        decided = {name: found[name] for name in kind.computed}
        decided["updated_at"] = moved["updated_at"]
        assert found == was | seen(found) | decided


def assert_computed(row: Json, expected: Json) -> None:
    """Require that a row has these values; numbers may differ by their last digit."""
    for name, value in expected.items():
        if is_number(value) and row[name] is not None:
            assert float(row[name]) == pytest.approx(float(value), rel=1e-12)
        else:
            assert row[name] == value


def is_number(value: object) -> bool:
    """Say whether a value is a text that means a number."""
    return isinstance(value, str) and bool(re.fullmatch(r"-?\d+(\.\d+)?", value))


def assert_conflict(response: Response, detail: str) -> None:
    """Require that what is stored does not allow it, and that this is said."""
    assert (response.status_code, response.json()["detail"]) == (409, detail)


@contextmanager
def overtaken(kind: Kind) -> Generator[None]:
    """Let another change come before each that is stored meanwhile."""

    def change_before(session: Session, *_: object) -> None:
        newer = update(kind.table).values(version=kind.table.version + 1)
        session.connection().execute(newer)

    event.listen(Session, "before_flush", change_before)
    try:
        yield
    finally:
        event.remove(Session, "before_flush", change_before)


def in_order(rows: Sequence[Json], sort: str, numbers: Collection[str]) -> list[str]:
    """Return the ids of rows in an order; those without a value come last."""
    key = sort.removeprefix("-")

    def rank(row: Json) -> tuple[Any, str]:
        value = row[key]
        return (_number(value) if key in numbers else value), row["id"]

    known = [row for row in rows if row[key] is not None]
    empty = [row for row in rows if row[key] is None]
    backwards = sort.startswith("-")
    ordered = sorted(known, key=rank, reverse=backwards)
    ordered += sorted(empty, key=lambda row: str(row["id"]), reverse=backwards)
    return [str(row["id"]) for row in ordered]


def _number(text: str) -> Decimal:
    """Return what a text is that stands for a number, or for a span of time."""
    if text.startswith("P"):
        return Decimal(str(parse_span(text).total_seconds()))
    return Decimal(text)


def pages(api: Api, kind: Kind, who: str, params: Json) -> Iterator[list[str]]:
    """Give the ids of each page of a list."""
    cursor: str | None = ""
    while cursor is not None:
        asked = params | ({"cursor": cursor} if cursor else {})
        page = api.ask(who, "GET", kind.path, params=asked).json()
        yield [row["id"] for row in page["items"]]
        cursor = page["next"]


def assert_sorted(
    api: Api, kind: Kind, sorts: Sequence[str], numbers: Collection[str] = ()
) -> None:
    """Ask for a list in each order, whole and in pages, and in its own."""
    before = api.items(kind, kind.lister, limit=100)
    rows = before + [api.make(kind, "", sample) for sample in range(3)]
    for sort in sorts:
        expected = in_order(rows, sort, numbers)
        asked = {"sort": sort, "limit": 100}
        whole = [row["id"] for row in api.items(kind, kind.lister, **asked)]
        assert whole == expected, sort
        paged = list(pages(api, kind, kind.lister, {"sort": sort, "limit": 2}))
        assert list(chain(*paged)) == expected, sort
        assert all(len(page) <= 2 for page in paged)
    default = [row["id"] for row in api.items(kind, kind.lister, limit=100)]
    assert default == in_order(rows, sorts[0], numbers)


def assert_filtered(
    api: Api, kind: Kind, cases: Sequence[tuple[Json, Collection[int]]]
) -> None:
    """Each parameter of a list keeps exactly the rows that it asks for."""
    rows = [api.make(kind, "", sample) for sample in range(3)]
    mine = {row["id"]: number for number, row in enumerate(rows)}
    for params, expected in cases:
        found = api.items(kind, kind.lister, limit=100, **known(params))
        numbers = sorted(mine[row["id"]] for row in found if row["id"] in mine)
        assert numbers == sorted(expected), params


def assert_wrong_queries(api: Api, kind: Kind, wrong: Sequence[Json]) -> None:
    """Ask for a list wrongly, and be told which parameter is wrong."""
    common = ({"limit": 0}, {"limit": 101}, {"cursor": "x"}, {"sort": "owner"})
    cases: list[Json] = [*common, {"colour": "black"}, *wrong]
    for params in cases:
        response = api.ask(kind.lister, "GET", kind.path, params=known(params))
        pointers = {pointer.split("/")[2] for pointer in invalid_parts(response)}
        assert pointers == set(params), params
