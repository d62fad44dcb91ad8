"""The checks that run tests: the feature's own, and all that the change could break."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from petsage_builder.artifacts import Artifacts
from petsage_builder.evidence import Check, Outcome
from petsage_builder.verify.commands import (
    ALL_PASSED,
    SOME_FAILED,
    Command,
    conclude,
    tail,
    tool,
)
from petsage_builder.verify.sandbox import Completed, Sandbox

REPORT = "report.xml"
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Result:
    """How one test ended."""

    module: str
    name: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Run:
    """One run of pytest."""

    command: Command
    done: Completed
    results: list[Result]

    @property
    def is_explained(self) -> bool:
        """Say whether the results tell why pytest ended as it did."""
        some_failed = _count(self.results, "failed") > 0
        return self.done.status == (SOME_FAILED if some_failed else ALL_PASSED)


def check_tests(sandbox: Sandbox, artifacts: Artifacts) -> Iterator[Check]:
    """Run every test of the backend once, in an order that the artifacts decide.

    Each of them imports `app.main`, which the build edits, so each could break.
    """
    seed = int(artifacts.sha256[:8], 16)
    options = ("-W", "error", "-q", "-p", "no:cacheprovider", "--show-capture=no")
    order = ("-p", "randomly", f"--randomly-seed={seed}")
    pytest = tool(
        "python", "-m", "pytest", *options, *order, f"--junit-xml=../{REPORT}", "tests"
    )
    run = Run(pytest, pytest.run(sandbox), _read(sandbox.work / REPORT))
    own = artifacts.plan.names.test.removesuffix(".py").replace("/", ".")
    yield _judge("tests", run, [r for r in run.results if r.module == own])
    others = [r for r in run.results if r.module != own]
    if run.results and not others:
        why = "the backend has no other tests"
        yield Check("regression", str(pytest), "skipped", run.done.seconds, why)
    else:
        yield _judge("regression", run, others)


def _read(report: Path) -> list[Result]:
    if not report.is_file():
        return []
    return [
        Result(
            case.get("classname", ""),
            case.get("name", ""),
            _outcome({child.tag for child in case}),
        )
        for case in ET.parse(report).iter("testcase")  # noqa: S314 - pytest wrote it
    ]


def _outcome(tags: set[str]) -> Outcome:
    if tags & {"failure", "error"}:
        return "failed"
    return "skipped" if "skipped" in tags else "passed"


def _judge(check: str, run: Run, results: list[Result]) -> Check:
    faults = list(_faults(check, run, results))
    if check == "regression" and not faults and not _count(results, "passed"):
        why = f"no other test passes: {_summary(results)}"
        return Check(check, str(run.command), "skipped", run.done.seconds, why)
    return conclude(check, run.command, run.done, faults, _summary(results))


def _summary(results: list[Result]) -> str:
    outcomes = ("passed", "skipped", "failed")
    counts = ((_count(results, outcome), outcome) for outcome in outcomes)
    return ", ".join(f"{count} {outcome}" for count, outcome in counts if count)


def _count(results: list[Result], outcome: str) -> int:
    return sum(result.outcome == outcome for result in results)


def _faults(check: str, run: Run, results: list[Result]) -> Iterator[str]:
    done = run.done
    failed = [f"{r.module}::{r.name}" for r in results if r.outcome == "failed"]
    skipped = [f"{r.module}::{r.name}" for r in results if r.outcome == "skipped"]
    if failed:
        yield f"{len(failed)} of {len(results)} failed: {', '.join(failed[:SHOWN])}"
        yield tail(done)
    if skipped and check == "tests":
        yield f"skipped, and so proves nothing: {', '.join(skipped[:SHOWN])}"
    if not results:
        yield "no test ran"
        yield tail(done)
    if not run.is_explained:
        yield f"pytest ended with status {done.status}"
        yield tail(done)
