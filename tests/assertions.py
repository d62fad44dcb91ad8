"""What tests of features with data assert of rows and answers."""

import re
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from itertools import chain
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from app.core.spans import parse_span
from tests.api import invalid_parts
from tests.resources import NOBODY, Api, Json, Kind, known, shown, url


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


def assert_shown_within(
    api: Api, kind: Kind, row: Json, role: str, other: Kind, ids: Sequence[str]
) -> None:
    """Find some rows within one, as far as everybody may read them who sees that."""
    seen = [(w, api.ask(w, "GET", url(kind, row))) for w in api.people if kind.reader]
    assert not kind.reader or any(whole.is_success for _, whole in seen)
    for who, whole in seen:
        if whole.is_success:
            parts = as_list(whole.json()[role])
            assert [part["id"] for part in parts] == [*ids]
            for part in parts if other.reader else ():
                assert part == api.ask(who, "GET", url(other, part)).json()


def as_list(value: Any) -> list[Any]:
    """Return one thing as several."""
    return value if isinstance(value, list) else [value]


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
            wrong = invalid_parts(response)
            pointers = {pointer.split("/")[2] for pointer in wrong}
            assert pointers == {name}, (method, value, response.text)
            # No rule of the row stands in for the limit.
            assert not {*wrong.values()} & {*kind.rules}, (method, value)
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
    unread = dict.fromkeys(kind.unread.get(who or kind.updater, ()))
    hidden = kind.unread.get(kind.maker, ())
    decided = {name: changed[name] for name in ("updated_at", *kind.computed, *hidden)}
    assert changed == row | shown(kind, changes) | decided | unread
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


def assert_not_found(response: Response, kind: Kind, row: str) -> None:
    """See that an answer says of a row that it is not there."""
    name = kind.label.capitalize()
    assert response.status_code == 404, response.text
    assert response.json()["detail"] == f"{name} {row} not found."


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
