"""Try mutants: run a feature's tests on its code as it is, and on each of them."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from petsage_builder.verify.commands import (
    ALL_PASSED,
    SECONDS,
    Command,
    answer,
    sandboxed,
    tail,
)
from petsage_builder.verify.mutation import Mutant
from petsage_builder.verify.sandbox import Completed, Sandbox

REQUEST = "mutants.json"
# A mutant that cannot even be imported shows nothing of the tests.
NOTICED = {"failed", "timeout"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a mutant: how its tests ended, which noticed, how many were run."""

    ended: str
    by: str | None
    ran: int

    @property
    def noticed(self) -> bool:
        """Say whether the tests have noticed."""
        return self.ended in NOTICED


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of all: how many tests there are, an outcome for each mutant."""

    command: Command
    done: Completed
    tests: int
    outcomes: tuple[tuple[Mutant, Outcome], ...]
    faults: tuple[str, ...]


def try_mutants(
    sandbox: Sandbox,
    test: str,
    mutants: Sequence[Mutant],
    seconds: float = SECONDS,
) -> Trial:
    """Run the tests in the file `test` of the backend."""
    request = json.dumps(request_of(test, mutants))
    (sandbox.work / REQUEST).write_text(request, "utf-8")
    command = sandboxed("mutants", f"../{REQUEST}")
    done = command.run(sandbox, seconds=seconds)
    found = answer(done)
    outcomes = [Outcome(**outcome) for outcome in found.get("outcomes", ())]
    faults = []
    if found and found["baseline"] != ALL_PASSED:
        which = found["by"] or "not all could be run"
        faults.append(f"the tests fail on the code as it is: {which}")
    elif len(outcomes) < len(mutants) or not mutants:
        faults += ["the code could not be broken on purpose", tail(done)]
    pairs = tuple(zip(mutants, outcomes, strict=False))
    return Trial(command, done, found.get("tests", 0), pairs, tuple(faults))


def request_of(test: str, mutants: Sequence[Mutant]) -> dict[str, Any]:
    """Return what `sandboxed/mutants.py` takes, and `sandboxed/playing.py` too."""
    return {
        "tests": test,
        "files": sorted({mutant.path for mutant in mutants}),
        "mutants": [
            {"path": mutant.path, "text": mutant.text, **asdict(mutant.place)}
            for mutant in mutants
        ],
    }
