"""Tests of how many rows there may be, and of when they may lie in time."""

from collections.abc import Sequence
from typing import Any, ClassVar

import pytest

from tests.assertions import assert_conflict
from tests.features.tables import Facts, Tested, over
from tests.resources import Api, Json, Kind, Step, as_sent, known, url


class LimitTests(Tested):
    """Tests of how many rows there may be, and of when they may lie in time."""

    QUOTAS: ClassVar[Facts] = ()
    CAPACITIES: ClassVar[Facts] = ()
    OVERLAPS: ClassVar[Facts] = ()
    AGAIN: ClassVar[Facts] = ()

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
        row = api.make(kind)
        beside = {column: row[column]} if column else {}
        second = api.body(kind, kind.maker, 2, **beside)
        refused = api.ask(kind.maker, "POST", kind.path, second)

        assert_conflict(refused, detail.format(1))
        if column:
            elsewhere = api.parent_row(kind, column, 2)
            api.make(kind, "", 2, **{column: elsewhere["id"]})
        elif kind.another:
            api.make(kind, kind.another, 2)

    @over("CAPACITIES", "kind", "column", "field", "detail", "optional")
    def test_a_parent_has_no_more_rows_than_it_says(
        self,
        api: Api,
        kind: Kind,
        column: str,
        field: str,
        detail: str,
        *,
        optional: bool,
    ) -> None:
        parent = api.parent_row(kind, column, 2, **{field: 1})
        api.make(kind, **{column: parent["id"]})
        second = api.body(kind, kind.maker, 2, **{column: parent["id"]})

        assert_conflict(api.ask(kind.maker, "POST", kind.path, second), detail)
        api.make(kind, "", 2)
        if optional:
            api.clear(kind)
            assert api.remove(kind.parents[column], parent)
            endless = api.parent_row(kind, column, 2, **{field: None})
            for sample in (0, 2):
                api.make(kind, "", sample, **{column: endless["id"]})

    @over(
        "OVERLAPS",
        *("kind", "before", "detail", "same", "beside", "per", "requests", "over"),
        "aside",
    )
    def test_no_two_rows_lie_in_time_at_once(
        self,
        api: Api,
        kind: Kind,
        before: Sequence[str],
        detail: str,
        same: Json,
        beside: Sequence[Json],
        per: Sequence[str],
        requests: Sequence[tuple[str, str, Json]],
        over: Json,
        aside: Sequence[str],
    ) -> None:
        parents = api.parents(kind, kind.maker)
        others = {column: api.parent_row(kind, column, 2)["id"] for column in aside}
        rows: list[Json] = []

        def settle(sample: int, **changes: Any) -> list[int]:
            known_then = kind.samples[sample].keys() | parents.keys()
            first = {n: v for n, v in changes.items() if n in known_then}
            above = parents | (others if sample else {})
            sent = api.body(kind, kind.maker, sample, **above | first)
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
        for who, method, whole in requests:
            sent = as_sent(kind, rows[-1], method, whole)
            assert_conflict(api.ask(who, method, url(kind, rows[-1]), sent), detail)
        for column in kind.parents.keys() & set(per):
            elsewhere = api.parent_row(kind, column, 2)
            assert settle(0, **{column: elsewhere["id"]}) == done
        if over:
            assert api.write(kind, rows[0], over)
            assert settle(2, **same) == done

    @over(
        "AGAIN",
        "kind",
        "before",
        "same",
        "away",
        "who",
        "method",
        "path",
        "body",
        "detail",
        "aside",
    )
    def test_a_row_counts_again_only_if_its_time_is_free(
        self,
        api: Api,
        kind: Kind,
        before: Sequence[str],
        same: Json,
        away: Sequence[Step],
        who: str,
        method: str,
        path: str,
        body: Json | None,
        detail: str,
        aside: Sequence[str],
    ) -> None:
        parents = api.parents(kind, kind.maker)
        row = api.moved(kind, (*before, *away), **parents)
        sent = {name: value for name, value in same.items() if name in kind.samples[2]}
        parents |= {column: api.parent_row(kind, column, 2)["id"] for column in aside}
        api.moved(kind, before, "", 2, **parents, **sent)

        again = api.ask(who, method, url(kind, row, path), known(body))

        assert_conflict(again, detail)
