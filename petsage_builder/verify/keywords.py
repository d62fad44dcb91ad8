"""What a changed keyword of a JSON schema does to the values that it allows."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Shift:
    """Whether some value is not allowed any more, and whether one is allowed newly."""

    narrowed: bool
    widened: bool


Judge: TypeAlias = Callable[[Any, Any], Shift]


def at_most(old: float | None, new: float | None) -> Shift:
    """Compare two upper limits; without one, anything goes."""
    before, after = (math.inf if limit is None else limit for limit in (old, new))
    return Shift(after < before, after > before)


def at_least(old: float | None, new: float | None) -> Shift:
    """Compare two lower limits of a number that is never negative."""
    return Shift((new or 0) > (old or 0), (new or 0) < (old or 0))


def one_of(old: list[Any] | None, new: list[Any] | None) -> Shift:
    """Compare two lists of values; without one, anything goes."""
    before, after = (None if v is None else set(map(json.dumps, v)) for v in (old, new))
    return Shift(
        after is not None and (before is None or bool(before - after)),
        before is not None and (after is None or bool(after - before)),
    )


def the_same(old: Any, new: Any) -> Shift:  # noqa: ANN401 - JSON is any value
    """Compare what is there or not; two that differ could allow anything."""
    return Shift(bool(new) and new != old, bool(old) and new != old)


def of_type(old: str | None, new: str | None) -> Shift:
    """Compare two types: an integer is a number too."""
    changed = old != new
    return Shift(
        changed and new is not None and (old, new) != ("integer", "number"),
        changed and old is not None and (old, new) != ("number", "integer"),
    )


JUDGES: Mapping[str, Judge] = {
    "type": of_type,
    "enum": one_of,
    "pattern": the_same,
    "format": the_same,
    "multipleOf": the_same,
    "uniqueItems": the_same,
    "maxLength": at_most,
    "maxItems": at_most,
    "maxProperties": at_most,
    "minLength": at_least,
    "minItems": at_least,
    "minProperties": at_least,
}
EDGES = frozenset({"minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"})


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """Where the allowed numbers end: in order, from the smallest number to the largest.

    `side` is -1 just below the value, and 1 just above it.
    """

    value: float
    side: int


def lower_edge(schema: Mapping[str, Any]) -> Edge:
    """Return where the numbers begin that a schema allows."""
    return max(
        Edge(schema.get("minimum", -math.inf), -1),
        Edge(schema.get("exclusiveMinimum", -math.inf), 1),
    )


def upper_edge(schema: Mapping[str, Any]) -> Edge:
    """Return where the numbers end that a schema allows."""
    return min(
        Edge(schema.get("maximum", math.inf), 1),
        Edge(schema.get("exclusiveMaximum", math.inf), -1),
    )


def shown(value: Any) -> str:  # noqa: ANN401 - JSON is any value
    """Return a keyword's value as people read it."""
    match value:
        case None:
            return "none"
        case str():
            return value
        case list():
            return ", ".join(map(shown, value))
        case _:
            return json.dumps(value)


def bounds(schema: Mapping[str, Any], low: str, high: str) -> str:
    """Return the bounds that a schema has of two kinds, such as `minimum 1`."""
    found = [f"{word} {schema[word]}" for word in (low, high) if word in schema]
    return " and ".join(found) or "no limit"
