"""Tests of changes to a row, and of the rules that these keep."""

from collections.abc import Sequence
from typing import ClassVar

import pytest
from fastapi.testclient import TestClient

from tests.api import account_id, events, invalid_parts
from tests.assertions import assert_conflict, assert_read, assert_updated, overtaken
from tests.features.tables import Facts, Tested, over
from tests.resources import OVERTAKEN, Api, Json, Kind, Step, as_sent, known, shown, url


class ChangeTests(Tested):
    """Tests of changes to a row, and of the rules that these keep."""

    UPDATES: ClassVar[Facts] = ()
    REPLACED: ClassVar[Facts] = ()
    RESET: ClassVar[Facts] = ()
    BROKEN: ClassVar[Facts] = ()
    SPOILED: ClassVar[Facts] = ()
    LATER: ClassVar[Facts] = ()
    STILL: ClassVar[Facts] = ()
    OVERTAKEN: ClassVar[Facts] = ()
    EVENTS: ClassVar[Facts] = ()

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

    @over("REPLACED", "kind", "who", "whole")
    def test_a_row_is_replaced_as_a_whole(
        self, api: Api, kind: Kind, who: str, whole: Json
    ) -> None:
        row = api.make(kind)
        sent = as_sent(kind, row, "PUT", whole)

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
        sent = as_sent(kind, row, "PUT", least)

        response = api.ask(who, "PUT", url(kind, row), sent)

        assert response.status_code == 200, response.text
        changed = response.json()
        assert changed == changed | known(expected)

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

    @over("SPOILED", "kind", "who", "whole", "pointer", "detail")
    def test_a_rule_is_kept_by_a_whole_row(
        self, api: Api, kind: Kind, who: str, whole: Json, pointer: str, detail: str
    ) -> None:
        row = api.make(kind)
        sent = as_sent(kind, row, "PUT", whole)

        response = api.ask(who, "PUT", url(kind, row), sent)

        assert invalid_parts(response) == {pointer: detail}

    @over(
        "LATER",
        *("kind", "changes", "before", "who", "method", "action", "body"),
        *("pointer", "detail"),
    )
    def test_a_rule_is_kept_whatever_happened_before(
        self,
        api: Api,
        kind: Kind,
        changes: Json,
        before: Sequence[Step],
        who: str,
        method: str,
        action: str,
        body: Json | None,
        pointer: str,
        detail: str,
    ) -> None:
        row = api.moved(kind, before, **changes)

        response = api.ask(who, method, url(kind, row, action), known(body))

        assert invalid_parts(response) == {pointer: detail}

    @over("STILL", "kind", "changes", "before", "who", "method", "action", "body")
    def test_what_is_not_over_can_still_be_done(
        self,
        api: Api,
        kind: Kind,
        changes: Json,
        before: Sequence[Step],
        who: str,
        method: str,
        action: str,
        body: Json | None,
    ) -> None:
        row = api.moved(kind, before, **changes)
        sent = as_sent(kind, row, method, body)

        response = api.ask(who, method, url(kind, row, action), sent)

        assert response.is_success, response.text

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
        is_new = path == kind.path
        sent = api.body(kind, who) if is_new else as_sent(kind, row, method, body)
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
