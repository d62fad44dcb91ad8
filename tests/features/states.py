"""Tests of the states of a row, and of its moves between them."""

from collections.abc import Sequence
from typing import ClassVar

from tests.api import invalid_parts
from tests.assertions import assert_conflict, assert_moved
from tests.features.tables import Facts, Tested, over
from tests.resources import Api, Json, Kind, Step, as_sent, known, url


class StateTests(Tested):
    """Tests of the states of a row, and of its moves between them."""

    MOVES: ClassVar[Facts] = ()
    MOVERS: ClassVar[Facts] = ()
    GIVEN: ClassVar[Facts] = ()
    PREVENTED: ClassVar[Facts] = ()
    NEEDS: ClassVar[Facts] = ()
    MISGIVEN: ClassVar[Facts] = ()
    ALREADY: ClassVar[Facts] = ()
    FROZEN: ClassVar[Facts] = ()

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

        rest = {other: value for other, value in known(body).items() if other != name}
        assert_conflict(api.ask(who, "POST", url(kind, row, path), rest), detail)
        moved = api.ask(who, "POST", url(kind, row, path), known(body))
        assert moved.status_code == 200, moved.text
        assert moved.json().get(name) in (None, known(body)[name])
        if kind.reader and name in kind.samples[0]:
            assert api.get(kind, row).get(name) in (None, known(body)[name])

    @over("MISGIVEN", "kind", "before", "action", "sent", "pointer", "detail")
    def test_a_move_keeps_the_rules(
        self,
        api: Api,
        kind: Kind,
        before: Sequence[str],
        action: str,
        sent: Json,
        pointer: str,
        detail: str,
    ) -> None:
        row = api.moved(kind, before)
        who, path, body, _ = kind.movers[action]

        moved = api.ask(who, "POST", url(kind, row, path), known(body) | known(sent))

        if pointer:
            assert invalid_parts(moved) == {pointer: detail}
        else:
            assert_conflict(moved, detail)

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
        sent = as_sent(kind, row, method, sent)

        response = api.ask(who, method, url(kind, row), sent)

        assert_conflict(response, detail)
        if rest:
            assert api.ask(who, method, url(kind, row), {}).status_code == 200
