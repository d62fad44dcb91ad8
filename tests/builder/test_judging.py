"""Tests of what is said of an answer that is otherwise than the request says."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from petsage_builder.reference.judging import Answer, Request, differences
from petsage_builder.reference.seeing import Sight
from petsage_builder.reference.state import Caller, State
from petsage_builder.reference.system import System

NAME = {"type": "string", "max_length": 10}
USERS = {"create": ["user"], "list": ["user"], "get": ["user"], "update": ["user"]}
OWN = {name: ["owner"] for name in ("list", "get", "update", "delete")}
SELL = {"from": ["kept"], "to": "sold", "by": ["owner"], "requires": ["price"]}
REQUIREMENTS: Any = {
    "shop": {
        "resources": {
            "tag": {"fields": {"name": NAME}, "access": USERS},
            "pet": {
                "owned_by": "user",
                "many_to_many": {"tags": {"to": "tag"}},
                "embed": ["tags"],
                "fields": {
                    "name": NAME,
                    "price": {"type": "money", "optional": True},
                    "born_on": {"type": "date", "default": "today"},
                    "secret": NAME | {"optional": True, "write_only": True},
                },
                "rules": [
                    {
                        "check": "price is empty or price > 1",
                        "message": "Too cheap.",
                    }
                ],
                "states": {"initial": "kept", "transitions": {"sell": SELL}},
                "access": {"create": ["user"], **OWN},
            },
            "visit": {
                "belongs_to": {"pet": {"optional": True, "on_delete": "set_null"}},
                "fields": {"note": NAME},
                "access": USERS,
            },
        }
    }
}
SYSTEM = System.of(REQUIREMENTS)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BEFORE = NOW - timedelta(days=3)
OWNER, STRANGER = (Caller(str(UUID(int=n)), frozenset({"user"})) for n in (1, 2))
PET, TAG, VISIT, NEW = (str(UUID(int=n)) for n in (11, 12, 13, 14))
PETS, TAGS, VISITS = (("shop", name) for name in ("pet", "tag", "visit"))
TIMES = {"created_at": BEFORE, "updated_at": BEFORE}
WRITTEN = {"created_at": "2026-02-26T12:00:00Z", "updated_at": "2026-02-26T12:00:00Z"}
SHOWN_TAG = {"id": TAG, "name": "old", **WRITTEN}
SHOWN = {
    "id": PET,
    "owner_id": OWNER.id,
    "status": "kept",
    "name": "Miso",
    "price": "12.50",
    "born_on": "2020-01-02",
    "tag_ids": [TAG],
    "tags": [SHOWN_TAG],
    **WRITTEN,
}
ROWS: Mapping[tuple[str, str], dict[str, Any]] = {
    PETS: {
        "id": PET,
        "owner_id": OWNER.id,
        "status": "kept",
        "name": "Miso",
        "price": Decimal("12.50"),
        "born_on": date(2020, 1, 2),
        "secret": None,
        "tags": frozenset({TAG}),
        **TIMES,
    },
    TAGS: {"id": TAG, "name": "old", **TIMES},
    VISITS: {"id": VISIT, "pet_id": PET, "note": "Well", **TIMES},
}
MOMENT = timedelta(seconds=1)
CHANGED = {"updated_at": NOW + MOMENT}


def state(rows: Mapping[tuple[str, str], dict[str, Any]], now: datetime) -> State:
    """Return a state with some rows, by their ids; one that is empty is gone."""
    there = {home: {row["id"]: row} if row else {} for home, row in rows.items()}
    return State(there, now)


@dataclass(frozen=True)
class Told:
    """A request, how it was answered, and what has changed in the database."""

    asked: str
    status: int
    body: Any = None
    sent: Any = None
    who: Caller = OWNER
    changed: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    new: tuple[tuple[str, str], dict[str, Any]] | None = None

    def wrong(self) -> list[str]:
        """Return what is otherwise than the request says."""
        method, path = self.asked.split(" ")
        call = SYSTEM.call(method, path)
        assert call
        before = state(ROWS, NOW)
        rows = {h: r and {**r, **self.changed.get(h, {})} for h, r in ROWS.items()}
        after = state(rows, NOW + 2 * MOMENT)
        if self.new:
            home, row = self.new
            after = after.with_row(home, row)
        request = Request(self.sent, [])
        answer = Answer(self.status, self.body)
        sight = Sight(before, self.who)
        return [*differences(call, sight, request, answer, after)]


def refused(pointer: str, detail: str) -> dict[str, Any]:
    """Return the body of an answer 422."""
    errors = [{"pointer": pointer, "detail": detail}]
    return {"detail": "The request is not valid.", "errors": errors}


def page(*items: dict[str, Any], following: str | None = None) -> dict[str, Any]:
    """Return the body of a list."""
    return {"items": [*items], "next": following}


GET = f"GET /pets/{PET}"
PATCH = f"PATCH /pets/{PET}"
LATER = {"updated_at": "2026-03-01T12:00:01Z"}
RENAMED = {**SHOWN, "name": "Tofu", **LATER}
UNLINKED = {**SHOWN, "tag_ids": [], "tags": [], **LATER}
MADE = {
    **ROWS[PETS],
    "id": NEW,
    "price": None,
    "born_on": NOW.date(),
    "tags": frozenset(),
    "created_at": NOW + MOMENT,
    "updated_at": NOW + MOMENT,
}
SHOWN_NEW = {
    **SHOWN,
    "id": NEW,
    "price": None,
    "born_on": "2026-03-01",
    "tag_ids": [],
    "tags": [],
    "created_at": "2026-03-01T12:00:01Z",
    **LATER,
}
NEW_VISIT = {"note": "Well", "pet_id": PET}
UNSEEN = {"detail": f"Pet {PET} not found."}

RIGHT = {
    "a row is shown": Told(GET, 200, SHOWN),
    "a row is listed": Told("GET /pets/", 200, page(SHOWN)),
    "nobody else sees it": Told(GET, 404, UNSEEN, who=STRANGER),
    "a row is changed": Told(
        PATCH,
        200,
        RENAMED,
        {"name": "Tofu"},
        changed={PETS: CHANGED | {"name": "Tofu"}},
    ),
    "links are taken away": Told(
        PATCH,
        200,
        UNLINKED,
        {"tag_ids": []},
        changed={PETS: CHANGED | {"tags": frozenset()}},
    ),
    "a row is made": Told(
        "POST /pets/", 201, SHOWN_NEW, {"name": "Miso"}, new=(PETS, MADE)
    ),
    "an unknown part": Told(
        PATCH,
        422,
        refused("/body/status", "Extra inputs are not permitted"),
        {"status": "sold"},
    ),
    "a part that is lacking": Told(
        "POST /pets/", 422, refused("/body/name", "Field required"), {}
    ),
    "a limit": Told(
        PATCH, 422, refused("/body/name", "It is too long."), {"name": "x" * 11}
    ),
    "a rule": Told(PATCH, 422, refused("/body/price", "Too cheap."), {"price": "0.50"}),
    "a move needs a value": Told(
        f"POST /pets/{PET}/sell",
        422,
        refused("/body/price", "It is null."),
        {"price": None},
    ),
    "a pet of somebody else": Told(
        "POST /visits/", 404, UNSEEN, NEW_VISIT, who=STRANGER
    ),
}
WRONG = {
    "a number and no text": Told(GET, 200, SHOWN | {"price": 12.5}),
    "another form of a number": Told(GET, 200, SHOWN | {"price": "12.5"}),
    "another form of a moment": Told(
        GET, 200, SHOWN | {"updated_at": "2026-02-26T12:00:00+00:00"}
    ),
    "another day": Told(GET, 200, SHOWN | {"born_on": "2020-01-03"}),
    "what nobody is shown": Told(GET, 200, SHOWN | {"secret": None}),
    "a value that is missing": Told(
        GET, 200, {n: v for n, v in SHOWN.items() if n != "price"}
    ),
    "a link that is shown twice": Told(GET, 200, SHOWN | {"tag_ids": [TAG, TAG]}),
    "an embedded row that is shown twice": Told(
        GET, 200, SHOWN | {"tags": [SHOWN_TAG, SHOWN_TAG]}
    ),
    "an embedded row with another value": Told(
        GET, 200, SHOWN | {"tags": [SHOWN_TAG | {"name": "new"}]}
    ),
    "an embedded row with more": Told(
        GET, 200, SHOWN | {"tags": [SHOWN_TAG | {"more": 1}]}
    ),
    "a row that is listed twice": Told("GET /pets/", 200, page(SHOWN, SHOWN)),
    "a list without a row": Told("GET /pets/", 200, page()),
    "a page that there is not": Told("GET /pets/", 200, page(SHOWN, following="more")),
    "a row that somebody else sees": Told(GET, 200, SHOWN, who=STRANGER),
    "an unknown part that is known": replace(
        RIGHT["an unknown part"], body=refused("/body/status", "Input should be 'kept'")
    ),
    "a part that is lacking and has a limit": replace(
        RIGHT["a part that is lacking"], body=refused("/body/name", "It is too short.")
    ),
    "a rule for a limit": replace(
        RIGHT["a limit"], body=refused("/body/name", "Too cheap.")
    ),
    "a limit for a rule": replace(
        RIGHT["a rule"], body=refused("/body/price", "It is too small.")
    ),
    "what is not there is forbidden": replace(
        RIGHT["a pet of somebody else"],
        status=403,
        body={"detail": "You may not do this."},
    ),
    "a change that is not stored": replace(RIGHT["a row is changed"], changed={}),
    "a change that leaves no trace": replace(
        RIGHT["a row is changed"],
        body=RENAMED | WRITTEN,
        changed={PETS: {"name": "Tofu"}},
    ),
    "links that go without a trace": replace(
        RIGHT["links are taken away"],
        body=UNLINKED | WRITTEN,
        changed={PETS: {"tags": frozenset()}},
    ),
    "a refusal that leaves a trace": replace(RIGHT["a limit"], changed={PETS: CHANGED}),
    "a look that leaves a trace": replace(
        RIGHT["a row is shown"], body=SHOWN | LATER, changed={PETS: CHANGED}
    ),
    "a change of another row": replace(
        RIGHT["a row is changed"],
        changed={PETS: CHANGED | {"name": "Tofu"}, TAGS: {"name": "new"}},
    ),
    "a day that is one too late": replace(
        RIGHT["a row is made"],
        body=SHOWN_NEW | {"born_on": "2026-03-02"},
        new=(PETS, MADE | {"born_on": date(2026, 3, 2)}),
    ),
    "a row that was made before": replace(
        RIGHT["a row is made"],
        body=SHOWN_NEW | WRITTEN,
        new=(PETS, MADE | TIMES),
    ),
    "a row that is not made": replace(RIGHT["a row is made"], new=None),
    "another status": replace(RIGHT["a row is made"], status=200),
}


@pytest.mark.parametrize("name", RIGHT)
def test_nothing_is_said_of_what_is_right(name: str) -> None:
    assert RIGHT[name].wrong() == []


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said(name: str) -> None:
    assert WRONG[name].wrong()


def test_what_is_cut_off_by_a_deletion_says_nothing_of_it() -> None:
    call = SYSTEM.call("DELETE", f"/pets/{PET}")
    assert call
    free = {**ROWS[VISITS], "pet_id": None}
    left = {PETS: {}, TAGS: ROWS[TAGS], VISITS: free}
    before, after = state(ROWS, NOW), state(left, NOW + MOMENT)
    still = state({**left, VISITS: ROWS[VISITS]}, NOW + MOMENT)
    sight, request, answer = Sight(before, OWNER), Request(None, []), Answer(204, None)

    assert [*differences(call, sight, request, answer, after)] == []
    assert [*differences(call, sight, request, answer, still)] == [
        f"stores pet_id of visit as {PET!r}, and not None"
    ]
