"""Look for requests that mutants which no test has noticed answer otherwise.

The argument is the path of a JSON file, like that of `sandboxed/mutants.py`, with what
`sandboxed/variants.py` wants to know as `known`, the path at which rows of each kind
are made (`kinds`), and how many `seconds` may be spent on each mutant.

The tests run once, and what they do is noted, step by step. The steps of those that go
through what was broken are taken again and otherwise (`variants.py`), by the code as it
is and by the mutant, side by side. Where the two answer differently, the second reading
of the request (`petsage_builder.reference`) is asked whether the code as it is answers
as it has to, each request of the steps. The answer is `{"found": [...], "tried":
[...]}`: for each mutant the steps before a request, that request, and what is answered
to it (None if nothing was found), and how many ways were tried.
"""

import ast
import json
import sys
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from petsage_builder.sandboxed.exchange import Lines
from petsage_builder.sandboxed.forks import Json, Work, fork_each
from petsage_builder.sandboxed.mutants import (
    OPTIONS,
    Mutant,
    copy_databases,
    prepare,
    quietly,
)
from petsage_builder.sandboxed.table import REFUSED, Table, at_table
from petsage_builder.sandboxed.telling import ending, judged, told_apart
from petsage_builder.sandboxed.traces import NAME, Recorder, Trace
from petsage_builder.sandboxed.variants import Variants

MOST_TRACES = 80
CANDIDATES = 8
LATE = 20  # seconds beyond those that may be spent
PAUSE = 0.01  # seconds
END = "null\n"
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)

Play: TypeAlias = Callable[[Table], Any]


def main() -> None:
    """Look, and print what was found."""
    request = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    prepare()
    print(json.dumps(Game(request).play()))


class Game:
    """The tests of a feature, and mutants that they do not notice."""

    def __init__(self, request: Json) -> None:
        """Take what the program is asked."""
        self.tests: str = request["tests"]
        self.request = request
        self.mutants = [Mutant(**mutant) for mutant in request["mutants"]]

    def play(self) -> Json:
        """Return the answer."""
        recorded = fork_each({"": self._record}, None)[""]
        found, tried = [], []
        for mutant in self.mutants:
            traces = _through(mutant, recorded.get("traces", {}), recorded["seen"])
            one, number = self._tell_apart(mutant, traces)
            found.append(one)
            tried.append(number)
        return {"found": found, "tried": tried}

    def _record(self) -> Json:
        recorder = Recorder(self.request["kinds"])
        lines = Lines(self.request["files"])
        quietly()

        class Begin:
            @staticmethod
            def pytest_collection_finish(session: pytest.Session) -> None:
                copy_databases()
                session.config.pluginmanager.register(lines)

        all_of_them = (option for option in OPTIONS if option != "-x")
        pytest.main([*all_of_them, self.tests], plugins=[recorder, Begin()])
        return {"traces": recorder.traces, "seen": lines.seen}

    def _tell_apart(
        self, mutant: Mutant, traces: Sequence[Trace]
    ) -> tuple[Json | None, int]:
        """Return a request that a mutant answers otherwise, and how many were tried."""
        file = Path("../played.jsonl").resolve()
        file.write_text("", "utf-8")
        _enough(file).unlink(missing_ok=True)
        both = self._both(
            mutant,
            lambda table: _explored(table, mutant, traces, self.request, file),
            lambda table: _followed(table, file),
        )
        if not both:
            return None, 0
        told = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        right, wrong = [one for one in told if one], both["wrong"]
        ends = [
            ending(steps, answers, others)
            for (steps, answers), others in zip(right, wrong, strict=False)
            if answers != others
        ]
        tried = len(wrong)
        # Those that come first are the same, however fast this machine is.
        for end in sorted(ends[:CANDIDATES], key=lambda end: len(json.dumps(end))):
            judge = partial(judged, steps=end)
            shown = self._both(mutant, judge, judge)
            if shown and (one := told_apart(end, shown["right"], shown["wrong"])):
                return one, tried
        return None, tried

    def _both(self, mutant: Mutant, right: Play, wrong: Play) -> dict[str, Any]:
        """Let the code as it is, and a mutant, play at once; both, or nothing."""
        works: dict[str, Work] = {
            "right": lambda: at_table(self.tests, None, right),
            "wrong": lambda: at_table(self.tests, mutant, wrong),
        }
        found = fork_each(works, int(self.request["seconds"]) + LATE)
        answers = {side: told.get("answers") for side, told in found.items()}
        return {} if None in answers.values() else answers


def _through(mutant: Mutant, traces: Mapping[str, Trace], seen: Json) -> list[Trace]:
    """Return what the tests do that go through a mutant, or else through its function.

    The shortest come first.
    """
    lines = {test: {*found.get(mutant.path, ())} for test, found in seen.items()}
    near = [t for t in traces if lines.get(t, set()).intersection(mutant.lines)]
    if mutant.function and not near:
        around = _function_lines(mutant)
        near = [t for t in traces if lines.get(t, set()).intersection(around)]
    chosen = {repr(traces[t]): traces[t] for t in near or traces}
    return sorted(chosen.values(), key=len)[:MOST_TRACES]


def _function_lines(mutant: Mutant) -> range:
    """Return the lines of the function that a mutant is in."""
    name = mutant.function.rpartition(".")[2]
    for node in ast.walk(ast.parse(Path(mutant.path).read_text("utf-8"))):
        if isinstance(node, FUNCTION) and node.name == name:
            return range(node.lineno, (node.end_lineno or node.lineno) + 1)
    return range(0)


def _explored(
    table: Table, mutant: Mutant, traces: Sequence[Trace], request: Json, file: Path
) -> int:
    """Take steps in as many ways as there is time for, and write down the answers."""
    end = time.monotonic() + request["seconds"]
    ways = Variants(traces, request["known"])
    lines = Lines([mutant.path])
    with file.open("a", encoding="utf-8") as written:
        try:
            for steps in ways:
                if time.monotonic() > end or _enough(file).exists():
                    break
                answers = table.take(steps)
                is_near = not lines.take(mutant.path).isdisjoint(mutant.lines)
                ways.learn(steps, _signature(steps, answers), is_near=is_near)
                told = [steps, [*map(_digest, answers)]]
                written.write(json.dumps(told) + "\n")
                written.flush()
        finally:  # somebody waits for it
            written.write(END)
    return len(traces)


def _followed(table: Table, file: Path) -> list[list[str]]:
    """Take the steps that are being written down, and return the answers."""
    found: list[list[str]] = []
    differ = 0
    with file.open(encoding="utf-8") as written:
        line = ""
        while line != END:
            line += written.readline()
            if not line.endswith("\n"):
                time.sleep(PAUSE)
            elif line != END:
                steps, right = json.loads(line)
                found.append([*map(_digest, table.take(steps))])
                differ += found[-1] != right
                if differ == CANDIDATES:
                    _enough(file).touch()
                line = ""
    return found


def _enough(file: Path) -> Path:
    """Return the file that is there when nothing more has to be looked for."""
    return file.with_suffix(".enough")


def _signature(steps: Trace, answers: Sequence[Json]) -> Hashable:
    """Return how steps are answered, by which they are told from others."""
    both = zip(steps, answers, strict=False)
    done = [(s, a) for s, a in both if s.get("method") != "GET"]
    asked = [
        (step.get("method"), NAME.sub("", step.get("path", "")), answer.get("status"))
        for step, answer in done
    ]
    last = done[-1][1] if done else {}
    said = last["body"] if last.get("status", 0) >= REFUSED else None
    return (*sorted(map(str, asked)), json.dumps(said))


def _digest(answer: Json) -> str:
    return sha256(json.dumps(answer, sort_keys=True).encode()).hexdigest()[:8]


if __name__ == "__main__":
    main()
