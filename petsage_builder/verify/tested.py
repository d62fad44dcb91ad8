"""The checks that run tests: the feature's own, and all that the change could break."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree as ET

from petsage_builder.artifacts import Artifacts
from petsage_builder.evidence import Check, Outcome, Passed
from petsage_builder.plan import ProbePlan
from petsage_builder.verify.commands import (
    ALL_PASSED,
    SOME_FAILED,
    Command,
    conclude,
    tail,
    tool,
)
from petsage_builder.verify.sandbox import Completed, Sandbox

SHOWN = 5
NOTHING_COLLECTED = 5  # as pytest says it by its exit status
OTHER_DATABASE = "postgresql"
# What is imported already cannot be rewritten by pytest, and need not be.
WARM = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
# Which notes the fact for which a test runs.
STATED = ("-p", "petsage_builder.sandboxed.stated")
LEFT_OUT = "; those on PostgreSQL left out: no table changes"


@dataclass(frozen=True, slots=True)
class Result:
    """How one test ended."""

    module: str
    name: str
    outcome: Outcome
    fact: str = ""

    def is_in(self, module: str) -> bool:
        """Say whether the test is in a module, or in a class of it."""
        return f"{self.module}.".startswith(f"{module}.")


@dataclass(frozen=True, slots=True)
class Run:
    """All tests of a backend, run once, in parts at the same time."""

    commands: tuple[Command, ...]
    parts: tuple[Completed, ...]
    results: tuple[list[Result], ...]

    @property
    def command(self) -> str:
        """Return what was run, as a reader would type it."""
        return "; ".join(map(str, self.commands))

    @property
    def longest(self) -> Completed:
        """Return the part that took the most time, or the first that was cut off."""
        return max(self.parts, key=lambda part: (part.status is None, part.seconds))

    def unexplained(self) -> Iterator[Completed]:
        """Give each part whose results do not tell why it ended as it did."""
        for part, results in zip(self.parts, self.results, strict=True):
            some_failed = _count(results, "failed") > 0
            expected = SOME_FAILED if some_failed else ALL_PASSED
            left_out = not results and part.status == NOTHING_COLLECTED
            if part.status != expected and not left_out:
                yield part


def check_tests(sandbox: Sandbox, artifacts: Artifacts) -> Iterator[Check]:
    """Run every test of the backend once, in an order that the artifacts decide.

    Each of them imports `app.main`, which the build edits, so each could break.
    """
    run = _run(sandbox, artifacts)
    results = [result for part in run.results for result in part]
    own = _module(artifacts.plan.names.test)
    ours = [result for result in results if result.is_in(own)]
    check = _judge("tests", run, ours)
    yield replace(check, passed=tuple(passed_of(artifacts, ours)))
    others = [result for result in results if not result.is_in(own)]
    if results and not others:
        why = "the backend has no other tests"
        yield Check("regression", run.command, "skipped", run.longest.seconds, why)
    else:
        check = _judge("regression", run, others)
        if check.outcome == "passed" and _leaves_out(artifacts):
            check = replace(check, detail=f"{check.detail}{LEFT_OUT}")
        yield check


def passed_of(artifacts: Artifacts, results: list[Result]) -> Iterator[Passed]:
    """Give each test of a feature that passed, as one would run it alone."""
    path = artifacts.plan.names.test
    for result in results:
        if result.outcome == "passed":
            home = result.module.removeprefix(_module(path)).split(".")[1:]
            yield Passed("::".join((path, *home, result.name)), result.fact)


def _module(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")


def _run(sandbox: Sandbox, artifacts: Artifacts) -> Run:
    """Run half of the test modules, and beside them whatever else is there."""
    seed = int(artifacts.sha256[:8], 16)
    options: tuple[str, ...] = ("-W", "error", *WARM, "-q", "--show-capture=no")
    options += ("-p", "no:cacheprovider", *STATED)
    order = ("-p", "randomly", f"--randomly-seed={seed}")
    options += ("-k", f"not {OTHER_DATABASE}") if _leaves_out(artifacts) else ()
    half = _half(artifacts)
    parts = [half, ["tests", *(f"--ignore={path}" for path in half)]]
    commands = tuple(
        tool(
            "python", "-m", "pytest", *options, *order, f"--junit-xml=../{i}.xml", *part
        )
        for i, part in enumerate(parts)
        if part
    )
    with ThreadPoolExecutor(len(commands)) as pool:
        done = tuple(pool.map(lambda command: command.run(sandbox), commands))
    reports = (sandbox.work / f"{i}.xml" for i, part in enumerate(parts) if part)
    return Run(commands, done, tuple(map(read_results, reports)))


def _leaves_out(artifacts: Artifacts) -> bool:
    """Say whether tests may run on one database: a probe changes no table."""
    return isinstance(artifacts.plan, ProbePlan) and any(
        OTHER_DATABASE.encode() in content
        for path, content in artifacts.applied.items()
        if path.startswith("tests/")
    )


def _half(artifacts: Artifacts) -> list[str]:
    """Return every second of the backend's own test modules, the longest first."""
    sizes = {
        path: len(content)
        for path, content in artifacts.applied.items()
        if re.fullmatch(r"tests/test_\w+\.py", path) and path not in artifacts.own
    }
    half = sorted(sizes, key=lambda path: (-sizes[path], path))[::2]
    return sorted(half) if len(sizes) > 1 else []


def read_results(report: Path) -> list[Result]:
    """Return how each test ended, from what pytest wrote in the form of JUnit."""
    if not report.is_file():
        return []
    return [
        Result(
            case.get("classname", ""),
            case.get("name", ""),
            _outcome({child.tag for child in case}),
            next((p.get("value", "") for p in case.iter("property")), ""),
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
        return Check(check, run.command, "skipped", run.longest.seconds, why)
    return conclude(check, run.command, run.longest, faults, _summary(results))


def _summary(results: list[Result]) -> str:
    outcomes = ("passed", "skipped", "failed")
    counts = ((_count(results, outcome), outcome) for outcome in outcomes)
    return ", ".join(f"{count} {outcome}" for count, outcome in counts if count)


def _count(results: list[Result], outcome: str) -> int:
    return sum(result.outcome == outcome for result in results)


def _faults(check: str, run: Run, results: list[Result]) -> Iterator[str]:
    failed = [f"{r.module}::{r.name}" for r in results if r.outcome == "failed"]
    skipped = [f"{r.module}::{r.name}" for r in results if r.outcome == "skipped"]
    if failed:
        yield f"{len(failed)} of {len(results)} failed: {', '.join(failed[:SHOWN])}"
        yield from (tail(part) for part in run.parts if part.status != ALL_PASSED)
    if skipped and check == "tests":
        yield f"skipped, and so proves nothing: {', '.join(skipped[:SHOWN])}"
    if not results:
        yield "no test ran"
        yield from map(tail, run.parts)
    for part in run.unexplained():
        yield f"pytest ended with status {part.status}"
        yield tail(part)
