"""Look for requests that mutants answer otherwise, where no test has noticed them."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from petsage_builder.artifacts import Artifacts
from petsage_builder.plan import ResourcesPlan
from petsage_builder.plan.found import Found, answering
from petsage_builder.solver import FromNow, FromToday, Person
from petsage_builder.spec.fields import (
    BooleanField,
    DateField,
    DatetimeField,
    EnumField,
    IntegerField,
)
from petsage_builder.verify.commands import answer, sandboxed
from petsage_builder.verify.mutation import Mutant
from petsage_builder.verify.sandbox import Sandbox
from petsage_builder.verify.trial import request_of

REQUEST = "playing.json"
SECONDS = 40  # for each mutant
STARTING = 120.0
SPAN = re.compile(r"(\d+)\s*(minute|hour|day|week)s?\b")
SPANS = {"minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
NUMBER = re.compile(r"(?<![\w.-])\d+(?:\.\d+)?(?![\w.-])")
PARAMETER = re.compile(r"\{(\w+)\}")
HOUR = 3600
# What no answer shows.
UNANSWERED = frozenset({"no_log"})
MOST = 20  # numbers of which the request speaks


@dataclass(frozen=True, slots=True)
class Played:
    """What tells a mutant apart, if that was found, and how many ways were tried."""

    found: Found | None
    tried: int


def play(
    sandbox: Sandbox, artifacts: Artifacts, mutants: Sequence[Mutant], drawn: int
) -> list[Played]:
    """Return for each mutant what tells it from the code as it is."""
    plan = artifacts.plan
    shown = [m for m in mutants if m.kind not in UNANSWERED]
    if not isinstance(plan, ResourcesPlan) or not shown:
        return [Played(None, 0) for _ in mutants]
    found = dict(
        zip(map(id, shown), _searched(sandbox, plan, shown, drawn), strict=True)
    )
    return [found.get(id(mutant), Played(None, 0)) for mutant in mutants]


def _searched(
    sandbox: Sandbox, plan: ResourcesPlan, mutants: Sequence[Mutant], drawn: int
) -> list[Played]:
    request = {
        **request_of(plan.names.test, mutants),
        "kinds": {f"{t.view.path}/": t.view.name for t in plan.testing.all},
        "known": _known(plan),
        "seconds": SECONDS,
    }
    (sandbox.work / REQUEST).write_text(json.dumps(request), "utf-8")
    seconds = STARTING + 4 * SECONDS * len(mutants)
    done = sandboxed("playing", f"../{REQUEST}").run(sandbox, seconds=seconds)
    told = answer(done)
    found = [*told.get("found", ()), *[None] * len(mutants)]
    tried = [*told.get("tried", ()), *[0] * len(mutants)]
    return [
        Played(_read(plan, one, drawn), number)
        for one, number, _ in zip(found, tried, mutants, strict=False)
    ]


def _read(plan: ResourcesPlan, told: Any, drawn: int) -> Found | None:  # noqa: ANN401
    """Return what was found, if it is a request of this feature."""
    if told is None:
        return None
    found = Found.model_validate({"drawn": drawn, **told})
    return found if answering(plan.testing, found) else None


def _told(plan: ResourcesPlan) -> str:
    return json.dumps(plan.spec.canonical["requirements"])


def _known(plan: ResourcesPlan) -> dict[str, Any]:
    """Return what else could be sent, by what the request says."""
    told = _told(plan)
    spans = [int(n) * SPANS[unit] for n, unit in SPAN.findall(told)]
    return {
        "people": ["anonymous", "owner", "other", *plan.testing.roles],
        "fields": {
            f"{t.view.path}/": {
                name: [*_others(field)] for name, field in t.view.subject.stored.items()
            }
            for t in plan.testing.all
        },
        "days": sorted({s // 86_400 for s in spans if s >= SPANS["day"]}),
        "seconds": sorted({*spans}),
        "numbers": [*dict.fromkeys(NUMBER.findall(told))][:MOST],
        "requests": [*_requests(plan)],
        "times": [*_times(plan, spans)],
    }


def _requests(plan: ResourcesPlan) -> Iterator[dict[str, Any]]:
    """Give a request for each operation that is not a whole row's, of first rows."""
    kinds = {t.view.id: t.view.name for t in plan.testing.all}
    for t in plan.testing.own:
        for end in t.view.endpoints:
            path = PARAMETER.sub(lambda p: f"{{{kinds.get(p[1], p[1])}_1}}", end.path)
            if end.method not in {"post", "put"} or path != end.path:
                moves = {move.action for move in t.view.moves}
                mover = t.who_moves(end.operation) if end.operation in moves else ""
                yield {
                    "who": mover or "owner",
                    "method": end.method.upper(),
                    "path": path,
                    "body": _marked(t.answers.body(end.operation)),
                    "called": "",
                }


def _marked(value: object) -> Any:  # noqa: ANN401 - JSON
    """Return a sample value as JSON, in which times and people have marks."""
    match value:
        case FromToday():
            return {"$day": value.days}
        case FromNow():
            return {"$moment": round(value.delta.total_seconds())}
        case Person():
            return {"$account": value.name}
        case Mapping():
            return {name: _marked(part) for name, part in value.items()}
        case list() | tuple():
            return [_marked(part) for part in value]
    return value


def _times(plan: ResourcesPlan, spans: Iterable[int]) -> Iterator[dict[str, Any]]:
    """Give how time passes: what was to come is over, and a row as old as is told."""
    for t in plan.testing.own:
        past: list[tuple[str, Any]] = []
        for name, field in t.view.subject.stored.items():
            if isinstance(field, DateField):
                past.append((name, {"$day": -1}))
            elif isinstance(field, DatetimeField):
                past.append((name, {"$moment": -HOUR}))
        for span in sorted({*spans}):
            past += [("created_at", {"$moment": -span - one}) for one in (1, -1)]
        row = f"{{{t.view.name}_1}}"
        for name, value in past:
            yield {"table": t.view.plural, "row": row, "values": {name: value}}


def _others(field: object) -> Iterator[Any]:
    """Give what a field can be, by its type."""
    match field:
        case EnumField():
            yield from field.values
        case BooleanField():
            yield from (True, False)
        case IntegerField():
            yield from (0, 1)
        case DateField():
            yield from ({"$day": days} for days in (-1, 0, 1))
        case DatetimeField():
            yield from ({"$moment": seconds} for seconds in (-HOUR, HOUR))
