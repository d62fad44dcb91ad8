"""Tests of what a row shows of others, and of what becomes of them."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from tests.assertions import as_list, assert_conflict, assert_shown_within
from tests.features.tables import Facts, Tested, over
from tests.resources import NOBODY, Api, Json, Kind, Step, as_sent, known, url


class ChildTests(Tested):
    """Tests of what a row shows of others, and of what becomes of them."""

    EMBEDDED: ClassVar[Facts] = ()
    PARTLY: ClassVar[Facts] = ()
    SHOWN: ClassVar[Facts] = ()
    LINKED: ClassVar[Facts] = ()
    CHILDREN: ClassVar[Facts] = ()
    GONE: ClassVar[Facts] = ()
    PARTED: ClassVar[Facts] = ()
    LEFT: ClassVar[Facts] = ()

    @over("EMBEDDED", "kind", "role", "column")
    def test_a_row_shows_what_it_belongs_to(
        self, api: Api, kind: Kind, role: str, column: str
    ) -> None:
        row, other = api.make(kind), {**kind.parents, **kind.links}[column]
        ids = as_list(row[column])

        assert [part["id"] for part in as_list(row[role])] == ids
        assert_shown_within(api, kind, row, role, other, ids)

    @over("PARTLY", "kind", "role", "column", "who", "changes")
    def test_a_row_shows_no_more_of_another_than_that_shows(
        self, api: Api, kind: Kind, role: str, column: str, who: str, changes: Json
    ) -> None:
        row, other = api.make(kind), kind.parents[column]
        above = url(other, {"id": row[column]})
        changed = api.ask(who, "PATCH", above, known(changes))

        assert changed.status_code == 200, changed.text
        assert_shown_within(api, kind, row, role, other, [row[column]])

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
            above = {"id": row[column]}
            assert_shown_within(api, kind, above, role, child, [row["id"]])

    @over("LINKED", "kind", "ids", "replacer", "whole")
    def test_links_are_set_and_changed(
        self, api: Api, kind: Kind, ids: str, replacer: str, whole: Json | None
    ) -> None:
        linked = api.linked(kind.links.get(ids, kind), kind.maker)
        row = api.make(kind, kind.maker, 2, **{ids: [linked]})
        assert row[ids] == [linked]
        most, crowd = ({ids: [NOBODY] * number} for number in (100, 101))
        nowhere = api.body(kind, kind.maker, 2, **most)
        assert api.ask(kind.maker, "POST", kind.path, nowhere).status_code == 404
        refused = api.ask(kind.maker, "POST", kind.path, nowhere | crowd)
        assert refused.status_code == 422
        needed = as_sent(kind, row, "PUT", whole)
        for method, who, sent in (
            ("PUT", replacer, needed),
            ("PATCH", kind.updater, {}),
        ):
            if who:
                ask = partial(api.ask, who, method, url(kind, row))
                without = ask(sent | {ids: []}).json()
                assert without[ids] == []
                assert without["updated_at"] > row["updated_at"]
                if kind.reader:
                    assert api.get(kind, row)[ids] == []
                row = ask(sent | {ids: [linked]}).json()
                assert row[ids] == [linked]
                assert ask(sent | most).status_code == 404
                assert ask(sent | crowd).status_code == 422

    @over("PARTED", "kind", "ids")
    def test_the_database_lets_linked_rows_go(
        self, api: Api, kind: Kind, ids: str
    ) -> None:
        other = kind.links.get(ids, kind)
        linked = api.linked(other, kind.maker)
        row, last = (api.make(kind, "", n, **{ids: [linked]}) for n in (0, 2))

        assert api.remove(kind, last)
        assert api.is_stored(other, {"id": linked})
        assert api.remove(other, {"id": linked})
        assert api.is_stored(kind, row)
        if kind.reader:
            assert api.get(kind, row)[ids] == []

    @over("CHILDREN", "child", "column", "parent", "values", "who", "status")
    def test_a_deletion_treats_children_as_agreed(
        self,
        api: Api,
        child: Kind,
        column: str,
        parent: Kind,
        values: Json,
        who: str,
        status: int,
    ) -> None:
        above, row = self._belonging(api, child, column, parent, values)

        deleted = api.ask(who, "DELETE", url(parent, above))

        found = api.ask(child.reader, "GET", url(child, row))
        if status == 409:
            assert_conflict(deleted, "This is still in use.")
            assert found.json() == row
        else:
            assert deleted.status_code == 204, deleted.text
            assert found.status_code == status
            assert found.status_code == 404 or found.json()[column] is None

    @over("GONE", "child", "column", "parent", "values", "rule")
    def test_the_database_treats_children_as_agreed(
        self,
        api: Api,
        child: Kind,
        column: str,
        parent: Kind,
        values: Json,
        rule: str,
    ) -> None:
        above, row = self._belonging(api, child, column, parent, values)

        assert api.remove(parent, above) == (rule != "restrict")
        assert api.is_stored(child, row) == (rule != "cascade")

    def _belonging(
        self, api: Api, child: Kind, column: str, parent: Kind, values: Json
    ) -> tuple[Json, Json]:
        """Make a row, and one above it of its own unless everybody has but one."""
        if column not in child.parents:
            above = api.make(parent, "", 2, **values)
        elif parent.makers[2] != parent.maker:
            row = api.make(child)
            return {"id": row[column]}, row
        else:
            above = api.parent_row(child, column, 2)
        return above, api.make(child, **{column: above["id"]})

    @over("LEFT", "kind", "before")
    def test_a_row_goes_with_its_owner(
        self, api: Api, kind: Kind, before: Sequence[Step]
    ) -> None:
        row = api.moved(kind, before)

        api.leave(kind, row)

        assert not api.is_stored(kind, row)
