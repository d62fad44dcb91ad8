"""What the builder may answer instead of a delivery.

BuilderError
├── RefusedError     the payload, or the backend it is meant for, is not acceptable
└── ConflictError    the backend is not as it was read, or not as it was delivered
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    `where` is a path such as `feature` or `requirements.resources.pet`, a file such
    as `app/main.py`, or `payload, line 1, column 3`. `nearest` is the accepted thing
    that comes closest to what was said, if any. `rule` is the id of the rule of the
    blueprint that it breaks, if it is one.
    """

    where: str
    what: str
    accepted: str = ""
    nearest: str = ""
    rule: str = ""

    def __str__(self) -> str:
        """Say it in one line."""
        parts = [f"{self.where}: {self.what}"]
        if self.accepted:
            parts.append(f"accepted: {self.accepted}")
        if self.nearest:
            parts.append(f"did you mean: {self.nearest}")
        return "; ".join(parts)


MOST_PROBLEMS = 100


class BuilderError(Exception):
    """Everything that is wrong, at once; of very much, the beginning."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        found = tuple(problems)
        if more := len(found[MOST_PROBLEMS:]):
            rest = Problem(found[-1].where, f"is the last of {more} more problems")
            found = (*found[:MOST_PROBLEMS], rest)
        self.problems = found
        super().__init__("\n".join(map(str, self.problems)))


class RefusedError(BuilderError):
    """What was asked for cannot be built."""


class ConflictError(BuilderError):
    """What was built cannot be delivered, since the backend has changed."""
