"""Tests that every feature with data passes, over the facts that it states."""

import json
from collections.abc import Callable, Collection, Sequence
from functools import wraps
from importlib import import_module
from types import FunctionType, ModuleType
from typing import Any, ClassVar
from uuid import UUID

import pytest
from anyio.from_thread import BlockingPortal
from fastapi.testclient import TestClient

from app.core.database import Database
from tests.api import account_id, events, invalid_parts
from tests.conftest import SignInAll
from tests.resources import (
    NOBODY,
    OVERTAKEN,
    Api,
    Json,
    Kind,
    Step,
    assert_accepted,
    assert_computed,
    assert_conflict,
    assert_created,
    assert_filtered,
    assert_moved,
    assert_read,
    assert_refused,
    assert_required,
    assert_sorted,
    assert_unknown,
    assert_updated,
    assert_wrong_queries,
    known,
    overtaken,
    shown,
    url,
)
from tests.scenarios import Scenario, filled, like, rows_of

Facts = Sequence[tuple[Any, ...]]


# What each test runs for: the name of a table, and of the arguments in its rows.
OVER: dict[str, tuple[str, tuple[str, ...]]] = {}


def over(table: str, *arguments: str) -> Callable[[Callable[..., None]], Any]:
    """Let a test run for each row of a table of its class, and only if there is one."""

    def mark(test: Callable[..., None]) -> Any:
        assert isinstance(test, FunctionType)
        OVER[test.__name__] = table, arguments
        return test

    return mark


def _parametrized(test: FunctionType, rows: Facts) -> Any:
    @wraps(test)
    def copy(*arguments: object, **named: object) -> None:
        test(*arguments, **named)

    _, names = OVER[test.__name__]
    ids = ["-".join(_name(part) for part in row) for row in rows]
    return pytest.mark.parametrize(names, rows, ids=ids)(copy)


def _name(part: object) -> str:
    """Return what the output of a test calls one of its arguments."""
    if isinstance(part, dict):
        return ",".join(map(str, part))
    named = isinstance(part, str | int | Kind | Scenario)
    return str(part) if named else type(part).__name__


class FeatureTests:
    """The tests of a feature: a subclass states its facts, each table of them a tuple.

    `FEATURE` is its name, `ROLES` who there is beside two users. Where a fact is about
    everybody, it has a value for anonymous, owner, other, and each role, in this order;
    None if there is nothing to see for them.
    """

    FEATURE: ClassVar[str]
    ROLES: ClassVar[tuple[str, ...]] = ()
    CREATED: ClassVar[Facts] = ()
    DEFAULTS: ClassVar[Facts] = ()
    ACCEPTED: ClassVar[Facts] = ()
    REFUSED: ClassVar[Facts] = ()
    REQUIRED: ClassVar[Facts] = ()
    UNKNOWN: ClassVar[Facts] = ()
    CONFLICTS: ClassVar[Facts] = ()
    UPDATES: ClassVar[Facts] = ()
    GIVEN: ClassVar[Facts] = ()
    ENDLESS: ClassVar[Facts] = ()
    REPLACED: ClassVar[Facts] = ()
    RESET: ClassVar[Facts] = ()
    SPOILED: ClassVar[Facts] = ()
    BROKEN: ClassVar[Facts] = ()
    ACCESS: ClassVar[Facts] = ()
    SEEN: ClassVar[Facts] = ()
    SORTED: ClassVar[Facts] = ()
    FILTERED: ClassVar[Facts] = ()
    WRONG_QUERIES: ClassVar[Facts] = ()
    NESTED: ClassVar[Facts] = ()
    MOVES: ClassVar[Facts] = ()
    MOVERS: ClassVar[Facts] = ()
    FROZEN: ClassVar[Facts] = ()
    PREVENTED: ClassVar[Facts] = ()
    NEEDS: ClassVar[Facts] = ()
    RESETTLED: ClassVar[Facts] = ()
    ALREADY: ClassVar[Facts] = ()
    GUARDED: ClassVar[Facts] = ()
    ALLOWED: ClassVar[Facts] = ()
    MANY: ClassVar[Facts] = ()
    HIDDEN: ClassVar[Facts] = ()
    ISSUED: ClassVar[Facts] = ()
    SINGLE: ClassVar[Facts] = ()
    QUOTAS: ClassVar[Facts] = ()
    CAPACITIES: ClassVar[Facts] = ()
    OVERLAPS: ClassVar[Facts] = ()
    CHILDREN: ClassVar[Facts] = ()
    UNFIT: ClassVar[Facts] = ()
    JOINED: ClassVar[Facts] = ()
    KINDRED: ClassVar[Facts] = ()
    UNSEEN: ClassVar[Facts] = ()
    OVERTAKEN: ClassVar[Facts] = ()
    EVENTS: ClassVar[Facts] = ()
    UNSHOWN: ClassVar[Facts] = ()
    COMPUTED: ClassVar[Facts] = ()
    DERIVED: ClassVar[Facts] = ()
    STRANGERS: ClassVar[Facts] = ()
    LINKED: ClassVar[Facts] = ()
    EMBEDDED: ClassVar[Facts] = ()
    SHOWN: ClassVar[Facts] = ()
    OWN: ClassVar[Facts] = ()
    SEEDED: ClassVar[Facts] = ()
    SCENARIOS: ClassVar[Facts] = ()

    def __init_subclass__(cls) -> None:
        """Keep the tests for which there are facts."""
        for name, (table, _) in OVER.items():
            rows = getattr(cls, table, ())
            test = getattr(FeatureTests, name)
            setattr(cls, name, _parametrized(test, rows) if rows else None)

    @pytest.fixture
    def api(
        self,
        client: TestClient,
        everybody: SignInAll,
        database: Database,
        portal: BlockingPortal,
    ) -> Api:
        """Give the API, with everybody who may use it."""
        return Api(client, everybody(self.ROLES), database, portal)

    def service_with(self, constant: str) -> ModuleType:
        """Return the module of the service that has a constant; each may have its."""
        return next(part for part in self.services() if hasattr(part, constant))

    def services(self) -> list[ModuleType]:
        """Return the modules of the service."""
        service = import_module(f"app.features.{self.FEATURE}.service")
        found = (service, *vars(service).values())
        return [part for part in found if isinstance(part, ModuleType)]

    @over("CREATED", "kind", "sample")
    def test_a_row_is_stored_as_it_was_sent(
        self, api: Api, kind: Kind, sample: int
    ) -> None:
        maker = kind.makers[sample]

        assert_created(api, kind, api.body(kind, maker, sample), maker)

    @over("DEFAULTS", "kind", "least", "expected")
    def test_what_is_not_sent_has_its_default(
        self, api: Api, kind: Kind, least: Json, expected: Json
    ) -> None:
        sent = known(api.parents(kind, kind.maker) | least)

        response = api.ask(kind.maker, "POST", kind.path, sent)

        assert response.status_code == 201, response.text
        row = response.json()

        assert row == row | known(expected)

    @over("ACCEPTED", "kind", "name", "values", "changes")
    def test_a_field_takes_its_limits(
        self, api: Api, kind: Kind, name: str, values: Sequence[Json], *, changes: bool
    ) -> None:
        assert_accepted(api, kind, name, values, changes=changes)

    @over("REFUSED", "kind", "name", "values", "changes")
    def test_a_field_takes_nothing_beyond_its_limits(
        self,
        api: Api,
        kind: Kind,
        name: str,
        values: Sequence[object],
        *,
        changes: bool,
    ) -> None:
        assert_refused(api, kind, name, values, changes=changes)

    @over("REQUIRED", "kind", "names")
    def test_a_row_needs_what_is_required(
        self, api: Api, kind: Kind, names: Sequence[str]
    ) -> None:
        assert_required(api, kind, names)

    @over("UNKNOWN", "kind", "method", "names")
    def test_nobody_sets_what_is_not_theirs_to_set(
        self, api: Api, kind: Kind, method: str, names: Sequence[str]
    ) -> None:
        assert_unknown(api, kind, names, method)

    @over("CONFLICTS", "kind", "name", "detail", "elsewhere", "changes")
    def test_a_unique_value_is_given_once(
        self,
        api: Api,
        kind: Kind,
        name: str,
        detail: str,
        elsewhere: str,
        *,
        changes: bool,
    ) -> None:
        row = api.make(kind)
        same = {part: row[part] for part in (*kind.parents, name)}
        who = kind.makers[2]
        again = api.body(kind, who, 2, **same)

        assert_conflict(api.ask(who, "POST", kind.path, again), detail)
        if elsewhere:
            api.make(kind, elsewhere, **{name: row[name]})
        if changes:
            parents = {column: row[column] for column in kind.parents}
            where = url(kind, api.make(kind, who, 2, **parents))
            change = {name: row[name]}
            assert_conflict(api.ask(kind.updater, "PATCH", where, change), detail)

    @over("ISSUED", "kind", "detail")
    def test_what_is_issued_is_issued_once(
        self, api: Api, kind: Kind, detail: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for module in self.services():
            if hasattr(module, "uuid7"):
                monkeypatch.setattr(module, "uuid7", lambda: UUID(NOBODY))
        api.make(kind)
        again = api.body(kind, kind.makers[2], 2)

        assert_conflict(api.ask(kind.makers[2], "POST", kind.path, again), detail)

    @over("SINGLE", "kind", "detail")
    def test_everybody_has_one_at_most(self, api: Api, kind: Kind, detail: str) -> None:
        api.make(kind)
        second = api.body(kind, kind.maker, 2)

        assert_conflict(api.ask(kind.maker, "POST", kind.path, second), detail)

    @over("UPDATES", "kind", "made", "before", "who", "changes")
    def test_a_change_keeps_the_rest(
        self,
        api: Api,
        kind: Kind,
        made: Json,
        before: Sequence[Step],
        who: str,
        changes: Json,
    ) -> None:
        row = api.moved(kind, before, **made)
        if before and kind.reader:
            row = api.get(kind, row)

        assert_updated(api, kind, row, changes, who)

    @over("GIVEN", "kind", "before", "action", "name", "accepted", "refused")
    def test_what_a_move_sets_has_limits(
        self,
        api: Api,
        kind: Kind,
        before: Sequence[str],
        action: str,
        name: str,
        accepted: Sequence[object],
        refused: Sequence[object],
    ) -> None:
        who, path, body, _ = kind.movers[action]
        row = api.moved(kind, before)
        for value in map(known, refused):
            wrong = known(body) | {name: value}
            response = api.ask(who, "POST", url(kind, row, path), wrong)
            pointers = {pointer.split("/")[2] for pointer in invalid_parts(response)}
            assert pointers == {name}, (value, response.text)
        for value in map(known, accepted):
            api.clear(kind)
            row = api.moved(kind, before)
            right = known(body) | {name: value}
            response = api.ask(who, "POST", url(kind, row, path), right)
            assert response.status_code == 200, response.text

    @over("ENDLESS", "kind", "who", "name")
    def test_a_number_has_an_end(
        self, api: Api, kind: Kind, who: str, name: str
    ) -> None:
        body = json.dumps(api.body(kind, who, **{name: NOBODY}))
        endless = body.replace(f'"{NOBODY}"', "1e999")

        response = api.ask_with(who, "POST", kind.path, endless)

        assert {part.split("/")[2] for part in invalid_parts(response)} == {name}

    @over("REPLACED", "kind", "who", "whole")
    def test_a_row_is_replaced_as_a_whole(
        self, api: Api, kind: Kind, who: str, whole: Json
    ) -> None:
        row = api.make(kind)
        sent = {name: row[name] for name in kind.movable} | known(whole)

        response = api.ask(who, "PUT", url(kind, row), sent)

        assert response.status_code == 200, response.text
        changed = response.json()
        assert changed == changed | shown(kind, sent)
        assert changed["updated_at"] > row["updated_at"]
        assert_read(api, kind, row, changed)

    @over("RESET", "kind", "who", "least", "expected")
    def test_what_a_whole_row_lacks_has_its_default(
        self, api: Api, kind: Kind, who: str, least: Json, expected: Json
    ) -> None:
        row = api.make(kind)
        sent = {name: row[name] for name in kind.movable} | known(least)

        response = api.ask(who, "PUT", url(kind, row), sent)

        assert response.status_code == 200, response.text
        changed = response.json()
        assert changed == changed | known(expected)

    @over("SPOILED", "kind", "who", "whole", "pointer", "detail")
    def test_a_rule_is_kept_by_a_whole_row(
        self, api: Api, kind: Kind, who: str, whole: Json, pointer: str, detail: str
    ) -> None:
        row = api.make(kind)
        sent = {name: row[name] for name in kind.movable} | known(whole)

        response = api.ask(who, "PUT", url(kind, row), sent)

        assert invalid_parts(response) == {pointer: detail}

    @over("BROKEN", "kind", "changes", "pointer", "detail", "creator", "updater")
    def test_a_rule_is_kept(
        self,
        api: Api,
        kind: Kind,
        changes: Json,
        pointer: str,
        detail: str,
        creator: str,
        updater: str,
    ) -> None:
        if creator:
            sent = api.body(kind, creator, **changes)
            created = api.ask(creator, "POST", kind.path, sent)
            assert invalid_parts(created) == {pointer: detail}
        if updater:
            row = api.make(kind)
            changed = api.ask(updater, "PATCH", url(kind, row), known(changes))
            assert invalid_parts(changed) == {pointer: detail}

    @over("ACCESS", "kind", "changes", "before", "method", "path", "body", "answers")
    def test_everybody_may_do_what_the_access_rules_say(
        self,
        api: Api,
        kind: Kind,
        changes: Json,
        before: Sequence[Step],
        method: str,
        path: str,
        body: Json | None,
        answers: Sequence[int],
    ) -> None:
        expected = dict(zip(api.people, answers, strict=True))
        found = {}
        row: Json = {}
        for who in expected:
            if path != kind.path:
                row = row or api.moved(kind, before, **changes)
            sent = known(body)
            if method == "POST" and path == kind.path:
                sent = known(api.parents(kind, kind.maker) | kind.minimal)
            elif method == "PUT":
                sent = {name: row[name] for name in kind.movable} | sent
            where = path.replace("{id}", str(row.get("id")))
            answer = api.ask(who, method, where, sent)
            found[who] = answer.status_code
            if answer.is_success and method != "GET":
                api.clear(kind)
                row = {}

        assert found == expected

    @over("SEEN", "kind", "changes", "before", "seen")
    def test_a_list_has_what_its_reader_may_see(
        self,
        api: Api,
        kind: Kind,
        changes: Json,
        before: Sequence[Step],
        seen: Sequence[bool | None],
    ) -> None:
        row = api.moved(kind, before, **changes)

        expected = api.those(seen)
        lists = {who: api.items(kind, who, limit=100) for who in expected}

        found = {
            who: row["id"] in {r["id"] for r in rows} for who, rows in lists.items()
        }
        assert found == expected

    @over("SORTED", "kind", "sorts", "numbers")
    def test_a_list_comes_in_order_and_in_pages(
        self, api: Api, kind: Kind, sorts: Sequence[str], numbers: Collection[str]
    ) -> None:
        assert_sorted(api, kind, sorts, numbers)

    @over("FILTERED", "kind", "cases")
    def test_a_list_keeps_what_is_asked_for(
        self, api: Api, kind: Kind, cases: Sequence[tuple[Json, Collection[int]]]
    ) -> None:
        assert_filtered(api, kind, cases)

    @over("WRONG_QUERIES", "kind", "wrong")
    def test_a_wrong_query_is_refused(
        self, api: Api, kind: Kind, wrong: Sequence[Json]
    ) -> None:
        assert_wrong_queries(api, kind, wrong)

    @over("MANY", "kind", "name", "value")
    def test_a_list_is_asked_for_a_hundred_values_at_most(
        self, api: Api, kind: Kind, name: str, value: Any
    ) -> None:
        def status(number: int) -> int:
            values = {name: [known(value)] * number}
            return api.ask(kind.lister, "GET", kind.path, params=values).status_code

        assert [status(100), status(101)] == [200, 422]

    @over("NESTED", "kind", "column", "path", "answers", "seen")
    def test_the_rows_of_one_parent_are_listed(
        self,
        api: Api,
        kind: Kind,
        column: str,
        path: str,
        answers: Sequence[int],
        seen: Sequence[bool | None],
    ) -> None:
        row = api.make(kind)
        elsewhere = api.parent_row(kind, column, 2)
        other = api.make(kind, "", 2, **{column: elsewhere["id"]})
        below, missing = (path.replace("{id}", one) for one in (row[column], NOBODY))

        expected = dict(zip(api.people, answers, strict=True))

        found = {who: api.ask(who, "GET", below).status_code for who in expected}

        assert found == expected
        assert api.ask(kind.lister, "GET", missing).status_code == 404
        listed = {
            who: [item["id"] for item in api.ask(who, "GET", below).json()["items"]]
            for who in api.those(seen)
        }
        assert listed == {w: [row["id"]] * sees for w, sees in api.those(seen).items()}
        filtered = api.items(kind, kind.lister, **{column: other[column]})
        assert [item["id"] for item in filtered] == [other["id"]]
        twice = api.ask(kind.lister, "GET", f"{below}?{column}={other[column]}")
        assert twice.status_code == 422
        for name in kind.parents.keys() - {column}:
            many = {name: [NOBODY] * 101}
            response = api.ask(kind.lister, "GET", below, params=many)
            assert response.status_code == 422

    @over("MOVES", "kind", "before", "action", "is_legal", "is_done")
    def test_a_row_moves_only_along_its_states(
        self,
        api: Api,
        kind: Kind,
        before: Sequence[str],
        action: str,
        is_legal: bool,  # noqa: FBT001 - a fact about the move
        is_done: bool,  # noqa: FBT001 - the same
    ) -> None:
        row = api.moved(kind, before)
        was = api.get(kind, row) if kind.reader else row
        field, state = kind.state_after(before)
        who, path, body, target = kind.movers[action]

        response = api.ask(who, "POST", url(kind, row, path), known(body))

        if not is_legal:
            words = target.replace("_", " ")
            illegal = f"A {state} {kind.label} cannot become {words}."
            assert_conflict(response, illegal)
        elif not is_done:
            assert response.status_code == 409, response.text
        else:
            assert response.status_code == 200, response.text
            changes = {field: target} | (known(body) or {})
            assert_moved(api, kind, was, response.json(), changes)

    @over("MOVERS", "kind", "before", "action", "answers")
    def test_everybody_may_move_a_row_as_the_access_rules_say(
        self,
        api: Api,
        kind: Kind,
        before: Sequence[str],
        action: str,
        answers: Sequence[int],
    ) -> None:
        expected = dict(zip(api.people, answers, strict=True))
        _, path, body, _ = kind.movers[action]
        found = {}
        row: Json = {}
        for who in expected:
            row = row or api.moved(kind, before)
            answer = api.ask(who, "POST", url(kind, row, path), known(body))
            found[who] = answer.status_code
            if answer.is_success:
                api.clear(kind)
                row = {}

        assert found == expected

    @over("PREVENTED", "kind", "maker", "changes", "before", "action", "who", "detail")
    def test_a_move_waits_for_its_condition(
        self,
        api: Api,
        kind: Kind,
        maker: str,
        changes: Json,
        before: Sequence[Step],
        action: str,
        who: str,
        detail: str,
    ) -> None:
        row = api.moved(kind, before, maker, **changes)
        _, path, body, _ = kind.movers[action]

        response = api.ask(who, "POST", url(kind, row, path), known(body))

        assert_conflict(response, detail)

    @over("NEEDS", "kind", "before", "action", "name", "detail")
    def test_a_move_needs_what_it_needs(
        self,
        api: Api,
        kind: Kind,
        before: Sequence[str],
        action: str,
        name: str,
        detail: str,
    ) -> None:
        without = {name: None} if name in kind.samples[0] else {}
        row = api.moved(kind, before, **without)
        who, path, body, _ = kind.movers[action]

        assert_conflict(api.ask(who, "POST", url(kind, row, path), {}), detail)
        moved = api.ask(who, "POST", url(kind, row, path), known(body))
        assert moved.status_code == 200, moved.text
        assert moved.json().get(name) in (None, known(body)[name])
        if kind.reader and name in kind.samples[0]:
            assert api.get(kind, row).get(name) in (None, known(body)[name])

    @over("ALREADY", "kind", "before", "action", "who")
    def test_a_move_needs_nothing_that_is_there(
        self, api: Api, kind: Kind, before: Sequence[str], action: str, who: str
    ) -> None:
        row = api.moved(kind, before)
        mover, path, body, _ = kind.movers[action]
        assert api.ask(who, "PATCH", url(kind, row), known(body)).status_code == 200

        assert api.ask(mover, "POST", url(kind, row, path), {}).status_code == 200

    @over(
        "FROZEN", "kind", "changes", "before", "who", "method", "sent", "detail", "rest"
    )
    def test_what_is_frozen_stays(
        self,
        api: Api,
        kind: Kind,
        changes: Json,
        before: Sequence[Step],
        who: str,
        method: str,
        sent: Json | None,
        detail: str,
        *,
        rest: bool,
    ) -> None:
        row = api.moved(kind, before, **changes)
        sent = known(sent)
        if method == "PUT":
            sent = {name: row[name] for name in kind.movable} | sent

        response = api.ask(who, method, url(kind, row), sent)

        assert_conflict(response, detail)
        if rest:
            assert api.ask(who, method, url(kind, row), {}).status_code == 200

    @over("ALLOWED", "kind", "who", "changes", "own", "changing")
    def test_who_may_set_a_field_can_do_so_at_once(
        self,
        api: Api,
        kind: Kind,
        who: str,
        changes: Json,
        own: Sequence[str],
        *,
        changing: bool,
    ) -> None:
        parents = {name: api.parent_row(kind, name, 2, who)["id"] for name in own}
        sent = api.body(kind, who, 0, **parents, **changes)

        response = api.ask(who, "POST", kind.path, sent)

        assert response.status_code == 201, response.text
        assert response.json().items() >= shown(kind, known(changes)).items()
        if changing:
            where = url(kind, response.json())
            changed = api.ask(who, "PATCH", where, known(changes))
            assert changed.status_code == 200, changed.text

    @over("GUARDED", "kind", "who", "method", "sent")
    def test_a_field_is_set_only_by_whom_it_may(
        self, api: Api, kind: Kind, who: str, method: str, sent: Json
    ) -> None:
        if method == "POST":
            where, sent = kind.path, api.body(kind, who, 2, **sent)
        else:
            where = url(kind, api.make(kind))

        assert api.ask(who, method, where, known(sent)).status_code == 403

    @over("HIDDEN", "kind", "name", "value", "seen")
    def test_a_field_is_read_only_by_whom_it_may(
        self, api: Api, kind: Kind, name: str, value: Any, seen: Sequence[bool | None]
    ) -> None:
        creator, updater = kind.writers.get(name, (kind.maker, kind.updater))
        sent = {name: known(value)}
        if creator != kind.maker and updater:
            row = api.make(kind)
            assert api.ask(updater, "PATCH", url(kind, row), sent).is_success
        else:
            row = api.make(kind, creator, **sent)

        may = api.those(seen)

        found = {who: api.ask(who, "GET", url(kind, row)).json()[name] for who in may}

        assert found == {w: known(value) if reads else None for w, reads in may.items()}

    @over("QUOTAS", "kind", "constant", "most", "detail", "column")
    def test_there_are_no_more_rows_than_may_be(
        self,
        api: Api,
        kind: Kind,
        constant: str,
        most: int,
        detail: str,
        column: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        service = self.service_with(constant)
        assert getattr(service, constant) == most
        monkeypatch.setattr(service, constant, 1)
        api.make(kind)
        second = api.body(kind, kind.maker, 2)
        refused = api.ask(kind.maker, "POST", kind.path, second)

        assert_conflict(refused, detail.format(1))
        if column:
            elsewhere = api.parent_row(kind, column, 2)
            api.make(kind, "", 2, **{column: elsewhere["id"]})
        elif kind.another:
            api.make(kind, kind.another, 2)

    @over("CAPACITIES", "kind", "column", "field", "detail")
    def test_a_parent_has_no_more_rows_than_it_says(
        self, api: Api, kind: Kind, column: str, field: str, detail: str
    ) -> None:
        parent = api.parent_row(kind, column, 2, **{field: 1})
        api.make(kind, **{column: parent["id"]})
        second = api.body(kind, kind.maker, 2, **{column: parent["id"]})

        assert_conflict(api.ask(kind.maker, "POST", kind.path, second), detail)
        api.make(kind, "", 2)

    @over("OVERLAPS", "kind", "before", "detail", "same", "beside", "per", "updater")
    def test_no_two_rows_lie_in_time_at_once(
        self,
        api: Api,
        kind: Kind,
        before: Sequence[str],
        detail: str,
        same: Json,
        beside: Sequence[Json],
        per: Sequence[str],
        updater: str,
    ) -> None:
        parents = api.parents(kind, kind.maker)
        rows: list[Json] = []

        def settle(sample: int, **changes: Any) -> list[int]:
            known_then = kind.samples[sample].keys() | parents.keys()
            first = {n: v for n, v in changes.items() if n in known_then}
            sent = api.body(kind, kind.maker, sample, **parents | first)
            response = api.ask(kind.maker, "POST", kind.path, sent)
            answers = [response]
            rows.append(response.json())
            for action in before if response.status_code == 201 else ():
                who, path, body, _ = kind.movers[action]
                where = url(kind, response.json(), path)
                later = {n: changes.get(n, v) for n, v in (body or {}).items()}
                answers.append(api.ask(who, "POST", where, known(later) or None))
            if answers[-1].status_code == 409:
                assert_conflict(answers[-1], detail)
            return [answer.status_code for answer in answers]

        done = [201, *(200 for _ in before)]
        assert settle(0) == done
        assert settle(2, **same) == [*done[:-1], 409]
        for times in beside:
            assert settle(2, **times) == done
        if updater:
            moved = api.ask(updater, "PATCH", url(kind, rows[-1]), known(same))
            assert_conflict(moved, detail)
        for column in kind.parents.keys() & set(per):
            elsewhere = api.parent_row(kind, column, 2)
            assert settle(0, **{column: elsewhere["id"]}) == done

    @over(
        "UNFIT",
        *("kind", "above", "column", "way", "changes", "pointer", "detail", "updater"),
    )
    def test_a_row_belongs_only_to_what_the_rules_allow(
        self,
        api: Api,
        kind: Kind,
        above: Kind,
        column: str,
        way: Sequence[str],
        changes: Json,
        pointer: str,
        detail: str,
        updater: str,
    ) -> None:
        # It can stand beside the first of its kind, if its maker may have both.
        sample = 2 if above.makers[2] == above.maker else 0
        parent = api.moved(above, way, "", sample, **changes)
        change = {column: parent["id"]}
        sent = api.body(kind, kind.maker, **change)

        response = api.ask(kind.maker, "POST", kind.path, sent)

        assert invalid_parts(response) == {pointer: detail}
        if updater:
            where = url(kind, api.make(kind))
            changed = api.ask(updater, "PATCH", where, change)
            assert invalid_parts(changed) == {pointer: detail}

    @over("JOINED", "kind", "above", "column", "values", "updater", "replacer", "whole")
    def test_a_row_may_belong_to_another(
        self,
        api: Api,
        kind: Kind,
        above: Kind,
        column: str,
        values: Json,
        updater: str,
        replacer: str,
        whole: Json | None,
    ) -> None:
        parent = api.make(above, "", 2, **values)["id"]
        row = api.make(kind, **{column: parent})
        needed = {name: row[name] for name in kind.movable} | (known(whole) or {})
        changes = [("PATCH", updater, {}), ("PUT", replacer, needed)]

        assert row[column] == parent
        for method, who, sent in changes:
            for there in (None, parent) if who else ():
                changed = sent | {column: there}
                response = api.ask(who, method, url(kind, row), changed)
                assert response.status_code == 200, response.text
                assert response.json()[column] == there
                if kind.reader:
                    found = api.get(kind, row)
                    assert found[column] == there
                    assert kind.reader != who or found == response.json()
            nowhere = sent | {column: NOBODY}
            if who:
                assert api.ask(who, method, url(kind, row), nowhere).status_code == 404

    @over("KINDRED", "kind", "above", "column", "same", "updater", "pointer", "detail")
    def test_what_a_row_belongs_to_belongs_to_the_same(
        self,
        api: Api,
        kind: Kind,
        above: Kind,
        column: str,
        same: str,
        updater: str,
        pointer: str,
        detail: str,
    ) -> None:
        elsewhere = api.parent_row(kind, same, 2)["id"]
        sent = {column: api.make(above, "", 2, **{same: elsewhere})["id"]}

        made = api.ask(
            kind.maker, "POST", kind.path, api.body(kind, kind.maker, **sent)
        )

        assert invalid_parts(made) == {pointer: detail}
        if updater:
            changed = api.ask(updater, "PATCH", url(kind, api.make(kind)), sent)
            assert invalid_parts(changed) == {pointer: detail}

    @over("RESETTLED", "kind", "column")
    def test_a_row_can_belong_to_another(
        self, api: Api, kind: Kind, column: str
    ) -> None:
        row = api.make(kind)
        changes = {column: api.parent_row(kind, column, 2)["id"]}

        response = api.ask(kind.updater, "PATCH", url(kind, row), changes)

        assert response.status_code == 200, response.text
        found = response.json()
        assert found == found | changes
        role = column.removesuffix("_id")
        if role in kind.computed:
            assert found[role]["id"] == changes[column]
        assert_read(api, kind, row, found)

    @over(
        "UNSEEN",
        *("kind", "above", "column", "who", "changes", "steps", "below"),
        *("creates", "updates"),
    )
    def test_a_row_belongs_only_to_what_its_maker_sees(
        self,
        api: Api,
        kind: Kind,
        above: Kind,
        column: str,
        who: str,
        changes: Json,
        steps: Sequence[Step],
        below: str,
        *,
        creates: bool,
        updates: bool,
    ) -> None:
        parent = api.moved(above, steps, who, 2, **changes)
        if creates:
            sent = api.body(kind, kind.maker, **{column: parent["id"]})
            created = api.ask(kind.maker, "POST", kind.path, sent)
            assert created.status_code == 404, created.text
        if below:
            where = below.replace("{id}", parent["id"])
            assert api.ask(kind.maker, "GET", where).status_code == 404
        if updates:
            where, change = url(kind, api.make(kind)), {column: parent["id"]}
            changed = api.ask(kind.updater, "PATCH", where, change)
            assert changed.status_code == 404, changed.text

    @over("CHILDREN", "child", "column", "who", "status")
    def test_a_deletion_treats_children_as_agreed(
        self, api: Api, child: Kind, column: str, who: str, status: int
    ) -> None:
        parent = child.parents[column]
        above = api.parent_row(child, column, 2)
        row = api.make(child, **{column: above["id"]})

        deleted = api.ask(who, "DELETE", url(parent, above))

        found = api.ask(child.reader, "GET", url(child, row))
        if status == 409:
            assert_conflict(deleted, "This is still in use.")
            assert found.json() == row
        else:
            assert deleted.status_code == 204, deleted.text
            assert found.status_code == status
            assert found.status_code == 404 or found.json()[column] is None

    @over("OVERTAKEN", "kind", "before", "who", "method", "action", "sent")
    def test_a_change_overwrites_no_other(
        self,
        api: Api,
        kind: Kind,
        before: Sequence[str],
        who: str,
        method: str,
        action: str,
        sent: Json | None,
    ) -> None:
        row = api.moved(kind, before)

        with overtaken(kind):
            response = api.ask(who, method, url(kind, row, action), known(sent))

        assert_conflict(response, OVERTAKEN)

    @over(
        "EVENTS", "kind", "changes", "before", "who", "method", "path", "body", "event"
    )
    def test_each_change_logs_one_event(
        self,
        api: Api,
        client: TestClient,
        caplog: pytest.LogCaptureFixture,
        kind: Kind,
        changes: Json,
        before: Sequence[Step],
        who: str,
        method: str,
        path: str,
        body: Json | None,
        event: str,
    ) -> None:
        row: Json = {} if path == kind.path else api.moved(kind, before, **changes)
        if method == "PUT":
            body = {name: row[name] for name in kind.movable} | (body or {})
        sent = api.body(kind, who) if path == kind.path else known(body)
        where = path.replace("{id}", str(row.get("id")))
        caplog.clear()

        answer = api.ask(who, method, where, sent)

        row = row or answer.json()
        actor = (
            {}
            if who == "anonymous"
            else {"actor_id": account_id(client, api.people[who])}
        )
        logged = [
            (said, {k: v for k, v in more.items() if k != "request_id"})
            for said, more in events(caplog, f"app.features.{self.FEATURE}.service")
        ]
        assert logged == [(event, actor | {f"{kind.name}_id": row["id"]})]

    @over("UNSHOWN", "kind", "never", "alone")
    def test_what_is_not_to_be_shown_is_not(
        self, api: Api, kind: Kind, never: Sequence[str], alone: Sequence[str]
    ) -> None:
        sent = api.body(kind, kind.maker)
        answers = [api.ask(kind.maker, "POST", kind.path, sent).json()]
        if kind.reader:
            answers.append(api.get(kind, answers[0]))

        for answer in answers:
            assert answer.keys() >= set(alone)
        if kind.lister:
            answers += (listed := api.items(kind, kind.lister))
            assert not listed[0].keys() & set(alone)
        for answer in answers:
            assert not answer.keys() & set(never)

    @over("COMPUTED", "kind", "sample", "expected")
    def test_what_is_computed_is_right(
        self, api: Api, kind: Kind, sample: int, expected: Json
    ) -> None:
        assert_computed(api.make(kind, "", sample), known(expected))

    @over("DERIVED", "kind", "expected")
    def test_what_is_not_sent_follows_from_the_rest(
        self, api: Api, kind: Kind, expected: Json
    ) -> None:
        parents = api.parents(kind, kind.maker)

        row = assert_created(api, kind, known(parents | kind.minimal), kind.maker)

        assert_computed(row, known(expected))

    @over("STRANGERS", "kind", "column")
    def test_a_row_belongs_to_what_is_there(
        self, api: Api, kind: Kind, column: str
    ) -> None:
        sent = api.body(kind, kind.maker, 0, **{column: NOBODY})

        assert api.ask(kind.maker, "POST", kind.path, sent).status_code == 404

    @over("LINKED", "kind", "ids")
    def test_links_are_set_and_changed(self, api: Api, kind: Kind, ids: str) -> None:
        linked = api.linked(kind.links.get(ids, kind), kind.maker)
        row = api.make(kind, "", 2, **{ids: [linked]})
        assert row[ids] == [linked]
        nowhere = api.body(kind, kind.maker, 2, **{ids: [NOBODY]})
        assert api.ask(kind.maker, "POST", kind.path, nowhere).status_code == 404
        crowd = {ids: [linked] * 101}
        refused = api.ask(kind.maker, "POST", kind.path, nowhere | crowd)
        assert refused.status_code == 422
        if kind.updater:
            without = api.ask(kind.updater, "PATCH", url(kind, row), {ids: []}).json()
            assert without[ids] == []
            assert without["updated_at"] > row["updated_at"]
            assert api.get(kind, row)[ids] == []
            unknown = api.ask(kind.updater, "PATCH", url(kind, row), {ids: [NOBODY]})
            assert unknown.status_code == 404
            refused = api.ask(kind.updater, "PATCH", url(kind, row), crowd)
            assert refused.status_code == 422

    @over("EMBEDDED", "kind", "role", "column")
    def test_a_row_shows_what_it_belongs_to(
        self, api: Api, kind: Kind, role: str, column: str
    ) -> None:
        row = api.make(kind)

        other = {**kind.parents, **kind.links}[column]
        found = row[role] if isinstance(row[role], list) else [row[role]]
        assert [part["id"] for part in found] == (
            row[column] if isinstance(row[column], list) else [row[column]]
        )
        if other.reader:
            assert found == [api.get(other, part) for part in found]

    @over("SHOWN", "kind", "child", "role", "column")
    def test_a_row_shows_what_belongs_to_it(
        self, api: Api, kind: Kind, child: Kind, role: str, column: str
    ) -> None:
        row = api.make(child)
        elsewhere = api.parent_row(child, column, 2)
        other = api.make(child, "", 2, **{column: elsewhere["id"]})

        wholes = {
            below["id"]: api.ask(kind.reader, "GET", f"{kind.path}{below[column]}")
            for below in (row, other)
        }

        assert elsewhere[role] == []
        assert {
            one: [part["id"] for part in whole.json()[role]]
            for one, whole in wholes.items()
        } == {row["id"]: [row["id"]], other["id"]: [other["id"]]}
        if child.reader:
            shown = wholes[row["id"]].json()[role]
            assert shown == [api.get(child, row)]

    @over("OWN", "kind", "methods")
    def test_everybody_has_their_own(
        self, api: Api, kind: Kind, methods: Sequence[str]
    ) -> None:
        own = f"{kind.path}me"
        sent: dict[str, Json] = {"PATCH": {}}
        before = {m: api.ask("owner", m, own, sent.get(m)).status_code for m in methods}
        row = api.make(kind, "owner")
        mine = {m: api.ask("owner", m, own, sent.get(m)) for m in methods}

        mine_is_missing = f"Your {kind.name.replace('_', ' ')} not found."
        assert set(before.values()) == {404}
        missing = api.ask("other", "GET", own).json()["detail"]
        assert missing == mine_is_missing
        assert {m: a.status_code for m, a in mine.items()} == {
            m: 204 if m == "DELETE" else 200 for m in methods
        }
        assert {a.json()["id"] for m, a in mine.items() if m != "DELETE"} <= {row["id"]}
        assert api.ask("other", "GET", own).status_code == 404
        assert api.ask("anonymous", "GET", own).status_code == 401

    @over("SEEDED", "kind", "rows")
    def test_some_rows_are_there_from_the_beginning(
        self, api: Api, kind: Kind, rows: Sequence[Json]
    ) -> None:
        found = api.items(kind, kind.lister, limit=100)

        for row in rows:
            assert any(item == item | row for item in found), row

    @over("SCENARIOS", "scenario")
    def test_a_scenario_ends_as_it_is_told(
        self, api: Api, caplog: pytest.LogCaptureFixture, scenario: Scenario
    ) -> None:
        ids = rows_of(api, scenario)
        method, path = filled(scenario.when, ids).split(" ")
        caplog.clear()

        answer = api.ask(scenario.who, method, path, filled(scenario.body, ids))

        assert answer.status_code == scenario.status, answer.text
        if scenario.shown is not None:
            expected = filled(scenario.shown, ids)
            assert like(expected, answer.json()) == expected, answer.text
        if scenario.event:
            logged = events(caplog, f"app.features.{self.FEATURE}.service")
            assert [said for said, _ in logged] == [scenario.event], logged
