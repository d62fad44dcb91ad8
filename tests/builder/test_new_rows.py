"""Tests of rules that are asked of new rows alone."""

from pathlib import Path
from typing import Any

from tests.builder.test_untried_payloads import (
    DAY,
    NAME,
    OPEN,
    USERS,
    plan_of,
    rows_of,
    text_of,
)

TODAY = {"check": "starts_on >= today", "on": "create", "message": "It is over."}


def stay(*rules: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a resource with a day on which it starts."""
    found: dict[str, Any] = {
        "owned_by": "user",
        "fields": {"starts_on": DAY, "note": NAME | {"optional": True}},
        "access": USERS | {"replace": ["owner"]},
        "rules": [*rules],
    }
    return found | more


def test_what_is_asked_at_creation_alone_is_asked_of_no_change(skeleton: Path) -> None:
    note = {"check": 'note != "x"', "message": "Say more."}
    plan = plan_of(skeleton, stay=stay(TODAY, note))

    service = text_of(plan, "app/features/things/service.py")

    both = "    _check_stay(stay)\n    _check_new_stay(stay)\n    session.add(stay)"
    assert both in service
    assert service.count("_check_stay(") == 4  # in create, update, replace; and itself
    assert service.count("_check_new_stay(") == 2
    broken = [row for row in rows_of(plan, "BROKEN") if "It is over." in row]
    changes = '{"starts_on": today(-1)}'
    said = '"/body/starts_on", "It is over."'
    assert f'STAY, {changes}, {said}, "owner", ""' in broken
    assert f'STAY, {{}}, [], "owner", {changes}' in rows_of(plan, "UPDATES")
    whole = [row for row in rows_of(plan, "REPLACED") if "today(-1)" in row]
    assert whole
    assert not [row for row in rows_of(plan, "SPOILED") if "It is over." in row]
    assert not [row for row in rows_of(plan, "LATER") if "It is over." in row]


def test_what_is_asked_of_no_change_leaves_no_function_for_changes(
    skeleton: Path,
) -> None:
    service = text_of(
        plan_of(skeleton, stay=stay(TODAY)), "app/features/things/service.py"
    )

    assert "_check_stay(" not in service
    assert service.count("_check_new_stay(") == 2


def test_a_row_that_would_be_refused_now_still_moves(skeleton: Path) -> None:
    end = {"from": ["new"], "to": "ended", "by": ["owner"]}
    kept = stay(
        TODAY,
        access={"create": ["user"], "get": ["owner"]},
        states={"initial": "new", "transitions": {"end": end}},
    )
    plan = plan_of(skeleton, stay=kept)

    over = '[("", {"starts_on": today(-1)})]'
    move = '"owner", "POST", "end", None'
    assert f"STAY, {{}}, {over}, {move}" in rows_of(plan, "STILL")


def test_what_is_asked_at_creation_alone_is_loaded_for_that_alone(
    skeleton: Path,
) -> None:
    flag = {"fields": {"name": NAME, "open": {"type": "boolean"}}, "access": OPEN}
    house = {"owned_by": "user", **flag}
    room = {"belongs_to": {"house": {}}, "owned_by": "user", **flag}
    near = {"check": "room.open", "on": "create", "message": "It is shut."}
    far = {"check": "room.house.open", "on": "create", "message": "All is shut."}
    below = stay(near, far, belongs_to={"room": {}})
    plan = plan_of(skeleton, house=house, room=room, stay=below)

    service = text_of(plan, "app/features/things/service.py")

    assert "WITH_" not in service
    assert service.count("joinedload(") == 1
    create, _, rest = service.partition("async def list_stays")
    assert "options=(joinedload(Room.house),)" in create
    assert "Room.house" not in rest
    unfit = rows_of(plan, "UNFIT")
    shut = '{"open": False}'
    near_row = f'STAY, ROOM, "room_id", [], {shut}, "/body/room_id", "It is shut.", ""'
    way = f'[("owner", {shut}, "house_id")]'
    far_row = f'STAY, ROOM, "room_id", {way}, {{}}, "/body/room_id", "All is shut.", ""'
    assert unfit == [near_row, far_row]
    assert len(rows_of(plan, "STILL")) == 2


def test_who_calls_is_asked_at_creation_alone(skeleton: Path) -> None:
    own = {"check": "guest != caller", "on": "create", "message": "Ask somebody."}
    fields = {"starts_on": DAY, "guest": {"type": "uuid"}}
    plan = plan_of(skeleton, stay=stay(own, fields=fields))

    service = text_of(plan, "app/features/things/service.py")

    assert "    _check_new_stay(stay, actor)\n" in service
    assert "def _check_new_stay(stay: Stay, actor: Actor) -> None:" in service
