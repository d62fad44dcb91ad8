"""Requests that were found to tell the code from broken code, as tests of a feature."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeAlias

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from petsage_builder.plan.facts.fact import Fact
from petsage_builder.plan.sources import listed, source, text
from petsage_builder.plan.testing import Testing
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import FromNow, FromToday, Person

TABLE = "FOUND"


class Node(BaseModel):
    """A part of what was found."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Asked(Node):
    """A request by somebody; the row that it makes is `called` so."""

    who: str
    method: str
    path: str
    body: JsonValue = None
    called: str = ""

    @property
    def line(self) -> str:
        """Return method and path."""
        return f"{self.method} {self.path}"


class Passed(Node):
    """What time has changed in a row of a table."""

    table: str
    row: str
    values: dict[str, JsonValue]


class Found(Node):
    """A request, what happened before, and how it is answered.

    It was found when so many mutants had been `drawn`. A day, a moment and an account
    are `{"$day": 1}`, `{"$moment": 60}` (seconds) and `{"$account": "other"}`; in
    texts, `{pet_1}` is the id of the row that is called so.
    """

    drawn: int
    before: tuple[Asked | Passed, ...]
    ask: Asked
    status: int
    message: str = ""
    shown: dict[str, JsonValue] | None = None

    @property
    def said(self) -> str:
        """Return who asks what, after how many steps."""
        steps = len(self.before)
        after = {0: "", 1: " after a step"}.get(steps, f" after {steps} steps")
        return f"{self.ask.who}: {self.ask.line}{after}"


def read_found(written: Iterable[JsonValue]) -> tuple[Found, ...]:
    """Return what a manifest or a receipt remembers; nothing if it was spoiled.

    The feature is made without it then, and differs from what stands there.
    """
    try:
        return tuple(Found.model_validate(one) for one in written)
    except ValidationError:
        return ()


def known(testing: Testing, found: Iterable[Found]) -> tuple[Found, ...]:
    """Return what can be told in the tests of the feature, as it is now."""
    return tuple(one for one in found if _told(testing, one))


def found_facts(testing: Testing, t: Trials, found: Iterable[Found]) -> Iterator[Fact]:
    """Give each test whose request is answered by a kind of rows."""
    for one in found:
        if answering(testing, one) is t:
            yield Fact(TABLE, f"{_told(testing, one)},", ())


def _told(testing: Testing, found: Found) -> str:
    """Return the source of a test; empty if it speaks of what is not there."""
    kinds = {one.view.plural: one for one in (*testing.all, *testing.own)}
    if answering(testing, found):
        with suppress(KeyError, OverflowError, ValueError):  # a table, or a time
            return _scenario(kinds, found)
    return ""


def answering(testing: Testing, found: Found) -> Trials | None:
    """Return the kind of rows of the feature whose paths have that of the request."""
    path = f"{found.ask.path.partition('?')[0].rstrip('/')}/"
    near = [t for t in testing.own if path.startswith(f"{t.view.path}/")]
    return max(near, key=lambda t: len(t.view.path), default=None)


def _scenario(kinds: dict[str, Trials], found: Found) -> str:
    before = [_step(kinds, step) for step in found.before]
    parts = {
        "name": text(found.said),
        "before": listed(before) if before else "",
        "who": text(found.ask.who),
        "when": text(found.ask.line),
        "body": "" if found.ask.body is None else source(_value(found.ask.body)),
        "status": str(found.status),
        "shown": "" if found.shown is None else source(_value(found.shown)),
        "message": text(found.message) if found.message else "",
    }
    return f"Scenario({_named(parts)})"


def _step(kinds: dict[str, Trials], step: Asked | Passed) -> str:
    if isinstance(step, Passed):
        values = source(_value(step.values))
        return f"Passed({kinds[step.table].name}, {text(step.row)}, {values})"
    parts = {
        "body": "" if step.body is None else source(_value(step.body)),
        "called": text(step.called) if step.called else "",
    }
    named = f", {_named(parts)}" if any(parts.values()) else ""
    return f"Asked({text(step.who)}, {text(step.line)}{named})"


def _named(parts: dict[str, str]) -> str:
    return ", ".join(f"{name}={part}" for name, part in parts.items() if part)


Sample: TypeAlias = Any


def _value(written: JsonValue) -> Sample:
    """Return a value with its days, moments and accounts as the tests have them."""
    match written:
        case {"$day": int(days)}:
            return FromToday(days)
        case {"$moment": int(seconds) | float(seconds)}:
            return FromNow(timedelta(seconds=seconds))
        case {"$account": str(who)}:
            return Person(who)
        case dict():
            return {name: _value(part) for name, part in written.items()}
        case list():
            return [_value(part) for part in written]
    return written
