"""Tests of the ways to use the API that are tried, and of what an answer tells."""

from datetime import UTC, datetime
from typing import Any

import pytest

from petsage_builder.sandboxed.table import UNTOLD, Known
from petsage_builder.sandboxed.telling import ending, told_apart
from petsage_builder.sandboxed.traces import Trace
from petsage_builder.sandboxed.variants import Variants

KNOWN: dict[str, Any] = {
    "people": ["anonymous", "owner", "other"],
    "fields": {"/pets/": {"kind": ["cat", "dog"], "born": [{"$day": 0}]}},
    "days": [21],
    "seconds": [60],
    "numbers": ["10"],
    "requests": [
        {
            "who": "owner",
            "method": "GET",
            "path": "/pets/{pet_1}",
            "body": None,
            "called": "",
        }
    ],
    "times": [{"table": "pets", "row": "{pet_1}", "values": {"seen_at": {"$day": -9}}}],
}
MADE: Trace = [
    {
        "who": "owner",
        "method": "POST",
        "path": "/pets/",
        "body": {
            "kind": "cat",
            "legs": 4,
            "weight": "2.50",
            "born": {"$day": 3},
            "seen_at": {"$moment": 60},
            "vet": {"$account": "other"},
            "tags": ["calm"],
            "tame": True,
        },
        "called": "pet_1",
    },
    {"table": "pets", "row": "{pet_1}", "values": {"born": {"$day": -1}}},
    {
        "who": "owner",
        "method": "PATCH",
        "path": "/pets/{pet_1}",
        "body": {"kind": "dog"},
        "called": "",
    },
]


def ways(number: int) -> list[Trace]:
    """Return so many ways to take these steps."""
    variants = iter(Variants([MADE], KNOWN))
    return [next(variants) for _ in range(number)]


def test_steps_are_taken_otherwise_in_the_same_order_each_time() -> None:
    found = ways(300)

    assert found[0] == MADE
    assert found == ways(300)
    assert len({repr(one) for one in found}) == 300


def test_steps_are_changed_in_every_way() -> None:
    found = [step for steps in ways(1000) for step in steps]
    bodies = [s["body"] for s in found if s.get("path") == "/pets/"]
    values = {name: [body.get(name) for body in bodies] for name in MADE[0]["body"]}

    assert {s["who"] for s in found if "who" in s} == {*KNOWN["people"]}
    assert {"cat", "dog", None, ""} <= {*values["kind"]}
    assert {3, 4, 5, 9, 10, 11} <= {*values["legs"]}
    assert {"2.49", "2.50", "2.51", "10", "9.99"} <= {*values["weight"]}
    assert all({"$day": day} in values["born"] for day in (-18, -2, -1, 0, 2, 4, 24))
    assert {"$moment": 0} in values["seen_at"]
    assert {"$moment": 61} in values["seen_at"]
    assert {"$account": "owner"} in values["vet"]
    assert all(tags in values["tags"] for tags in ([], ["calm", "calm"]))
    assert False in values["tame"]
    assert any("tame" not in body for body in bodies)
    born = [s["values"].get("born") for s in found if "table" in s]
    assert {"$day": 0} in born
    # The same again, of another row.
    assert "pet_2" in {s.get("called") for s in found}
    assert any("{pet_2}" in s.get("path", "") for s in found)


def test_it_goes_on_from_what_was_answered_as_nothing_before() -> None:
    variants = Variants([MADE], KNOWN)
    far: Trace = [{**MADE[0], "path": "/owners/", "called": "owner_1"}]
    variants.learn(far, "new", is_near=True)
    variants.learn([], "new", is_near=True)
    steps = iter(variants)

    found = [next(steps) for _ in range(100)]

    assert sum(one[0].get("path") == "/owners/" for one in found if one) > 30


# What an answer says.

REFUSAL = {"status": 409, "body": {"detail": "Too late.", "errors": []}}
ROW = {"id": "{pet_1}", "name": "Miso", "seen_at": {"$moment": UNTOLD}}


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ({"status": 204, "body": None}, {"status": 200, "body": None}, {"status": 204}),
        (
            REFUSAL,
            {"status": 200, "body": ROW},
            {"status": 409, "message": "Too late."},
        ),
        (
            REFUSAL,
            {"status": 409, "body": {"detail": "No."}},
            {"status": 409, "message": "Too late."},
        ),
        (
            {
                "status": 422,
                "body": {"detail": "No.", "errors": [{"detail": "Too long."}]},
            },
            {"status": 422, "body": {"detail": "No.", "errors": []}},
            {"status": 422, "message": "Too long."},
        ),
        (
            {"status": 200, "body": ROW},
            {"status": 200, "body": ROW | {"name": "Biscuit"}},
            {"status": 200, "shown": {"name": "Miso"}},
        ),
        (
            {"status": 200, "body": {"items": [ROW], "next": False}},
            {"status": 200, "body": {"items": [ROW, ROW], "next": False}},
            {"status": 200, "shown": {"items": [{"id": "{pet_1}", "name": "Miso"}]}},
        ),
        # A test could not know what is otherwise.
        (
            {"status": 200, "body": ROW},
            {"status": 200, "body": ROW | {"seen_at": None}},
            None,
        ),
        (REFUSAL, REFUSAL, None),
    ],
)
def test_an_answer_says_what_another_does_not(
    right: dict[str, Any], wrong: dict[str, Any], told: dict[str, Any] | None
) -> None:
    steps = [MADE[0], MADE[2]]
    made = {"status": 201, "body": ROW}

    found = told_apart(
        steps,
        {"answers": [made, right], "wrong": []},
        {"answers": [made, wrong], "wrong": []},
    )

    assert found == (told and {"before": steps[:1], "ask": steps[1], **told})


def test_what_the_second_reading_says_otherwise_is_told_of_nothing() -> None:
    answers = {"answers": [{"status": 204, "body": None}], "wrong": ["it is 403"]}
    others = {"answers": [{"status": 200, "body": None}], "wrong": []}

    assert told_apart([MADE[2]], answers, others) is None


def test_steps_end_with_the_first_that_is_answered_otherwise() -> None:
    look = {**MADE[2], "method": "GET", "body": None}
    steps = [MADE[0], look, MADE[1], MADE[2], look]

    found = ending(steps, ["a", "b", "c", "d", "e"], ["a", "b", "c", "x", "y"])

    assert found == [MADE[0], MADE[1], MADE[2]]


def test_times_in_an_answer_are_counted_as_far_as_they_can_be() -> None:
    moment = datetime(2026, 3, 2, 9, 0, 0, 123, UTC)
    known = Known({"01a21e04-e248-77f0-b32d-06ac1cb40675": "pet_1"}, moment, "")

    assert known.plain("2026-03-02T10:00:00.000123Z") == {"$moment": 3600}
    assert known.plain("2026-03-02T09:00:01.5Z") == {"$moment": UNTOLD}
    assert known.plain("2020-01-01T00:00:00Z") == "2020-01-01T00:00:00Z"
    assert known.plain("2026-03-04") == {"$day": 2}
    assert known.plain("1999-03-04") == "1999-03-04"
    assert known.plain("2026-02-30") == "2026-02-30"
    assert known.plain(["01a21e04-e248-77f0-b32d-06ac1cb40675"]) == ["{pet_1}"]
    assert known.plain("01a21e04-0000-77f0-b32d-06ac1cb40675") == f"{{{UNTOLD}}}"
    sent = Known({}, moment, "'born': '2026-03-04'")
    assert sent.plain("2026-03-04") == "2026-03-04"
