"""One row of a table of facts, and what of the request it is about."""

from collections.abc import Iterable
from dataclasses import dataclass

from petsage_builder.lazy import lazy
from petsage_builder.plan.trials import Trials


@dataclass(frozen=True)
class Fact:
    """A row of a table, as source, and the parts of the request that it tests.

    A part is named by its place, such as `requirements.resources.pet.fields.name.type`.
    """

    table: str
    row: str
    places: Iterable[str]

    @lazy
    def parts(self) -> tuple[str, ...]:
        """Return each part once; it is looked for when it is first asked for."""
        return tuple(dict.fromkeys(self.places))


def fact(table: str, trials: Trials, *arguments: str, of: Iterable[str]) -> Fact:
    """Return a row of a table: a kind, and arguments as source.

    `of` are the parts of the resource that its test asks: without one of them, the row
    would not be there, or be another one. Those of which the request does not speak may
    be among them.
    """
    where = trials.view.subject.where
    places = (f"{where}.{part}" for part in of)
    return Fact(table, ", ".join((trials.name, *arguments)), places)
