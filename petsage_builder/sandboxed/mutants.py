"""Run a feature's tests on its code as it is, and on each mutant of that.

The argument is the path of a JSON file: `{"tests": path, "files": [path], "mutants":
[{"path", "text", "function", "first", "last"}]}`. A mutant is the whole text of the
module at `path`; what differs from it lies in `function`, in the lines from `first` to
`last` of the module as it is, or in no function (`""`). The answer is `{"baseline":
status, "by": test, "tests": number, "outcomes": [{"ended", "by", "ran"}]}`: how the
tests ended on the code as it is, which failed, how many there are, and an outcome for
each mutant, in their order:

passed    no test noticed
failed    the test `by` did
broken    pytest ended otherwise: the code could not even be imported
timeout   a test did not end

Everything is imported once, and each mutant gets a fork of that. A mutant of a function
is tried with those tests alone that went through its lines; of any other, with all. One
of a migration makes databases of its own; all others copy one that is migrated once.
"""

import json
import os
import re
import shutil
import sys
import types
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from petsage_builder.sandboxed.exchange import Lines, exchange
from petsage_builder.sandboxed.forks import BROKEN, Json, Work, fork_each
from petsage_builder.sandboxed.nursery import SHARED

OPTIONS = (
    *("-x", "-q", "--assert=plain", "--show-capture=no"),
    *("-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:randomly"),
    *("-k", "not postgresql"),
    # What is imported already cannot be rewritten by pytest, and need not be.
    *("-W", "error", "-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
MIGRATED = Path("../migrated.db").resolve()
ALL_PASSED, SOME_FAILED = 0, 1


def main() -> None:
    """Run, and print what came of each mutant."""
    request = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    prepare()
    mutants = [Mutant(**mutant) for mutant in request["mutants"]]
    print(json.dumps(run(request["tests"], request["files"], mutants)))


def prepare() -> None:
    """Import what all forks need, and make a database for them."""
    sys.path.insert(0, str(Path.cwd()))
    for module in (*SHARED, *_core()):
        with suppress(ImportError):
            import_module(module)
    fork_each({"": _migrate})


def _core() -> Iterator[str]:
    """Give the modules that know no feature."""
    for module in sorted(Path("app/core").glob("*.py")):
        yield f"app.core.{module.stem}"


def _migrate() -> Json:
    """Make a database, of which each run of the tests gets a copy."""
    quietly()
    import_module("app.core.migrations").migrate(f"sqlite+aiosqlite:///{MIGRATED}")
    return {}


def copy_databases() -> None:
    """Let the tests copy that, and not make one each time."""
    conftest: Any = sys.modules.get("tests.conftest")
    migrate = getattr(conftest, "migrate", None)
    if migrate is None or not MIGRATED.is_file():
        return

    def copy(url: str) -> None:
        path = url.removeprefix("sqlite+aiosqlite:///")
        if path == url:
            migrate(url)
        else:
            shutil.copyfile(MIGRATED, path)

    conftest.migrate = copy


@dataclass(frozen=True)
class Mutant:
    """A module that was broken in one place."""

    path: str
    text: str
    function: str
    first: int
    last: int

    @property
    def is_migration(self) -> bool:
        """Say whether it makes other tables."""
        return self.path.startswith("migrations/")

    @property
    def lines(self) -> range:
        """Return the lines of the statement that was broken."""
        return range(self.first, self.last + 1)


def run(tests: str, files: Sequence[str], mutants: Sequence[Mutant]) -> Json:
    """Return the answer."""
    number = {id(mutant): str(n) for n, mutant in enumerate(mutants)}
    inside = [m for m in mutants if m.function and not m.is_migration]
    outside = [m for m in mutants if not m.function or m.is_migration]
    whole: dict[str, Work] = {"inside": lambda: _warm(tests, files, inside)}
    found = fork_each(
        whole | {number[id(m)]: _cold(tests, m) for m in outside}, seconds=None
    )
    warm = found.pop("inside")
    found |= {number[id(m)]: warm.get(str(n), {}) for n, m in enumerate(inside)}
    left = [m for m in inside if found[number[id(m)]].get("ended") == "unknown"]
    found |= fork_each({number[id(m)]: _cold(tests, m) for m in left})
    outcomes = [found.get(str(n)) or BROKEN for n in range(len(mutants))]
    return {
        "baseline": warm.get("status", -1),
        "by": warm.get("by"),
        "tests": warm.get("tests", 0),
        "outcomes": outcomes,
    }


UNKNOWN = {"ended": "unknown", "by": None, "ran": 0}


# A mutant outside of functions, or of a migration: its module is loaded as it is then.


class _Broken(SourceFileLoader):
    """Loads a module with another text than its file has."""

    text = ""

    def get_data(self, path: str) -> bytes:
        """Return the text, and not the file."""
        del path
        return self.text.encode()

    def path_stats(self, path: str) -> Mapping[str, Any]:
        """Say that nothing is known of the file, so that nothing cached is used."""
        raise OSError(path)


def _cold(tests: str, mutant: Mutant) -> Work:
    def work() -> Json:
        if mutant.is_migration:
            _break_migration(mutant)
        else:
            break_module(mutant)
        ordered = Ordered(mutant)
        quietly()
        status = pytest.main([*OPTIONS, tests], plugins=[ordered])
        return ordered.outcome(int(status))

    return work


def break_module(mutant: Mutant) -> None:
    """Let the mutant be imported instead of its module."""
    path = Path(mutant.path)
    parts = path.with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    class Finder(MetaPathFinder):
        @staticmethod
        def find_spec(fullname: str, *_: object) -> ModuleSpec | None:
            if fullname != name:
                return None
            loader = _Broken(name, str(path.resolve()))
            loader.text = mutant.text
            return spec_from_file_location(name, path.resolve(), loader=loader)

    sys.meta_path.insert(0, Finder())


def _break_migration(mutant: Mutant) -> None:
    """Let Alembic load the mutant instead of its file, which it knows by its path."""
    files = import_module("alembic.util.pyfiles")
    load = files.load_module_py
    path = Path(mutant.path).resolve()

    def load_mutant(name: str, file: str) -> types.ModuleType:
        if Path(file).resolve() != path:
            module: types.ModuleType = load(name, file)
            return module
        module = types.ModuleType(name)
        module.__file__ = file
        exec(compile(mutant.text, file, "exec"), module.__dict__)  # noqa: S102 - as imports do
        return module

    files.load_module_py = load_mutant  # type: ignore[attr-defined]


class Ordered:
    """Runs first the tests that name what was broken; keeps which one noticed."""

    def __init__(self, mutant: Mutant | None = None) -> None:
        """Take the mutant, if there is one."""
        self.by: str | None = None
        self.ran = 0
        self._words = _words(mutant) if mutant else set()
        self._copies = not (mutant and mutant.is_migration)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Put these tests first."""
        if self._copies:
            copy_databases()
        items.sort(
            key=lambda item: not any(w in _plain(item.name) for w in self._words)
        )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep which test has noticed."""
        self.ran += report.when == "call"
        if report.failed and self.by is None:
            self.by = report.nodeid

    def outcome(self, status: int) -> Json:
        """Return what came of the tests."""
        ended = {ALL_PASSED: "passed", SOME_FAILED: "failed"}.get(status, "broken")
        return {"ended": ended, "by": self.by, "ran": self.ran}


def _words(mutant: Mutant) -> set[str]:
    """Return the names that the broken lines set, as tests are named after them."""
    lines = Path(mutant.path).read_text("utf-8").splitlines()
    text = "\n".join(lines[mutant.first - 1 : mutant.last])
    return {
        _plain(name) for name in re.findall(r"^\s*(\w+)\s*[:=]", text, re.MULTILINE)
    }


def _plain(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())


# Mutants of functions: everything is imported, and their code is exchanged.


def _warm(tests: str, files: Sequence[str], mutants: Sequence[Mutant]) -> Json:
    """Return how the tests end on the code as it is, and on each mutant."""
    plugin = Warm(files, mutants)
    quietly()
    pytest.main([*OPTIONS, tests], plugins=[plugin])
    return plugin.found


@dataclass
class Warm:
    """Forks once all tests are collected, and runs none itself."""

    files: Sequence[str]
    mutants: Sequence[Mutant]
    found: Json = field(default_factory=dict)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests for each mutant."""
        copy_databases()
        _document()
        traced = fork_each({"all": lambda: _trace(session, self.files)}, None)["all"]
        self.found = {"status": -1, **traced, "tests": len(session.items)}
        seen = self.found.pop("seen", {})
        if self.found["status"] == ALL_PASSED:
            works = {
                str(n): _exchanged(session, mutant, seen)
                for n, mutant in enumerate(self.mutants)
            }
            self.found |= fork_each(works)
        return True


def _document() -> None:
    """Let the application make its OpenAPI document, which no mutant changes here."""
    with suppress(Exception):
        import_module("app.main").app.openapi()


def _trace(session: pytest.Session, files: Sequence[str]) -> Json:
    """Run all tests; return how they ended, and which lines each went through."""
    lines, kept = Lines(files), Ordered()
    session.config.pluginmanager.register(lines)
    session.config.pluginmanager.register(kept)
    return {"status": _run(session), "by": kept.by, "seen": lines.seen}


def _exchanged(session: pytest.Session, mutant: Mutant, seen: Json) -> Work:
    """Return how to run the tests that go through a mutant, on that."""

    def work() -> Json:
        code = compile(mutant.text, mutant.path, "exec")
        if not exchange(mutant.path, code, mutant.function):
            return UNKNOWN
        lines = {name: set(found.get(mutant.path, ())) for name, found in seen.items()}
        session.items = [
            item
            for item in session.items
            if lines.get(item.nodeid, set()).intersection(mutant.lines)
        ]
        # What does little else is the quickest to notice.
        session.items.sort(key=lambda item: len(lines[item.nodeid]))
        kept = Ordered()
        session.config.pluginmanager.register(kept)
        return kept.outcome(_run(session))

    return work


def _run(session: pytest.Session) -> int:
    """Run the tests of a session, and return how they ended."""
    with suppress(session.Failed, session.Interrupted):
        for n, item in enumerate(session.items):
            following = session.items[n + 1] if n + 1 < len(session.items) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.shouldfail or session.shouldstop:
                break
    return SOME_FAILED if session.testsfailed else ALL_PASSED


def quietly() -> None:
    """Write nothing where the answer goes."""
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)


if __name__ == "__main__":
    main()
