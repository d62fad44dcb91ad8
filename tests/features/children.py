"""Tests of what a row shows of others, and of what becomes of them."""

from typing import ClassVar

from tests.assertions import assert_conflict
from tests.features.tables import Facts, Tested, over
from tests.resources import NOBODY, Api, Kind, url


class ChildTests(Tested):
    """Tests of what a row shows of others, and of what becomes of them."""

    EMBEDDED: ClassVar[Facts] = ()
    SHOWN: ClassVar[Facts] = ()
    LINKED: ClassVar[Facts] = ()
    CHILDREN: ClassVar[Facts] = ()
    GONE: ClassVar[Facts] = ()
    LEFT: ClassVar[Facts] = ()

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

    @over("LINKED", "kind", "ids")
    def test_links_are_set_and_changed(self, api: Api, kind: Kind, ids: str) -> None:
        linked = api.linked(kind.links.get(ids, kind), kind.maker)
        row = api.make(kind, "", 2, **{ids: [linked]})
        assert row[ids] == [linked]
        most, crowd = ({ids: [NOBODY] * number} for number in (100, 101))
        nowhere = api.body(kind, kind.maker, 2, **most)
        assert api.ask(kind.maker, "POST", kind.path, nowhere).status_code == 404
        refused = api.ask(kind.maker, "POST", kind.path, nowhere | crowd)
        assert refused.status_code == 422
        if kind.updater:
            without = api.ask(kind.updater, "PATCH", url(kind, row), {ids: []}).json()
            assert without[ids] == []
            assert without["updated_at"] > row["updated_at"]
            assert api.get(kind, row)[ids] == []
            unknown = api.ask(kind.updater, "PATCH", url(kind, row), most)
            assert unknown.status_code == 404
            refused = api.ask(kind.updater, "PATCH", url(kind, row), crowd)
            assert refused.status_code == 422

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

    @over("GONE", "child", "column", "rule")
    def test_the_database_treats_children_as_agreed(
        self, api: Api, child: Kind, column: str, rule: str
    ) -> None:
        above = api.parent_row(child, column, 2)
        row = api.make(child, **{column: above["id"]})

        is_gone = api.remove(child.parents[column], above)

        assert is_gone == (rule == "cascade")
        assert api.is_stored(child, row) != is_gone

    @over("LEFT", "kind", "sample")
    def test_a_row_goes_with_its_owner(self, api: Api, kind: Kind, sample: int) -> None:
        row = api.make(kind, "", sample)

        api.leave(kind, row)

        assert not api.is_stored(kind, row)
