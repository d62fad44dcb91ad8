"""Rows as plain values, and who calls."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

# The feature and the resource of a row.
Home: TypeAlias = tuple[str, str]
# A row by the names of its columns: ids are texts, numbers are decimals, and a link has
# the set of the ids that it leads to.
Values: TypeAlias = Mapping[str, Any]


class UnmodelledError(Exception):
    """The reference says nothing of this."""


@dataclass(frozen=True, slots=True)
class Caller:
    """An account, and every role that it has."""

    id: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class State:
    """All rows at a moment, each by its id."""

    rows: Mapping[Home, Mapping[str, Values]]
    now: datetime

    def of(self, home: Home) -> Mapping[str, Values]:
        """Return the rows of one kind."""
        return self.rows.get(home, {})

    def with_row(self, home: Home, row: Values) -> "State":
        """Return the state in which a row is, or has become, this one."""
        return self._with(home, {**self.of(home), row["id"]: row})

    def without(self, home: Home, ids: Iterable[str]) -> "State":
        """Return the state in which some rows are gone."""
        gone = {*ids}
        return self._with(
            home, {i: r for i, r in self.of(home).items() if i not in gone}
        )

    def _with(self, home: Home, rows: Mapping[str, Values]) -> "State":
        return State({**self.rows, home: rows}, self.now)
