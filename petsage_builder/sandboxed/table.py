"""Where steps are taken: a process of its own, with code as it is, or a mutant."""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from petsage_builder.sandboxed.forks import Json
from petsage_builder.sandboxed.mutants import (
    OPTIONS,
    Mutant,
    break_module,
    copy_databases,
    quietly,
)
from petsage_builder.sandboxed.traces import (
    DAY,
    ID,
    MOMENT,
    NAME,
    TIME,
    Step,
    counted,
)

REFUSED = 300
NOW = 120  # seconds within which a moment is that of the request
UNTOLD = "??"  # what no test can know


def at_table(tests: str, mutant: Mutant | None, play: Callable[["Table"], Any]) -> Json:
    """Return what is answered by the code as it is, or by a mutant."""
    if mutant:
        break_module(mutant)
    quietly()
    seat = _Seat(play)
    pytest.main([*OPTIONS, tests], plugins=[seat])
    return {"answers": seat.answers}


@dataclass
class _Seat:
    """A plugin of pytest that plays in place of the first test that has the API."""

    play: Callable[["Table"], Any]
    answers: Any = None

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep one test."""
        copy_databases()
        having = [item for item in items if "api" in getattr(item, "fixturenames", ())]
        items[:] = having[:1]

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool:
        """Play."""
        request = pyfuncitem._request  # noqa: SLF001 - the only way to a fixture
        databases = request.getfixturevalue("databases")
        self.answers = self.play(Table(pyfuncitem.funcargs["api"], databases))
        return True


@dataclass
class Table:
    """Where steps are taken."""

    api: Any
    databases: Any

    def __post_init__(self) -> None:
        """Know the tables by their names."""
        base = sys.modules["app.core.tables"].Base
        self._tables = {
            mapper.class_.__tablename__: mapper.class_
            for mapper in base.registry.mappers
        }

    def take(self, steps: Sequence[Step]) -> list[Json]:
        """Return what is answered to each step, as far as they can be taken."""
        resources = sys.modules["tests.resources"]
        self.databases.fresh("sqlite", keep_people=True)
        resources.CLOCK.start()
        ids: dict[str, str] = {}
        answers: list[Json] = []
        told = repr(steps)
        for step in steps:
            if not {*NAME.findall(repr(step))} - {step.get("called")} <= ids.keys():
                break
            if "table" in step:
                answers.append(self._write(step, ids, resources))
                continue
            answers.append(self._ask(step, ids, resources, told))
            if step["called"] and step["called"] not in ids:
                break
        return answers

    def _write(self, step: Step, ids: Mapping[str, str], resources: Any) -> Json:  # noqa: ANN401
        kind = SimpleNamespace(table=self._tables[step["table"]])
        row = {"id": _filled(step["row"], ids, resources)}
        values = _filled(step["values"], ids, resources)
        try:
            return {"taken": self.api.write(kind, row, values)}
        except Exception:  # noqa: BLE001 - a value that no column takes
            return {"taken": False}

    def _ask(self, step: Step, ids: dict[str, str], resources: Any, told: str) -> Json:  # noqa: ANN401
        path = _filled(step["path"], ids, resources)
        body = resources.known(_filled(step["body"], ids, resources))
        answer = self.api.ask(step["who"], step["method"], path, body)
        try:
            said = answer.json() if answer.content else None
        except ValueError:
            said = None
        if step["called"] and answer.status_code < REFUSED and said:
            ids[step["called"]] = said["id"]
        known = Known({v: k for k, v in ids.items()}, resources.CLOCK.moment, told)
        shown = known.plain(said)
        if isinstance(shown, dict) and "next" in shown:
            shown["next"] = bool(shown["next"])
        return {"status": answer.status_code, "body": shown}


def _filled(value: Any, ids: Mapping[str, str], resources: Any) -> Any:  # noqa: ANN401
    """Return a value with what its names and marks stand for."""
    match value:
        case {"$day": days}:
            found = resources.today(days)
        case {"$moment": seconds}:
            found = resources.now(seconds=seconds)
        case {"$account": who}:
            found = resources.account(who)
        case dict():
            found = {name: _filled(v, ids, resources) for name, v in value.items()}
        case list():
            found = [_filled(part, ids, resources) for part in value]
        case str():
            found = NAME.sub(lambda name: ids.get(name[1], name[0]), value)
        case _:
            found = value
    return found


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the values in an answer: ids, the time, what was sent."""

    names: Mapping[str, str]
    moment: datetime
    sent: str

    def plain(self, value: Any) -> Any:  # noqa: ANN401 - JSON
        """Return an answer as it is the same each time."""
        match value:
            case dict():
                return {name: self.plain(part) for name, part in value.items()}
            case list():
                return [self.plain(part) for part in value]
            case str() if TIME.fullmatch(value):
                return self._time(value)
            case str():
                return ID.sub(self._name, value)
        return value

    def _name(self, found: re.Match[str]) -> str:
        return f"{{{self.names.get(found[0], UNTOLD)}}}"

    def _time(self, text: str) -> Any:  # noqa: ANN401 - JSON
        """Return a day or a moment as it is counted from that of the test, if it is.

        A moment that is has the same part of a second.
        """
        mark = None if text in self.sent else counted(text, self.moment)
        if mark is None or DAY in mark:
            return mark or text
        parts = datetime.fromisoformat(text).microsecond, self.moment.microsecond
        if parts[0] != parts[1] and abs(mark[MOMENT]) < NOW:
            return {MOMENT: UNTOLD}
        return mark if parts[0] == parts[1] else text
