"""How a request can be answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from petsage_builder.reference.state import State, Values
from petsage_builder.reference.system import Kind


@dataclass(frozen=True, slots=True)
class Refusal:
    """A status, and what is said: a detail, or for parts of the request one each.

    A detail that is empty can be any; a part that has none breaks a limit of its type,
    whose words are not looked at, but no rule of the payload.
    """

    status: int
    detail: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """A request that is not carried out, for one of some reasons."""

    reasons: tuple[Refusal, ...]


class StoppedError(Exception):
    """A request is not carried out, for one of some reasons."""

    def __init__(self, reasons: Iterable[Refusal]) -> None:
        super().__init__()
        self.reasons = tuple(reasons)


@dataclass(frozen=True, slots=True)
class Done:
    """A request that is carried out: the state after it, and the row that is shown."""

    status: int
    state: State
    kind: Kind
    row: Values | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows of which a list has some: all of them, if the page is large enough."""

    kind: Kind
    ids: frozenset[str]
    limit: int


Outcome: TypeAlias = Refused | Done | Listed


def stop_for(reasons: Iterable[Refusal]) -> None:
    """Raise `StoppedError` if there is any reason."""
    if found := tuple(reasons):
        raise StoppedError(found)


def forbid_unless(condition: object) -> None:
    """Raise `StoppedError` unless the caller may do it."""
    if not condition:
        raise StoppedError([FORBIDDEN])


FORBIDDEN = Refusal(403, "You may not do this.")
UNAUTHENTICATED = Refusal(401)
IN_USE = Refusal(409, "This is still in use.")


def missing(kind: Kind, row_id: object) -> Refusal:
    """Return the refusal of a row that is not there, for all that the caller knows."""
    return Refusal(404, f"{kind.words.capitalize()} {row_id} not found.")
