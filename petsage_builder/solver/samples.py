"""What is found for a resource: rows, boundaries, and what is wrong by little."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from petsage_builder.decode import JsonValue


@dataclass(frozen=True, slots=True)
class FromToday:
    """A day, counted from the day of the test in UTC."""

    days: int


@dataclass(frozen=True, slots=True)
class FromNow:
    """A moment, counted from the moment at which the test runs."""

    delta: timedelta


@dataclass(frozen=True, slots=True)
class Person:
    """The id of somebody's account, by the name that the tests have for them."""

    name: str


ANOTHER = "other"  # what the tests call a user beside the owner
Value: TypeAlias = JsonValue | FromToday | FromNow | Person
Row: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Refused:
    """A value that a field does not take, and why."""

    field: str
    value: Value
    reason: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Changes to the first row that break one rule, and nothing else if they can.

    `rule` is the index in the rules of the resource. What else they break comes later.
    """

    rule: int
    changes: Row


@dataclass(frozen=True, slots=True)
class Samples:
    """Values for all that is to be shown or tested of one resource.

    `rows` are three: [0] has a value in every field that can be set; [1] differs from
    it wherever it can, and is null wherever it may be; [2] is as [0], but for what must
    be unique. `minimal` has only what must be sent. Each of `accepted` is a field and
    changes to [0] that put the field at a boundary. `broken` has the fewest changes for
    each rule; `broken_otherwise` the same by another field, or by more than need be.
    """

    rows: tuple[Row, ...]
    minimal: Row
    accepted: tuple[tuple[str, Row], ...]
    refused: tuple[Refused, ...]
    broken: tuple[Broken, ...]
    broken_otherwise: tuple[Broken, ...] = ()


class UnsolvableError(Exception):
    """No row keeps all constraints: which field or rules are in the way, and why.

    `rules` are indices in the rules of the resource.
    """

    def __init__(
        self, what: str, *, field: str = "", rules: tuple[int, ...] = ()
    ) -> None:
        super().__init__(what)
        self.what = what
        self.field = field
        self.rules = rules
