"""Run Python modules in forks of a process that has imported what they need.

Reads one JSON object a line from standard input: `{"id", "module", "arguments",
"strict", "folder", "environment", "stdout", "stderr"}` runs a module as `python -m`
does, in a folder, with these variables and no others, its output in two files;
`strict` makes warnings errors. `{"end": id}` kills one with its children. Answers on
standard output, one line for each that has ended: `{"id", "status"}`.

The first line that it writes is `{}`: it is ready. `{"ready": true}` asks for another
such line; `{"rest": true}` kills all that runs, and is answered by `{"rests": true}`
when that is gone. It ends with its standard input.
"""

import ctypes
import json
import os
import runpy
import select
import signal
import sys
import time
import warnings
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module, invalidate_caches
from typing import Any, TypeAlias

Request: TypeAlias = Mapping[str, Any]

# What most programs of a check import, and that none of them changes.
SHARED = (
    "aiosqlite",
    "alembic.command",
    "asyncpg",
    "fastapi.testclient",
    "joserfc.jwt",
    "limits",
    "opentelemetry.exporter.otlp.proto.http._log_exporter",
    "opentelemetry.instrumentation.logging.handler",
    "pwdlib.hashers.argon2",
    "pydantic_settings",
    "pytest",
    "schemathesis",
    "sqlalchemy.ext.asyncio",
    "structlog.stdlib",
    "uvicorn",
)
PR_SET_PDEATHSIG = 1


def main() -> None:
    """Take requests until there are no more; a fork leaves by running its module."""
    for module in SHARED:
        with suppress(ImportError):
            import_module(module)
    waking, woken = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(waking, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    requests = sys.stdin.fileno()
    answer({})
    running: dict[int, str] = {}
    rest = b""
    while True:
        ready, _, _ = select.select([requests, waking], [], [])
        if waking in ready:
            os.read(waking, 1 << 16)
            _collect(running)
        if requests in ready:
            read = os.read(requests, 1 << 16)
            if not read:
                break
            *lines, rest = (rest + read).split(b"\n")
            for line in lines:
                request = json.loads(line)
                if _is_obeyed(request, running):
                    continue
                if child := os.fork():
                    running[child] = request["id"]
                else:
                    _become(request)
                    return
    for child in running:
        _kill(child)


def _is_obeyed(request: Request, running: dict[int, str]) -> bool:
    """Do what is asked for, unless it is to run a module."""
    if "ready" in request:
        answer({})
    elif "rest" in request:
        _rest(running)
    elif "end" in request:
        _end(running, request["end"])
    else:
        return False
    return True


def answer(found: Mapping[str, Any]) -> None:
    """Write one line, which is shorter than what a pipe takes at once."""
    os.write(1, json.dumps(found).encode() + b"\n")


def _collect(running: dict[int, str]) -> None:
    """Tell of each that has ended."""
    for child in tuple(running):
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            _kill(child)  # what it has left behind
            code = os.waitstatus_to_exitcode(status)
            answer({"id": running.pop(child), "status": code})


def _rest(running: dict[int, str]) -> None:
    """Let nothing run, and tell."""
    for child in running:
        _kill(child)
    for child in running:
        os.waitpid(child, 0)
    running.clear()
    answer({"rests": True})


def _end(running: Mapping[int, str], name: str) -> None:
    for child, known in running.items():
        if known == name:
            _kill(child)


def _kill(child: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)


def _become(request: Request) -> None:
    """Run the module that is asked for, as if this process had been started for it."""
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
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
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    os.chdir(request["folder"])
    sys.path.insert(0, request["folder"])
    invalidate_caches()
    sys.argv = ["-m", *request["arguments"]]
    if request["strict"]:
        warnings.simplefilter("error")
    runpy.run_module(request["module"], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
