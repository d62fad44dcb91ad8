"""What ten more payloads brought up that nobody had seen."""

from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from petsage_builder.plan.sources import source
from petsage_builder.solver import FromToday, Row
from tests.builder.test_untried_payloads import (
    DAY,
    NAME,
    OPEN,
    SEEN,
    USERS,
    plan_of,
    rows_of,
    text_of,
)

DATES = ("premiere", "closing", "rehearsals", "auditions")
LOOKED_AT = {"create": ["user"], "list": ["user"], "get": ["user"]}


def test_rows_follow_each_other_though_a_move_wants_them_today(skeleton: Path) -> None:
    ski = {"owned_by": "user", "fields": {"name": NAME}, "access": OPEN}
    moves = {
        "hand_out": {
            "from": ["reserved"],
            "to": "out",
            "by": ["owner"],
            "when": "starts_on <= today",
        }
    }
    rental = {
        "owned_by": "user",
        "belongs_to": {"ski": {}},
        "fields": {"starts_on": DAY, "ends_on": DAY},
        "rules": [
            {"check": "starts_on >= today", "on": "create", "message": "It is over."},
            {"check": "ends_on >= starts_on", "message": "It ends too soon."},
            {"no_overlap": ["starts_on", "ends_on"], "per": ["ski"], "message": "No."},
        ],
        "states": {"initial": "reserved", "transitions": moves},
        "access": SEEN,
    }
    plan = plan_of(skeleton, ski=ski, rental=rental)

    trials = next(t for t in plan.testing.own if t.view.name == "rental")
    spans = sorted(map(span, trials.cast.samples.rows))

    assert spans[0][0] == 0
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


def span(row: Row) -> tuple[int, int]:
    """Return the first and the last day of a row, counted from that of the test."""
    begin, end = row["starts_on"], row["ends_on"]
    assert isinstance(begin, FromToday)
    assert isinstance(end, FromToday)
    return begin.days, end.days


def test_what_is_computed_of_a_row_is_computed_with_its_own_parent(
    skeleton: Path,
) -> None:
    number = {"type": "decimal", "max_digits": 6, "decimal_places": 1, "ge": 0}
    most = number | {"default": "25.0"}
    station = {"owned_by": "user", "fields": {"name": NAME, "most": most}}
    reading = {
        "belongs_to": {"station": {}},
        "fields": {
            "taken_on": DAY | {"unique": ["station"], "not_after": "today"},
            "dust": number,
            "exceeded": {"type": "computed", "value": "dust > station.most"},
        },
        "rules": [
            {"check": "taken_on > today - 1 days", "on": "create", "message": "Late."}
        ],
    }
    plan = plan_of(
        skeleton, station=station | {"access": OPEN}, reading=reading | {"access": SEEN}
    )

    trials = next(t for t in plan.testing.own if t.view.name == "reading")
    stations, readings = (t.cast.samples.rows for t in plan.testing.own)

    assert trials.apart == ("station_id",)
    expected = [
        source({"exceeded": Decimal(str(one["dust"])) > Decimal(str(near["most"]))})
        for near, one in zip(stations, readings, strict=True)
    ]
    rows = [row.partition(", ")[2] for row in rows_of(plan, "COMPUTED")]
    assert rows == [f"{n}, {said}" for n, said in enumerate(expected)]
    assert "True" in "".join(expected)


def test_a_parent_has_room_for_one_once_somebody_has_set_that(skeleton: Path) -> None:
    def planned(*updating: str) -> list[str]:
        room = {"type": "integer", "ge": 1, "default": 200, "write": ["clerk"]}
        matter = {
            "owned_by": "user",
            "fields": {"name": NAME, "room": room},
            "access": {**OPEN, "update": [*updating]} if updating else LOOKED_AT,
        }
        filing = {
            "owned_by": "user",
            "belongs_to": {"matter": {}},
            "fields": {"name": NAME},
            "limits": {"per_parent": {"matter": "room"}},
            "access": USERS,
        }
        plan = plan_of(skeleton, roles=("clerk",), matter=matter, filing=filing)
        return rows_of(plan, "CAPACITIES")

    assert len(planned("clerk")) == 1
    assert planned() == []


def test_a_production_ends_long_after_what_has_to_come_before_it(
    skeleton: Path,
) -> None:
    rules = {
        "closing >= premiere": "It closes after it opened.",
        "rehearsals <= premiere - 21 days": "Three weeks of rehearsals.",
        "auditions < rehearsals": "Auditions come before.",
    }
    play = {
        "owned_by": "user",
        "fields": dict.fromkeys(
            ("premiere", "closing", "rehearsals", "auditions"), DAY
        ),
        "rules": [{"check": rule, "message": said} for rule, said in rules.items()],
        "access": OPEN,
    }
    part = {
        "belongs_to": {"play": {}},
        "fields": {"name": NAME},
        "rules": [{"check": "today <= play.auditions", "message": "They are over."}],
        "access": SEEN,
    }

    plan = plan_of(skeleton, play=play, part=part)

    assert rows_of(plan, "CREATED")


def test_a_row_may_have_a_total_and_items_and_a_session(skeleton: Path) -> None:
    names = ("total", "items", "next", "cursor", "search", "sort", "session", "actor")
    fields: dict[str, Any] = {
        name: {"type": "integer", "ge": 0, "le": 9} for name in names
    }
    bill = {
        "owned_by": "user",
        "fields": fields,
        "rules": [{"check": "total >= items", "message": "Nothing is for free."}],
        "list": {"filter": ["total", "next"], "sort": ["total"], "total": True},
        "access": USERS,
    }
    plan = plan_of(skeleton, bill=bill)

    service = text_of(plan, "app/features/things/service.py")

    assert "if bill.total < bill.items:" in service


def test_a_readme_moves_on_what_a_parent_did_not_need_so_soon(skeleton: Path) -> None:
    moves = {"announce": {"from": ["draft"], "to": "open", "by": ["owner"]}}
    play = {
        "owned_by": "user",
        "fields": {"name": NAME},
        "states": {"initial": "draft", "transitions": moves},
        "access": OPEN,
    }
    early = {"check": "play.status in (draft, open)", "message": "It is complete."}
    part = {
        "belongs_to": {"play": {}},
        "fields": {"name": NAME},
        "rules": [early | {"on": "create"}],
        "access": SEEN,
    }
    late = {"check": "part.play.status = open", "message": "Auditions are closed."}
    audition = {
        "belongs_to": {"part": {}},
        "fields": {"name": NAME},
        "rules": [late | {"on": "create"}],
        "access": SEEN,
    }
    plan = plan_of(skeleton, play=play, part=part, audition=audition)

    readme = text_of(plan, "app/features/things/README.md")

    created = readme.index("#### Create an audition (201 Created)")
    assert readme.index("#### Create a part (201 Created)") < created
    assert readme.index("#### Announce a play (200 OK)") < created
