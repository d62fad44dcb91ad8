"""What the scenarios of a payload tell: rows, a request, and what comes of it."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.resources import Api, Json, Kind, known

REFERENCE = re.compile(r"\{(\w+)\}")
# The first and the third sample of a kind are alike, and can be there at once.
SAMPLES = (0, 2, 1)


@dataclass(frozen=True, slots=True)
class Given:
    """A row that is there: what is said of it, and who has made and moved it.

    It is `called` by the name of its kind, unless it has one of its own.
    """

    kind: Kind
    values: Json = field(default_factory=dict)
    who: str = ""
    after: Sequence[tuple[str, str]] = ()
    called: str = ""

    @property
    def sent_later(self) -> set[str]:
        """Return the fields that are set by its moves."""
        bodies = (self.kind.movers[action][2] for _, action in self.after)
        return {name for body in bodies for name in body or ()}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request by somebody that is granted; the row that it makes is `called` so."""

    who: str
    when: str
    body: Any = None
    called: str = ""


@dataclass(frozen=True, slots=True)
class Passed:
    """What has changed in a row without a request: time has passed, for example."""

    kind: Kind
    row: str
    values: Json


@dataclass(frozen=True, slots=True)
class Scenario:
    """A request by somebody, its status, a part of its answer, and its only event.

    A refusal has a message, too. In a text, `{pet}` is the id of the row that is called
    so. What happened `before` is told step by step, or by the rows that are `given`.
    """

    name: str
    who: str
    when: str
    status: int
    given: Sequence[Given] = ()
    before: Sequence[Asked | Passed] = ()
    body: Any = None
    shown: Json | None = None
    message: str = ""
    event: str = ""

    def __str__(self) -> str:
        """Return what the output of a test calls it."""
        return self.name


def rows_of(api: Api, scenario: Scenario) -> dict[str, str]:
    """Make the rows of a scenario, and return their ids by their names."""
    ids: dict[str, str] = {}
    for step in scenario.before:
        ids |= _happened(api, step, ids)
    before: dict[Kind, list[str]] = defaultdict(list)
    for given in scenario.given:
        row = _made(api, given, filled(given.values, ids), before)
        ids[given.called or given.kind.name] = row["id"]
        before[given.kind].append(row["id"])
    return ids


def _happened(api: Api, step: Asked | Passed, ids: Mapping[str, str]) -> dict[str, str]:
    """Let a step happen, and return the id of the row that it made by its name."""
    if isinstance(step, Passed):
        assert api.write(step.kind, {"id": filled(step.row, ids)}, step.values)
        return {}
    method, path = filled(step.when, ids).split(" ")
    answer = api.ask(step.who, method, path, filled(step.body, ids))
    assert answer.status_code < 300, answer.text
    return {step.called: answer.json()["id"]} if step.called else {}


def _made(
    api: Api, given: Given, values: Json, before: Mapping[Kind, Sequence[str]]
) -> Json:
    """Make a row below the last, and beside all, that are there; move it then."""
    kind = given.kind
    below = {c: before[k][-1] for c, k in kind.parents.items() if k in before}
    beside = {ids: before[k] for ids, k in kind.links.items() if k in before}
    own = {n: v for n, v in values.items() if n not in given.sent_later}
    sample = SAMPLES[api.made[kind] % len(SAMPLES)]
    if kind.maker:
        row = api.make(kind, given.who, sample, **{**below, **beside, **own})
    else:
        seeds = api.items(kind, kind.lister, limit=100)
        left = (seed for seed in seeds if seed["id"] not in before[kind])
        row = next(seed for seed in left if like(own, seed) == own)
    for who, action in given.after:
        api.move(kind, row, action, values, who)
    api.settle(kind, row, given.who, [action for _, action in given.after])
    return row


def filled(value: Any, ids: Mapping[str, str]) -> Any:
    """Return a value with the ids and the times that its references stand for."""
    match value:
        case dict():
            return {name: filled(part, ids) for name, part in value.items()}
        case list():
            return [filled(part, ids) for part in value]
        case str():
            return REFERENCE.sub(lambda one: ids.get(one[1], one[0]), value)
        case _:
            return known(value)


def told(problem: Json) -> list[str]:
    """Return each text of a refusal: what is wrong, and with which parts of it."""
    return [problem["detail"], *(part["detail"] for part in problem.get("errors", ()))]


def like(expected: Any, found: Any) -> Any:
    """Return of what was found the part of which something is expected."""
    match expected, found:
        case dict(), dict():
            return {n: like(expected[n], v) for n, v in found.items() if n in expected}
        case list(), list() if len(expected) == len(found):
            return [like(one, part) for one, part in zip(expected, found, strict=True)]
        case _:
            return found
