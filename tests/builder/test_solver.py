"""Tests of samples: they keep what a resource says, or break it by little."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from petsage_builder.analyze.structured import read_requirements
from petsage_builder.analyze.vocabulary import Subject, Vocabulary
from petsage_builder.solver import (
    FromNow,
    Row,
    solve,
)
from petsage_builder.solver.puzzle import Puzzle
from tests.builder.solving import require_all_kept, solved

CASES = Path(__file__).parent / "cases"


def subjects(path: Path) -> Iterator[Subject]:
    """Give the resources of a case."""
    requirements = read_requirements(yaml.safe_load(path.read_text())["requirements"])
    for name in requirements.resources:
        yield Subject(Vocabulary(requirements), name)


# Their rules speak of nothing but the row; other cases need parents for theirs.
NAMES = ("health_records", "pet_management", "user_profile", "vet_directory")
ALL = [found for name in NAMES for found in subjects(CASES / f"{name}.yaml")]


@pytest.mark.parametrize("found", ALL, ids=lambda found: found.name)
def test_samples_of_a_case_keep_what_it_says(found: Subject) -> None:
    samples = solve(found)

    require_all_kept(found, samples)
    checks = [i for i, r in enumerate(found.resource.rules) if hasattr(r, "check")]
    assert [broken.rule for broken in samples.broken] == checks


@pytest.mark.parametrize("found", ALL, ids=lambda found: found.name)
def test_the_same_resource_has_the_same_samples(found: Subject) -> None:
    assert solve(found) == solve(found)


@pytest.mark.parametrize("found", ALL, ids=lambda found: found.name)
def test_the_first_row_is_full_and_the_second_another(found: Subject) -> None:
    first, second, third = solve(found).rows

    assert None not in first.values()
    for name, field in Puzzle(found, {}).fields.items():
        assert second[name] != first[name] or type(second[name]) is not type(
            first[name]
        )
        assert second[name] is None or not field.optional
        assert (third[name] != first[name]) is bool(field.unique)


def test_seeds_are_not_sampled_where_values_are_unique() -> None:
    name = {"type": "string", "unique": True}

    samples = solved({"name": name}, seed=[{"name": "Blue thing"}])

    assert "Blue thing" not in [row["name"] for row in samples.rows]


PET = """
resources:
  pet:
    fields: {born_on: {type: date, not_after: today}, name: {type: string}}
    access: {get: [user]}
  dose:
    belongs_to: {pet: {}}
    fields: {given_on: {type: date, not_after: today}}
    rules: [{check: pet.born_on <= given_on, message: It is born before.}]
    access: {get: [user]}
"""


def test_a_rule_counts_the_parent_that_is_given() -> None:
    vocabulary = Vocabulary(read_requirements(yaml.safe_load(PET)))
    dose = Subject(vocabulary, "dose")
    parent: Row = {"born_on": "2024-05-20", "name": "Miso"}

    samples = solve(dose, {"pet": parent})

    assert str(samples.rows[0]["given_on"]) >= "2024-05-20"
    assert [broken.changes for broken in samples.broken] == [{"given_on": "2024-05-19"}]
    assert ("given_on", {"given_on": "2024-05-20"}) in samples.accepted
    assert solve(dose).broken == ()


CARE = """
resources:
  pet:
    fields: {name: {type: string}, vet: {type: string}}
    access: {get: [user]}
  stay:
    belongs_to: {pet: {}, friend: {to: pet, optional: true}}
    fields:
      helper: {type: string, default_from: pet.vet}
      mark: {type: uuid, default: new, read_only: true}
      since: {type: datetime, default: now, read_only: true}
      ended_on: {type: date, read_only: true, optional: true}
      until: {type: datetime}
    rules:
      - {check: 'helper != "Kim"', message: Not by Kim.}
      - {check: "until >= since + 1 hours", message: An hour at least.}
      - {check: "status = planned", message: It is planned at first.}
      - {check: "pet is not empty and mark is not empty", message: Both are there.}
      - {check: "friend is empty or friend.name != pet.name", message: Another pet.}
      - {check: "ended_on is empty or until is empty", message: One of them.}
    states: {field: status, initial: planned, transitions: {end: {from: [planned], to: ended, by: [user]}}}
    access: {get: [user]}
"""  # noqa: E501 - a transition reads best in one line


def test_what_nobody_sets_is_what_it_is_at_creation() -> None:
    vocabulary = Vocabulary(read_requirements(yaml.safe_load(CARE)))
    miso: Row = {"name": "Miso", "vet": "Alex"}
    friend: Row = {"name": "Pepper", "vet": "Alex"}

    samples = solve(Subject(vocabulary, "stay"), {"pet": miso, "friend": friend})

    assert {broken.rule for broken in samples.broken} == {0, 1}
    assert samples.minimal.keys() == {"until"}
    assert isinstance(samples.minimal["until"], FromNow)


def test_a_default_that_a_rule_forbids_must_be_sent_over() -> None:
    vocabulary = Vocabulary(read_requirements(yaml.safe_load(CARE)))
    miso: Row = {"name": "Miso", "vet": "Kim"}

    samples = solve(Subject(vocabulary, "stay"), {"pet": miso})

    assert samples.minimal.keys() == {"helper", "until"}
