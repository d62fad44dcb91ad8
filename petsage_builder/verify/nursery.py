"""Run Python modules in forks of one process of a sandbox, which imports but once."""

import json
import os
import signal
import subprocess
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from typing import Any

ARGUMENTS = ("-P", "-m", "petsage_builder.sandboxed.nursery")
KILLED = -signal.SIGKILL
KILL_SECONDS = 10.0  # until one that is to be killed has ended


@dataclass(frozen=True, slots=True)
class Module:
    """What to run as `python -m`, and whether warnings are errors from its start."""

    name: str
    arguments: tuple[str, ...]
    strict: bool

    @classmethod
    def of(cls, arguments: Sequence[str]) -> "Module | None":
        """Return what Python is told by its arguments; None if that is no module."""
        strict = tuple(arguments[:2]) == ("-W", "error")
        rest = arguments[2:] if strict else arguments
        match rest:
            case ("-m", name, *others):
                return cls(name, tuple(others), strict)
            case _:
                return None


@dataclass
class Nursery:
    """A process that starts below `command` when it is needed first, or `running`."""

    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    running: subprocess.Popen[bytes] | None = None
    _process: subprocess.Popen[bytes] | None = None
    _thread: Thread | None = None
    _is_ready: bool = False
    _rests: bool = False
    _imports: Mapping[str, Any] | None = None  # what to have imported, until it is said
    # The folder in which that is imported, and those whose programs find it so.
    _home: Path | None = None
    _warm: Collection[Path] = ()
    _settled: Event = field(default_factory=Event)  # it is ready, or never will be
    _lock: Lock = field(default_factory=Lock)
    _names: "count[int]" = field(default_factory=count)
    _waiting: dict[str, SimpleQueue[int]] = field(default_factory=dict)

    def starts(self) -> bool:
        """Start it unless it was; say whether it can run anything."""
        with self._lock:
            if self._thread is None:
                # The kernel ends a process with the thread that has started it.
                self._thread = Thread(target=self._serve, daemon=True)
                self._thread.start()
        self._settled.wait()
        return self._is_ready

    def warm_up(
        self,
        imports: Mapping[str, Any],
        home: Path,
        others: Collection[Path],
        environment: Mapping[str, str],
    ) -> None:
        """Let programs that run at home find modules of it imported.

        So do those in other folders, in which these modules are the same.
        """
        told = {"folder": str(home), "environment": environment}
        self._imports = {**imports, **told}
        self._home, self._warm = home, (home, *others)

    def run(
        self,
        module: Module,
        folder: Path,
        environment: Mapping[str, str],
        output: tuple[str, str],
        seconds: float,
    ) -> int | None:
        """Return its exit status, or None if the time was over.

        `output` are the files for what it prints. All that is left of it is killed.
        """
        name, ended = str(next(self._names)), SimpleQueue[int]()
        self._waiting[name] = ended
        asked = {
            "id": name,
            "module": module.name,
            "arguments": module.arguments,
            "strict": module.strict,
            "folder": str(folder),
            "environment": environment,
            "stdout": output[0],
            "stderr": output[1],
            "warm": str(self._home) if folder in self._warm else None,
        }
        if not self._say(asked):
            return KILLED
        try:
            return ended.get(timeout=seconds)
        except Empty:
            self._say({"end": name})
            try:
                ended.get(timeout=KILL_SECONDS)
            except Empty:
                self.stop()
            return None

    def stop(self) -> None:
        """Kill it, and so all that runs in it."""
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End it, and wait until it is gone."""
        self.stop()
        if self._thread is not None:
            self._thread.join()

    def rest(self) -> bool:
        """Let nothing run in it any more; say whether it can be used again."""
        if self._thread is None:
            return True
        if not self._is_ready or not self._say({"rest": True}):
            return False
        self._thread.join(KILL_SECONDS)
        return self._rests

    def _serve(self) -> None:
        """Start the process, unless it runs, and pass on what it tells."""
        if self.running is not None:
            self._process = self.running
            self._say({"ready": True})
            self._listen(self.running)
        else:
            with start(self.command, self.folder, self.environment) as self._process:
                self._listen(self._process)
        self._is_ready = False
        self._settled.set()
        for waiting in tuple(self._waiting.values()):
            waiting.put(KILLED)

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        """Pass on what the process tells until it is gone, or rests."""
        for line in process.stdout or ():
            told = json.loads(line)
            if "rests" in told:
                self._rests = True
                return
            self._hear(told)

    def _hear(self, told: Mapping[str, Any]) -> None:
        if told:
            self._waiting.pop(told["id"]).put(told["status"])
        else:
            self._is_ready = True
            self._settled.set()

    def _say(self, request: Mapping[str, Any]) -> bool:
        """Write a request, after what is to be imported; say whether anybody reads."""
        with self._lock:
            lines = json.dumps(request).encode() + b"\n"
            if self._imports is not None:
                lines = json.dumps(self._imports).encode() + b"\n" + lines
                self._imports = None
            try:
                assert self._process  # noqa: S101 - it is ready
                assert self._process.stdin  # noqa: S101 - it is a pipe
                self._process.stdin.write(lines)
                self._process.stdin.flush()
            except (OSError, ValueError):  # it is gone, or the pipe was closed
                return False
        return True


def start(
    command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Start the process; the kernel ends it with the thread that does."""
    return subprocess.Popen(  # noqa: S603 - the builder's own command
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
