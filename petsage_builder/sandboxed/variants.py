"""Steps that tests take, otherwise: by somebody else, with other values, with more."""

import copy
import json
import random
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from petsage_builder.sandboxed.traces import ACCOUNT, DAY, MOMENT, NAME, Step, Trace

SEED = 1
LONGEST = 30  # steps
TRIES = 1000  # for one that was not there yet
LAST = 0.6  # how often what is asked last is changed
TWICE = 0.3  # how often two things are
FURTHER = 0.25  # how often something more is asked
SENT = 0.6  # how often other values are sent; else, somebody else asks
LEFT_OUT = 0.1  # how often a value is left out
NEWEST = 60  # of the steps that were answered as none before
OFTEN = 0.5  # how often it goes on from one of these
LOOKS = 2  # at what has become of the rows
NUMBER = re.compile(r"-?\d+(\.\d+)?")
ROW = re.compile(r"\{(\w+)_\d+\}")
LITTLE = Decimal("0.01")


class Variants:
    """Ways to take the steps of some tests otherwise; the same each time.

    `fields` has for each path at which rows are made what else their fields can be;
    `days` and `seconds` are spans of which the payload speaks, `requests` what else can
    be asked, and `times` what can have passed, of a row of each kind.
    """

    def __init__(self, traces: Sequence[Trace], known: Mapping[str, Any]) -> None:
        """Take what tests do."""
        self.traces = [trace for trace in traces if len(trace) <= LONGEST]
        self.fields: Mapping[str, Mapping[str, list[Any]]] = known["fields"]
        self.people: list[str] = known["people"]
        self.days: list[int] = [1, *known["days"]]
        self.seconds: list[int] = [1, *known["seconds"]]
        self.numbers: list[str] = known["numbers"]
        self._random = random.Random(SEED)  # noqa: S311 - no secret
        self._corpus = [step for trace in self.traces for step in trace]
        self._requests: list[Step] = known["requests"]
        self._times: list[Step] = known["times"]
        self._new: set[Hashable] = set()
        self._closest: list[Trace] = []

    def learn(self, steps: Trace, told: Hashable, *, is_near: bool) -> None:
        """Go on from steps that were answered as none before, or came near."""
        if (told, is_near) not in self._new and len(steps) <= LONGEST:
            self._new.add((told, is_near))
            (self._closest if is_near else self.traces).append(steps)

    def __iter__(self) -> Iterator[Trace]:
        """Give the steps as they are, and then one change of them after the other."""
        begun = [*self.traces]
        yield from begun
        seen = {repr(trace) for trace in begun}
        missed = 0
        while self.traces and missed < TRIES:
            trace = copy.deepcopy(self._random.choice(self._chosen()))
            for _ in range(1 + (self._random.random() < TWICE)):
                self._change(trace)
            missed += 1
            if repr(trace) not in seen:
                seen.add(repr(trace))
                missed = 0
                yield self._looked_at(trace)

    def _chosen(self) -> Sequence[Trace]:
        """Return steps of which one are to be changed."""
        near = self._closest if self._random.random() < OFTEN else []
        found = near or self.traces
        return found[-NEWEST:] if self._random.random() < OFTEN else found

    def _change(self, trace: Trace) -> None:
        """Change one step, or insert one."""
        choose = self._random
        is_last = choose.random() < LAST
        number = len(trace) - 1 if is_last else choose.randrange(len(trace))
        step = trace[number]
        if "table" in step:
            self._change_values(step["values"], trace, {})
            return
        way = choose.random()
        if way < FURTHER:
            self._insert(trace)
        elif way < FURTHER + SENT and isinstance(step["body"], dict):
            self._change_values(step["body"], trace, self._fields_of(step["path"]))
        else:
            step["who"] = choose.choice(self.people)

    def _fields_of(self, path: str) -> Mapping[str, list[Any]]:
        found = (f for start, f in self.fields.items() if path.startswith(start))
        return next(found, {})

    def _insert(self, trace: Trace) -> None:
        """Ask what can be asked, or what another test asks, of rows that are there."""
        rows = _rows(trace)
        steps = self._random.choice((self._corpus, self._requests, self._times))
        fitting = [s for s in steps if {*ROW.findall(_without_name(s))} <= rows.keys()]
        if fitting:
            new = self._of_some(self._random.choice(fitting), rows)
            names = {*_names(new)}
            made = [n for n, step in enumerate(trace, 1) if step.get("called") in names]
            trace.insert(self._random.randint(max(made, default=0), len(trace)), new)

    def _looked_at(self, trace: Trace) -> Trace:
        """Return steps with some that only look at what has become of the rows."""
        rows = _rows(trace)
        looks = [step for step in self._requests if step.get("method") == "GET"]
        fitting = [s for s in looks if {*ROW.findall(s["path"])} <= rows.keys()]
        chosen = [self._random.choice(fitting) for _ in range(LOOKS) if fitting]
        return [*trace, *(self._of_some(look, rows) for look in chosen)]

    def _of_some(self, step: Step, rows: Mapping[str, list[str]]) -> Step:
        """Return a step of rows that are there; what just can be asked, by anybody."""
        called = step.get("called", "")
        names = _names(step)
        other = {n: self._random.choice(rows[n.rpartition("_")[0]]) for n in names}
        text = NAME.sub(lambda n: f"{{{other.get(n[1], n[1])}}}", json.dumps(step))
        new: Step = json.loads(text)
        if "who" in new:
            kind = called.rpartition("_")[0]
            number = len(rows.get(kind, ())) + 1
            new["called"] = f"{kind}_{number}" if called else ""
            is_anybodys = any(step is one for one in self._requests)
            if is_anybodys and self._random.random() < OFTEN:
                new["who"] = self._random.choice(self.people)
        return new

    def _change_values(
        self, values: Step, trace: Trace, fields: Mapping[str, list[Any]]
    ) -> None:
        if not (names := sorted({*values, *fields})):
            return
        name = self._random.choice(names)
        if name in values and self._random.random() < LEFT_OUT:
            del values[name]
            return
        others = [*fields.get(name, ()), *self._others(values.get(name), trace)]
        values[name] = self._random.choice(others)

    def _others(self, value: Any, trace: Trace) -> list[Any]:  # noqa: ANN401 - JSON
        """Return what a value could be in its place."""
        found: list[Any] = [None]
        match value:
            case bool():
                found += [not value]
            case int() | float():
                found += [*self._near(value, trace)]
            case {"$day": int(days)}:
                spans = [d * sign for d in self.days for sign in (1, -1)]
                others = (v[DAY] for v in _values(trace) if _is(v, DAY))
                found += [{DAY: days + span} for span in spans]
                found += [{DAY: o + span} for o in others for span in (0, *spans)]
            case {"$moment": seconds}:
                spans = [d * sign for d in self.seconds for sign in (60, 1, -1, -60)]
                others = (v[MOMENT] for v in _values(trace) if _is(v, MOMENT))
                found += [{MOMENT: seconds + span} for span in spans]
                found += [{MOMENT: o + span} for o in others for span in (0, *spans)]
            case {"$account": _}:
                found += [{ACCOUNT: who} for who in self.people if who != "anonymous"]
            case str() if ROW.fullmatch(value):
                kind = ROW.fullmatch(value)[1]  # type: ignore[index]
                made = (s.get("called", "") for s in trace)
                found += [f"{{{n}}}" for n in made if n.rpartition("_")[0] == kind]
            case str() if NUMBER.fullmatch(value):
                near = self._near(Decimal(value), trace)
                found += [str(n) for n in near]
            case str():
                found += ["", f"{value}x", value.upper()]
            case list():
                found += [[], value[:1], [*value, *value]]
        return found

    def _near(self, value: Any, trace: Trace) -> Iterator[Any]:  # noqa: ANN401 - a number
        kind = type(value)
        texts = [*self.numbers, *(str(v) for v in _values(trace) if _is_number(v))]
        for text in [str(value), *texts]:
            number = Decimal(text)
            steps = (0, 1, -1) if kind is int else (0, 1, -1, LITTLE, -LITTLE)
            for step in steps:
                if kind is not int or number == int(number):
                    yield kind(number + step)
        yield kind(0)


def _rows(trace: Trace) -> dict[str, list[str]]:
    """Return the names of the rows of each kind that steps make."""
    rows: dict[str, list[str]] = {}
    for step in trace:
        if step.get("called"):
            kind = step["called"].rpartition("_")[0]
            rows.setdefault(kind, []).append(step["called"])
    return rows


def _names(step: Step) -> list[str]:
    """Return the names of the rows that a step is about."""
    return sorted({*NAME.findall(_without_name(step))})


def _without_name(step: Step) -> str:
    return repr({n: part for n, part in step.items() if n != "called"})


def _is(value: object, mark: str) -> bool:
    return isinstance(value, dict) and mark in value


def _is_number(value: object) -> bool:
    try:
        return not isinstance(value, bool) and Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False


def _values(trace: Trace) -> Iterator[Any]:
    """Give each value that is sent or set."""
    for step in trace:
        yield from (step.get("body") or step.get("values") or {}).values()
