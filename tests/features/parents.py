"""Tests of what a row may belong to."""

from collections.abc import Sequence
from typing import ClassVar

from tests.api import invalid_parts
from tests.assertions import (
    assert_conflict,
    assert_not_found,
    assert_read,
    assert_shown_within,
)
from tests.features.tables import Facts, Tested, over
from tests.resources import NOBODY, Api, Json, Kind, Step, as_sent, known, url


class ParentTests(Tested):
    """Tests of what a row may belong to."""

    STRANGERS: ClassVar[Facts] = ()
    UNFIT: ClassVar[Facts] = ()
    TOGETHER: ClassVar[Facts] = ()
    FITTING: ClassVar[Facts] = ()
    UNSEEN: ClassVar[Facts] = ()
    BARRED: ClassVar[Facts] = ()
    UNSETTLED: ClassVar[Facts] = ()
    UNLISTED: ClassVar[Facts] = ()
    JOINED: ClassVar[Facts] = ()
    HELD: ClassVar[Facts] = ()
    KINDRED: ClassVar[Facts] = ()
    TWINS: ClassVar[Facts] = ()
    RESETTLED: ClassVar[Facts] = ()

    @over("STRANGERS", "kind", "column")
    def test_a_row_belongs_to_what_is_there(
        self, api: Api, kind: Kind, column: str
    ) -> None:
        sent = api.body(kind, kind.maker, 0, **{column: NOBODY})

        assert api.ask(kind.maker, "POST", kind.path, sent).status_code == 404

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

    @over(
        "TOGETHER",
        *("kind", "above", "column", "way", "changes", "own", "pointer", "detail"),
        "otherwise",
    )
    def test_some_rows_belong_to_what_others_may_not(
        self,
        api: Api,
        kind: Kind,
        above: Kind,
        column: str,
        way: Sequence[Step],
        changes: Json,
        own: Json,
        pointer: str,
        detail: str,
        *,
        otherwise: bool,
    ) -> None:
        sample = 2 if above.makers[2] == above.maker else 0
        parent = api.moved(above, way, "", sample, **changes)
        sent = api.body(kind, kind.maker, **{column: parent["id"], **own})

        response = api.ask(kind.maker, "POST", kind.path, sent)

        assert invalid_parts(response) == {pointer: detail}
        if otherwise:
            api.make(kind, **{column: parent["id"]})

    @over("FITTING", "kind", "above", "column", "way")
    def test_a_row_belongs_to_what_the_rules_just_allow(
        self, api: Api, kind: Kind, above: Kind, column: str, way: Sequence[Step]
    ) -> None:
        sample = 2 if above.makers[2] == above.maker else 0
        parent = api.moved(above, way, "", sample)

        assert api.make(kind, **{column: parent["id"]})[column] == parent["id"]

    @over("UNSEEN", "kind", "above", "column", "who", "changes", "steps", "creator")
    def test_a_row_belongs_only_to_what_its_maker_sees(
        self,
        api: Api,
        kind: Kind,
        above: Kind,
        column: str,
        who: str,
        changes: Json,
        steps: Sequence[Step],
        creator: str,
    ) -> None:
        parent = api.moved(above, steps, who, 2, **changes)
        sent = api.body(kind, creator, **{column: parent["id"]})

        created = api.ask(creator, "POST", kind.path, sent)

        assert_not_found(created, above, parent["id"])

    @over("BARRED", "kind", "above", "column", "changes", "steps", "answers")
    def test_a_row_is_made_only_below_what_its_maker_may_use(
        self,
        api: Api,
        kind: Kind,
        above: Kind,
        column: str,
        changes: Json,
        steps: Sequence[Step],
        answers: Sequence[int],
    ) -> None:
        sample = 2 if above.makers[2] == above.maker else 0
        parent = api.moved(above, steps, "", sample, **changes)
        others = {
            other: api.parent(kind, other, kind.maker)
            for other in kind.parents.keys() - {column}
        }
        sent = known(others | kind.minimal | {column: parent["id"]})

        found = []
        for who in api.people:
            answer = api.ask(who, "POST", kind.path, sent)
            found.append(answer.status_code)
            if answer.is_success:
                api.clear(kind)

        assert found == list(answers)

    @over(
        "UNSETTLED",
        *("kind", "above", "column", "who", "changes", "steps"),
        *("before", "changer", "method", "sent"),
    )
    def test_a_row_is_given_only_what_its_changer_sees(
        self,
        api: Api,
        kind: Kind,
        above: Kind,
        column: str,
        who: str,
        changes: Json,
        steps: Sequence[Step],
        before: Sequence[Step],
        changer: str,
        method: str,
        sent: Json,
    ) -> None:
        parent = api.moved(above, steps, who, 2, **changes)
        row = api.moved(kind, before)
        changed = as_sent(kind, row, method, sent) | {column: parent["id"]}

        response = api.ask(changer, method, url(kind, row), changed)

        assert_not_found(response, above, parent["id"])

    @over("UNLISTED", "kind", "above", "below", "who", "changes", "steps", "reader")
    def test_what_belongs_to_it_is_listed_only_for_whom_sees_it(
        self,
        api: Api,
        kind: Kind,
        above: Kind,
        below: str,
        who: str,
        changes: Json,
        steps: Sequence[Step],
        reader: str,
    ) -> None:
        parent = api.moved(above, steps, who, 2, **changes)

        response = api.ask(reader, "GET", below.replace("{id}", parent["id"]))

        assert api.ask(reader, "GET", kind.path).status_code == 200
        assert_not_found(response, above, parent["id"])

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
        needed = as_sent(kind, row, "PUT", whole)
        changes = [("PATCH", updater, {}), ("PUT", replacer, needed)]

        assert row[column] == parent
        if (role := column.removesuffix("_id")) in row:
            assert_shown_within(api, kind, row, role, above, [parent])
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

    @over(
        "HELD",
        *("kind", "above", "column", "values", "way", "before"),
        *("who", "method", "action", "detail"),
    )
    def test_what_a_row_may_belong_to_can_keep_it_as_it_is(
        self,
        api: Api,
        kind: Kind,
        above: Kind,
        column: str,
        values: Json,
        way: Sequence[str],
        before: Sequence[str],
        who: str,
        method: str,
        action: str,
        detail: str,
    ) -> None:
        parent = api.moved(above, way, "", 2, **values)
        row = api.moved(kind, before, **{column: parent["id"]})

        response = api.ask(who, method, url(kind, row, action))

        assert_conflict(response, detail)

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

    @over("TWINS", "kind", "column", "other", "pointer", "detail", "updater")
    def test_a_row_does_not_belong_to_the_same_twice(
        self,
        api: Api,
        kind: Kind,
        column: str,
        other: str,
        pointer: str,
        detail: str,
        updater: str,
    ) -> None:
        sent = api.body(kind, kind.maker)
        same = {column: sent[other]}

        made = api.ask(kind.maker, "POST", kind.path, sent | same)

        assert invalid_parts(made) == {pointer: detail}
        if updater:
            changed = api.ask(updater, "PATCH", url(kind, api.make(kind)), same)
            assert invalid_parts(changed) == {pointer: detail}

    @over("RESETTLED", "kind", "column", "who", "method", "sent")
    def test_a_row_can_belong_to_another(
        self, api: Api, kind: Kind, column: str, who: str, method: str, sent: Json
    ) -> None:
        row = api.make(kind)
        changes = {column: api.parent_row(kind, column, 2)["id"]}
        changed = as_sent(kind, row, method, sent) | changes

        response = api.ask(who, method, url(kind, row), changed)

        assert response.status_code == 200, response.text
        found = response.json()
        assert found == found | changes
        role = column.removesuffix("_id")
        if role in kind.computed:
            assert found[role]["id"] == changes[column]
        assert_read(api, kind, row, found)
        nowhere = api.ask(who, method, url(kind, row), changed | {column: NOBODY})
        assert nowhere.status_code == 404
