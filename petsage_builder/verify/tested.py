"""The checks that run tests: the feature's own, and all that the change could break."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from petsage_builder.artifacts import Artifacts
from petsage_builder.evidence import Check, Outcome
from petsage_builder.verify.commands import Command, conclude, tail, tool
from petsage_builder.verify.sandbox import Completed, Sandbox

REPORT = "report.xml"
# pytest's own: all passed, some failed, nothing collected.
ENDED_WELL = {0, 1}
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Result:
    """How one test ended."""

    module: str
    name: str
    outcome: Outcome


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
    done = pytest.run(sandbox)
    results = _read(sandbox.work / REPORT)
    own = artifacts.plan.names.test.removesuffix(".py").replace("/", ".")
    yield _judge("tests", pytest, [r for r in results if r.module == own], done)
    others = [r for r in results if r.module != own]
    if results and not others:
        why = "the backend has no other tests"
        yield Check("regression", str(pytest), "skipped", done.seconds, why)
    else:
        yield _judge("regression", pytest, others, done)


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


def _judge(
    check: str, command: Command, results: list[Result], done: Completed
) -> Check:
    return conclude(
        check, command, done, _faults(check, results, done), f"{len(results)} passed"
    )


def _faults(check: str, results: list[Result], done: Completed) -> Iterator[str]:
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
    if done.status not in ENDED_WELL:
        yield f"pytest ended with status {done.status}"
        yield tail(done)
