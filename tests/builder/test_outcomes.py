"""Tests of what comes of a build by its evidence, which is told and not found."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from petsage_builder import pipeline
from petsage_builder.artifacts import Artifacts
from petsage_builder.build import Build
from petsage_builder.deliver import UnprovenError, deliver
from petsage_builder.entrypoints.cli import app
from petsage_builder.errors import ConflictError
from petsage_builder.evidence import REQUIRED, Check, Evidence, Outcome, Tell
from petsage_builder.receipt import receipt
from petsage_builder.status import FAILED, Announcement, Report
from petsage_builder.undo import undo
from tests.builder.conftest import PROJECT, build_into, payload, tree

SMOKE_TEST = PROJECT / "payloads" / "smoke_test.json"
PACKAGE = "app/features/smoke_test"


@dataclass
class Verifier:
    """Takes the place of the checks: one ends as told, all others pass."""

    outcome: Outcome = "passed"
    meanwhile: Callable[[], object] = bool

    def __call__(
        self, artifacts: Artifacts, tell: Tell, *, afresh: bool = False
    ) -> Evidence:
        """Return evidence of the artifacts."""
        del tell, afresh
        self.meanwhile()
        told = dict.fromkeys(REQUIRED, "passed") | {"tests": self.outcome}
        checks = (Check(name, "", how, 0.1, "") for name, how in told.items())  # type: ignore[arg-type]
        return Evidence(artifacts.sha256, "", tuple(checks))


@pytest.fixture
def verifier(monkeypatch: pytest.MonkeyPatch) -> Verifier:
    """Let checks end as they are told."""
    found = Verifier()
    monkeypatch.setattr(pipeline, "verify", found)
    return found


def test_a_build_that_fails_delivers_nothing_and_says_so(
    backend: Path, verifier: Verifier
) -> None:
    verifier.outcome = "failed"
    before, heard = tree(backend), list[Announcement]()

    build = build_into(backend, payload("smoke_test"), heard.append)

    assert (build.status, build.delivery) == ("failed", None)
    assert receipt(build)["status"] == "failed"
    assert tree(backend) == before
    assert FAILED in heard
    (report,) = (told.text for told in heard if isinstance(told, Report))
    assert "What failed is shown below; nothing was delivered." in report
    assert "COMPLETE" not in report


@pytest.mark.parametrize(
    ("outcome", "status", "word"), [("passed", 0, "complete"), ("failed", 3, "failed")]
)
def test_the_exit_status_tells_how_a_build_ended(
    backend: Path, verifier: Verifier, outcome: Outcome, status: int, word: str
) -> None:
    verifier.outcome = outcome
    arguments = ["build", str(SMOKE_TEST), "--into", str(backend), "--format", "json"]

    done = CliRunner().invoke(app, arguments)

    assert (done.exit_code, json.loads(done.stdout)["status"]) == (status, word)


def test_evidence_that_does_not_hold_delivers_nothing(
    good: Artifacts, verifier: Verifier
) -> None:
    verifier.outcome = "failed"
    before = tree(good.plan.backend.root)

    with pytest.raises(UnprovenError):
        deliver(good, verifier(good, lambda _: None))

    assert tree(good.plan.backend.root) == before


def test_what_is_edited_during_the_proof_is_a_conflict(
    backend: Path, verifier: Verifier
) -> None:
    edited = backend / "app/core/health.py"
    verifier.meanwhile = lambda: edited.write_text('"""Mine."""\n')

    build = build_into(backend, payload("smoke_test"))

    assert build.status == "conflict"
    assert [problem.where for problem in build.problems] == ["app/core/health.py"]
    assert not (backend / PACKAGE).exists()


def test_all_that_was_assumed_is_told(backend: Path, verifier: Verifier) -> None:
    heard: list[Announcement] = []

    build = build_into(backend, payload("smoke_test"), heard.append)

    assert verifier.outcome == "passed"
    assert build.spec
    assert len(build.spec.assumptions) == 4
    (report,) = (told.text for told in heard if isinstance(told, Report))
    assert receipt(build)["assumptions"] == list(build.spec.assumptions)
    for assumption in build.spec.assumptions:
        assert f"- {assumption}\n" in report


@pytest.fixture
def built(backend: Path, verifier: Verifier) -> Path:
    """Give a backend into which the smoke test is built."""
    build = build_into(backend, payload("smoke_test"))
    assert (build.status, verifier.outcome) == ("complete", "passed")
    return backend


def test_what_was_delivered_is_taken_out_again_to_the_byte(
    built: Path, skeleton: Path
) -> None:
    assert tree(built) != tree(skeleton)

    undo(built, "smoke_test")

    assert tree(built) == tree(skeleton)


def again(root: Path) -> Build:
    """Build another payload of the same feature."""
    return build_into(root, payload("smoke_test", "check that logging works"))


def test_what_was_edited_since_is_not_replaced_or_removed(built: Path) -> None:
    service = built / PACKAGE / "service.py"
    service.write_text(f"{service.read_text()}\n# mine\n")
    before = tree(built)

    build = again(built)
    with pytest.raises(ConflictError, match=r"service.py: was edited since"):
        undo(built, "smoke_test")

    assert build.status == "conflict"
    assert [problem.where for problem in build.problems] == [f"{PACKAGE}/service.py"]
    assert tree(built) == before


def test_what_another_module_needs_is_not_removed(built: Path) -> None:
    (built / "app/mine.py").write_text("from app.features.smoke_test import service\n")
    before = tree(built)

    with pytest.raises(ConflictError, match=r"app/mine.py: depends on smoke_test"):
        undo(built, "smoke_test")

    assert tree(built) == before
