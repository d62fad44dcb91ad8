"""The status lines, word for word, and what an entry point hears of a build."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from petsage_builder.errors import Problem
from petsage_builder.evidence import Check
from petsage_builder.markdown import code_span

AGENT = "PetSage Backend Feature Builder Agent"


@dataclass(frozen=True, slots=True)
class Status:
    """One line that says how far a build is."""

    text: str

    def __str__(self) -> str:
        """Return the line as the transcript has it."""
        return f"**[{AGENT}]**-> **[STATUS]**-> {code_span(self.text)}"


@dataclass(frozen=True, slots=True)
class Report:
    """The Markdown that stands between the status lines."""

    text: str


Announcement: TypeAlias = Status | Report | Check
Announce: TypeAlias = Callable[[Announcement], None]

RECEIVED = Status("RECEIVED PAYLOAD")
DECODING = Status("DECODING MESSAGE")
ANALYZING = Status("ANALYZING REQUEST")
VALIDATED = Status("REQUEST VALIDATED. INITIATING FEATURE BUILD.")
ALIGNING = Status("ALIGNING WITH PETSAGE SYSTEM BLUEPRINT")
GENERATING = Status("GENERATING ARTIFACTS...")
VERIFYING = Status("VERIFYING ARTIFACTS...")
COMPLETE = Status("BUILD COMPLETE. ALL ARTIFACTS DELIVERED.")
AWAITING = Status("AWAITING NEXT PAYLOAD.")

PROVEN = Status("DRY RUN COMPLETE. ARTIFACTS PROVEN, NOTHING DELIVERED.")
UNCHANGED = Status("FEATURE UNCHANGED. NOTHING TO DELIVER.")
FAILED = Status("VERIFICATION FAILED. NOTHING DELIVERED.")


def decoded(request: str) -> Status:
    """Say what was decoded; `request` is JSON."""
    return Status(f"DECODED PAYLOAD: {request}")


def left_out(tests: int) -> Status:
    """Say that some tests are left out, since the request does not say what they do."""
    some = "1 TEST" if tests == 1 else f"{tests} TESTS"
    return Status(f"LEAVING OUT {some} THAT THE REQUEST REFUTES. VERIFYING AGAIN.")


def found(tests: int) -> Status:
    """Say that tests are added, since they tell the feature from a broken one."""
    some = "1 TEST" if tests == 1 else f"{tests} TESTS"
    return Status(f"ADDING {some} THAT TELL BROKEN CODE APART. VERIFYING AGAIN.")


def refused(problems: tuple[Problem, ...]) -> Status:
    """Say that the request was refused, and why."""
    return Status(f"REQUEST REFUSED: {_first(problems)}")


def conflict(problems: tuple[Problem, ...]) -> Status:
    """Say that the backend is not as it has to be for a delivery."""
    return Status(f"DELIVERY CONFLICT: {_first(problems)}. NOTHING DELIVERED.")


def _first(problems: tuple[Problem, ...]) -> str:
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"{problems[0].where}: {problems[0].what}{more}"
