"""Tests of lists."""

from collections.abc import Collection, Sequence
from typing import Any, ClassVar

from tests.assertions import assert_filtered, assert_sorted, assert_wrong_queries
from tests.features.tables import Facts, Tested, over
from tests.resources import NOBODY, Api, Json, Kind, known


class ListTests(Tested):
    """Tests of lists."""

    SORTED: ClassVar[Facts] = ()
    FILTERED: ClassVar[Facts] = ()
    WRONG_QUERIES: ClassVar[Facts] = ()
    MANY: ClassVar[Facts] = ()
    NESTED: ClassVar[Facts] = ()
    SEEDED: ClassVar[Facts] = ()

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

    @over("NESTED", "kind", "column", "path", "answers", "seen", "others")
    def test_the_rows_of_one_parent_are_listed(
        self,
        api: Api,
        kind: Kind,
        column: str,
        path: str,
        answers: Sequence[int],
        seen: Sequence[bool | None],
        others: Sequence[str],
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
        for name in others:
            for number, status in ((100, 200), (101, 422)):
                many = {name: [NOBODY] * number}
                response = api.ask(kind.lister, "GET", below, params=many)
                assert response.status_code == status

    @over("SEEDED", "kind", "rows")
    def test_some_rows_are_there_from_the_beginning(
        self, api: Api, kind: Kind, rows: Sequence[Json]
    ) -> None:
        found = api.items(kind, kind.lister, limit=100)

        for row in rows:
            assert any(item == item | row for item in found), row
