"""The checks that run tests: the feature's own, and all that the change could break."""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree as ET

from petsage_builder.artifacts import Artifacts
from petsage_builder.blueprint import is_of_skeleton
from petsage_builder.evidence import Check, Outcome, Ran
from petsage_builder.plan import ProbePlan
from petsage_builder.verify.commands import (
    ALL_PASSED,
    SOME_FAILED,
    WARM,
    Command,
    conclude,
    load,
    tail,
    tool,
)
from petsage_builder.verify.earlier import NOTHING, Earlier, Proofs, home
from petsage_builder.verify.refuting import second_reading
from petsage_builder.verify.sandbox import Completed, Sandbox

SHOWN = 5
NOTHING_COLLECTED = 5  # as pytest says it by its exit status
OTHER_DATABASE = "postgresql"
EARLIER = ", {} of them in an earlier proof: nothing that they rest on has changed"
KNOWN = "known.json"
# Which notes the fact for which a test runs.
STATED = ("-p", "petsage_builder.sandboxed.stated")
# Which leaves out what has passed, and what another check does.
CHOSEN = ("-p", "petsage_builder.sandboxed.chosen")
CONTRACT = "tests/test_contract.py"
CHECKED = "; its own operations are tried on SQLite by the contract check"
LEFT_OUT = "; those on PostgreSQL left out: no table changes"


@dataclass(frozen=True, slots=True)
class Result:
    """How one test ended, what it was for, and whose operation it has tried."""

    module: str
    name: str
    outcome: Outcome
    fact: str = ""
    feature: str | None = None

    @property
    def key(self) -> str:
        """Return the name of the test as a JUnit report has it."""
        return f"{self.module}::{self.name}"

    def is_in(self, module: str) -> bool:
        """Say whether the test is in a module, or in a class of it."""
        return f"{self.module}.".startswith(f"{module}.")


@dataclass(frozen=True, slots=True)
class Run:
    """All tests of a backend, run once, in parts at the same time.

    `earlier` are those that were not run, since an earlier proof holds for them.
    """

    commands: tuple[Command, ...]
    parts: tuple[Completed, ...]
    results: tuple[list[Result], ...]
    earlier: tuple[Result, ...]

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
            if part.status != (expected if results else NOTHING_COLLECTED):
                yield part


def check_tests(
    sandbox: Sandbox,
    artifacts: Artifacts,
    proofs: Proofs = NOTHING,
) -> Iterator[Check]:
    """Run every test of the backend once, in an order that the artifacts decide.

    Each of them imports `app.main`, which the build edits, so each could break; those
    that an earlier proof still holds for are left out.
    """
    one_database = _leaves_out(artifacts)
    earlier = proofs.look_up(one_database=one_database)
    run = _run(sandbox, artifacts, earlier)
    results = [result for part in run.results for result in part]
    own = _module(artifacts.plan.names.test)
    ours = [result for result in results if result.is_in(own)]
    tests = _judge("tests", run, ours)
    yield _read_again(tests, sandbox, artifacts, ours)
    others = [result for result in results if not result.is_in(own)]
    if results and not others and not run.earlier:
        why = "the backend has no other tests"
        yield Check("regression", run.command, "skipped", run.longest.seconds, why)
        regression = tests
    else:
        regression = _judge("regression", run, [*others, *run.earlier])
        yield replace(regression, detail=_told(regression, run, artifacts))
    if {tests.outcome, regression.outcome} == {"passed"}:
        passed = {r.key: r.feature for r in results if r.outcome == "passed"}
        again = {r.key for r in run.earlier}
        proofs.add(passed, again, one_database=one_database)


def _read_again(
    check: Check, sandbox: Sandbox, artifacts: Artifacts, ours: list[Result]
) -> Check:
    """Return the check of a feature's own tests, and what is to be said of failures."""
    passed = tuple(named(artifacts, ours, "passed"))
    failed = tuple(named(artifacts, ours, "failed"))
    check = replace(check, passed=passed)
    refuted, said = second_reading(sandbox, artifacts, failed, passed)
    if not refuted:
        return replace(check, detail="\n".join(filter(None, (check.detail, said))))
    wrong = f"{len(refuted)} of {len(ours)} expect what the request does not say"
    return replace(check, detail=f"{wrong}\n{check.detail}", refuted=refuted)


def _told(check: Check, run: Run, artifacts: Artifacts) -> str:
    """Return what a check saw, and what it rests on beside that."""
    if check.outcome != "passed":
        return check.detail
    parts = [check.detail]
    if run.earlier:
        parts.append(EARLIER.format(len(run.earlier)))
    if _leaves_out(artifacts):
        parts.append(LEFT_OUT)
    if _checked(artifacts):
        parts.append(CHECKED)
    return "".join(parts)


def named(
    artifacts: Artifacts, results: list[Result], outcome: Outcome
) -> Iterator[Ran]:
    """Give each test of a feature that ended so, as one would run it alone."""
    path = artifacts.plan.names.test
    for result in results:
        if result.outcome == outcome:
            home = result.module.removeprefix(_module(path)).split(".")[1:]
            yield Ran("::".join((path, *home, result.name)), result.fact)


def _module(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")


def _run(sandbox: Sandbox, artifacts: Artifacts, earlier: Earlier) -> Run:
    """Run some of the test modules, and beside them whatever else is there."""
    half = _half(artifacts, earlier)
    parts = [half, ["tests"]] if half else [["tests"]]
    known = {"passed": sorted(earlier.passed), "ignored": [*earlier.ignored, *half]}
    (sandbox.work / KNOWN).write_text(json.dumps(known), "utf-8")
    options = _options(artifacts)
    commands = tuple(
        tool("python", "-m", "pytest", *options, f"--junit-xml=../{i}.xml", *part)
        for i, part in enumerate(parts)
    )

    def run(number: int) -> Completed:
        return commands[number].run(
            sandbox,
            PETSAGE_KNOWN=str(sandbox.work / KNOWN),
            PETSAGE_OUT=str(sandbox.work / f"{number}.out"),
            PETSAGE_CHECKED=_checked(artifacts),
            CONTRACT_FEATURES=",".join(earlier.features),
        )

    with ThreadPoolExecutor(len(commands)) as pool:
        done = tuple(pool.map(run, range(len(commands))))
    reports = [read_results(sandbox.work / f"{i}.xml") for i in range(len(commands))]
    ran = {result.key for report in reports for result in report}
    left_out = _left_out(sandbox, earlier, one_database=_leaves_out(artifacts))
    others = tuple(result for result in left_out if result.key not in ran)
    return Run(commands, done, tuple(reports), others)


def _left_out(
    sandbox: Sandbox, earlier: Earlier, *, one_database: bool
) -> Iterator[Result]:
    """Give the tests of what was ignored, or not tried, or left out by pytest."""
    ignored = {*earlier.ignored}
    tests = {t for t in earlier.passed if home(t) in ignored} | earlier.untried
    for file in sandbox.work.glob("*.out"):
        found = load(file.read_text("utf-8", "replace"))
        tests |= earlier.passed.intersection(found if isinstance(found, list) else ())
    for test in sorted(tests):
        if not (one_database and OTHER_DATABASE in test):
            module, _, name = test.partition("::")
            yield Result(module, name, "passed")


def _options(artifacts: Artifacts) -> tuple[str, ...]:
    seed = int(artifacts.sha256[:8], 16)
    options: tuple[str, ...] = ("-W", "error", *WARM, "-q", "--show-capture=no")
    options += ("-p", "no:cacheprovider", *STATED, *CHOSEN)
    options += ("-p", "randomly", f"--randomly-seed={seed}")
    options += ("-k", f"not {OTHER_DATABASE}") if _leaves_out(artifacts) else ()
    return options


def _leaves_out(artifacts: Artifacts) -> bool:
    """Say whether tests may run on one database: a probe changes no table."""
    return isinstance(artifacts.plan, ProbePlan) and any(
        OTHER_DATABASE.encode() in content
        for path, content in artifacts.applied.items()
        if path.startswith("tests/")
    )


def _checked(artifacts: Artifacts) -> str:
    """Return the feature whose operations another check tries on SQLite, or nothing.

    That is the new one, unless somebody has edited the tests of operations.
    """
    content = artifacts.applied.get(CONTRACT, b"")
    return artifacts.plan.names.feature if is_of_skeleton(CONTRACT, content) else ""


def _half(artifacts: Artifacts, earlier: Earlier) -> list[str]:
    """Return about half of what is to run: test modules of the backend.

    Of these it is every second, the longest first, unless most have passed: then it is
    all of them, beside the feature's own.
    """
    sizes = {
        path: len(content)
        for path, content in artifacts.applied.items()
        if re.fullmatch(r"tests/test_\w+\.py", path)
        and path not in artifacts.own
        and path not in earlier.ignored
    }
    if earlier.features:
        return sorted(sizes)
    half = sorted(sizes, key=lambda path: (-sizes[path], path))[::2]
    return sorted(half) if len(sizes) > 1 else []


def read_results(report: Path) -> list[Result]:
    """Return how each test ended, from what pytest wrote in the form of JUnit."""
    if not report.is_file():
        return []
    cases = ET.parse(report).iter("testcase")  # noqa: S314 - pytest wrote it
    return [_result(case) for case in cases]


def _result(case: ET.Element) -> Result:
    told = {p.get("name"): p.get("value", "") for p in case.iter("property")}
    return Result(
        case.get("classname", ""),
        case.get("name", ""),
        _outcome({child.tag for child in case}),
        told.get("fact", ""),
        told.get("feature"),
    )


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
