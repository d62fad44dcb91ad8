"""What the checks found, and whether it is enough to deliver."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

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
class Check:
    """One check: what was run, how it ended, how long it took, what it saw."""

    check: str
    command: str
    outcome: Outcome
    seconds: float
    detail: str


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

    @property
    def failures(self) -> tuple[Check, ...]:
        """Return the checks that did not pass."""
        return tuple(check for check in self.checks if check.outcome == "failed")


Tell: TypeAlias = Callable[[Check], None]
