"""What further payloads brought up that nobody had seen."""

from pathlib import Path

from tests.builder.test_untried_payloads import (
    NAME,
    USERS,
    plan_of,
    rows_of,
    text_of,
)


def test_a_move_may_be_called_as_a_field_that_it_needs(skeleton: Path) -> None:
    report = {"type": "string", "max_length": 80, "optional": True}
    moves = {
        "report": {
            "from": ["new"],
            "to": "told",
            "by": ["owner"],
            "requires": ["report"],
        }
    }
    fire = {
        "owned_by": "user",
        "fields": {"name": NAME, "report": report},
        "states": {"initial": "new", "transitions": moves},
        "access": USERS,
    }
    plan = plan_of(skeleton, fire=fire)

    models = text_of(plan, "app/features/things/models.py")

    assert "class ReportFire(Patch):" in models
    assert "FireReport = Annotated" in models


def test_of_two_rules_that_freeze_a_row_the_first_is_said(skeleton: Path) -> None:
    moves = {
        "send": {"from": ["draft"], "to": "sent", "by": ["owner"]},
        "close": {"from": ["sent"], "to": "closed", "by": ["owner"]},
    }
    first = {
        "frozen": ["update"],
        "when": "status = closed",
        "message": "It is closed.",
    }
    second = {
        "frozen": ["update"],
        "fields": ["name"],
        "when": "status != draft",
        "message": "It was sent.",
    }
    letter = {
        "owned_by": "user",
        "fields": {"name": NAME, "note": NAME},
        "states": {"initial": "draft", "transitions": moves},
        "rules": [first, second],
        "access": USERS,
    }

    frozen = rows_of(plan_of(skeleton, letter=letter), "FROZEN")

    sent = [row for row in frozen if "It was sent." in row]
    assert sent
    assert not any('"close"' in row for row in sent)


def test_who_may_move_a_row_in_most_states_does_so_in_tests(skeleton: Path) -> None:
    money = {"type": "integer", "ge": 0, "le": 9000, "optional": True}
    moves = {
        "assess": {
            "from": ["new"],
            "to": "assessed",
            "by": ["clerk"],
            "requires": ["sum"],
        },
        "pay": {
            "from": ["assessed"],
            "to": "paid",
            "by": [{"who": "clerk", "when": "sum <= 100"}, "chief"],
        },
    }
    claim = {
        "owned_by": "user",
        "fields": {"name": NAME, "sum": money | {"write": ["clerk"]}},
        "states": {"initial": "new", "transitions": moves},
        "access": USERS | {"get": ["owner", "clerk", "chief"]},
    }
    plan = plan_of(skeleton, roles=("clerk", "chief"), claim=claim)

    facts = text_of(plan, "tests/test_things.py")

    assert '"pay": ("chief", "pay", None, "paid")' in facts
    assert any('[], "pay", False' in row for row in rows_of(plan, "MOVES"))


def test_a_field_takes_what_a_move_does_not_want(skeleton: Path) -> None:
    stars = {"type": "integer", "ge": 1, "le": 5, "optional": True}
    moves = {
        "praise": {"from": ["new"], "to": "good", "by": ["owner"], "when": "stars >= 3"}
    }
    song = {
        "owned_by": "user",
        "fields": {"name": NAME, "stars": stars},
        "states": {"initial": "new", "transitions": moves},
        "access": USERS,
    }

    accepted = rows_of(plan_of(skeleton, song=song), "ACCEPTED")

    assert any('{"stars": 1}' in row for row in accepted)


def test_what_must_be_empty_at_first_takes_its_limits_later(skeleton: Path) -> None:
    stars = {"type": "integer", "ge": 1, "le": 5, "optional": True}
    moves = {"solve": {"from": ["open"], "to": "solved", "by": ["owner"]}}
    rule = {"check": "stars is empty or status = solved", "message": "Solve it first."}
    ticket = {
        "owned_by": "user",
        "fields": {"name": NAME, "stars": stars},
        "states": {"initial": "open", "transitions": moves},
        "rules": [rule],
        "access": USERS,
    }

    taken = rows_of(plan_of(skeleton, ticket=ticket), "TAKEN_LATER")

    assert taken == ['TICKET, ["solve"], "owner", [{"stars": 1}, {"stars": 5}]']


def test_a_move_is_given_what_its_condition_takes(skeleton: Path) -> None:
    stars = {"type": "integer", "ge": 1, "le": 5, "optional": True, "write": ["clerk"]}
    praise = {
        "from": ["fresh"],
        "to": "good",
        "by": ["clerk"],
        "requires": ["stars"],
        "when": "stars >= 3",
    }
    song = {
        "owned_by": "user",
        "fields": {"name": NAME, "stars": stars},
        "states": {"initial": "fresh", "transitions": {"praise": praise}},
        "access": {"create": ["singer"], "list": ["user"], "get": ["user"]},
    }

    plan = plan_of(skeleton, roles=("clerk", "singer"), song=song)
    (given,) = rows_of(plan, "GIVEN")

    assert given.startswith('SONG, [], "praise", "stars", [5, 3], ')


def test_a_rule_that_freezes_fields_freezes_the_removal_of_the_row(
    skeleton: Path,
) -> None:
    moves = {
        "send": {"from": ["draft"], "to": "sent", "by": ["owner"]},
        "close": {"from": ["sent"], "to": "closed", "by": ["owner"]},
    }
    sent = {
        "frozen": ["update", "delete"],
        "fields": ["name"],
        "when": "status != draft",
        "message": "It was sent.",
    }
    closed = {
        "frozen": ["delete"],
        "when": "status = closed",
        "message": "It is closed.",
    }
    letter = {
        "owned_by": "user",
        "fields": {"name": NAME, "note": NAME},
        "states": {"initial": "draft", "transitions": moves},
        "rules": [sent, closed],
        "access": USERS | {"delete": ["owner"]},
    }

    frozen = rows_of(plan_of(skeleton, letter=letter), "FROZEN")

    assert any('"DELETE"' in row and "It was sent." in row for row in frozen)
    assert not any("It is closed." in row for row in frozen)
