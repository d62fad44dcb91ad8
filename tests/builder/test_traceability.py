"""Each part of a request is traced to the tests that ask it, and that passed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import petsage_builder.plan.facts as planned
from petsage_builder.align import align
from petsage_builder.analyze import analyze
from petsage_builder.analyze.vocabulary import Vocabulary
from petsage_builder.artifacts import Artifacts
from petsage_builder.blueprint.backend import read_backend
from petsage_builder.decode import decode
from petsage_builder.evidence import Check, Evidence
from petsage_builder.generate import generate
from petsage_builder.plan import ResourcesPlan
from petsage_builder.plan.facts import facts_of
from petsage_builder.plan.facts.fact import Fact
from petsage_builder.receive import receive_file
from petsage_builder.spec import Resources
from petsage_builder.spec.parts import parts_of
from petsage_builder.symbols import left_without, symbols
from petsage_builder.traceability import Traced, summary, trace, untested
from petsage_builder.verify.commands import WARM, tool
from petsage_builder.verify.sandbox import open_sandbox
from petsage_builder.verify.tested import STATED, named, read_results
from tests.builder.conftest import PROJECT
from tests.builder.test_cases import spec_of

PETS = "pet_management"
PET = "requirements.resources.pet"
VISIT = "requirements.resources.visit"
MOVES = f"{VISIT}.states.transitions"
# What has no test, and why.
UNTESTED = {
    # It is in no list, and never logged: what cannot be cannot be left out.
    "user_profile": ["requirements.resources.user_profile.fields.phone.sensitive"],
    "kennels": [],
}


def evidence_of(artifacts: Artifacts) -> Evidence:
    """Run the tests of a feature, on one database, as the proof does."""
    command = tool(
        *("python", "-m", "pytest", "-W", "error", *WARM, *STATED, "-q"),
        *("-p", "no:cacheprovider", "-k", "not postgresql"),
        *("--junit-xml=../0.xml", artifacts.plan.names.test),
    )
    with open_sandbox(backend=artifacts.applied) as sandbox:
        done = command.run(sandbox)
        assert done.status == 0, done.output
        passed = named(artifacts, read_results(sandbox.work / "0.xml"), "passed")
    check = Check("tests", str(command), "passed", done.seconds, "", tuple(passed))
    return Evidence(artifacts.sha256, "", (check,))


@pytest.fixture(scope="module")
def pets(whole: Path) -> tuple[Artifacts, Evidence]:
    """Make a feature, and run its tests."""
    payload = receive_file(PROJECT / "payloads" / f"{PETS}.json")
    artifacts = generate(align(analyze(decode(payload)), read_backend(whole)))
    return artifacts, evidence_of(artifacts)


@pytest.fixture(scope="module")
def traced(pets: tuple[Artifacts, Evidence]) -> tuple[Traced, ...]:
    """Trace its parts."""
    return trace(*pets)


def asking(traced: tuple[Traced, ...], where: str) -> set[str]:
    """Return the names of the tests of a part, without their arguments."""
    (found,) = (one for one in traced if one.part.where == where)
    return {test.partition("[")[0].rpartition("::")[2] for test in found.tests}


def test_each_part_of_pet_management_has_a_test(traced: tuple[Traced, ...]) -> None:
    explained = [one.part.where for one in traced if one.part.explains]

    assert untested(traced) == explained
    assert summary(traced) == (
        f"Each of the {len(traced) - 3} parts of the request has a test "
        "(3 more only explain it)."
    )
    kinds = {one.part.kind for one in traced if one.tests}
    assert kinds >= {
        *("field", "access rule", "rule", "limit", "relation", "transition"),
        *("list", "role", "states"),
    }


@pytest.mark.parametrize(
    ("where", "test"),
    [
        (f"{PET}.fields.name.max_length", "a_field_takes_nothing_beyond_its_limits"),
        (f"{PET}.fields.chip_number.unique", "a_unique_value_is_given_once"),
        (f"{PET}.limits.per_owner", "there_are_no_more_rows_than_may_be"),
        (f"{PET}.access.delete", "everybody_may_do_what_the_access_rules_say"),
        (f"{VISIT}.rules[0]", "a_rule_is_kept"),
        (f"{VISIT}.rules[1]", "what_is_frozen_stays"),
        (f"{VISIT}.belongs_to.pet.on_delete", "a_deletion_treats_children_as_agreed"),
        (f"{VISIT}.fields.diagnosis.write", "a_field_is_set_only_by_whom_it_may"),
        (f"{MOVES}.complete.requires", "a_move_needs_what_it_needs"),
        (f"{MOVES}.cancel.by", "everybody_may_move_a_row_as_the_access_rules_say"),
    ],
)
def test_a_part_is_traced_to_the_test_that_asks_it(
    traced: tuple[Traced, ...], where: str, test: str
) -> None:
    assert f"test_{test}" in asking(traced, where)


def test_the_tests_that_are_named_ran_and_passed(
    pets: tuple[Artifacts, Evidence], traced: tuple[Traced, ...]
) -> None:
    ran = {one.test for one in pets[1].passed}

    assert {test for one in traced for test in one.tests} <= ran
    assert all(one.fact for one in pets[1].passed)


def test_a_part_whose_tests_did_not_run_is_untested(
    pets: tuple[Artifacts, Evidence],
) -> None:
    artifacts, evidence = pets
    (check,) = evidence.checks
    others = tuple(p for p in check.passed if not p.fact.startswith("QUOTAS"))

    found = trace(artifacts, replace(evidence, checks=(replace(check, passed=others),)))

    assert f"{PET}.limits.per_owner" in untested(found)
    assert f"none has: {PET}.limits.per_owner." in summary(found)


def test_a_plan_that_forgets_a_kind_of_test_leaves_its_parts_untested(
    pets: tuple[Artifacts, Evidence], whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forget(*_: object) -> Iterator[Fact]:
        yield from ()

    monkeypatch.setattr(planned, "rules", forget)
    payload = receive_file(PROJECT / "payloads" / f"{PETS}.json")
    artifacts = generate(align(analyze(decode(payload)), read_backend(whole)))

    found = untested(trace(artifacts, pets[1]))

    assert {f"{VISIT}.rules[0]", f"{VISIT}.rules[1]"} <= set(found)
    assert f"{PET}.limits.per_owner" not in found


@pytest.mark.parametrize("name", UNTESTED)
def test_a_case_has_no_untested_parts_but_those_that_are_known(
    whole: Path, name: str
) -> None:
    artifacts = generate(align(spec_of(name), read_backend(whole)))

    traced = trace(artifacts, evidence_of(artifacts))

    found = [one.part.where for one in traced if not (one.tests or one.part.explains)]
    assert found == UNTESTED[name]


def stated(plan: ResourcesPlan) -> dict[str, tuple[str, ...]]:
    """Return the parts of each fact, by all that its test looks at."""
    found = {}
    for trials in plan.testing.own:
        for fact in facts_of(plan.testing, trials):
            seen = f"{fact.table} {fact.row}"
            if fact.table == "CREATED":
                sample = trials.rows[int(fact.row.rpartition(" ")[2])]
                seen += f"{sample} {trials.parents} {trials.view.state}"
            elif fact.table == "MOVES":
                seen += f"{trials.mover} {trials.view.state}"
            found[seen] = fact.parts
    return found


@pytest.mark.parametrize("name", ["kennels", "user_profile"])
def test_a_fact_is_another_one_without_a_part_that_it_names(
    whole: Path, name: str
) -> None:
    spec = spec_of(name)
    plan = align(spec, read_backend(whole))
    assert isinstance(plan, ResourcesPlan)
    facts = stated(plan)
    empty = {}
    for part in parts_of(spec):
        claimed = {fact for fact, parts in facts.items() if part.where in parts}
        # An example may be what would be sent without it.
        is_asked = claimed and part.keys[-1] != "example"
        left = left_without(plan, part) if is_asked else None
        if left is not None:
            other = Resources(spec.feature, spec.description, left)
            vocabulary = Vocabulary(left, plan.vocabulary.others)
            after = stated(replace(plan, spec=other, vocabulary=vocabulary))
            if same := claimed & after.keys():
                empty[part.where] = same

    assert empty == {}


def test_symbols_are_what_changes_without_a_part(
    pets: tuple[Artifacts, Evidence],
) -> None:
    artifacts, _ = pets
    parts = tuple(parts_of(artifacts.plan.spec))

    found = symbols(artifacts, parts)

    home = f"app/features/{PETS}"
    assert set(found[f"{PET}.fields.name.max_length"]) == {
        f"{home}/models.py:PetName",
        f"{home}/tables.py:Pet.name",
        f"migrations/versions/{PETS}_1.py:upgrade",
    }
    assert set(found[f"{PET}.limits.per_owner"]) == {
        f"{home}/service.py:PETS_PER_OWNER",
        f"{home}/service.py:create_pet",
    }
    assert found[f"{PET}.description"] == []
    # Lists can be sorted by the time of creation whether or not a payload says so.
    unchanged = [p.where for p in parts if not (found[p.where] or p.explains)]
    assert unchanged == [f"{PET}.list.sort[0]"]


def test_a_probe_is_traced_to_all_of_its_tests(whole: Path) -> None:
    payload = receive_file(PROJECT / "payloads" / "smoke_test.json")
    artifacts = generate(align(analyze(decode(payload)), read_backend(whole)))
    evidence = evidence_of(artifacts)

    traced = trace(artifacts, evidence)

    assert [one.part.where for one in traced] == ["feature", "description"]
    every = sorted(test.test for test in evidence.passed)
    assert len(every) == 6
    assert [list(one.tests) for one in traced] == [every, every]
    assert summary(traced) == "Each of the 2 parts of the request has a test."
