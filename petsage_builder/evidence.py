"""What the checks found, and whether it is enough to deliver."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from petsage_builder.plan.found import Found

Outcome: TypeAlias = Literal["passed", "failed", "skipped"]

# Each has to pass before anything is delivered.
REQUIRED = (
    "format",
    "lint",
    "types",
    "imports",
    "migrations",
    "tests",
    "regression",
    "mutants",
    "served",
    "contract",
    "compatibility",
)
# A check that may have nothing to look at, and says so.
OPTIONAL = frozenset({"migrations", "regression"})


@dataclass(frozen=True, slots=True)
class Ran:
    """A test of the feature, as pytest names it, and the fact that it ran for.

    The fact is the name of a table of the test's class, and the number of a row; a test
    that runs for none has an empty one.
    """

    test: str
    fact: str = ""

    @property
    def home(self) -> str:
        """Return the class that has the test; empty if none has."""
        _, *home, _ = self.test.partition("[")[0].split("::")
        return "::".join(home)


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what was run, how it ended, how long it took, what it saw.

    `passed` are the tests of the feature that passed in it; `refuted`, if nothing else
    is wrong, those that failed though each answer they got is as the request says.
    `found` are requests that tell apart what no test has noticed, if there is one for
    each.
    """

    check: str
    command: str
    outcome: Outcome
    seconds: float
    detail: str
    passed: tuple[Ran, ...] = ()
    refuted: tuple[Ran, ...] = ()
    found: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """All checks of one set of artifacts, which `artifacts` names by its SHA-256."""

    artifacts: str
    isolation: str
    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Say whether every required check was made and none failed."""
        return {check.check for check in self.checks} >= set(REQUIRED) and all(
            check.outcome == "passed"
            or (check.outcome == "skipped" and check.check in OPTIONAL)
            for check in self.checks
        )

    def failing(self, name: str, why: str) -> "Evidence":
        """Return the same, but that a check fails, and why."""
        checks = (
            replace(check, outcome="failed", detail=f"{why}\n{check.detail}")
            if check.check == name
            else check
            for check in self.checks
        )
        return replace(self, checks=tuple(checks))

    @property
    def passed(self) -> tuple[Ran, ...]:
        """Return the tests of the feature that passed."""
        return tuple(test for check in self.checks for test in check.passed)

    @property
    def refuted(self) -> tuple[Ran, ...]:
        """Return the tests of the feature that the request refutes."""
        return tuple(test for check in self.checks for test in check.refuted)

    @property
    def found(self) -> tuple[Found, ...]:
        """Return the requests that tell apart what no test has noticed."""
        return tuple(one for check in self.checks for one in check.found)

    @property
    def failures(self) -> tuple[Check, ...]:
        """Return the checks that did not pass."""
        return tuple(check for check in self.checks if check.outcome == "failed")


Tell: TypeAlias = Callable[[Check], None]
