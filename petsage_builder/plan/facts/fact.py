"""One row of a table of facts."""

from typing import TypeAlias

from petsage_builder.plan.trials import Trials

Fact: TypeAlias = tuple[str, str]


def fact(table: str, trials: Trials, *arguments: str) -> Fact:
    """Return the name of a table, and a row of it: a kind, and arguments as source."""
    return table, ", ".join((trials.name, *arguments))
