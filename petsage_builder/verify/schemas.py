"""What has changed between two JSON schemas, and whether that breaks a client.

What a client sends must stay allowed: an input may only be widened. What it receives
must be what it knows: an output may only be narrowed, and have further fields. What
cannot be judged, such as a keyword that is not known here, counts as breaking.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from petsage_builder.verify.keywords import (
    EDGES,
    JUDGES,
    Shift,
    bounds,
    lower_edge,
    shown,
    upper_edge,
)
from petsage_builder.verify.references import (
    ANYTHING,
    NOTES,
    Document,
    Schema,
    alternatives,
    identity,
    resolved,
)

Alternative: TypeAlias = Mapping[str, Any]
Seen: TypeAlias = frozenset[tuple[int, int]]

STRUCTURE = frozenset({"properties", "required", "additionalProperties", "items"})
JUDGED = JUDGES.keys() | EDGES | STRUCTURE | NOTES
NUMBERS = {"integer", "number"}


class Use(Enum):
    """Which way a value goes: to the API, or from it."""

    INPUT = "input"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was.

    `place` is such as `POST /pets/, body, name`; `what` is empty if all of it is new.
    """

    place: str
    what: str
    breaks: bool

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.place}: {self.what}" if self.what else self.place


@dataclass(frozen=True, slots=True)
class Field:
    """A part of something that is sent: its schema, and whether it has to be there."""

    schema: Schema
    is_required: bool

    @property
    def default(self) -> Any:  # noqa: ANN401 - JSON is any value
        """Return what it is if it is left out."""
        return None if isinstance(self.schema, bool) else self.schema.get("default")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Compares schemas of two documents that are used in the same way."""

    before: Document
    after: Document
    use: Use

    def schemas(
        self, old: Schema, new: Schema, place: str, seen: Seen = frozenset()
    ) -> Iterator[Difference]:
        """Give the differences between two schemas, references followed."""
        pair = (identity(old, self.before), identity(new, self.after))
        if pair in seen or old is new is ANYTHING:
            return
        deeper = seen | {pair}
        olds, news = alternatives(old, self.before), alternatives(new, self.after)
        gone, rest = [], list(news)
        for one in olds:
            found = self._nearest(one, rest, deeper)
            if found is None:
                gone.append(one)
            else:
                rest.remove(found)
                yield from self._inside(one, found, place, deeper)
        if gone or rest:
            what = f"type {_kinds(olds)} -> {_kinds(news)}"
            yield from self._judged(place, what, Shift(bool(gone), bool(rest)))

    def fields(
        self,
        old: Mapping[str, Field],
        new: Mapping[str, Field],
        place: str,
        seen: Seen = frozenset(),
    ) -> Iterator[Difference]:
        """Give the differences between the parts of something, by their names."""
        for name in sorted(old.keys() | new.keys()):
            where = f"{place}, {name}"
            if name not in new:
                yield Difference(where, "is gone", breaks=True)
            elif name not in old:
                is_due = new[name].is_required and self.use is Use.INPUT
                what = "is new and required" if is_due else ""
                yield Difference(where, what, is_due)
            else:
                yield from self._presence(old[name], new[name], where)
                schemas = old[name].schema, new[name].schema
                yield from self.schemas(*schemas, where, seen)

    def _presence(self, old: Field, new: Field, place: str) -> Iterator[Difference]:
        """Give what has changed for those who leave a field out."""
        if old.is_required != new.is_required:
            words = ("required", "optional")
            what = " -> ".join(words if old.is_required else reversed(words))
            shift = Shift(new.is_required, old.is_required)
            yield from self._judged(place, what, shift)
        elif (
            self.use is Use.INPUT and not old.is_required and old.default != new.default
        ):
            what = f"default {shown(old.default)} -> {shown(new.default)}"
            yield Difference(place, what, breaks=True)

    def _nearest(
        self, one: Alternative, others: Sequence[Alternative], seen: Seen
    ) -> Alternative | None:
        """Return which of the others is most likely what has become of `one`."""
        alike = [other for other in others if _are_alike(one, other)]
        if len(alike) < 2:  # noqa: PLR2004 - nothing to choose from
            return next(iter(alike), None)
        return min(
            alike,
            key=lambda other: sum(d.breaks for d in self._inside(one, other, "", seen)),
        )

    def _inside(
        self, old: Alternative, new: Alternative, place: str, seen: Seen
    ) -> Iterator[Difference]:
        """Give the differences between two schemas of the same type."""
        for word, judge in JUDGES.items():
            before, after = old.get(word), new.get(word)
            if before != after:
                what = f"{word} {shown(before)} -> {shown(after)}"
                yield from self._judged(place, what, judge(before, after))
        yield from self._edges(old, new, place)
        yield from self.fields(_fields(old), _fields(new), place, seen)
        yield from self._further_fields(old, new, place, seen)
        items = old.get("items", ANYTHING), new.get("items", ANYTHING)
        yield from self.schemas(*items, f"{place}, each", seen)
        for word in sorted((old.keys() | new.keys()) - JUDGED):
            before = resolved(old.get(word), self.before)
            if before != resolved(new.get(word), self.after):
                what = f"{word} has changed, which cannot be judged"
                yield Difference(place, what, breaks=True)

    def _edges(
        self, old: Alternative, new: Alternative, place: str
    ) -> Iterator[Difference]:
        if all(old.get(word) == new.get(word) for word in EDGES):
            return
        words = "exclusiveMinimum", "minimum"
        what = f"{bounds(old, *words)} -> {bounds(new, *words)}"
        before, after = lower_edge(old), lower_edge(new)
        yield from self._judged(place, what, Shift(after > before, after < before))
        words = "exclusiveMaximum", "maximum"
        what = f"{bounds(old, *words)} -> {bounds(new, *words)}"
        before, after = upper_edge(old), upper_edge(new)
        yield from self._judged(place, what, Shift(after < before, after > before))

    def _further_fields(
        self, old: Alternative, new: Alternative, place: str, seen: Seen
    ) -> Iterator[Difference]:
        """Give what has changed about fields that no schema names."""
        word = "additionalProperties"
        before, after = old.get(word, ANYTHING), new.get(word, ANYTHING)
        if before is False or after is False:
            what = f"further fields are {'taken' if before is False else 'refused'} now"
            shift = Shift(before is not False, after is not False)
            yield from self._judged(place, what, shift)
        else:
            yield from self.schemas(before, after, f"{place}, further fields", seen)

    def _judged(self, place: str, what: str, shift: Shift) -> Iterator[Difference]:
        """Give a difference if it matters to whoever sends or receives the value."""
        is_input = self.use is Use.INPUT
        if shift.narrowed if is_input else shift.widened:
            yield Difference(place, what, breaks=True)
        elif is_input and shift.widened:
            yield Difference(place, what, breaks=False)


def _fields(schema: Alternative) -> dict[str, Field]:
    required = schema.get("required", ())
    named: dict[str, Schema] = dict.fromkeys(required, ANYTHING)
    named |= schema.get("properties", {})
    return {name: Field(part, name in required) for name, part in named.items()}


def _are_alike(one: Alternative, other: Alternative) -> bool:
    kinds = {one.get("type"), other.get("type")}
    return len(kinds) == 1 or None in kinds or kinds == NUMBERS


def _kinds(schemas: Sequence[Alternative]) -> str:
    """Name the types of some schemas, objects by their titles."""
    names = [
        schema.get("title", "object")
        if schema.get("type") == "object"
        else schema.get("type", "anything")
        for schema in schemas
    ]
    return " or ".join(names) or "nothing"
