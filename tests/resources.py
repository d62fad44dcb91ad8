"""What the tests of features with data do: make rows, ask as somebody, compare."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from anyio.from_thread import BlockingPortal
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.core.database import Database
from app.core.tables import Base, Record
from app.features.accounts.tables import Account
from tests.api import account_id
from tests.conftest import Headers
from tests.databases import remove_rows

Json = dict[str, Any]
Mover = tuple[str, str, Json | None, str]

# The sample that a parent is which must be another row than the first of its kind.
TWIN = 1
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

    @property
    def value(self) -> date:
        """Return the day or the moment."""
        return self.moment.date() if self.is_day else self.moment

    def __str__(self) -> str:
        """Return it as the API writes it."""
        return self.value.isoformat().replace("+00:00", "Z")


def today(days: int = 0) -> Later:
    """Return a day, counted from the day of the test."""
    return Later(timedelta(days=days), is_day=True)


def now(**span: float) -> Later:
    """Return a moment, counted from that of the test."""
    return Later(timedelta(**span), is_day=False)


class Accounts:
    """The ids of the accounts of a test, asked for when they are first needed."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self._ask: Callable[[str], str] = str

    def start(self, ask: Callable[[str], str]) -> None:
        """Begin a test."""
        self._ids, self._ask = {}, ask

    def id_of(self, who: str) -> str:
        """Return the id of somebody's account."""
        if who not in self._ids:
            self._ids[who] = self._ask(who)
        return self._ids[who]


ACCOUNTS = Accounts()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, where a row has the id of their account."""

    name: str

    @property
    def value(self) -> UUID:
        """Return the id."""
        return UUID(ACCOUNTS.id_of(self.name))

    def __str__(self) -> str:
        """Return it as the API writes it."""
        return str(self.value)


def account(who: str) -> Person:
    """Return what stands for the id of somebody's account."""
    return Person(who)


# What happens to a row: it moves, or its parent does (`post_id/retract`), it becomes as
# old as if it was made then, or somebody changes it, or its parent; if that is nobody,
# time has passed, and the database has other moments.
Step = str | Later | tuple[str, Json] | tuple[str, Json, str]


def known(value: Any) -> Any:
    """Return a value with its days and moments written out."""
    match value:
        case Later() | Person():
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
    may; `unread`, what whoever makes and changes the first row may not read of it. The
    `samples` lack `parents` and `links`, whose ids are columns; those of
    `parents` that are `movable` can change; those that are `twins` must be others than
    another one of their kind. `movers` say for each move of a row who
    makes it, the end of its path, what is sent, and the state after it; `settings`,
    what happened to a parent before a row belongs to it. Samples belong to a
    parent of their own where the columns stand `apart`; `later` has for each what
    others must set. `rules` are what is said of a field whose values keep its limits.
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
    twins: Collection[str] = ()
    movable: Collection[str] = ()
    links: Mapping[str, "Kind"] = field(default_factory=dict)
    writers: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    unseen: Collection[str] = ()
    rules: Collection[str] = ()
    unread: Mapping[str, Collection[str]] = field(default_factory=dict)
    computed: Collection[str] = ()
    state: tuple[str, str] | None = None
    movers: Mapping[str, Mover] = field(default_factory=dict)
    settings: Mapping[str, Sequence[Step]] = field(default_factory=dict)
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

    @property
    def by_steps(self) -> list[str]:
        """Return the columns of parents, those last to which most happens before.

        What they belong to together is not beyond what the others need of it then.
        """
        return sorted(self.parents, key=lambda c: len(self.settings.get(c, ())))

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
        ACCOUNTS.start(lambda who: account_id(client, self.people[who]))
        self.people: Mapping[str, Headers] = {"anonymous": {}, **people}
        self._client = client
        self._database = database
        self._portal = portal
        self.made: Counter[Kind] = Counter()
        self._changed: dict[Kind, None] = {}
        self._stored: dict[tuple[Kind, str, int, str], str] = {}

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
            for column in kind.by_steps
            if column not in changes
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
        return {column: self.parent(kind, column, who) for column in kind.by_steps}

    def parent(self, kind: Kind, column: str, who: str, sample: int = 0) -> str:
        """Return the id of a row that one of `who` can belong to, made once."""
        above = kind.parents[column]
        is_own = kind.maker == above.maker == "owner" and who == "other"
        steps = kind.settings.get(column, ())
        sample = 2 if is_own else sample
        sample = TWIN if column in kind.twins else sample
        return self._once(above, "other" if is_own else "", sample, steps)

    def linked(self, kind: Kind, who: str) -> str:
        """Return the id of a row that `who` may link to, made once."""
        is_own = kind.maker == "owner" and who == "other"
        return self._once(kind, who if is_own else "", 2 if is_own else 0)

    def settle(
        self, kind: Kind, row: Json, who: str = "", moves: Sequence[str] = ()
    ) -> None:
        """Let further rows belong to one that somebody has made, after its moves."""
        is_own = kind.maker == "owner" and who == "other"
        known_as = kind, "other" if is_own else "", 2 if is_own else 0, repr([*moves])
        self._stored[known_as] = str(row["id"])

    def _once(
        self, kind: Kind, who: str, sample: int, steps: Sequence[Step] = ()
    ) -> str:
        known_as = kind, who, sample, repr([*steps])
        if known_as not in self._stored:
            # A second row like one that is there could not be, if it is unique.
            before = self._stored.get((kind, who, sample, repr([])))
            row = {"id": before} if before else self.make(kind, who, sample)
            self._go_on(kind, row, steps, who, sample)
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
        """Store a row that others can belong to, and return it.

        What its maker may not set, somebody does who may.
        """
        above, steps = kind.parents[column], kind.settings.get(column, ())
        others = {
            name: updater
            for name, (creator, updater) in above.writers.items()
            if name in changes and creator != above.maker
        }
        own = {n: value for n, value in changes.items() if n not in others}
        row = self.make(above, who, sample, **own)
        for name, updater in others.items():
            self.change(above, row, updater, {name: changes[name]})
        self._go_on(above, row, steps, who, sample)
        return row

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
        self._go_on(kind, row, steps, who, sample)
        return row

    def _go_on(
        self, kind: Kind, row: Json, steps: Sequence[Step], who: str, sample: int
    ) -> None:
        """Let some steps happen to a row that somebody has made."""
        own = kind.later[sample] if kind.later else {}
        for step in steps:
            self._happen(kind, row, step, own, who)

    def _happen(self, kind: Kind, row: Json, step: Step, own: Json, maker: str) -> None:
        match step:
            case Later():
                self.age(kind, row, step)
            case str() if "/" in step:
                column, _, action = step.partition("/")
                above, parent = self._unsettled(kind, row, column)
                # The second owner's rows belong to what is theirs, too.
                is_own = kind.maker == above.maker == above.movers[action][0] == "owner"
                theirs = maker if is_own and maker == "other" else ""
                self.move(above, parent, action, {}, theirs)
            case str():
                # What the maker of rows does usually, does the maker of this one.
                is_makers = kind.movers[step][0] == kind.maker
                self.move(kind, row, step, own, maker if is_makers else "")
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
        """Change a row as somebody, or as time does."""
        if not who:
            assert self.write(kind, row, changes)
            return
        answer = self.ask(who, "PATCH", url(kind, row), known(changes))
        assert answer.status_code == 200, answer.text

    def age(self, kind: Kind, row: Json, moment: Later) -> None:
        """Let a row have been made at a moment."""
        assert self.write(
            kind, row, dict.fromkeys(("created_at", "updated_at"), moment)
        )

    def write(self, kind: Kind, row: Json, values: Json) -> bool:
        """Let the database have other values in a row; say whether it takes them."""
        assert self._portal
        assert self._database
        stored = {
            name: value.value if isinstance(value, Later | Person) else value
            for name, value in values.items()
        }
        return self._portal.call(_write, self._database, kind.table, row["id"], stored)

    def leave(self, kind: Kind, row: Json) -> None:
        """Let the account that owns a row be gone."""
        assert self._portal
        assert self._database
        self._portal.call(_leave, self._database, kind.table, row["id"])

    def remove(self, kind: Kind, row: Json) -> bool:
        """Remove a row from the database; say whether that lets it go."""
        assert self._portal
        assert self._database
        return self._portal.call(_remove, self._database, kind.table, row["id"])

    def is_stored(self, kind: Kind, row: Json) -> bool:
        """Say whether a row is there, whoever may see it."""
        assert self._portal
        assert self._database
        return self._portal.call(_is_stored, self._database, kind.table, row["id"])

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
        between = self._below_changed(kind)
        for cleared in (kind, *between, *self._changed):
            self._portal.call(_clear, self._database, cleared.table)
        for known_as in [k for k in self._stored if k[0] in between]:
            del self._stored[known_as]
        self._changed.clear()

    def _below_changed(self, kind: Kind) -> list[Kind]:
        """Return what is between a kind and what was changed, the nearest first."""
        found: list[Kind] = []
        for above in kind.parents.values():
            further = self._below_changed(above)
            is_below = not self._changed.keys().isdisjoint(above.parents.values())
            if is_below or further:
                found += [k for k in (above, *further) if k not in found]
        return [k for k in found if k not in self._changed]


async def _write(
    database: Database, table: type[Record], row: str, values: Json
) -> bool:
    with suppress(IntegrityError):
        async with database.session() as session:
            await session.execute(
                update(table).where(table.id == UUID(row)).values(**values)
            )
        return True
    return False


async def _leave(database: Database, table: Any, row: str) -> None:
    async with database.session() as session:
        owner = select(table.owner_id).where(table.id == UUID(row)).scalar_subquery()
        await session.execute(delete(Account).where(Account.id == owner))


async def _remove(database: Database, table: type[Record], row: str) -> bool:
    with suppress(IntegrityError):
        async with database.session() as session:
            await session.execute(delete(table).where(table.id == UUID(row)))
        return True
    return False


async def _is_stored(database: Database, table: type[Record], row: str) -> bool:
    async with database.session(writes=False) as session:
        return await session.get(table, UUID(row)) is not None


async def _clear(database: Database, table: type[Base]) -> None:
    async with database.session() as session:
        await remove_rows(session, Base.metadata.tables[table.__tablename__])


def url(kind: Kind, row: Json, action: str = "") -> str:
    """Return where a row is, or an action on it."""
    tail = f"/{action}" if action else ""
    return f"{kind.path}{row['id']}{tail}"


def as_sent(kind: Kind, row: Json, method: str, sent: Json | None) -> Any:
    """Return what a request about a row sends: what replaces it says its parents."""
    if method != "PUT":
        return known(sent)
    return {name: row[name] for name in kind.movable} | (known(sent) or {})


def shown(kind: Kind, sent: Json) -> Json:
    """Return what an answer shows of what was sent."""
    return {name: value for name, value in sent.items() if name not in kind.unseen}
