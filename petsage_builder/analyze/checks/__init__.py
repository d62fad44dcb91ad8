"""What is wrong with requirements that can be read: every problem, with its place."""

from collections.abc import Callable, Iterator, Mapping

from petsage_builder.analyze.checks.access import check_access
from petsage_builder.analyze.checks.fields import check_fields
from petsage_builder.analyze.checks.lists import check_lists
from petsage_builder.analyze.checks.names import check_names, check_roles
from petsage_builder.analyze.checks.relations import check_relations
from petsage_builder.analyze.checks.rules import check_rules
from petsage_builder.analyze.checks.scenarios import check_scenarios
from petsage_builder.analyze.checks.seeds import check_seeds
from petsage_builder.analyze.checks.sight import check_sight
from petsage_builder.analyze.checks.states import check_states
from petsage_builder.analyze.vocabulary import Subject, Vocabulary
from petsage_builder.errors import Problem
from petsage_builder.spec.resources import Requirements

CHECKS: tuple[Callable[[Subject], Iterator[Problem]], ...] = (
    check_names,
    check_fields,
    check_relations,
    check_access,
    check_lists,
    check_states,
    check_rules,
    check_seeds,
    check_sight,
)


def check_requirements(
    requirements: Requirements, others: Mapping[str, Requirements] | None = None
) -> Iterator[Problem]:
    """Give every problem, resource by resource, then those of the scenarios.

    `others` are the features that are there already. Without them, what a rule says
    of their resources is not looked at.
    """
    vocabulary = Vocabulary(requirements, others)
    yield from check_roles(requirements)
    for name in requirements.resources:
        for check in CHECKS:
            yield from check(Subject(vocabulary, name))
    yield from check_scenarios(vocabulary)
