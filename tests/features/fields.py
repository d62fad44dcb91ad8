"""Tests of what fields take, and of what a row is when it is made."""

import json
from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

import pytest

from tests.api import invalid_parts
from tests.assertions import (
    assert_accepted,
    assert_computed,
    assert_conflict,
    assert_created,
    assert_refused,
    assert_required,
    assert_unknown,
)
from tests.features.tables import Facts, Tested, over
from tests.resources import NOBODY, TWIN, Api, Json, Kind, Step, known, shown, url


class FieldTests(Tested):
    """Tests of what fields take, and of what a row is when it is made."""

    CREATED: ClassVar[Facts] = ()
    DEFAULTS: ClassVar[Facts] = ()
    DERIVED: ClassVar[Facts] = ()
    COPIED: ClassVar[Facts] = ()
    COMPUTED: ClassVar[Facts] = ()
    ACCEPTED: ClassVar[Facts] = ()
    TAKEN_LATER: ClassVar[Facts] = ()
    REFUSED: ClassVar[Facts] = ()
    REQUIRED: ClassVar[Facts] = ()
    UNKNOWN: ClassVar[Facts] = ()
    ENDLESS: ClassVar[Facts] = ()
    CONFLICTS: ClassVar[Facts] = ()
    TAKEN: ClassVar[Facts] = ()
    APART: ClassVar[Facts] = ()
    ISSUED: ClassVar[Facts] = ()
    SINGLE: ClassVar[Facts] = ()

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

    @over("DERIVED", "kind", "expected")
    def test_what_is_not_sent_follows_from_the_rest(
        self, api: Api, kind: Kind, expected: Json
    ) -> None:
        parents = api.parents(kind, kind.maker)

        row = assert_created(api, kind, known(parents | kind.minimal), kind.maker)

        assert_computed(row, known(expected))

    @over("COPIED", "kind", "above", "column", "way", "name", "value")
    def test_what_is_not_sent_is_as_it_is_above(
        self,
        api: Api,
        kind: Kind,
        above: Kind,
        column: str,
        way: Sequence[Step],
        name: str,
        value: object,
    ) -> None:
        parent = api.moved(above, way, "", TWIN if column in kind.twins else 0)
        others = {
            other: api.parent(kind, other, kind.maker)
            for other in kind.parents.keys() - {column}
        }
        sent = known(others | kind.minimal | {column: parent["id"]})

        row = assert_created(api, kind, sent, kind.maker)

        assert row[name] == value

    @over("COMPUTED", "kind", "sample", "expected")
    def test_what_is_computed_is_right(
        self, api: Api, kind: Kind, sample: int, expected: Json
    ) -> None:
        assert_computed(api.make(kind, "", sample), known(expected))

    @over("ACCEPTED", "kind", "name", "values", "changes")
    def test_a_field_takes_its_limits(
        self, api: Api, kind: Kind, name: str, values: Sequence[Json], *, changes: bool
    ) -> None:
        assert_accepted(api, kind, name, values, changes=changes)

    @over("TAKEN_LATER", "kind", "way", "who", "values")
    def test_a_field_takes_its_limits_later(
        self,
        api: Api,
        kind: Kind,
        way: Sequence[Step],
        who: str,
        values: Sequence[Json],
    ) -> None:
        row = api.moved(kind, way)

        for changes in values:
            changed = api.ask(who, "PATCH", url(kind, row), known(changes))
            assert changed.status_code == 200, changed.text
            assert changed.json() == changed.json() | shown(kind, known(changes))

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

    @over("ENDLESS", "kind", "who", "name")
    def test_a_number_has_an_end(
        self, api: Api, kind: Kind, who: str, name: str
    ) -> None:
        body = json.dumps(api.body(kind, who, **{name: NOBODY}))
        endless = body.replace(f'"{NOBODY}"', "1e999")

        response = api.ask_with(who, "POST", kind.path, endless)

        wrong = invalid_parts(response)
        assert {part.split("/")[2] for part in wrong} == {name}
        assert not {*wrong.values()} & {*kind.rules}

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

    @over("TAKEN", "kind", "name", "value", "who", "detail")
    def test_a_unique_value_is_taken_once(
        self, api: Api, kind: Kind, name: str, value: object, who: str, detail: str
    ) -> None:
        row = api.make(kind)
        parents = {column: row[column] for column in kind.parents}
        other = api.make(kind, "", 2, **parents)
        change = {name: row[name] if value is None else known(value)}

        taken = api.ask(who, "PATCH", url(kind, row), change)

        assert taken.status_code == 200, taken.text
        assert_conflict(api.ask(who, "PATCH", url(kind, other), change), detail)

    @over("APART", "kind", "name", "value")
    def test_the_database_keeps_rows_apart(
        self, api: Api, kind: Kind, name: str, value: object
    ) -> None:
        row = api.make(kind)
        parents = {column: row[column] for column in kind.parents}
        other = api.make(kind, "", 2, **parents)

        change = {name: row[name] if value is None else value}
        taken = [api.write(kind, each, change) for each in (row, other)]

        assert taken == [True, False]

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
