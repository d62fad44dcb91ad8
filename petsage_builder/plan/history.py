"""On which migrations those of a feature depend."""

from collections.abc import Iterator, Mapping

from petsage_builder.analyze.vocabulary import Vocabulary
from petsage_builder.plan.names import Names
from petsage_builder.spec.resources import Requirements

ACCOUNTS = "accounts_1"


def depends_on(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the migrations that have to come before, each only if no other implies it.

    Alembic 1.20 loses count of its heads (`KeyError`) if one is named that another one
    of them depends on itself.
    """
    features = set(referred(vocabulary.requirements))
    others = vocabulary.others or {}
    implied = {
        name for feature in features for name in _before(others, feature, frozenset())
    }
    names = sorted(features - implied)
    return tuple(Names(name).migration for name in names) or (ACCOUNTS,)


def _before(
    others: Mapping[str, Requirements], feature: str, seen: frozenset[str]
) -> Iterator[str]:
    """Give all features that one refers to, and those that they refer to."""
    if feature in others and feature not in seen:
        for name in referred(others[feature]):
            yield name
            yield from _before(others, name, seen | {feature})


def referred(requirements: Requirements) -> Iterator[str]:
    """Give the features of whose rows a feature's rows can be, as often as it does."""
    for resource in requirements.resources.values():
        for parent in resource.belongs_to.values():
            yield from filter(None, [parent.feature])
        for link in resource.many_to_many.values():
            yield from filter(None, [link.feature])
