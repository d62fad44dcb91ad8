"""Which tests ask which part of a request: what the plan meant, as far as it ran.

The plan says of each fact, which is a row of a table of the tests, what of the request
it is about. The run of the tests says for which fact each test ran, and whether it
passed. A part that no test asks which passed is untested, whatever was planned.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from petsage_builder.artifacts import Artifacts
from petsage_builder.evidence import Evidence, Ran
from petsage_builder.plan import LeftOut, ProbePlan, ResourcesPlan
from petsage_builder.plan.facts.fact import Fact
from petsage_builder.spec.parts import Part, parts_of

FEATURE, DESCRIPTION = "feature", "description"


@dataclass(frozen=True, slots=True)
class Traced:
    """A part of the request, and the tests that ask it, as pytest names them."""

    part: Part
    tests: tuple[str, ...]


def trace(artifacts: Artifacts, evidence: Evidence) -> tuple[Traced, ...]:
    """Return each part of the request with the tests of it that passed."""
    found: dict[str, list[str]] = {}
    for test, parts in _asked(artifacts, evidence):
        for part in parts:
            found.setdefault(part, []).append(test)
    return tuple(
        Traced(part, tuple(sorted(found.get(part.where, ()))))
        for part in parts_of(artifacts.plan.spec)
    )


def untested(traced: tuple[Traced, ...]) -> list[str]:
    """Return the place of each part that no test asks."""
    return [one.part.where for one in traced if not one.tests]


def lost(plan: ResourcesPlan, traced: Iterable[Traced]) -> list[str]:
    """Return the parts of which the only tests are left out."""
    there = {one.part.where for one in traced if not one.tests}
    facts = plan.unstated.values()
    return sorted(there & {part for fact in facts for part in fact.parts})


def summary(traced: tuple[Traced, ...]) -> str:
    """Say in a sentence how many parts have a test, and which have none."""
    asked = [one for one in traced if not one.part.explains or one.tests]
    missing = [one.part.where for one in asked if not one.tests]
    texts = len(traced) - len(asked)
    more = f" ({texts} more only explain it)" if texts else ""
    if not missing:
        return f"Each of the {len(asked)} parts of the request has a test{more}."
    count = len(asked) - len(missing)
    named = ", ".join(missing)
    said = f"{count} of the {len(asked)} parts of the request have a test{more}"
    return f"{said}; none has: {named}."


def _asked(
    artifacts: Artifacts, evidence: Evidence
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give each test that passed, and the parts that it asks."""
    plan = artifacts.plan
    if isinstance(plan, ProbePlan):
        yield from ((one.test, (FEATURE, DESCRIPTION)) for one in evidence.passed)
        return
    planned = _planned(plan, artifacts)
    for one in evidence.passed:
        found = planned.get(_key(one))
        yield one.test, (FEATURE, *(found[1].parts if found else ()))


def facts_behind(
    plan: ResourcesPlan, artifacts: Artifacts, tests: Iterable[Ran]
) -> set[LeftOut]:
    """Return what names the facts for which some tests ran."""
    planned = _planned(plan, artifacts)
    found = (planned[_key(test)] for test in tests if _key(test) in planned)
    return {(many, fact.table, fact.row) for many, fact in found}


def _key(test: Ran) -> str:
    return f"{test.home} {test.fact}"


def _planned(
    plan: ResourcesPlan, artifacts: Artifacts
) -> Mapping[str, tuple[str, Fact]]:
    """Return each fact with its resource's plural, by its class, table and place."""
    is_divided = f"{plan.names.facts}/__init__.py" in artifacts.own
    found: dict[str, tuple[str, Fact]] = {}
    lengths: dict[str, int] = {}
    for trials in plan.testing.own:
        home = f"Test{trials.view.camel if is_divided else plan.names.camel}"
        for fact in plan.facts[trials.view.plural]:
            table = f"{home} {fact.table}"
            number = lengths.setdefault(table, 0)
            found[f"{table} {number}"] = trials.view.plural, fact
            lengths[table] += 1
    return found
