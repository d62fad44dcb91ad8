"""Parents of the same kind that a row must not have twice: the two ends of a way."""

from collections.abc import Mapping

from petsage_builder.analyze.expressions import read_condition
from petsage_builder.analyze.vocabulary import Subject
from petsage_builder.solver.evaluation import comparisons
from petsage_builder.spec.expressions import Compare, Expression, Field
from petsage_builder.spec.resources import Check

# The sample row that a twin is; the other parent is the first one.
TWIN = 1


def twins_of(subject: Subject) -> Mapping[str, str]:
    """Return the roles of parents that a rule wants to be others, and than which."""
    found: dict[str, str] = {}
    parents = [link.optional for link in subject.resource.belongs_to.values()]
    if parents.count(False) <= 1:
        return found  # at once: this is asked for each row that is planned
    for rule in subject.resource.rules:
        if isinstance(rule, Check):
            pair = pair_of(read_condition(rule.check, subject.scope))
            one, other = pair or ("", "")
            kinds = {_kind(subject, one), _kind(subject, other)}
            if len(kinds) == 1 and None not in kinds:
                found[other] = one
    return found


def pair_of(tree: Expression) -> tuple[str, str] | None:
    """Return the two fields of the row that a rule wants to be different."""
    for part in comparisons(tree):
        match part:
            case Compare("!=", Field((one,)), Field((other,))):
                return one, other
    return None


def _kind(subject: Subject, role: str) -> str | None:
    """Return the kind of a parent that each row has; of another none."""
    link = subject.resource.belongs_to.get(role)
    target = link and not link.optional and subject.vocabulary.target(role, link)
    return target.name if target and target != subject else None
