"""Scenarios become tests, which hold only what the backend does."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from petsage_builder.align import align
from petsage_builder.analyze import analyze, understanding
from petsage_builder.analyze.references import Moment, moment
from petsage_builder.blueprint.backend import read_backend
from petsage_builder.decode import JsonValue, Request
from petsage_builder.errors import RefusedError
from petsage_builder.generate import generate
from petsage_builder.plan import ResourcesPlan
from petsage_builder.spec import Resources
from tests.builder.test_case_proofs import Group
from tests.builder.test_cases import payload, spec_of
from tests.builder.test_requirements import laid_over
from tests.builder.wrong_requirements import PET as BASE
from tests.builder.wrong_scenarios import PET, scenarios

TEST = "test_a_scenario_ends_as_it_is_told"
# Claims that are wrong: in the status, in a part of the answer, in the event, in what
# a refusal says.
WRONG_CLAIMS: dict[str, dict[str, Any]] = {
    "A stranger does not find my stay": {"status": 403},
    "A keeper accepts a stay": {"status": 200, "body": {"cage": "B3"}},
    "Whoever has two stays cancels one of them": {
        "status": 200,
        "log": "stay.accepted",
    },
    "What was cancelled is accepted no more": {"status": 409, "message": "It is."},
}


def spec(requirements: Any, feature: str = "kennels") -> Resources:  # noqa: ANN401
    """Analyze requirements."""
    found = analyze(Request(feature, "Kennels.", requirements, "yaml"))
    assert isinstance(found, Resources)
    return found


def kennels(*scenarios: dict[str, Any], **stay: Any) -> Resources:  # noqa: ANN401 - JSON is any value
    """Return the case with other scenarios, and a change of its resource."""
    requirements = payload("kennels")["requirements"]
    usual = {"as": "owner", "when": "GET /stays/", "then": {"status": 200}}
    told = [{"name": str(n), **usual, **one} for n, one in enumerate(scenarios)]
    changed = {"resources": {"stay": stay}, "scenarios": told}
    return spec(laid_over(requirements, changed))


def refused(found: Resources, root: Path) -> dict[str, tuple[str, str]]:
    """Return what is wrong with a spec in a backend, and what is nearest."""
    with pytest.raises(RefusedError) as error:
        generate(align(found, read_backend(root)))
    return {p.where: (p.what, p.nearest) for p in error.value.problems}


def test_each_scenario_is_said_in_a_sentence() -> None:
    said = understanding(spec_of("kennels"))

    assert [sentence for sentence in said if sentence.startswith("Scenario")] == [
        (
            'Scenario "A stranger does not find my stay": given a stay with guest '
            '"Miso", GET /stays/{stay} as other answers 404.'
        ),
        (
            'Scenario "Nobody reads stays without signing in": given a stay, '
            "GET /stays/{stay} as public answers 401."
        ),
        (
            'Scenario "Nobody stays for a month and a day": POST /stays/ with '
            '{"guest": "Miso", "nights": 31} as owner answers 422 with '
            '{"errors": [{"pointer": "/body/nights"}]}.'
        ),
        (
            'Scenario "What was cancelled is accepted no more": given a stay after '
            'cancel, POST /stays/{stay}/accept with {"cage": "B2"} as keeper '
            'answers 409, and says "A cancelled stay cannot become accepted.".'
        ),
        (
            'Scenario "A keeper accepts a stay": given a stay with guest "Miso" made '
            'by other, POST /stays/{stay}/accept with {"cage": "B2"} as keeper '
            'answers 200 with {"guest": "Miso", "cage": "B2", "status": "accepted"}, '
            "and logs stay.accepted."
        ),
        (
            'Scenario "Whoever has two stays cancels one of them": given a stay '
            'called first with guest "Miso" made by other and a stay called second '
            'with guest "Luna" and cage "A1" made by other after accept, '
            'POST /stays/{second}/cancel as other answers 200 with {"id": '
            '"{second}", "guest": "Luna", "cage": "A1"}, and logs stay.cancelled.'
        ),
    ]


@pytest.mark.parametrize(
    ("when", "body"),
    [
        ("POST /visits/", {"pet_id": "{pet}"}),
        ("POST /visits/", {"pet_id": "00000000-0000-4000-8000-000000000000"}),
        ("POST /visits/", {"pet_id": None}),
        ("POST /visits/", {"reason": "pet"}),
        ("POST /litters/", {"breed_ids": ["{pug}"]}),
        ("POST /litters/", {"pet_id": "pet"}),
        ("GET /visits/no-id", None),
        ("GET /visits/?pet_id=no-id", None),
        ("GET /visits/?status=pet", None),
        ("GET /pets/{pet}/visits/", None),
    ],
)
def test_a_request_has_ids_and_other_words(when: str, body: JsonValue) -> None:
    pug = {"breed": {"name": "Pug"}, "called": "pug"}
    asked = {"when": when, "body": body, "given": [PET, pug], "then": {"status": 422}}

    told = yaml.safe_load(scenarios(asked))

    assert spec(laid_over(yaml.safe_load(BASE), told), "pets").requirements.scenarios


def test_what_no_route_answers_is_refused_with_the_nearest(whole: Path) -> None:
    found = kennels(
        {"when": "GET /stay"},
        {"when": "POST /stay/"},
        {"when": "DELETE /stays/{stay}", "given": [{"stay": {}}]},
        {"when": "GET /pets/", "then": {"status": 405}},
        {"when": "DELETE /stays/x", "then": {"status": 405}},
        {"when": "POST /stays/x/cancel", "body": {"guest": "Miso"}},
        {"when": "POST /stays/x/cancel", "body": {}},
    )

    problems = refused(found, whole)

    assert problems == {
        "requirements.scenarios[0].when": (
            "'GET /stay' is no request of this feature",
            "GET /stays/",
        ),
        "requirements.scenarios[1].when": (
            "'POST /stay/' is no request of this feature",
            "POST /stays/",
        ),
        "requirements.scenarios[2].when": (
            "'DELETE /stays/{stay}' is no request of this feature",
            "GET /stays/{stay_id}",
        ),
        "requirements.scenarios[3].when": (
            "'GET /pets/' is no request of this feature",
            "GET /stays/",
        ),
        "requirements.scenarios[5].body": (
            "POST /stays/{stay_id}/cancel takes none",
            "",
        ),
    }


@pytest.mark.parametrize(
    ("when", "status", "sent"),
    [
        ("GET /stays", 200, "GET /stays/"),
        ("GET /stays?limit=5", 200, "GET /stays/?limit=5"),
        ("GET /stays/{stay}/", 200, "GET /stays/{stay}"),
        ("POST /stays/{stay}/cancel/", 200, "POST /stays/{stay}/cancel"),
        ("DELETE /stays", 405, "DELETE /stays/"),
        ("GET /stays/", 200, "GET /stays/"),
    ],
)
def test_the_slash_at_the_end_of_a_path_is_that_of_its_route(
    whole: Path, when: str, status: int, sent: str
) -> None:
    told = {"when": when, "given": [{"stay": {}}], "then": {"status": status}}
    plan = align(kennels(told), read_backend(whole))
    assert isinstance(plan, ResourcesPlan)

    (row,) = (
        fact.row
        for facts in plan.facts.values()
        for fact in facts
        if fact.table == "SCENARIOS"
    )

    assert f'when="{sent}"' in row


def test_rows_that_the_tests_cannot_make_are_refused(whole: Path) -> None:
    found = kennels(
        {"given": [{"stay": {"cage": "A1"}}]},
        {"given": [{"stay": {"guest": "Miso"}, "after": ["accept"]}]},
        states={
            "transitions": {
                "accept": {"by": [{"who": "keeper", "when": "nights > 30"}]}
            }
        },
    )

    assert refused(found, whole) == {
        "requirements.scenarios[0].given[0].stay.cage": ("owner may not set it", ""),
        "requirements.scenarios[1].given[0].after[0]": (
            "nobody was found who could accept this stay",
            "",
        ),
    }


def test_rows_from_the_beginning_that_nobody_lists_are_refused(whole: Path) -> None:
    size: dict[str, Any] = {
        "fields": {"name": {"type": "string"}},
        "access": {"get": ["public"]},
        "seed": [{"name": "Small"}],
    }
    told = {"name": "n", "given": [{"size": {}}], "as": "public"}
    asked = {"when": "GET /sizes/{size}", "then": {"status": 200}}
    found = spec({"resources": {"size": size}, "scenarios": [{**told, **asked}]})

    assert refused(found, whole) == {
        "requirements.scenarios[0].given[0]": (
            "nobody sees each size that is there",
            "",
        )
    }


def test_scenarios_stand_with_the_resource_that_is_asked_for(whole: Path) -> None:
    files = generate(align(spec_of("helpdesk"), read_backend(whole))).files

    told = {
        many: [
            text.decode()
            for path, text in files.items()
            if path.startswith("tests/facts/helpdesk/") and path.endswith(f"{many}.py")
        ]
        for many in ("tickets", "replies")
    }
    tickets, replies = ("".join(texts) for texts in told.values())
    assert (tickets.count("Scenario("), replies.count("Scenario(")) == (8, 2)
    assert "Nobody replies to a ticket that is closed" in replies


def test_many_scenarios_have_a_module_of_their_own(whole: Path) -> None:
    found = kennels(*({"given": [{"stay": {}}]} for _ in range(40)))

    files = generate(align(found, read_backend(whole))).files

    folder = "tests/facts/kennels"
    apart = files[f"{folder}/scenarios_of_stays.py"].decode()
    rest = files[f"{folder}/stays.py"].decode()
    assert (apart.count("Scenario("), rest.count("Scenario(")) == (40, 0)
    assert "from .scenarios_of_stays import StayScenarioFacts" in rest


def test_a_role_of_which_only_a_scenario_speaks_is_there(whole: Path) -> None:
    requirements = laid_over(
        payload("kennels")["requirements"], {"roles": ["keeper", "vet"]}
    )
    requirements["scenarios"][0]["as"] = "vet"

    files = generate(align(spec(requirements), read_backend(whole))).files

    tests = files["tests/test_kennels.py"].decode()
    assert 'ROLES = ("admin", "keeper", "vet")' in tests


def test_a_claim_that_is_wrong_fails_by_its_name(whole: Path, tmp_path: Path) -> None:
    requirements = payload("kennels")["requirements"]
    for told in requirements["scenarios"]:
        told["then"] = WRONG_CLAIMS.get(told["name"], told["then"])
    group = Group(Path(shutil.copytree(whole, tmp_path / "backend")))
    group.write(spec(requirements))

    report = f"--junitxml={group.results}"
    done = group.run("pytest", "-q", "-W", "error", report, "tests/test_kennels.py")

    outcomes = group.outcomes("test_kennels")
    failed = {test for test, outcome in outcomes.items() if outcome != "passed"}
    assert failed == {
        f"{TEST}[{database}-{name}]"
        for name in WRONG_CLAIMS
        for database in ("sqlite", "postgresql")
    }, done.stdout


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("today", Moment(is_day=True, after=timedelta())),
        ("today + 1 day", Moment(is_day=True, after=timedelta(days=1))),
        ("now - 90 minutes", Moment(is_day=False, after=-timedelta(minutes=90))),
        ("today + 1 hour", None),
        ("tomorrow", None),
        ("now+1 day", None),
    ],
)
def test_a_time_is_counted_from_that_of_the_test(
    text: str, time: Moment | None
) -> None:
    assert moment(text) == time
