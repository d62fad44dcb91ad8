"""A row as the tests have it, and the names of those who have to do with it."""

from dataclasses import dataclass

from petsage_builder.solver import Row
from petsage_builder.solver.samples import ANOTHER

NOBODY, FIRST, SECOND = "anonymous", "owner", ANOTHER


@dataclass(frozen=True, slots=True)
class Scenery:
    """A row as the tests have it: its values, its state, and who made it."""

    row: Row
    state: str = ""
    maker: str = FIRST
