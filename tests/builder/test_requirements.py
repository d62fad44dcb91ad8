"""Tests of what requirements can say, and of what is wrong with them."""

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from petsage_builder.analyze import analyze, understanding
from petsage_builder.decode import Request
from petsage_builder.decode.yaml_syntax import parse_yaml
from petsage_builder.errors import RefusedError
from petsage_builder.schema import payload_schema
from petsage_builder.spec import Resources
from petsage_builder.spec.fields import AnyField
from petsage_builder.spec.words import NOUNS
from tests.builder.wrong_requirements import PET, WRONG
from tests.builder.wrong_scenarios import WRONG_SCENARIOS, scenarios

CASES = Path(__file__).parent / "cases"
EVERY_WRONG = {**WRONG, **WRONG_SCENARIOS}


def analyzed(requirements: Any, feature: str = "pets") -> Resources:  # noqa: ANN401
    """Analyze requirements."""
    spec = analyze(Request(feature, "what pets need", requirements, "yaml"))
    assert isinstance(spec, Resources)
    return spec


def laid_over(base: Any, change: Any) -> Any:  # noqa: ANN401
    """Return `base` with every value that `change` gives; null takes one away."""
    if not isinstance(base, dict) or not isinstance(change, dict):
        return change
    return {
        name: laid_over(base.get(name), change[name]) if name in change else base[name]
        for name in {**base, **change}
    }


def test_the_base_of_the_wrong_ones_is_right() -> None:
    assert analyzed(yaml.safe_load(PET)).requirements.resources.keys() == {"pet"}
    told = laid_over(yaml.safe_load(PET), yaml.safe_load(scenarios({})))
    assert len(analyzed(told).requirements.scenarios) == 1


@pytest.mark.parametrize("name", EVERY_WRONG)
def test_what_is_wrong_is_said_with_its_place(name: str) -> None:
    wrong = EVERY_WRONG[name]
    requirements = laid_over(yaml.safe_load(PET), parse_yaml(wrong.change))

    with pytest.raises(RefusedError) as refused:
        analyzed(requirements)

    said = {problem.where: problem for problem in refused.value.problems}
    assert said.keys() == wrong.problems.keys()
    for where, text in wrong.problems.items():
        assert text in said[where].what
        assert said[where].accepted
    if wrong.nearest is not None:
        assert wrong.nearest in {problem.nearest for problem in said.values()}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("date", "today + 90 days"),
        ("date", "born_on + 365 days"),
        ("datetime", "now - 2 hours"),
        ("duration", "48 hours"),
        ("integer", "2 * 3"),
    ],
)
def test_a_default_may_be_an_expression(kind: str, text: str) -> None:
    field = {"type": kind, "optional": True, "default": text}
    change = {"resources": {"pet": {"fields": {"x": field}}}}

    spec = analyzed(laid_over(yaml.safe_load(PET), change))

    read = spec.requirements.resources["pet"].fields["x"]
    assert isinstance(read, AnyField)
    assert (read.default, read.default_expression) == (None, text)


@pytest.mark.parametrize(
    ("field", "accepted"),
    [
        (
            "{type: date, default: today + 90 dys}",
            "a day, such as 2026-01-31, or an expression such as today + 90 days",
        ),
        (
            "{type: duration, default: two days}",
            "a duration in ISO 8601, such as PT48H, or an expression such as 48 hours",
        ),
        (
            "{type: duration, example: 48 hours}",
            "a duration in ISO 8601, such as PT48H",
        ),
        ("{type: uuid, default: caler}", "a UUID"),
    ],
)
def test_what_a_moment_is_written_like_is_said(field: str, accepted: str) -> None:
    change = {"resources": {"pet": {"fields": {"x": yaml.safe_load(field)}}}}

    with pytest.raises(RefusedError) as refused:
        analyzed(laid_over(yaml.safe_load(PET), change))

    assert [problem.accepted for problem in refused.value.problems] == [accepted]


@pytest.mark.parametrize(
    ("of_divisor", "is_accepted"),
    [
        ("ge: 1", True),
        ("ge: 0.5", True),
        ("gt: 0", True),
        ("lt: 0", True),
        ("le: -1", True),
        ("gt: 0, optional: true", True),
        ("ge: -5, lt: 0", True),
        ("ge: 0", False),
        ("gt: -1", False),
        ("le: 0", False),
        ("lt: 1, ge: -1", False),
        ("default: 3", False),
        ("ge: 1, read_only: true, default_expression: weight - weight", False),
    ],
)
@pytest.mark.parametrize("path", ["x", "pet.x"])
def test_a_field_divides_if_its_bounds_exclude_zero(
    path: str, of_divisor: str, *, is_accepted: bool
) -> None:
    divisor = yaml.safe_load(f"{{type: decimal, {of_divisor}}}")
    share = {"share": {"type": "computed", "value": f"1 / {path}"}}
    access = {"create": ["owner"], "list": ["owner"]}
    toy = {"belongs_to": {"pet": {}}, "fields": share, "access": access}
    pet = {"fields": {"x": divisor, **(share if path == "x" else {})}}
    change = {"resources": {"pet": pet, **({"toy": toy} if path != "x" else {})}}
    document = laid_over(yaml.safe_load(PET), change)

    if is_accepted:
        assert analyzed(document).requirements.resources
        return
    with pytest.raises(RefusedError) as refused:
        analyzed(document)
    (problem,) = refused.value.problems
    assert problem.where.endswith("fields.share.value")
    assert problem.what == "divides by what can be zero"
    assert "a number other than 0, or a field" in problem.accepted
    assert "ge: 1 or gt: 0" in problem.accepted


@pytest.mark.parametrize("noun", sorted(NOUNS))
def test_a_thing_has_its_name_though_it_is_an_sql_word(noun: str) -> None:
    access = {"create": ["user"], "get": ["user"]}
    below = {"belongs_to": {noun: {}}, "access": access}

    spec = analyzed({"resources": {noun: {"access": access}, "part": below}})

    assert spec.requirements.resources.keys() == {noun, "part"}


def test_everything_that_is_wrong_is_said_at_once() -> None:
    requirements = yaml.safe_load(PET)
    pet = requirements["resources"]["pet"]
    pet["fields"]["name"]["min_length"] = 99
    pet["access"]["get"] = ["vat"]
    pet["rules"] = [{"check": "born_on > nine", "message": "m"}]

    with pytest.raises(RefusedError) as refused:
        analyzed(requirements)

    assert [problem.where.rpartition(".")[2] for problem in refused.value.problems] == [
        "min_length",
        "get[0]",
        "check",
    ]


@pytest.mark.parametrize("path", sorted(CASES.glob("*.yaml")), ids=lambda p: p.stem)
def test_a_right_one_is_understood_and_said_again_the_same(path: Path) -> None:
    import jsonschema_rs  # noqa: PLC0415

    payload: Any = parse_yaml(path.read_text("utf-8"))
    spec = analyzed(payload["requirements"], payload["feature"])

    jsonschema_rs.validate(payload_schema(), json.loads(json.dumps(payload)))
    again = analyzed(spec.canonical["requirements"], spec.feature)
    assert again.requirements == spec.requirements
    assert len(understanding(spec)) > 3
    assert json.dumps(dict(spec.structure))


def test_the_sentences_say_everything_that_was_understood() -> None:
    payload = yaml.safe_load((CASES / "pet_management.yaml").read_text("utf-8"))

    assert understanding(analyzed(payload["requirements"])) == [
        "A pet belongs to a user.",
        "A pet has name (string, max length 80).",
        "A pet has species (enum, dog, cat, bird, rabbit, other).",
        "A pet has born on (date, optional, not after today).",
        "A pet has weight kg (decimal, optional, gt 0, max digits 5).",
        "A pet has chip number (string, optional, unique, pattern ^[0-9]{15}$).",
        "User can create a pet.",
        "Owner or admin can list a pet.",
        "Owner or admin can see a pet.",
        "Owner can update a pet.",
        "Owner or admin can delete a pet.",
        "A pet can be filtered by species and born on.",
        "A pet can be sorted by name and born on.",
        "A pet can be searched for a part of its name.",
        "A list is in the order of created at backwards.",
        "A user has at most 50 of them.",
        "A visit belongs to a pet, and goes with it.",
        "A visit has starts at (datetime).",
        "A visit has ends at (datetime).",
        "A visit has reason (string, max length 500).",
        "A visit has diagnosis (text, optional, write vet).",
        "Owner can create a visit.",
        "Owner or vet can list a visit.",
        "Owner or vet can see a visit.",
        "A visit is requested, confirmed, completed or cancelled; requested first.",
        "Vet can confirm a requested visit: confirmed then.",
        "Vet can complete a confirmed visit that has diagnosis: completed then.",
        "Owner or vet can cancel a requested or confirmed visit: cancelled then.",
        "A visit keeps the rule: ends_at > starts_at (A visit ends after it starts.)",
    ]


REPLACEMENTS: list[Any] = [
    None,
    True,
    -1,
    1e9,
    "",
    "name > ",
    "(" * 50,
    [],
    [[]],
    {},
    {"x": 1},
]


def test_the_sentences_say_why_a_move_is_refused() -> None:
    move = {"from": ["new"], "to": "done", "by": ["owner"]}
    move |= {"when": "born_on is not empty", "message": "It was never born."}
    states = {"initial": "new", "transitions": {"close": move}}
    change = {"resources": {"pet": {"states": states}}}

    said = understanding(analyzed(laid_over(yaml.safe_load(PET), change)))

    why = "done then (It was never born.)"
    assert f"Owner can close a new pet if born_on is not empty: {why}." in said


def test_the_sentences_say_what_is_asked_of_new_rows_alone() -> None:
    rule = {"check": "born_on <= today", "on": "create", "message": "Not yet."}
    change = {"resources": {"pet": {"rules": [rule]}}}

    said = understanding(analyzed(laid_over(yaml.safe_load(PET), change)))

    kept = "keeps the rule: born_on <= today (Not yet.)"
    assert f"A new pet, and no other, {kept}" in said


def test_any_document_is_understood_or_refused_with_places() -> None:
    chance = random.Random(4)  # noqa: S311 - the same documents each time
    texts = (path.read_text("utf-8") for path in CASES.glob("*.yaml"))
    bases: list[Any] = [parse_yaml(text) for text in texts]

    for _ in range(3000):
        document = copy.deepcopy(chance.choice(bases)["requirements"])
        for _ in range(chance.randint(1, 3)):
            spoil(document, chance)
        try:
            analyze(Request("pets", "what pets need", document, "yaml"))
        except RefusedError as error:
            places = [problem.where for problem in error.problems]
            # Where nothing is left of the requirements, the description counts.
            known = ("requirements", "description")
            assert all(place.startswith(known) for place in places)


def spoil(document: Any, chance: random.Random) -> None:  # noqa: ANN401
    """Replace, add or take away something somewhere in a document."""
    while isinstance(document, dict | list) and document:
        keys = list(document) if isinstance(document, dict) else range(len(document))
        key = chance.choice(list(keys))
        if chance.random() < 0.3 or not isinstance(document[key], dict | list):
            document[key] = copy.deepcopy(chance.choice(REPLACEMENTS))
            if chance.random() < 0.2:
                del document[key]
            return
        document = document[key]
