"""Rows at which generated requests can aim, and who sends these."""

import asyncio
import json
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

from sqlalchemy import make_url, select

OWNER = "owner"
READING = {"GET", "HEAD", "OPTIONS"}
SUCCESS = range(200, 300)


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who sends requests; `is_bare` if the owner has no role meanwhile."""

    name: str
    headers: dict[str, str]
    is_bare: bool = False


class Stage:
    """Rows that somebody has stored who has every role, and their ids by name.

    `rows` are requests that store, find or move one each: `{"method", "path", "body",
    "keeps", "aims"}`. In a path, `{name}` is the id of an earlier row. In a body,
    `{"$id": name}` is that, `{"$days": 3}` and `{"$seconds": 60}` are counted from now.
    `aims` are the fields that hold the ids of rows, with the names of these.

    Besides, there is a caller for each of `roles`, who has no other, one who has none,
    and one who is nobody. The `owner` is who has stored the rows, without the roles:
    these are in the database, which is another for as long as the owner calls.
    """

    def __init__(
        self, url: str, rows: Sequence[Mapping[str, Any]], roles: Sequence[str]
    ) -> None:
        """Take the address of the API, what to store there, and who may call."""
        self.url = url
        self.nobody = Caller("as nobody", {})
        self.callers: tuple[Caller, ...] = (self.nobody,)
        self._rows = rows
        self._roles = roles
        self._now = datetime.now(UTC)
        self._ids: dict[str, str] = {}
        self._aims: dict[str, str | list[str]] = {}
        self._file = make_url(import_module("app.core.config").settings.database_url)
        self._kept, self._bare = (
            sqlite3.connect(":memory:", check_same_thread=False) for _ in range(2)
        )
        self._now_kept = self._kept

    def set_up(self) -> str:
        """Make the callers and the rows; return what went wrong, if anything did."""
        single = [role for role in self._roles if role != OWNER]
        whole, plain, *others = asyncio.run(_make_accounts(str(self._file), single))
        self.callers = (
            Caller("with every role", whole),
            *([Caller("as the owner", whole, is_bare=True)] * (OWNER in self._roles)),
            *(Caller(f"as {r}", h) for r, h in zip(single, others, strict=True)),
            Caller("as a plain user", plain),
            self.nobody,
        )
        for row in self._rows:
            status, answer = self._ask(row, whole)
            if status not in SUCCESS:
                asked = f"{row['method']} {row['path']}"
                return f"{asked} answers {status} to a sample: {answer}"
            if name := row["keeps"]:
                found = json.loads(answer)
                self._ids[name] = found.get("items", [found])[0]["id"]
                self._aims |= {name: name, **row["aims"]}
        with closing(self._connect()) as file:
            file.backup(self._kept)
        self._kept.backup(self._bare)
        self._bare.execute("DELETE FROM grants")
        self._bare.commit()
        return ""

    def enter(self, caller: Caller) -> None:
        """Give a caller the database in which that is who it is."""
        wanted = self._bare if caller.is_bare else self._kept
        if wanted is not self._now_kept:
            self._now_kept = wanted
            self._put_back()

    def aim(self, case: Any) -> None:  # noqa: ANN401 - theirs
        """Put the id of a row where a request has one that is valid."""
        for fields in (case.path_parameters, case.query, case.body):
            if isinstance(fields, dict):
                for name in fields.keys() & self._aims.keys():
                    fields[name] = self._aimed(fields[name], self._aims[name])

    def _aimed(self, value: object, name: str | list[str]) -> object:
        if isinstance(name, list):
            if not isinstance(value, list) or not value or not all(map(_is_id, value)):
                return value
            ids = [self._ids[one] for one in name]
            return [*ids, *value[len(ids) :]]  # what is too long stays so
        if isinstance(value, list):
            return [self._aimed(item, name) for item in value]
        return self._ids[name] if _is_id(value) else value

    def mind(self, method: str, status: int) -> None:
        """Put everything back if a request has changed something."""
        if self._rows and method.upper() not in READING and status in SUCCESS:
            self._put_back()

    def _put_back(self) -> None:
        with closing(self._connect()) as file:
            self._now_kept.backup(file)

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(str(self._file.database), timeout=30)

    def _filled(self, value: Any) -> Any:  # noqa: ANN401 - JSON is any value
        match value:
            case {"$id": name}:
                return self._ids[name]
            case {"$days": int(days)}:
                return str((self._now + timedelta(days)).date())
            case {"$seconds": seconds}:
                return (self._now + timedelta(seconds=seconds)).isoformat()
            case dict():
                return {name: self._filled(part) for name, part in value.items()}
            case list():
                return [self._filled(item) for item in value]
            case _:
                return value

    def _ask(
        self, row: Mapping[str, Any], headers: Mapping[str, str]
    ) -> tuple[int, str]:
        is_read = row["method"] in READING
        request = urllib.request.Request(  # noqa: S310 - the API that is served here
            f"{self.url}{row['path'].format_map(self._ids)}",
            None if is_read else json.dumps(self._filled(row["body"])).encode(),
            {"content-type": "application/json", **headers},
            method=row["method"],
        )
        try:
            with urllib.request.urlopen(request) as response:  # noqa: S310
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()


def _is_id(value: object) -> bool:
    try:
        return bool(UUID(str(value)))
    except ValueError:
        return False


async def _make_accounts(url: str, single: Sequence[str]) -> list[dict[str, str]]:
    """Return how somebody signs in who has every role, who has none, who has one."""
    tables = import_module("app.features.accounts.tables")
    token = import_module("app.core.security").create_access_token
    database = import_module("app.core.database").Database(url)
    async with database.session() as session:
        roles = (await session.scalars(select(tables.Role.name))).all()
        people = [
            tables.Account(
                email=f"person{number}@example.com",
                password_hash="",
                grants=[tables.Grant(role=role) for role in held],
            )
            for number, held in enumerate((roles, (), *([role] for role in single)))
        ]
        session.add_all(people)
    await database.close()
    return [{"Authorization": f"Bearer {token(one.id)}"} for one in people]
