"""The check that the feature's tests notice when the feature is wrong.

Of the mutants, a dozen is drawn. If the tests do not notice one, a request is looked
for that tells it apart, and another dozen is drawn, until of one all are noticed. What
was found becomes part of the tests, and all that were drawn are tried with these.
"""

from collections.abc import Iterator
from dataclasses import replace

from petsage_builder.artifacts import Artifacts
from petsage_builder.evidence import Check
from petsage_builder.plan import Found, ProbePlan
from petsage_builder.verify.commands import conclude
from petsage_builder.verify.mutation import Mutant, in_turn, mutants, resource_mutants
from petsage_builder.verify.playing import Played, play
from petsage_builder.verify.sandbox import Sandbox
from petsage_builder.verify.trial import try_mutants

DOZEN = 12
MOST = 6 * DOZEN
SEARCHED = "answered otherwise, of {} ways to use the API"


def check_sensitivity(sandbox: Sandbox, artifacts: Artifacts) -> Iterator[Check]:
    """Break the code in the ways that we know, and run the tests each time.

    They must fail then, and pass on the code as it is.
    """
    ranked, test = _mutants(artifacts), artifacts.plan.names.test
    drawn = _begin(artifacts)
    batch = ranked[:drawn]
    trial = first = try_mutants(sandbox, test, batch)
    missed: list[tuple[Mutant, Played]] = []
    while not trial.faults:
        survivors = [mutant for mutant, told in trial.outcomes if not told.noticed]
        played = play(sandbox, artifacts, survivors, drawn) if survivors else []
        missed += zip(survivors, played, strict=True)
        batch = ranked[drawn : min(drawn + DOZEN, MOST)]
        if not batch or not played or any(one.found is None for one in played):
            break
        drawn += len(batch)
        trial = try_mutants(sandbox, test, batch)
    wrong = [*trial.faults, *(_missed(mutant, one) for mutant, one in missed)]
    check = conclude("mutants", first.command, first.done, wrong, _seen(drawn, ranked))
    found = [one.found for _, one in missed if one.found]
    is_mended = not trial.faults and len(found) == len(missed)
    yield replace(check, found=_at(drawn, found) if is_mended else ())


def _begin(artifacts: Artifacts) -> int:
    """Return how many mutants are drawn: those that were before, if any was found.

    Of a probe there are few, and all are.
    """
    plan = artifacts.plan
    if isinstance(plan, ProbePlan):
        return MOST
    return max((one.drawn for one in plan.told_apart), default=DOZEN)


def _at(drawn: int, found: list[Found]) -> tuple[Found, ...]:
    """Return what was found, each once."""
    each = (one.model_copy(update={"drawn": drawn}) for one in found)
    return tuple({repr(one): one for one in each}.values())


def _missed(mutant: Mutant, played: Played) -> str:
    """Say what the tests do not notice, and what does."""
    said = f"the tests do not notice, {mutant.path.rpartition('/')[2]} {mutant.what}"
    if played.found:
        return f"{said}; {played.found.ask.who} does with {played.found.ask.line}"
    return (
        f"{said}; nothing is {SEARCHED.format(played.tried)}" if played.tried else said
    )


def _seen(drawn: int, ranked: list[Mutant]) -> str:
    tried = min(drawn, len(ranked))
    sampled = f", a sample of {len(ranked)}" if len(ranked) > tried else ""
    return f"the tests notice each of {tried} mutants of the code{sampled}"


def _mutants(artifacts: Artifacts) -> list[Mutant]:
    """Return the mutants in the order in which they are tried."""
    package = artifacts.plan.names.package
    sources = {
        path: content.decode()
        for path, content in artifacts.own.items()
        if path.startswith(f"{package}/") and path.endswith(".py")
    }
    try:
        if isinstance(artifacts.plan, ProbePlan):
            path = f"{package}/service.py"
            return [*mutants(sources[path], path)]
        return in_turn(resource_mutants(sources))
    except SyntaxError:
        return []  # which the linter explains
