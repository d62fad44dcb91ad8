"""Run Python modules in forks of a process that has imported what they need.

Reads one JSON object a line from standard input: `{"id", "module", "arguments",
"strict", "folder", "environment", "stdout", "stderr", "warm"}` runs a module as `python
-m` does, in a folder, with these variables and no others, its output in two files;
`strict` makes warnings errors. `{"end": id}` kills one with its children. Answers on
standard output, one line for each that has ended: `{"id", "status"}`.

`{"import": {part: [sha256, [module]]}, "folder", "environment"}` makes a second such
process, a fork of this one, import modules of a backend; programs that name that folder
as `warm` are forks of it, wherever they run. It makes the OpenAPI document of each
router too. It stays while all parts that it has imported are as they were.

The first line that it writes is `{}`: it is ready. `{"ready": true}` asks for another
such line; `{"rest": true}` kills all that runs, and is answered by `{"rests": true}`
when that is gone. It ends with its standard input.
"""

import ctypes
import gc
import gzip
import json
import os
import runpy
import select
import signal
import sys
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module, invalidate_caches
from typing import Any, TypeAlias

Request: TypeAlias = Mapping[str, Any]

# What most programs of a check import, and that none of them changes.
SHARED = (
    "aiosqlite",
    "alembic.autogenerate",
    "alembic.command",
    "anyio._backends._asyncio",
    "anyio.pytest_plugin",
    "asyncpg",
    "fastapi.testclient",
    "hypothesis",
    "importlinter.cli",
    "importlinter.contracts.forbidden",
    "importlinter.contracts.independence",
    "importlinter.contracts.layers",
    "joserfc.jwt",
    "limits",
    "opentelemetry.exporter.otlp.proto.http._log_exporter",
    "opentelemetry.instrumentation.logging.handler",
    "pwdlib.hashers.argon2",
    "pydantic_settings",
    "pytest",
    "pytest_cov.plugin",
    "pytest_randomly",
    "schemathesis",
    "schemathesis.pytest.plugin",
    "schemathesis.specs.openapi.checks",
    "schemathesis.specs.openapi.schemas",
    "schemathesis.transport.requests",
    "sqlalchemy.dialects.postgresql.asyncpg",
    "sqlalchemy.dialects.sqlite.aiosqlite",
    "sqlalchemy.ext.asyncio",
    "structlog.stdlib",
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
    "xdist.plugin",
)
PR_SET_PDEATHSIG = 1
SETTINGS = "app.core.config"  # which reads the environment when it is imported
OUTPUT = 1
# Of the texts that are generated: all characters but surrogates, which come back.
CODEC = "utf-8"
ENCODABLE = [[0, 0xD7FF], [0xE000, sys.maxunicode]]


def main() -> None:
    """Import, then take requests until there are no more."""
    for module in SHARED:
        with suppress(ImportError):
            import_module(module)
    freeze()
    answer({})
    Nursery(sys.stdin.fileno(), OUTPUT).serve()


def answer(found: Mapping[str, Any], output: int = OUTPUT) -> None:
    """Write one line, which is shorter than what a pipe takes at once."""
    os.write(output, json.dumps(found).encode() + b"\n")


def freeze() -> None:
    """Let no fork look at what there is now to see whether it is still needed."""
    gc.collect()
    gc.freeze()


@dataclass
class Warm:
    """A fork that has imported modules of a backend: how to reach it, and of which."""

    process: int
    requests: int
    rests: int
    parts: dict[str, str]

    def tell(self, request: Request) -> None:
        """Pass a request on."""
        line = json.dumps(request).encode() + b"\n"
        while line:
            line = line[os.write(self.requests, line) :]

    def rest(self) -> None:
        """Wait until nothing runs in it."""
        self.tell({"rest": True})
        os.read(self.rests, 1 << 16)


@dataclass
class Nursery:
    """Reads requests, and tells on `rested` when all is gone."""

    requests: int
    rested: int
    running: dict[int, str] = field(default_factory=dict)
    warm: Warm | None = None

    def serve(self) -> None:
        """Take requests until there are no more; a fork ends with its module."""
        waking, woken = os.pipe()
        os.set_blocking(woken, False)
        os.set_blocking(waking, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        for line in self._lines(waking):
            self._obey(json.loads(line))
        for child in self.running:
            _kill(child)
        self._cool()

    def _lines(self, waking: int) -> Iterator[bytes]:
        """Give each line that comes, and meanwhile tell of what has ended."""
        rest = b""
        while True:
            ready, _, _ = select.select([self.requests, waking], [], [])
            if waking in ready:
                os.read(waking, 1 << 16)
                self._collect()
            if self.requests in ready:
                read = os.read(self.requests, 1 << 16)
                if not read:
                    return
                *lines, rest = (rest + read).split(b"\n")
                yield from lines

    def _obey(self, request: Request) -> None:
        match request:
            case {"ready": _}:
                answer({})
            case {"rest": _}:
                self._rest()
            case {"end": name}:
                self._end(name, request)
            case {"import": parts}:
                self._warm_up(request, parts)
            case {"warm": str()} if self.warm:
                self.warm.tell(request)
            case _:
                if child := os.fork():
                    self.running[child] = request["id"]
                else:
                    _become(request)

    def _collect(self) -> None:
        """Tell of each that has ended. Without the warm one, nothing is known."""
        for child in tuple(self.running):
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                _kill(child)  # what it has left behind
                code = os.waitstatus_to_exitcode(status)
                answer({"id": self.running.pop(child), "status": code})
        if self.warm and os.waitpid(self.warm.process, os.WNOHANG)[0]:
            os._exit(1)

    def _rest(self) -> None:
        """Let nothing run, and tell."""
        for child in self.running:
            _kill(child)
        for child in self.running:
            os.waitpid(child, 0)
        self.running.clear()
        if self.warm:
            self.warm.rest()
        answer({"rests": True}, self.rested)

    def _end(self, name: str, request: Request) -> None:
        known = {n: child for child, n in self.running.items()}
        if name in known:
            _kill(known[name])
        elif self.warm:
            self.warm.tell(request)

    def _warm_up(
        self, request: Request, parts: Mapping[str, tuple[str, list[str]]]
    ) -> None:
        """Have a process that has imported the modules of these parts, and no others.

        What it has imported already, it keeps.
        """
        digests = {name: digest for name, (digest, _) in parts.items()}
        if self.warm and not self.warm.parts.items() <= digests.items():
            self._cool()
        if self.warm is None:
            (reading, requests), (rests, rested) = os.pipe(), os.pipe()
            process = os.fork()
            if process == 0:
                _depend_on_parent()
                os.close(requests)
                Seedling(reading, rested).serve()
                sys.exit()
            os.close(reading)
            os.close(rested)
            self.warm = Warm(process, requests, rests, {})
        self.warm.parts = digests
        self.warm.tell(request)

    def _cool(self) -> None:
        """End the warm process, and all that runs in it."""
        if self.warm:
            self.warm.rest()
            os.close(self.warm.requests)
            os.close(self.warm.rests)
            os.waitpid(self.warm.process, 0)
            self.warm = None


class Seedling(Nursery):
    """The warm process: it imports itself what it is asked to."""

    def _warm_up(
        self, request: Request, parts: Mapping[str, tuple[str, list[str]]]
    ) -> None:
        _live_in(request)
        for _, modules in parts.values():
            for module in modules:
                # Whoever needs a module that is wrong will tell.
                with suppress(Exception):
                    import_module(module)
        with suppress(Exception):
            _document(module for _, modules in parts.values() for module in modules)
        with suppress(Exception):
            _prepare_hypothesis()
        freeze()


def _document(modules: Iterable[str]) -> None:
    """Make the OpenAPI document of each router that was imported.

    The backend keeps it with the router, and programs find it made.
    """
    fastapi: Any = import_module("fastapi")
    app = fastapi.FastAPI()
    import_module("app.core.openapi").document_problems(app)
    for module in modules:
        router = getattr(sys.modules.get(module), "router", None)
        if isinstance(router, fastapi.APIRouter):
            app.include_router(router)
    app.openapi()


def _prepare_hypothesis() -> None:
    """Let hypothesis read the constants of all modules, and list all characters.

    It does the one before any test, and the other before it makes a text: it encodes
    each, which takes a second. It keeps both in a folder, which no plugin of pytest may
    do before its own is there.
    """
    providers: Any = import_module("hypothesis.internal.conjecture.providers")
    providers._get_local_constants()  # noqa: SLF001 - as its plugin of pytest does
    charmap: Any = import_module("hypothesis.internal.charmap")
    file = charmap.charmap_file(f"codec-v2-{CODEC}")
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(gzip.compress(json.dumps([ENCODABLE, []]).encode()))
    charmap.intervals_from_codec(CODEC)
    started: Any = import_module("hypothesis.configuration")
    started.notice_initialization_restarted(warn=False)


def _kill(child: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)


def _depend_on_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _live_in(request: Request) -> None:
    """Go to the folder of a request, and take on its environment."""
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    os.chdir(request["folder"])
    if request["folder"] not in sys.path:
        sys.path.insert(0, request["folder"])
    invalidate_caches()


def _move(home: str, folder: str) -> None:
    """Let what is not imported yet be found in a folder, and not at home.

    As far as it is imported, both hold the same.
    """
    packages = (getattr(module, "__path__", None) for module in sys.modules.values())
    for paths in (sys.path, *(p for p in packages if isinstance(p, list))):
        for number, path in enumerate(paths):
            if f"{path}/".startswith(f"{home}/"):
                paths[number] = folder + path.removeprefix(home)


def _become(request: Request) -> None:
    """Run the module that is asked for, as if this process had been started for it."""
    os.setsid()
    _depend_on_parent()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, path, how in (
        (0, os.devnull, os.O_RDONLY),
        (1, request["stdout"], os.O_WRONLY),
        (2, request["stderr"], os.O_WRONLY),
    ):
        opened = os.open(path, how)
        os.dup2(opened, number)
        os.close(opened)
    if home := request["warm"]:
        _move(home, request["folder"])
    _live_in(request)
    _read_settings_again()
    sys.argv = ["-m", *request["arguments"]]
    if request["strict"]:
        warnings.simplefilter("error")
    runpy.run_module(request["module"], run_name="__main__", alter_sys=True)
    sys.exit()


def _read_settings_again() -> None:
    """Let the settings of a backend be those of the environment as it is now."""
    if config := sys.modules.get(SETTINGS):
        vars(config.settings).update(vars(type(config.settings)()))


if __name__ == "__main__":
    main()
