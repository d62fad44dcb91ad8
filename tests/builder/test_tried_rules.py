"""Each rule of each case is broken by a test: what is not, is listed here with why."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from petsage_builder.align import align
from petsage_builder.blueprint.backend import read_backend
from petsage_builder.plan import ResourcesPlan
from petsage_builder.plan.sources import text
from petsage_builder.spec.resources import Resource
from tests.builder.test_cases import CASES, built, needs, spec_of

# By the case: what no test makes the service say.
ANOTHER_FIRST = "an earlier rule always refuses such a row"
LATER = "only time, or a further state, makes it true"
LIMITED = "the limits of the field refuse such a row"
HIDDEN = "nobody else sees what such a row would belong to"
OTHERS_MOVE = "somebody else moves the row first"
UNTRIED = {
    "appointments": {"It is over.": LATER},
    "clinic_trials": {"The study takes nobody.": HIDDEN},
    "expense_reports": {"Nobody decides about their own report.": OTHERS_MOVE},
    "family_tree": {"Two parents are two animals.": ANOTHER_FIRST},
    "message_threads": {"Only the two of a thread write in it.": HIDDEN},
    "surveys": {"Too low.": LIMITED},
}


@pytest.mark.parametrize("name", CASES)
def test_each_rule_is_broken_by_a_test(name: str, whole: Path) -> None:
    backend = read_backend(whole)
    for other in sorted(needs(name)):
        backend = built(backend, other)
    plan = align(spec_of(name), backend)
    assert isinstance(plan, ResourcesPlan)
    facts = "\n".join(fact.row for facts in plan.facts.values() for fact in facts)

    said = {
        message
        for view in plan.testing.views
        for message in _messages(view.subject.resource)
    }

    assert {m for m in said if text(m) not in facts} == set(UNTRIED.get(name, ()))


def _messages(resource: Resource) -> Iterator[str]:
    """Give what is said when a rule is broken, or the condition of a move."""
    yield from (rule.message for rule in resource.rules)
    for move in resource.states.transitions.values() if resource.states else ():
        if move.when and move.message:
            yield move.message
