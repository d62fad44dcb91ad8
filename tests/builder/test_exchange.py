"""Tests of how functions that are imported get other code, such as one that tells."""

import sys
from collections.abc import Callable, Iterator
from importlib import import_module, invalidate_caches
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, cast

import pytest

from petsage_builder.sandboxed.exchange import Lines, exchange

PATH = "things/shelf.py"
SOURCE = '''\
"""A module."""

import asyncio
import functools

KNOWN = 1


def branches(n):
    """Say how many."""
    if n > 2:
        return "many"
    elif n == 2: return "two"
    else:
        found = [
            x
            for x in range(n)
            if x
        ]
    return found


def loops(n):
    total = 0
    for i in range(n):
        while i:
            i -= 1
            total += 1
        else:
            total += 10
    with open(__file__) as file, open(__file__):
        file.read()
    return total


def fails(n):
    try:
        1 / n
    except (
        ValueError
    ):
        return "value"
    except ZeroDivisionError as error:
        raise KeyError(n) from error
    else:
        return "fine"
    finally:
        n = None


def matches(n):
    match n:
        case 1:
            return "one"
        case int() if (
            n > 1
        ):
            return "more"
    return None


def nests(n):
    factor = 2

    @functools.cache
    def times(x):
        nonlocal factor
        factor += 1
        return x * factor

    class Box:
        """A box."""

        size = n

    return times(n) + Box.size


async def waits(n):
    async with asyncio.timeout(1):
        await asyncio.sleep(0)
    return [i async for i in counts(n)]


async def counts(n):
    for i in range(n):
        yield i


class Shelf:
    """Has boards."""

    def boards(self):
        """Say how many."""
        return 3

    @property
    def width(self):
        return 80


@functools.cache
def wrapped():
    return 1
'''
CALLS: list[tuple[str, tuple[Any, ...]]] = [
    *[("branches", (n,)) for n in range(4)],
    *[("loops", (n,)) for n in range(3)],
    *[("fails", (n,)) for n in range(2)],
    *[("matches", (n,)) for n in range(3)],
    ("nests", (2,)),
    ("waits", (2,)),
]


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """Import that module, from the folder in which this process is."""
    (tmp_path / "things").mkdir()
    (tmp_path / PATH).write_text(SOURCE, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    invalidate_caches()
    yield import_module("things.shelf")
    del sys.modules["things.shelf"], sys.modules["things"]


def called(module: ModuleType, name: str, given: tuple[Any, ...]) -> object:
    """Return what came of a call, or what it has raised."""
    try:
        found = getattr(module, name)(*given)
        return module.asyncio.run(found) if name == "waits" else found
    except KeyError as error:
        return repr(error)


def traced(call: Callable[[], object]) -> set[int]:
    """Return the lines of functions that Python says it has gone through."""
    lines: set[int] = set()

    def note(frame: FrameType, event: str, _: object) -> Any:  # noqa: ANN401 - theirs
        if frame.f_code.co_filename.endswith(PATH):
            if event == "line":
                lines.add(frame.f_lineno)
            return note
        return None

    before = sys.gettrace()
    sys.settrace(note)
    try:
        call()
    finally:
        sys.settrace(before)
    return lines


class Item:
    """As much of a test of pytest as is asked for."""

    nodeid = "test"


def told(lines: Lines, call: Callable[[], object]) -> set[int]:
    """Return the lines that were noted meanwhile."""
    running: Any = lines.pytest_runtest_protocol(cast("pytest.Item", Item()))
    next(running)
    call()
    with pytest.raises(StopIteration):
        running.send(None)
    return {*lines.seen["test"].get(PATH, ())}


@pytest.mark.parametrize(("name", "given"), CALLS)
def test_lines_are_told_that_python_goes_through(
    shelf: ModuleType, name: str, given: tuple[Any, ...]
) -> None:
    expected = called(shelf, name, given)
    passed = traced(lambda: called(shelf, name, given))
    lines = Lines([PATH])
    answers: list[object] = []

    found = told(lines, lambda: answers.append(called(shelf, name, given)))

    assert answers == [expected]
    assert passed - found == set()


def test_lines_that_nothing_goes_through_are_not_told(shelf: ModuleType) -> None:
    lines = Lines([PATH])

    assert told(lines, lambda: shelf.branches(3)) == {11, 12}
    assert told(lines, lambda: shelf.Shelf().boards()) == {95}
    assert told(lines, lambda: None) == set()


def test_what_a_function_says_of_itself_stays(shelf: ModuleType) -> None:
    Lines([PATH])

    assert shelf.branches.__doc__ == "Say how many."
    assert shelf.Shelf.boards.__doc__ == "Say how many."


def test_a_function_gets_other_code(shelf: ModuleType) -> None:
    code = compile(SOURCE.replace("return 3", "return 4"), PATH, "exec")

    assert exchange(PATH, code, "Shelf.boards")
    assert shelf.Shelf().boards() == 4


@pytest.mark.parametrize("name", ["wrapped", "Shelf.width", "missing", "KNOWN"])
@pytest.mark.usefixtures("shelf")
def test_what_is_no_plain_function_gets_none(name: str) -> None:
    assert not exchange(PATH, compile(SOURCE, PATH, "exec"), name)


def test_a_module_that_is_not_there_has_no_lines() -> None:
    assert told(Lines(["nowhere/at_all.py"]), lambda: None) == set()
