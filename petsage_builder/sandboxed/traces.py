"""What tests of a feature do, as data: steps that can be taken again, or otherwise.

A step is a request, `{"who", "method", "path", "body", "called"}`, where `called` names
the row that it makes, or what time has changed, `{"table", "row", "values"}`. In texts,
`{pet_1}` is the id of the row that is called so; a value that tests count from their
beginning, or know by a name, is `{"$day": 1}`, `{"$moment": 60}` (seconds),
`{"$account": "other"}`.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias
from urllib.parse import urlencode

import pytest

Step: TypeAlias = dict[str, Any]
Trace: TypeAlias = list[Step]

DAY, MOMENT, ACCOUNT = "$day", "$moment", "$account"
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NAME = re.compile(r"\{(\w+)\}")
CLOCK = re.compile(r"[-\d]+T[:\d]+\.\d+(Z|\+00:00)")  # what a clock has shown
TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?")
CREATED = 201
# Days that are further away are not counted from today, but just meant so.
NEAR = timedelta(days=500)


class UntoldError(Exception):
    """What a test does cannot be told in steps."""


class Marked(str):
    """A text that stands for something: what, is its mark."""

    __slots__ = ("mark",)
    mark: Step


@dataclass
class Recorder:
    """A plugin of pytest that notes the steps of each test.

    `kinds` names what is made at each path.
    """

    kinds: Mapping[str, str]
    traces: dict[str, Trace] = field(default_factory=dict)
    steps: Trace = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    made: dict[str, int] = field(default_factory=dict)
    marks: dict[str, Step] = field(default_factory=dict)
    is_told: bool = True

    def pytest_collection_finish(self) -> None:
        """Begin to watch."""
        resources = sys.modules["tests.resources"]
        mark_times(resources)
        self._watch_requests(resources.Api)
        self._watch_writes(resources.Api)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Note the steps of one test."""
        self.steps, self.ids, self.made, self.marks = [], {}, {}, {}
        self.is_told = True
        result = yield
        if self.is_told and self.steps:
            self.traces[item.nodeid] = self.steps
        return result

    def _watch_requests(self, api: Any) -> None:  # noqa: ANN401 - a class of the tests
        ask = api.ask

        def asked(  # noqa: PLR0913, PLR0917 - as the tests have it
            this: Any,  # noqa: ANN401 - of that class
            who: str,
            method: str,
            url: str,
            json: object = None,
            params: Mapping[str, Any] | None = None,
        ) -> Any:  # noqa: ANN401 - an answer
            answer = ask(this, who, method, url, json, params)
            query = f"?{urlencode(params, doseq=True)}" if params else ""
            self._note(who, method, url + query, json, answer)
            return answer

        api.ask = asked

    def _watch_writes(self, api: Any) -> None:  # noqa: ANN401 - the same
        write = api.write

        def written(this: Any, kind: Any, row: Step, values: Step) -> Any:  # noqa: ANN401
            is_taken = write(this, kind, row, values)
            if is_taken:
                step: Step = {
                    "table": kind.table.__tablename__,
                    "row": row["id"],
                    "values": values,
                }
                self._add(step)
            return is_taken

        def untold(way: Any) -> Any:  # noqa: ANN401 - of that class
            def done(*arguments: object, **named: object) -> object:
                self.is_told = False
                return way(*arguments, **named)

            return done

        api.write = written
        clear = api.clear

        def cleared(this: Any, kind: Any) -> None:  # noqa: ANN401 - the same
            self.is_told &= not self.steps  # at the beginning, nothing is there yet
            clear(this, kind)

        api.clear = cleared
        for name in ("ask_with", "leave", "remove"):
            setattr(api, name, untold(getattr(api, name)))

    def _note(
        self,
        who: str,
        method: str,
        path: str,
        body: object,
        answer: Any,  # noqa: ANN401
    ) -> None:
        step: Step = {
            "who": who,
            "method": method,
            "path": path,
            "body": body,
            "called": "",
        }
        self._add(step)
        kind = self.kinds.get(path)
        if method == "POST" and kind and answer.status_code == CREATED:
            self.made[kind] = self.made.get(kind, 0) + 1
            step["called"] = f"{kind}_{self.made[kind]}"
            self.ids[answer.json()["id"]] = step["called"]
            if self.is_told:
                self.steps[-1]["called"] = step["called"]

    def _add(self, step: Step) -> None:
        try:
            if self.is_told:
                self.steps.append(self._plain(step))
        except UntoldError:
            self.is_told = False

    def _plain(self, value: Any) -> Any:  # noqa: ANN401 - JSON
        """Return a value with marks, and names in place of ids."""
        match value:
            case dict():
                return {name: self._plain(part) for name, part in value.items()}
            case list() | tuple():
                return [self._plain(part) for part in value]
            case str():
                return self._text(value)
        if hasattr(value, "value"):  # what stands for a time, or for somebody
            return self._text(str(value))
        return value

    def _text(self, value: str) -> Any:  # noqa: ANN401 - a text or a mark
        if isinstance(value, Marked):
            self.marks[value[:]] = value.mark
        if value in self.marks:  # an answer may have shown it
            return self.marks[value]
        if CLOCK.fullmatch(value):
            raise UntoldError(value)
        return ID.sub(self._named, value)

    def _named(self, found: re.Match[str]) -> str:
        name = self.ids.get(found[0])
        if name is None:
            raise UntoldError(found[0])
        return f"{{{name}}}"


def mark_times(resources: Any) -> None:  # noqa: ANN401 - a module of the tests
    """Let what stands for a time, or for somebody, be known in what is sent."""
    for kind, mark in ((resources.Later, _time), (resources.Person, _account)):
        plain = kind.__str__

        def text(this: Any, plain: Any = plain, mark: Any = mark) -> str:  # noqa: ANN401
            found = Marked(plain(this))
            found.mark = mark(this)
            return found

        kind.__str__ = text


def _time(later: Any) -> Step:  # noqa: ANN401 - of the tests
    if later.is_day:
        return {DAY: later.after.days}
    return {MOMENT: round(later.after.total_seconds())}


def _account(person: Any) -> Step:  # noqa: ANN401 - of the tests
    return {ACCOUNT: person.name}


def counted(text: str, moment: datetime) -> Step | None:
    """Return a day or a moment as it is counted from one; None for a day far away."""
    with suppress(ValueError):  # which is no day at all
        if "T" not in text:
            after = date.fromisoformat(text) - moment.date()
            return {DAY: after.days} if abs(after) < NEAR else None
        since = datetime.fromisoformat(text) - moment
        return {MOMENT: round(since.total_seconds())}
    return None
