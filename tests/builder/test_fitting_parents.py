"""Parents that rows fit, and do not: what further payloads brought up."""

from pathlib import Path

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


def test_what_a_parent_belongs_to_goes_on_before_a_row_belongs_to_it(
    skeleton: Path,
) -> None:
    site = {
        "owned_by": "user",
        "fields": {"name": NAME},
        "states": {
            "initial": "planned",
            "transitions": {
                "open": {"from": ["planned"], "to": "digging", "by": ["owner"]}
            },
        },
        "access": OPEN,
    }
    trench = {
        "belongs_to": {"site": {}},
        "fields": {"name": NAME},
        "rules": [
            {"check": "site.status = planned", "message": "It is dug.", "on": "create"}
        ],
        "access": SEEN,
    }
    layer = {
        "belongs_to": {"trench": {}},
        "fields": {"name": NAME},
        "rules": [{"check": "trench.site.status = digging", "message": "Nobody digs."}],
        "access": SEEN,
    }
    plan = plan_of(skeleton, site=site, trench=trench, layer=layer)

    facts = text_of(plan, "tests/test_things.py")
    readme = text_of(plan, "app/features/things/README.md")

    assert '"trench_id": ["site_id/open"],' in facts
    opened, made = readme.index("/open"), readme.rindex("/layers/")
    assert opened < made


def test_parents_of_one_kind_have_the_same_word(skeleton: Path) -> None:
    words = {"type": "enum", "values": ["first", "second"], "default": "first"}
    club = {
        "owned_by": "user",
        "fields": {"name": NAME, "league": words},
        "access": OPEN,
    }
    same = {"check": "home.league = away.league", "message": "They never meet."}
    others = {"check": "home != away", "message": "That is one club."}
    match = {
        "plural": "matches",
        "belongs_to": {"home": {"to": "club"}, "away": {"to": "club"}},
        "fields": {"ground": NAME},
        "rules": [others, same],
        "access": SEEN,
    }

    plan = plan_of(skeleton, club=club, match=match)

    assert any("They never meet." in row for row in rows_of(plan, "UNFIT"))


def test_a_parent_begins_before_the_day_that_a_row_can_have(skeleton: Path) -> None:
    policy = {
        "owned_by": "user",
        "fields": {"starts_on": DAY, "ends_on": DAY | {"optional": True}},
        "access": OPEN,
    }
    covered = (
        "day >= policy.starts_on and (policy.ends_on is empty or day <= policy.ends_on)"
    )
    claim = {
        "belongs_to": {"policy": {}},
        "fields": {"day": DAY | {"not_after": "today"}},
        "rules": [
            {"check": covered, "message": "It was not covered."},
            {"check": "today - day <= 365 days", "message": "That is long ago."},
        ],
        "access": SEEN,
    }

    plan = plan_of(skeleton, policy=policy, claim=claim)

    assert rows_of(plan, "CREATED")


def test_others_set_in_a_parent_what_a_rule_just_allows_and_just_does_not(
    skeleton: Path,
) -> None:
    rested = "donor.rests_until is empty or donor.rests_until <= day"
    rests = DAY | {"optional": True, "write": ["nurse"]}
    access = {"create": ["user"], "list": ["nurse"], "get": ["owner", "nurse"]}
    donor = {
        "owned_by": "user",
        "fields": {"name": NAME, "rests_until": rests},
        "access": access | {"update": ["owner", "nurse"]},
    }
    donation = {
        "belongs_to": {"donor": {}},
        "fields": {"day": DAY | {"not_after": "today"}},
        "rules": [{"check": rested, "message": "They rest.", "on": "create"}],
        "access": {"create": ["nurse"], "list": ["nurse"], "get": ["nurse"]},
    }
    plan = plan_of(skeleton, roles=("nurse",), donor=donor, donation=donation)

    unfit, fitting = rows_of(plan, "UNFIT"), rows_of(plan, "FITTING")

    assert any('("nurse", {"rests_until": "2024-05-12"})' in row for row in unfit)
    assert any('("nurse", {"rests_until": "2024-05-11"})' in row for row in fitting)
    assert 'minimal={"day": "2024-05-11"}' in text_of(plan, "tests/test_things.py")


def test_a_rule_about_a_parent_is_broken_by_some_rows_alone(skeleton: Path) -> None:
    flag = {"type": "boolean", "default": False}
    wants = "not project.strict or remarks is not empty"
    project = {
        "owned_by": "user",
        "fields": {"name": NAME, "strict": flag},
        "access": OPEN,
    }
    entry = {
        "plural": "entries",
        "belongs_to": {"project": {}},
        "fields": {"name": NAME, "remarks": NAME | {"optional": True}},
        "rules": [{"check": wants, "message": "Say more."}],
        "access": SEEN,
    }

    together = rows_of(plan_of(skeleton, project=project, entry=entry), "TOGETHER")

    assert together == [
        (
            'ENTRY, PROJECT, "project_id", [], {"strict": True}, {"remarks": None}, '
            '"/body/remarks", "Say more.", True'
        )
    ]


def test_rows_that_cannot_be_before_the_first_lie_between_two(skeleton: Path) -> None:
    ahead = DAY | {"not_before": "today"}
    rule = {"no_overlap": ["from_on", "to_on"], "per": ["room"], "message": "Taken."}
    length = {"check": "to_on - from_on >= 30 days", "message": "That is too short."}
    room = {"owned_by": "user", "fields": {"name": NAME}, "access": OPEN}
    rental = {
        "owned_by": "user",
        "belongs_to": {"room": {}},
        "fields": {"from_on": ahead, "to_on": DAY},
        "rules": [length, rule],
        "access": USERS,
    }

    (overlap,) = rows_of(plan_of(skeleton, room=room, rental=rental), "OVERLAPS")

    first = '{"from_on": today(7), "to_on": today(44)}'
    far, between = (
        f'{{"from_on": today({begin}), "to_on": today({begin + 37})}}'
        for begin in (81, 44)
    )
    assert f"{first}, [{far}, {between}]" in overlap


def test_the_readme_removes_nothing_that_a_row_further_below_keeps(
    skeleton: Path,
) -> None:
    site = {
        "owned_by": "user",
        "fields": {"name": NAME},
        "access": USERS | {"delete": ["owner"]},
    }
    unit = {
        "belongs_to": {"site": {"on_delete": "cascade"}},
        "fields": {"name": NAME},
        "access": USERS | {"delete": ["owner"]},
    }
    rental = {
        "belongs_to": {"unit": {"on_delete": "restrict"}},
        "fields": {"name": NAME},
        "access": {"create": ["owner"], "get": ["owner"]},
    }

    plan = plan_of(skeleton, site=site, unit=unit, rental=rental)

    assert (
        "DELETE" not in text_of(plan, "app/features/things/README.md").split("## ")[-1]
    )
    steps = plan.readme.walkthrough.steps
    assert [step.method for step in steps].count("DELETE") == 0


def test_what_just_keeps_a_rule_tests_no_rule_that_nothing_breaks(
    skeleton: Path,
) -> None:
    points = {
        "type": "integer",
        "ge": 0,
        "le": 10,
        "optional": True,
        "write": ["nurse"],
    }
    one = "donor.score is empty or donor.bonus is empty"
    both = f"{one} or donor.score + donor.bonus <= 12"
    donor = {
        "owned_by": "user",
        "fields": {"name": NAME, "score": points, "bonus": points},
        "access": OPEN | {"update": ["owner", "nurse"]},
    }
    donation = {
        "belongs_to": {"donor": {}},
        "fields": {"amount": {"type": "integer", "ge": 0, "le": 10}},
        "rules": [
            {"check": "donor.score is empty or donor.score <= 8", "message": "Low."},
            {"check": both, "message": "Too much."},
        ],
        "access": SEEN,
    }
    plan = plan_of(skeleton, roles=("nurse",), donor=donor, donation=donation)

    facts = [f for found in plan.facts.values() for f in found]
    where = "requirements.resources.donation.rules[{}]".format
    told = {n: {f.table for f in facts if where(n) in f.parts} for n in (0, 1)}

    assert rows_of(plan, "FITTING")
    assert "UNFIT" in told[0]
    assert "FITTING" not in told[0] | told[1]


def test_parents_have_the_same_word_though_rules_reserve_it(skeleton: Path) -> None:
    mode = {"type": "enum", "values": ["empty", "today"]}
    club = {"owned_by": "user", "fields": {"name": NAME, "mode": mode}, "access": OPEN}
    same = {"check": "home.mode = away.mode", "message": "They never meet."}
    match = {
        "plural": "matches",
        "belongs_to": {"home": {"to": "club"}, "away": {"to": "club"}},
        "fields": {"ground": NAME},
        "rules": [{"check": "home != away", "message": "That is one club."}, same],
        "access": SEEN,
    }

    assert rows_of(plan_of(skeleton, club=club, match=match), "CREATED")


def test_the_readme_moves_a_parent_s_own_parent_once(skeleton: Path) -> None:
    moves = {"open": {"from": ["planned"], "to": "digging", "by": ["owner"]}}
    site = {
        "owned_by": "user",
        "fields": {"name": NAME},
        "states": {"initial": "planned", "transitions": moves},
        "access": OPEN,
    }
    trench = {"belongs_to": {"site": {}}, "fields": {"name": NAME}, "access": SEEN}
    rule = {"check": "trench.site.status = digging", "message": "Nobody digs."}
    layer = {
        "belongs_to": {"trench": {}},
        "fields": {"name": NAME},
        "rules": [rule],
        "access": SEEN,
    }
    plan = plan_of(skeleton, site=site, trench=trench, layer=layer, shard=layer)

    paths = [step.path for step in plan.readme.walkthrough.steps]

    assert sum(path.endswith("/open") for path in paths) == 1
    assert {"/layers/", "/shards/"} <= {*paths}


def test_a_parent_shows_what_its_reader_may_read(skeleton: Path) -> None:
    secret = NAME | {"optional": True, "read": ["keeper"], "write": ["keeper"]}
    venue = {
        "fields": {"name": NAME, "keys": secret},
        "access": SEEN | {"update": ["keeper"]},
    }
    show = {
        "belongs_to": {"venue": {}},
        "embed": ["venue"],
        "fields": {"name": NAME},
        "access": SEEN,
    }
    plan = plan_of(skeleton, roles=("keeper",), venue=venue, show=show)

    service = text_of(plan, "app/features/things/service.py")

    assert "shown.venue = show_venue(show.venue, actor)" in service
    assert rows_of(plan, "PARTLY") == [
        'SHOW, "venue", "venue_id", "keeper", {"keys": "Blue keys"}'
    ]
