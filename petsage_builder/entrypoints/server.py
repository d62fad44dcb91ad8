"""A warm builder: it has imported everything, and runs each command in a fork of that.

It keeps nothing of any backend; what it lends to a build are places for sandboxes. It
ends when it is not used for a while, and as soon as the builder, or what that runs on,
is not as it was when it started.
"""

import ctypes
import fcntl
import gc
import json
import os
import select
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn, TypeAlias

from petsage_builder.blueprint import PROJECT, load_blueprint
from petsage_builder.circumstances import circumstances
from petsage_builder.entrypoints.start import PACKAGE, STREAMS, address, is_private
from petsage_builder.errors import Problem, RefusedError
from petsage_builder.templates import load_all
from petsage_builder.verify.sandbox import new_slot
from petsage_builder.verify.slots import Slot, lend

Request: TypeAlias = dict[str, Any]
Stamp: TypeAlias = frozenset[tuple[str, int, int]]

# Whatever a build needs, so that no fork has to import it again.
NEEDED = (
    "petsage_builder.audit",
    "petsage_builder.conformance",
    "petsage_builder.entrypoints.cli",
    "petsage_builder.entrypoints.terminal",
    "petsage_builder.explain",
    "petsage_builder.pipeline",
    "petsage_builder.receipt",
    "petsage_builder.schema",
    "petsage_builder.skeleton",
    "petsage_builder.undo",
)
SLOTS = os.cpu_count() or 1  # that are kept while nobody needs them
PR_SET_PDEATHSIG = 1
REQUEST_SECONDS = 5.0
LISTEN_BACKLOG = 64
LONGEST = 100  # Linux takes 107, and the name is a little longer until it listens
LOOK_SECONDS = 1.0  # at most, until it looks whether it was idle for long enough
LOCKS = ("requirements*.txt", "pyproject.toml")


@dataclass
class Running:
    """A command in a fork: who waits for it, and what was lent to it."""

    connection: socket.socket
    slot: Slot
    report: int  # reads a byte if the slot is clean


@dataclass
class Server:
    """Takes commands at `path` until it was idle for so many seconds."""

    path: Path
    idle: float
    stamp: Stamp
    running: dict[int, Running] = field(default_factory=dict)
    free: list[Slot] = field(default_factory=list)

    def serve(self) -> None:
        """Take commands; at the end, take back all that was lent."""
        waking = _wake_for_children()
        try:
            with _listening(self.path) as listener:
                self.free.append(new_slot())
                self._serve(listener, waking)
                with suppress(OSError):
                    self.path.unlink()
            while self.running:  # it is no longer fresh, but they may end
                self._wait([waking])
        finally:
            self._end()

    def _serve(self, listener: socket.socket, waking: int) -> None:
        last = time.monotonic()
        while self.running or time.monotonic() - last < self.idle:
            if listener in self._wait([listener, waking]):
                last = time.monotonic()
                if not self._take(listener):
                    return

    def _wait(self, sources: list[Any]) -> list[Any]:
        """Wait for news, the last source tells of children; see to these."""
        ready, _, _ = select.select(sources, [], [], LOOK_SECONDS)
        if sources[-1] in ready:
            os.read(sources[-1], 1 << 10)
        self._collect()
        return ready

    def _take(self, listener: socket.socket) -> bool:
        """Take one command; say whether this builder may take another."""
        connection, _ = listener.accept()
        connection.settimeout(REQUEST_SECONDS)
        try:
            request, streams = _receive(connection)
        except (OSError, ValueError):
            connection.close()
            return True
        is_fresh = stamp() == self.stamp
        if is_fresh:
            self._run(connection, request, streams, listener)
        else:
            connection.close()
        for stream in streams:
            os.close(stream)
        return is_fresh

    def _run(
        self,
        connection: socket.socket,
        request: Request,
        streams: list[int],
        listener: socket.socket,
    ) -> None:
        slot = self.slot_for(request)
        report, reported = os.pipe()
        child = os.fork()
        if not child:
            listener.close()
            os.close(report)
            _become(request, streams, connection, slot, reported)
        os.close(reported)
        self.running[child] = Running(connection, slot, report)
        _answer(connection, {"begun": child})

    def slot_for(self, request: Request) -> Slot:
        """Return a place that is free: one that knows the backend, or the oldest."""
        target = _target(request)
        known = [slot for slot in self.free if slot.lent_for == target]
        if not self.free:
            slot = new_slot()
        else:
            slot = (known or self.free)[0]
            self.free.remove(slot)
        slot.lent_for = target
        return slot

    def _collect(self) -> None:
        """Tell how each command that has ended did, and take back what was lent."""
        for child in [*self.running]:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                running = self.running.pop(child)
                code = os.waitstatus_to_exitcode(status)
                code = code if code >= 0 else 128 - code
                is_clean = _read_byte(running.report) == b"1"
                os.close(running.report)
                if is_clean and running.slot.process.poll() is None:
                    self.free.append(running.slot)
                else:
                    running.slot.give_up()
                _answer(running.connection, {"status": code})
                running.connection.close()
        while len(self.free) > SLOTS:
            self.free.pop(0).give_up()

    def _end(self) -> None:
        for child in self.running:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGTERM)
        for child in [*self.running]:
            os.waitpid(child, 0)
        for slot in (*self.free, *(running.slot for running in self.running.values())):
            slot.give_up()


def serve(idle: float, tell: Callable[[str], None]) -> None:
    """Be the warm builder of this user until it was idle for so many seconds."""
    began = stamp()
    path = address()
    if len(os.fsencode(path)) > LONGEST:
        what = f"is too long for a socket: it has more than {LONGEST} bytes"
        raise RefusedError([Problem(str(path), what, "a shorter XDG_RUNTIME_DIR")])
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not is_private(path.parent):
        what = "is not a folder of yours alone"
        raise RefusedError([Problem(str(path.parent), what, "mode 0700")])
    with path.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("a warm builder runs already")
            return
        _warm_up()
        tell(f"a warm builder runs; it ends when it was idle for {idle:.0f} s")
        with suppress(KeyboardInterrupt):
            Server(path, idle, began).serve()


def _target(request: Request) -> str:
    """Return the folder of the backend that a command seems to be about."""
    *_, into = (
        ".",
        *(value for name, value in pairwise(request["arguments"]) if name == "--into"),
        *(a.removeprefix("--into=") for a in request["arguments"] if "--into=" in a),
    )
    return os.path.normpath(Path(request["folder"], into))


def _warm_up() -> None:
    """Load whatever a build needs."""
    for module in NEEDED:
        import_module(module)
    load_all()
    load_blueprint()
    circumstances()
    signal.signal(signal.SIGTERM, _stop)
    gc.collect()
    gc.freeze()


def stamp() -> Stamp:
    """Return what tells whether the builder, or its Python, was changed.

    That is the name, time and size of each file of the builder, of what it was locked
    to, and of each folder of packages.
    """
    files = (path for path in PACKAGE.rglob("*.*") if path.suffix != ".pyc")
    locks = (path for name in LOCKS for path in PROJECT.glob(name))
    packages = (Path(path) for path in sys.path if path)
    return frozenset(
        (str(path), status.st_mtime_ns, status.st_size)
        for path in (*files, *locks, *packages, Path(sys.executable))
        if (status := _status(path))
    )


def _status(path: Path) -> os.stat_result | None:
    with suppress(OSError):
        return path.stat()
    return None


def _listening(path: Path) -> socket.socket:
    """Listen at a path; what a builder that was killed has left there is replaced."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    own = path.with_suffix(f".{os.getpid()}")
    listener.bind(str(own))
    listener.listen(LISTEN_BACKLOG)
    own.replace(path)
    return listener


def _wake_for_children() -> int:
    """Return a descriptor that can be read once a child has ended."""
    waking, woken = os.pipe()
    for descriptor in (waking, woken):
        os.set_blocking(descriptor, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    return waking


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    raise KeyboardInterrupt


def _receive(connection: socket.socket) -> tuple[Request, list[int]]:
    """Return a request, and the three streams that came with it."""
    _, streams, _, _ = socket.recv_fds(connection, 1, len(STREAMS))
    try:
        with connection.makefile("r", encoding="utf-8") as lines:
            return json.loads(lines.readline()), streams
    except (OSError, ValueError):
        for stream in streams:
            os.close(stream)
        raise


def _read_byte(descriptor: int) -> bytes:
    os.set_blocking(descriptor, False)
    with suppress(BlockingIOError):
        return os.read(descriptor, 1)
    return b""


def _answer(connection: socket.socket, told: Request) -> None:
    with suppress(OSError):  # nobody waits any more
        connection.sendall(json.dumps(told).encode() + b"\n")


def _become(
    request: Request,
    streams: list[int],
    connection: socket.socket,
    slot: Slot,
    reported: int,
) -> NoReturn:
    """Run a command as if this process had been started for it."""
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        sys.stdin = os.fdopen(0, "r", closefd=False)
        sys.stdout = os.fdopen(1, "w", closefd=False)
        sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)
        os.environ.clear()
        os.environ.update(request["environment"])
        os.umask(request["umask"])
        os.chdir(request["folder"])
        time.tzset()
        tempfile.tempdir = None
        sys.argv = ["petsage", *request["arguments"]]
        threading.Thread(target=_watch, args=(connection,), daemon=True).start()
        lend(slot)
        import_module("petsage_builder.entrypoints.cli").main()
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        if slot.is_clean:
            os.write(reported, b"1")
        os._exit(status)


def _watch(connection: socket.socket) -> None:
    """End this process if who asked for it is gone."""
    connection.settimeout(None)
    with suppress(OSError):
        if not connection.recv(1):
            os.kill(os.getpid(), signal.SIGTERM)
