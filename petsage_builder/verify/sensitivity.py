"""The check that the feature's tests notice when the feature is wrong."""

from collections.abc import Iterator

from petsage_builder.artifacts import Artifacts
from petsage_builder.evidence import Check
from petsage_builder.plan import ProbePlan
from petsage_builder.verify.commands import conclude
from petsage_builder.verify.mutation import Mutant, mutants, resource_mutants, sample
from petsage_builder.verify.sandbox import Sandbox
from petsage_builder.verify.trial import try_mutants

MOST = 12


def check_sensitivity(sandbox: Sandbox, artifacts: Artifacts) -> Iterator[Check]:
    """Break the code in the ways that we know, and run the tests each time.

    They must fail then, and pass on the code as it is.
    """
    broken, known = _mutants(artifacts)
    test = artifacts.plan.names.test
    trial = try_mutants(sandbox, test, broken)
    wrong = trial.faults or [
        f"the tests do not notice, {mutant.path.rpartition('/')[2]} {mutant.what}"
        for mutant, outcome in trial.outcomes
        if not outcome.noticed
    ]
    seen = _seen(len(broken), known)
    yield conclude("mutants", trial.command, trial.done, wrong, seen)


def _seen(tried: int, known: int) -> str:
    sampled = f", a sample of {known}" if known > tried else ""
    return f"the tests notice each of {tried} mutants of the code{sampled}"


def _mutants(artifacts: Artifacts) -> tuple[list[Mutant], int]:
    """Return the mutants to be tried, and how many there are."""
    package = artifacts.plan.names.package
    sources = {
        path: content.decode()
        for path, content in artifacts.own.items()
        if path.startswith(f"{package}/") and path.endswith(".py")
    }
    try:
        if isinstance(artifacts.plan, ProbePlan):
            path = f"{package}/service.py"
            found = list(mutants(sources[path], path))
            return found, len(found)
        found = resource_mutants(sources)
    except SyntaxError:
        return [], 0  # which the linter explains
    return sample(found, MOST), len(found)
