"""What has changed about one operation that an API still has."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from petsage_builder.verify.references import Document, followed, resolved
from petsage_builder.verify.schemas import Comparison, Difference, Field, Use

Operation: TypeAlias = Mapping[str, Any]
# The names of schemes that are asked for together, with their scopes.
Demand: TypeAlias = Mapping[str, Collection[str]]

ERRORS = ("4", "5")
JSON = "application/json"
SAID_OF_OPERATION = frozenset(
    {"deprecated", "description", "externalDocs", "summary", "tags"}
    | {"parameters", "requestBody", "responses", "security"}
)
SAID_OF_PARAMETER = frozenset(
    {"name", "in", "required", "schema", "description", "example", "examples"}
)
SAID_OF_ANSWER = frozenset({"content", "description", "headers"})
SAID_OF_MEDIA = frozenset({"schema", "example", "examples"})


@dataclass(frozen=True, slots=True)
class Both:
    """One operation, before and after."""

    place: str
    old: Operation
    new: Operation
    before: Document
    after: Document

    def differences(self) -> Iterator[Difference]:
        """Give what differs, in the order in which a request meets it."""
        yield from self._security()
        yield from self._parameters()
        yield from self._body()
        yield from self._responses()
        yield from self._unjudged(self.place, self.old, self.new, SAID_OF_OPERATION)

    def _security(self) -> Iterator[Difference]:
        old, new = _demands(self.old), _demands(self.new)
        what = f"security {_shown(old)} -> {_shown(new)}"
        if not all(any(_is_met(due, held) for due in new) for held in old):
            yield Difference(self.place, what, breaks=True)
        elif not all(any(_is_met(held, due) for held in old) for due in new):
            yield Difference(self.place, what, breaks=False)

    def _parameters(self) -> Iterator[Difference]:
        old = _parameters(self.old, self.before)
        new = _parameters(self.new, self.after)
        yield from self._as(Use.INPUT).fields(_fields(old), _fields(new), self.place)
        for name in sorted(old.keys() & new.keys()):
            both = old[name], new[name]
            place = f"{self.place}, {name}"
            yield from self._unjudged(place, *both, SAID_OF_PARAMETER)

    def _body(self) -> Iterator[Difference]:
        old = followed(self.old.get("requestBody", {}), self.before)
        new = followed(self.new.get("requestBody", {}), self.after)
        place = f"{self.place}, body"
        was_due, is_due = old.get("required", False), new.get("required", False)
        if is_due and not was_due:
            yield Difference(place, "is required now", breaks=True)
        elif was_due and new and not is_due:
            yield Difference(place, "is optional now", breaks=False)
        yield from self._media(old, new, place, Use.INPUT)

    def _responses(self) -> Iterator[Difference]:
        old, new = self.old.get("responses", {}), self.new.get("responses", {})
        for status in sorted(old.keys() | new.keys()):
            place = f"{self.place}, {status}"
            is_error = status.startswith(ERRORS)
            if status in old and status in new:
                one = followed(old[status], self.before)
                other = followed(new[status], self.after)
                yield from self._answers(one, other, place)
            elif status in new:
                what = "" if is_error else "is a new status"
                yield Difference(place, what, not is_error)
            elif not is_error:
                yield Difference(place, "is gone", breaks=True)

    def _answers(
        self, old: Operation, new: Operation, place: str
    ) -> Iterator[Difference]:
        yield from self._media(old, new, place, Use.OUTPUT)
        one, other = (_fields(answer.get("headers", {})) for answer in (old, new))
        yield from self._as(Use.OUTPUT).fields(one, other, f"{place}, headers")
        yield from self._unjudged(place, old, new, SAID_OF_ANSWER)

    def _media(
        self, old: Operation, new: Operation, place: str, use: Use
    ) -> Iterator[Difference]:
        """Give what differs in each form that something has, such as JSON."""
        one, other = old.get("content", {}), new.get("content", {})
        for kind in sorted(one.keys() | other.keys()):
            where = place if kind == JSON else f"{place} ({kind})"
            if kind not in other:
                yield Difference(where, "is gone", breaks=True)
            elif kind not in one:
                is_sent = use is Use.OUTPUT
                yield Difference(where, "is a new form" if is_sent else "", is_sent)
            else:
                yield from self._form(one[kind], other[kind], where, use)

    def _form(
        self, old: Operation, new: Operation, place: str, use: Use
    ) -> Iterator[Difference]:
        schemas = old.get("schema", True), new.get("schema", True)
        yield from self._as(use).schemas(*schemas, place)
        yield from self._unjudged(place, old, new, SAID_OF_MEDIA)

    def _unjudged(
        self, place: str, old: Operation, new: Operation, known: Collection[str]
    ) -> Iterator[Difference]:
        """Give whatever else differs: what it means for a client is not known."""
        for word in sorted((old.keys() | new.keys()) - set(known)):
            one = resolved(old.get(word), self.before)
            other = resolved(new.get(word), self.after)
            if one != other:
                is_short = isinstance(one, str) and isinstance(other, str)
                what = f"{word} {one} -> {other}" if is_short else f"{word} has changed"
                yield Difference(place, what, breaks=True)

    def _as(self, use: Use) -> Comparison:
        return Comparison(self.before, self.after, use)


def _parameters(operation: Operation, document: Document) -> dict[str, Operation]:
    """Return the parameters by where they stand and what they are called."""
    every = (followed(part, document) for part in operation["parameters"])
    return {f"{part['in']} {part['name']}": part for part in every}


def _fields(parts: Mapping[str, Operation]) -> dict[str, Field]:
    return {
        name: Field(part.get("schema", True), part.get("required", False))
        for name, part in parts.items()
    }


def _demands(operation: Operation) -> list[Demand]:
    """Return what may be asked of who is calling; one of these is enough."""
    return operation.get("security") or [{}]


def _is_met(demand: Demand, held: Demand) -> bool:
    """Say whether who holds something fulfils a demand."""
    return all(
        name in held and set(scopes) <= set(held[name])
        for name, scopes in demand.items()
    )


def _shown(demands: Collection[Demand]) -> str:
    return " or ".join(
        " and ".join(" ".join((name, *scopes)) for name, scopes in demand.items())
        or "anybody"
        for demand in demands
    )
