"""The check that the feature's tests notice when the feature is wrong."""

from collections.abc import Iterator

from petsage_builder.artifacts import Artifacts
from petsage_builder.evidence import Check
from petsage_builder.plan import ProbePlan
from petsage_builder.verify.commands import conclude
from petsage_builder.verify.mutation import Mutant, mutants, resource_mutants, sample
from petsage_builder.verify.sandbox import Sandbox
from petsage_builder.verify.trial import Trial, try_mutants

MOST = 12
MOST_AGAIN = 60  # once one of the sample was not noticed
ENOUGH = 0.95  # of all of them, as of what an audit tries


def check_sensitivity(sandbox: Sandbox, artifacts: Artifacts) -> Iterator[Check]:
    """Break the code in the ways that we know, and run the tests each time.

    They must fail then, and pass on the code as it is. If they do not notice one of a
    sample, they have to notice nearly all that there are, and the check says which ones
    they miss.
    """
    known = _mutants(artifacts)
    chosen = sample(known, MOST)
    test = artifacts.plan.names.test
    trial = try_mutants(sandbox, test, chosen)
    missed = _missed(trial)
    if missed and len(known) > len(chosen):
        chosen = sample(known, MOST_AGAIN)
        trial = try_mutants(sandbox, test, chosen)
        missed = _missed(trial)
    few = len(missed) > (1 - ENOUGH) * len(chosen)
    wrong = trial.faults or [f"the tests do not notice, {one}" for one in missed if few]
    seen = _seen(len(chosen), len(known), missed)
    yield conclude("mutants", trial.command, trial.done, wrong, seen)


def _missed(trial: Trial) -> list[str]:
    """Return what was done to the code that no test has noticed."""
    return [
        f"{mutant.path.rpartition('/')[2]} {mutant.what}"
        for mutant, outcome in trial.outcomes
        if not outcome.noticed
    ]


def _seen(tried: int, known: int, missed: list[str]) -> str:
    sampled = f", a sample of {known}" if known > tried else ""
    if missed:
        noticed = f"{tried - len(missed)} of {tried} mutants of the code{sampled}"
        return f"the tests notice {noticed}; they do not notice {'; '.join(missed)}"
    return f"the tests notice each of {tried} mutants of the code{sampled}"


def _mutants(artifacts: Artifacts) -> list[Mutant]:
    """Return all mutants of the roles that code has."""
    package = artifacts.plan.names.package
    sources = {
        path: content.decode()
        for path, content in artifacts.own.items()
        if path.startswith(f"{package}/") and path.endswith(".py")
    }
    try:
        if isinstance(artifacts.plan, ProbePlan):
            path = f"{package}/service.py"
            return list(mutants(sources[path], path))
        return resource_mutants(sources)
    except SyntaxError:
        return []  # which the linter explains
