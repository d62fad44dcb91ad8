"""Tests that a check passes only if what it has run says so."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from petsage_builder.artifacts import Artifacts
from petsage_builder.evidence import Check
from petsage_builder.verify import PROBES, Probe
from petsage_builder.verify.behaviour import check_contract
from petsage_builder.verify.commands import tool
from petsage_builder.verify.sandbox import Completed, Sandbox, write_files
from petsage_builder.verify.sensitivity import check_sensitivity
from petsage_builder.verify.static import check_imports, check_style, check_types
from petsage_builder.verify.tested import Result, Run, check_tests, read_results

OWN, OTHER = "tests.test_smoke_test", "tests.test_health"
CASE = '<testcase classname="{}" name="test_it">{}</testcase>'


@dataclass(frozen=True)
class Told(Sandbox):
    """A sandbox that runs nothing: every program ends as it is told."""

    status: int | None = 0
    printed: str = ""

    def run(
        self,
        command: Sequence[str],
        *,
        seconds: float,
        folder: str = "backend",
        environment: Mapping[str, str] | None = None,
    ) -> Completed:
        """Say how the program has ended."""
        del command, seconds, folder, environment
        return Completed(self.status, self.printed, "", 0.1)

    def run_python(
        self,
        arguments: Sequence[str],
        *,
        seconds: float,
        folder: str = "backend",
        environment: Mapping[str, str] | None = None,
    ) -> Completed:
        """Say the same of Python."""
        return self.run(
            arguments, seconds=seconds, folder=folder, environment=environment
        )


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """Return a folder in which every test, of the feature and beside it, passed."""
    passed = CASE.format(OWN, "") + CASE.format(OTHER, "")
    report = f"<testsuites>{passed}</testsuites>".encode()
    write_files(tmp_path, {"0.xml": report, "1.xml": report})
    return tmp_path


def outcomes(checks: Iterator[Check]) -> dict[str, str]:
    """Return how each check ended."""
    return {check.check: check.outcome for check in checks}


@pytest.mark.parametrize(
    ("inside", "outcome"),
    [
        ("", "passed"),
        ("<failure/>", "failed"),
        ("<error/>", "failed"),
        ("<skipped/>", "skipped"),
    ],
)
def test_a_test_ends_as_its_report_says(
    tmp_path: Path, inside: str, outcome: str
) -> None:
    report = tmp_path / "report.xml"
    report.write_text(f"<testsuites>{CASE.format(OWN, inside)}</testsuites>")

    assert [result.outcome for result in read_results(report)] == [outcome]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(0, "passed"), (1, "failed"), (4, "failed"), (None, "failed")],
)
def test_tests_pass_only_if_their_run_does(
    good: Artifacts, work: Path, status: int | None, outcome: str
) -> None:
    found = outcomes(check_tests(Told(work, isolated=False, status=status), good))

    assert found == {"tests": outcome, "regression": outcome}


@pytest.mark.parametrize("status", [1, 2, None])
@pytest.mark.parametrize("probe", [check_style, check_types, check_imports])
def test_a_tool_that_ends_badly_fails_its_check(
    good: Artifacts, work: Path, probe: Probe, status: int | None
) -> None:
    place = Told(work, isolated=False, status=status)

    assert set(outcomes(probe(place, good)).values()) == {"failed"}


@pytest.mark.parametrize(
    ("ended", "outcome"),
    [
        ("failed", "passed"),
        ("timeout", "passed"),
        ("passed", "failed"),
        ("broken", "failed"),
    ],
)
def test_a_mutant_that_no_test_notices_fails_the_check(
    good: Artifacts, work: Path, ended: str, outcome: str
) -> None:
    noticed = {"ended": "failed", "by": "test_it", "ran": 6}
    tried = [{"ended": ended, "by": None, "ran": 6}, *[noticed] * 6]
    said = json.dumps({"baseline": 0, "by": None, "tests": 6, "outcomes": tried})

    found = outcomes(check_sensitivity(Told(work, isolated=False, printed=said), good))

    assert found == {"mutants": outcome}


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        ({"operations": {"GET /smoke-test/": 5}, "failures": []}, "passed"),
        ({"operations": {"GET /smoke-test/": 5}, "failures": ["a 500"]}, "failed"),
        ({"operations": {}, "failures": []}, "failed"),
    ],
)
def test_what_breaks_the_contract_fails_the_check(
    good: Artifacts, work: Path, found: dict[str, Any], outcome: str
) -> None:
    said = json.dumps({"statuses": {"GET /smoke-test/": [200]}, **found})
    place = Told(work, isolated=False, printed=said)

    assert outcomes(check_contract(place, good)) == {"contract": outcome}


def test_what_says_nothing_has_proven_nothing(good: Artifacts, work: Path) -> None:
    for path in work.glob("*.xml"):
        path.unlink()
    place = Told(work, isolated=False)

    found = [check for probe in PROBES for check in probe(place, good)]

    silent = {"format", "lint", "types", "imports", "migrations"}
    failed = {check.check for check in found if check.outcome == "failed"}
    assert {check.check for check in found} - failed == silent


def test_an_earlier_proof_does_not_stand_for_a_run_that_was_none() -> None:
    before = (Result("tests.test_health", "test_it", "passed"),)
    for status, is_explained in ((0, False), (5, True), (1, False), (None, False)):
        done = Completed(status, "", "", 0.1)

        run = Run((tool("python"),), (done,), ([],), before)

        assert ([*run.unexplained()] == []) == is_explained
