"""What payloads brought up that nobody had seen while the plan was written."""

from pathlib import Path
from typing import Any

import pytest

from petsage_builder.align import align
from petsage_builder.analyze import analyze
from petsage_builder.blueprint.backend import read_backend
from petsage_builder.decode import Request
from petsage_builder.generate import generate
from petsage_builder.plan import ResourcesPlan

NAME = {"type": "string", "max_length": 80}
DAY = {"type": "date"}
USERS = {"create": ["user"], "list": ["owner"], "get": ["owner"], "update": ["owner"]}
OPEN = {"create": ["user"], "list": ["user"], "get": ["user"], "update": ["owner"]}
SEEN = {"create": ["user"], "list": ["user"], "get": ["user"], "update": ["user"]}


def plan_of(
    backend: Path,
    *,
    roles: tuple[str, ...] = (),
    scenarios: tuple[dict[str, Any], ...] = (),
    **resources: dict[str, Any],
) -> ResourcesPlan:
    """Return what is planned for a feature with some resources."""
    requirements: Any = {
        "roles": [*roles],
        "resources": resources,
        "scenarios": [*scenarios],
    }
    request = Request("things", "People keep things.", requirements, "json")
    plan = align(analyze(request), read_backend(backend))
    assert isinstance(plan, ResourcesPlan)
    return plan


def rows_of(plan: ResourcesPlan, table: str) -> list[str]:
    """Return the facts of a table."""
    facts = (fact for found in plan.facts.values() for fact in found)
    return [fact.row for fact in facts if fact.table == table]


def text_of(plan: ResourcesPlan, path: str) -> str:
    """Return a file that is generated."""
    return dict(generate(plan).files)[path].decode()


def test_a_field_is_named_as_a_unit_of_time_is(skeleton: Path) -> None:
    rule = {"check": "hours * 60 + minutes <= 90", "message": "That is too long."}
    fields = {
        name: {"type": "integer", "ge": 0, "le": 90} for name in ("hours", "minutes")
    }
    plan = plan_of(
        skeleton,
        talk={"owned_by": "user", "fields": fields, "rules": [rule], "access": USERS},
    )

    service = text_of(plan, "app/features/things/service.py")

    assert "talk.hours * 60 + talk.minutes > 90" in service


def test_a_parent_is_frozen_as_a_field_is(skeleton: Path) -> None:
    shelf = {"owned_by": "user", "fields": {"name": NAME}, "access": OPEN}
    rule = {
        "frozen": ["update"],
        "fields": ["shelf"],
        "when": "sold",
        "message": "Sold.",
    }
    book = {
        "owned_by": "user",
        "belongs_to": {"shelf": {}},
        "fields": {"title": NAME, "sold": {"type": "boolean", "default": False}},
        "rules": [rule],
        "access": USERS,
    }

    frozen = rows_of(plan_of(skeleton, shelf=shelf, book=book), "FROZEN")

    assert frozen
    assert all('"shelf_id": "' in row for row in frozen)


def test_a_default_that_only_some_may_replace_is_known_to_the_service(
    skeleton: Path,
) -> None:
    settings = {"type": "json", "default": {"loud": True}, "write": ["engineer"]}
    device = {
        "owned_by": "user",
        "fields": {"name": NAME, "settings": settings},
        "access": USERS | {"update": ["owner", "engineer"]},
    }
    plan = plan_of(skeleton, roles=("engineer",), device=device)

    service = text_of(plan, "app/features/things/service.py")

    assert 'data.settings != {"loud": True}' in service


def test_a_list_that_only_roles_have_is_forbidden_to_others(skeleton: Path) -> None:
    warden = {"who": "warden", "when": "warden = caller"}
    fine = {
        "fields": {"warden": {"type": "uuid", "default": "caller", "read_only": True}},
        "access": {
            "create": ["warden"],
            "list": [warden, "clerk"],
            "get": [warden, "clerk"],
        },
    }
    plan = plan_of(skeleton, roles=("warden", "clerk"), fine=fine)

    service = text_of(plan, "app/features/things/service.py")

    assert 'forbid_unless(actor.roles & {"clerk", "warden"})' in service
    assert ".where(fines_to_list(actor))" in service or "fines_to_see(actor)" in service


def slots(*pers: list[str]) -> dict[str, Any]:
    """Return two resources: of one, no two rows lie in time at once per something."""
    rules = [
        {
            "no_overlap": ["begins_on", "ends_on"],
            "per": per,
            "message": f"Per {per[0]}.",
        }
        for per in pers
    ]
    code = NAME | {"unique": True}
    return {
        "court": {"owned_by": "user", "fields": {"name": NAME}, "access": OPEN},
        "slot": {
            "owned_by": "user",
            "belongs_to": {"court": {}},
            "fields": {"begins_on": DAY, "ends_on": DAY, "code": code},
            "rules": rules,
            "access": USERS,
        },
    }


def test_of_two_rules_about_time_each_is_broken_alone(skeleton: Path) -> None:
    per_court, per_owner = rows_of(
        plan_of(skeleton, **slots(["court"], ["owner"])), "OVERLAPS"
    )

    assert "Per court." in per_court
    assert per_court.endswith("[]")
    assert "Per owner." in per_owner
    assert per_owner.endswith('["court_id"]')


def test_rows_that_follow_each_other_differ_in_what_is_unique(skeleton: Path) -> None:
    (row,) = rows_of(plan_of(skeleton, **slots(["court"])), "OVERLAPS")

    assert row.count('"code"') == 1


def test_rows_whose_end_nobody_sets_differ_in_what_they_are_apart_in(
    skeleton: Path,
) -> None:
    plate = NAME | {"pattern": "^[A-Z]{3}$"}
    ends_on = DAY | {"default_expression": "begins_on + 9 days", "read_only": True}
    rule = {
        "no_overlap": ["begins_on", "ends_on"],
        "per": ["plate"],
        "message": "Twice.",
    }
    permit = {
        "owned_by": "user",
        "fields": {"plate": plate, "begins_on": DAY, "ends_on": ends_on},
        "rules": [rule],
        "access": USERS,
    }
    plan = plan_of(skeleton, permit=permit)
    (trials,) = plan.testing.own

    plates = {row["plate"] for row in trials.cast.samples.rows}

    assert len(plates) == 3
    assert '"plate"' in rows_of(plan, "OVERLAPS")[0]


def test_a_move_sends_what_keeps_the_row_as_it_is_then(skeleton: Path) -> None:
    frozen = {"frozen": ["update"], "when": "paid_on is not empty", "message": "Paid."}
    paid = {"from": ["sent"], "to": "paid", "by": ["clerk"], "requires": ["paid_on"]}
    bill = {
        "owned_by": "user",
        "fields": {
            "name": NAME,
            "paid_on": DAY | {"optional": True, "write": ["clerk"]},
        },
        "states": {"initial": "sent", "transitions": {"pay": paid}},
        "rules": [frozen],
        "access": USERS | {"get": ["owner", "clerk"]},
    }
    plan = plan_of(skeleton, roles=("clerk",), bill=bill)
    (trials,) = plan.testing.own

    assert trials.cast.first["paid_on"] is not None
    assert "paid_on" not in trials.cast.made


def test_whoever_changes_a_row_may_read_less_of_it_than_its_maker(
    skeleton: Path,
) -> None:
    reserve = NAME | {"read": ["owner"]}
    lot = {
        "owned_by": "user",
        "fields": {
            "name": NAME,
            "reserve": reserve,
            "price": NAME | {"write": ["expert"], "optional": True},
        },
        "access": USERS | {"get": ["owner", "expert"], "update": ["owner", "expert"]},
    }
    (trials,) = plan_of(skeleton, roles=("expert",), lot=lot).testing.own

    assert trials.unread == [("expert", ["reserve"])]


@pytest.mark.parametrize("message", ["lot.owner != owner", "owner != lot.owner"])
def test_who_owns_all_makes_no_row_that_is_for_others(
    skeleton: Path, message: str
) -> None:
    lot = {"owned_by": "user", "fields": {"name": NAME}, "access": OPEN}
    bid = {
        "owned_by": "user",
        "belongs_to": {"lot": {}},
        "fields": {"name": NAME},
        "rules": [{"check": message, "message": "It is yours."}],
        "access": USERS | {"create": ["bidder"]},
    }
    plan = plan_of(skeleton, roles=("bidder",), lot=lot, bid=bid)

    assert [t.view.name for t in plan.testing.storable] == ["lot"]


def test_a_parent_has_no_value_that_it_does_not_take(skeleton: Path) -> None:
    track = {
        "owned_by": "user",
        "fields": {"most": {"type": "integer", "ge": 5, "le": 180}},
        "access": OPEN,
    }
    rule = {"check": "length <= track.most", "message": "Too long."}
    talk = {
        "owned_by": "user",
        "belongs_to": {"track": {}},
        "fields": {"length": {"type": "integer", "ge": 5, "le": 180}},
        "rules": [rule],
        "access": USERS,
    }

    plan = plan_of(skeleton, track=track, talk=talk)

    assert rows_of(plan, "UNFIT") == []


def test_what_makers_may_not_set_is_in_no_row_that_they_make(skeleton: Path) -> None:
    public = {"who": "public", "when": "note is not empty"}
    incident = {
        "fields": {"name": NAME, "note": NAME | {"optional": True, "write": ["lead"]}},
        "access": {
            "create": ["engineer"],
            "list": ["engineer", "lead", public],
            "get": ["engineer", "lead", public],
            "update": ["lead"],
        },
    }
    plan = plan_of(skeleton, roles=("engineer", "lead"), incident=incident)
    (trials,) = plan.testing.own

    assert [*trials.cast.minimal] == ["name"]
    assert trials.cast.lister != "anonymous"


def test_parents_fit_each_other_and_the_row_below_them(skeleton: Path) -> None:
    def depth(most: float) -> dict[str, Any]:
        return {"type": "decimal", "max_digits": 4, "decimal_places": 2, "gt": most}

    nights = {"type": "integer", "ge": 1, "le": 99}
    hull = {"draught": depth(2), "nights": nights}
    boat = {"fields": hull, "access": OPEN, "owned_by": "user"}
    berth = {"fields": {"depth": depth(0)}, "access": OPEN, "owned_by": "user"}
    rules = [
        {"check": "boat.draught < berth.depth", "message": "It runs aground."},
        {"check": "nights <= boat.nights", "message": "It is at sea then."},
    ]
    stay = {
        "owned_by": "user",
        "belongs_to": {"boat": {}, "berth": {}},
        "fields": {"nights": {"type": "integer", "ge": 7, "le": 20}},
        "rules": rules,
        "access": USERS,
    }

    plan = plan_of(skeleton, boat=boat, berth=berth, stay=stay)

    boats, berths, stays = (t.cast.first for t in plan.testing.own)
    assert float(str(boats["draught"])) < float(str(berths["depth"]))
    assert int(str(stays["nights"])) <= int(str(boats["nights"]))


def test_a_parent_is_changed_by_whom_it_takes_before_rows_belong_to_it(
    skeleton: Path,
) -> None:
    approved = {**DAY, "optional": True, "write": ["admin"]}
    access = {**OPEN, "update": ["owner", "admin"]}
    shop = {"owned_by": "user", "fields": {"approved": approved}, "access": access}
    rules = [{"check": "shop.approved is not empty", "message": "It is not open."}]
    sale = {"owned_by": "user", "belongs_to": {"shop": {}}, "fields": {"day": DAY}}

    plan = plan_of(skeleton, shop=shop, sale={**sale, "rules": rules, "access": USERS})

    _, below = plan.testing.own
    assert [column for column, _ in below.settings] == ["shop_id"]
    assert below.settings[0][1].startswith('[("admin", {"approved": ')
    assert any("It is not open." in row for row in rows_of(plan, "UNFIT"))


def test_a_quotient_has_as_many_digits_as_the_service_calculates(
    skeleton: Path,
) -> None:
    part = {"type": "decimal", "max_digits": 4, "decimal_places": 1, "ge": 3, "le": 3.5}
    fields = {
        "part": part,
        "share": {"type": "computed", "value": "10 / part"},
    }
    plan = plan_of(
        skeleton, cake={"fields": fields, "access": OPEN | {"update": ["user"]}}
    )

    computed = rows_of(plan, "COMPUTED")

    assert computed
    assert max(map(len, computed)) < 60


def test_a_whole_row_is_another_though_one_moment_of_it_stays(skeleton: Path) -> None:
    lasting = {"check": "ends_on > starts_on", "message": "It is too short."}
    alone = {"no_overlap": ["starts_on", "ends_on"], "per": ["place"], "message": "No."}
    stay = {
        "owned_by": "user",
        "fields": {
            "starts_on": DAY | {"immutable": True},
            "ends_on": DAY,
            "place": NAME,
            "note": NAME | {"optional": True},
        },
        "rules": [lasting, alone],
        "access": USERS | {"replace": ["owner"]},
    }
    plan = plan_of(skeleton, stay=stay)
    (trials,) = plan.testing.own

    changed = trials.changes.whole.items() - trials.changes.unchanged.items()

    assert {name for name, _ in changed} == {"place", "note"}
    (overlap,) = rows_of(plan, "OVERLAPS")
    assert "PUT" not in overlap


def test_a_new_row_keeps_what_is_frozen_from_the_beginning(skeleton: Path) -> None:
    pause = {"from": ["active"], "to": "paused", "by": ["owner"]}
    rule = {
        "frozen": ["update", "replace"],
        "fields": ["code"],
        "when": "status = active",
        "message": "Pause it before.",
    }
    line = {
        "owned_by": "user",
        "fields": {"code": NAME | {"unique": True}, "label": NAME},
        "states": {"initial": "active", "transitions": {"pause": pause}},
        "rules": [rule],
        "access": USERS | {"replace": ["owner"]},
    }
    plan = plan_of(skeleton, line=line)
    (trials,) = plan.testing.own
    whole, unchanged = trials.changes.whole, trials.changes.unchanged

    assert whole["code"] == unchanged["code"]
    assert whole["label"] != unchanged["label"]
    (conflict,) = rows_of(plan, "CONFLICTS")
    assert conflict.endswith("False")
    assert not any('"code"' in row for row in rows_of(plan, "UPDATES"))
    frozen = [row for row in rows_of(plan, "FROZEN") if '"PUT"' in row]
    assert frozen
    assert not any(str(unchanged["code"]) in row for row in frozen)


def test_nobody_stores_a_row_who_has_made_what_it_is_about(skeleton: Path) -> None:
    text = {"owned_by": "user", "fields": {"name": NAME}, "access": OPEN}
    other = {"check": "reader != text.owner", "message": "Nobody reads their own."}
    review = {
        "belongs_to": {"text": {}},
        "fields": {
            "reader": {"type": "uuid", "default": "caller", "read_only": True},
            "verdict": NAME,
        },
        "rules": [other],
        "access": {"create": ["user"], "list": ["user"], "get": ["user"]},
    }

    plan = plan_of(skeleton, text=text, review=review)

    assert plan.testing.own[1].view.is_for_others
    steps = [(step.view.name, step.title) for step in plan.readme.walkthrough.steps]
    assert ("review", "Create a review") not in steps


def test_the_owner_of_whom_a_scenario_speaks_is_who_may_make_the_row(
    skeleton: Path,
) -> None:
    show = {
        "owned_by": "user",
        "fields": {"name": NAME},
        "access": {"create": ["presenter"], "get": ["owner"], "delete": ["owner"]},
    }
    scenario = {
        "name": "Who has made it reads it",
        "given": [{"show": {}, "as": "owner"}],
        "as": "owner",
        "when": "GET /shows/{show}",
        "then": {"status": 200},
    }
    plan = plan_of(skeleton, roles=("presenter",), scenarios=(scenario,), show=show)

    (row,) = rows_of(plan, "SCENARIOS")

    assert row.count('who="presenter"') == 2
