"""Run a program on a copy of a backend, where it can do no harm."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Event
from typing import IO
from uuid import uuid4

from petsage_builder.verify.nursery import ARGUMENTS, Module, Nursery, start
from petsage_builder.verify.slots import MARK, Slot, borrowed

PREFIX = "petsage-verify-"
LAUNCHER = Path(__file__).with_name("launcher.py")
LIMITS = {
    "memory": 4 << 30,
    "seconds": 300,
    "file_bytes": 256 << 20,
    "files": 1024,
    "core": 0,
}
PASSED_ON = ("LANG", "LC_ALL", "TZ", "SSL_CERT_FILE")
USER = "1000"
OUTPUT_LIMIT = 4_000_000
PACKAGE = Path(__file__).parents[1]
# Where root finds `useradd`: PostgreSQL needs a user of its own then.
MANAGING = ("/usr/sbin", "/sbin")
# What programs are made of, wherever distributions keep it.
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc", "/nix", "/gnu")
UNCLAIMED_SECONDS = 60  # between making a sandbox and claiming it, at most


@dataclass(frozen=True, slots=True)
class Completed:
    """How a program ended: its exit status (None: out of time), output, seconds."""

    status: int | None
    stdout: str
    stderr: str
    seconds: float

    @property
    def output(self) -> str:
        """Return all that it printed."""
        return "\n".join(filter(None, (self.stdout.strip(), self.stderr.strip())))


class StoppedError(Exception):
    """The sandbox was stopped, and what ran in it was killed."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A folder `work` that holds copies of a backend, each in a folder of its own."""

    work: Path
    isolated: bool
    nurseries: list[Nursery] = field(default_factory=list)
    _running: set[subprocess.Popen[bytes]] = field(default_factory=set)
    _stopped: Event = field(default_factory=Event)

    @property
    def backend(self) -> Path:
        """Return the root of the copy."""
        return self.work / "backend"

    def database(self, name: str) -> str:
        """Return the address of a database outside of the copies."""
        return f"sqlite:///{self.work}/{name}.db"

    @property
    def isolation(self) -> str:
        """Say how programs are kept from doing harm."""
        limits = "limits on memory, processor time, file size and open files"
        if self.isolated:
            return f"bubblewrap (no network but loopback, no writes outside), {limits}"
        return f"no bubblewrap on this machine: only {limits}"

    def run(
        self,
        command: Sequence[str],
        *,
        seconds: float,
        folder: str = "backend",
        environment: Mapping[str, str] | None = None,
    ) -> Completed:
        """Run `command` in `folder`; it and all its children end within `seconds`.

        Raises `StoppedError` if somebody stops the sandbox before that.
        """
        started = time.perf_counter()
        mark = uuid4().hex
        with (
            tempfile.TemporaryFile(dir=self.work) as stdout,
            tempfile.TemporaryFile(dir=self.work) as stderr,
        ):
            with subprocess.Popen(  # noqa: S603 - the builder's own commands
                [*self._wrapper(self.work / folder), *command],
                cwd=self.work / folder,
                env={**self._environment(mark), **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            ) as process:
                status = self._wait(process, seconds, mark)
            if self._stopped.is_set():
                raise StoppedError
            seconds = time.perf_counter() - started
            return Completed(
                status, self._readable(stdout), self._readable(stderr), seconds
            )

    def run_python(
        self,
        arguments: Sequence[str],
        *,
        seconds: float,
        folder: str = "backend",
        environment: Mapping[str, str] | None = None,
    ) -> Completed:
        """Run Python as `run` does: a module in a fork of a warm process, if it can.

        Raises `StoppedError` if somebody stops the sandbox before that.
        """
        module = Module.of(arguments)
        (nursery,) = self.nurseries
        if module is None or not nursery.starts():
            return self.run(
                (sys.executable, *arguments),
                seconds=seconds,
                folder=folder,
                environment=environment,
            )
        started, mark = time.perf_counter(), uuid4().hex
        with (
            tempfile.NamedTemporaryFile(dir=self.work) as stdout,
            tempfile.NamedTemporaryFile(dir=self.work) as stderr,
        ):
            status = nursery.run(
                module,
                self.work / folder,
                {**self._environment(mark), **(environment or {})},
                (stdout.name, stderr.name),
                seconds,
            )
            if not self.isolated:
                _kill_strays(mark)
            if self._stopped.is_set():
                raise StoppedError
            seconds = time.perf_counter() - started
            return Completed(
                status, self._readable(stdout), self._readable(stderr), seconds
            )

    def warm_up(self, parts: Mapping[str, tuple[str, list[str]]], *others: str) -> None:
        """Let Python find modules of `backend` imported (part -> digest, modules).

        These are the same in the `others`, folders whose programs find them too.
        """
        (nursery,) = self.nurseries
        environment = self._environment(uuid4().hex)
        folders = [self.work / folder for folder in others]
        nursery.warm_up({"import": parts}, self.backend, folders, environment)

    @contextmanager
    def nursery(self) -> Iterator[None]:
        """Have a process for Python modules, which starts when one is run first."""
        mark = uuid4().hex
        nursery = Nursery(self.command, self.work, self._environment(mark))
        self.nurseries.append(nursery)
        try:
            yield
        finally:
            nursery.close()
            if not self.isolated:
                _kill_strays(mark)

    @contextmanager
    def lent_nursery(self, slot: Slot) -> Iterator[None]:
        """Have that of a slot, which is clean afterwards, or is known not to be."""
        nursery = Nursery(self.command, self.work, {}, slot.process)
        self.nurseries.append(nursery)
        slot.is_clean = False
        try:
            yield
        finally:
            rests = nursery.rest()
            with suppress(OSError):
                slot.wipe()
                slot.is_clean = rests and not self._stopped.is_set()

    @property
    def command(self) -> list[str]:
        """Return how a process for Python modules is started."""
        return [*self._wrapper(self.work), sys.executable, *ARGUMENTS]

    def make_slot(self, claim: int) -> Slot:
        """Return a slot in the folder of this sandbox, whose lock is `claim`."""
        process = start(self.command, self.work, self._environment(uuid4().hex))
        return Slot(self.work, self.isolated, process, claim)

    def _wait(
        self, process: subprocess.Popen[bytes], seconds: float, mark: str
    ) -> int | None:
        """Return the exit status, or None if the time was over; leave no child."""
        self._running.add(process)
        try:
            if self._stopped.is_set():
                return None
            return process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _kill(process)
            if not self.isolated:
                _kill_strays(mark)
            self._running.discard(process)

    def stop(self) -> None:
        """Kill what runs, and let nothing new run."""
        self._stopped.set()
        for nursery in self.nurseries:
            nursery.stop()
        for process in tuple(self._running):
            _kill(process)

    def _readable(self, stream: IO[bytes]) -> str:
        """Return the end of a stream, without the folders of this machine."""
        stream.seek(0, os.SEEK_END)
        stream.seek(max(0, stream.tell() - OUTPUT_LIMIT))
        text = stream.read().decode("utf-8", "replace")
        return text.replace(f"{self.backend}/", "").replace(str(self.backend), ".")

    def _wrapper(self, folder: Path) -> list[str]:
        launcher = [sys.executable, "-I", "-S", str(LAUNCHER), json.dumps(LIMITS)]
        return (
            [*bubblewrap(self.work, folder), *launcher] if self.isolated else launcher
        )

    def _environment(self, mark: str) -> dict[str, str]:
        folders = [str(Path(sys.executable).parent), os.defpath, *MANAGING]
        return {
            **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
            "DATABASE_URL": self.database("petsage"),
            "HOME": str(self.work),
            MARK: mark,
            "NO_COLOR": "1",
            "PATH": os.pathsep.join(folders),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
            "TMPDIR": str(self.work / "tmp"),
        }


@contextmanager
def open_sandbox(**folders: Mapping[str, bytes]) -> Iterator[Sandbox]:
    """Make a sandbox with these folders of files (path -> content); then remove it."""
    _sweep()
    with _sandbox() as sandbox:
        (sandbox.work / "tmp").mkdir()
        for name, files in folders.items():
            write_files(sandbox.work / name, files)
        yield sandbox


@contextmanager
def _sandbox() -> Iterator[Sandbox]:
    """Use the slot that was lent, or make a folder and a nursery, and remove them."""
    with borrowed() as slot:
        if slot is not None:
            sandbox = Sandbox(slot.work, slot.isolated)
            with sandbox.lent_nursery(slot):
                yield sandbox
            return
        work = _new_folder()
        try:
            with _claimed(work):
                (work / MARK).touch()
                sandbox = Sandbox(work, bubblewrap_works())
                with sandbox.nursery():
                    yield sandbox
        finally:
            shutil.rmtree(work, ignore_errors=True)


def new_slot() -> Slot:
    """Make a slot. Whoever has it must give it up."""
    work = _new_folder()
    claim = os.open(work, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    (work / MARK).touch()
    return Sandbox(work, bubblewrap_works()).make_slot(claim)


def _new_folder() -> Path:
    return Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()


@contextmanager
def _claimed(folder: Path) -> Iterator[None]:
    """Hold the lock of `folder`, which the kernel frees with this process."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def write_files(root: Path, files: Mapping[str, bytes]) -> None:
    """Write `files` (path -> content) below `root`."""
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _sweep() -> None:
    """Remove what builders that were killed have left."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):  # in use, gone, or somebody else's
            age = time.time() - folder.stat().st_mtime
            if age > UNCLAIMED_SECONDS and (folder / MARK).is_file():
                with _claimed(folder):
                    shutil.rmtree(folder)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the whole process group; a program may leave children behind."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _kill_strays(mark: str) -> None:
    """End what has left its process group: its environment still has the mark.

    The mark is that of one program; others run beside it in the same sandbox.
    """
    entry = f"{MARK}={mark}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if entry in (process / "environ").read_bytes().split(b"\0"):
                os.kill(int(process.name), signal.SIGKILL)


def bubblewrap(work: Path, folder: Path) -> list[str]:
    """Return the command below which a program sees `work`, the system and no more."""
    command = [shutil.which("bwrap") or "bwrap", "--die-with-parent", "--new-session"]
    command += ["--unshare-all", "--dev", "/dev", "--proc", "/proc"]
    # PostgreSQL, which tests start, refuses to run as root.
    command += ["--unshare-user", "--uid", USER, "--gid", USER]
    command += ["--tmpfs", tempfile.gettempdir()]
    needed = (sys.prefix, sys.base_prefix, str(PACKAGE))
    for path in (*SYSTEM, *needed):
        command += ["--ro-bind-try", path, path]
    command += ["--bind", str(work), str(work), "--chdir", str(folder)]
    return [*command, "--"]


@cache
def bubblewrap_works() -> bool:
    """Say whether bubblewrap is here, and this Python runs below it."""
    if shutil.which("bwrap") is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder).resolve()
        probe = [*bubblewrap(work, work), sys.executable, "-c", "import sqlite3, ssl"]
        with suppress(subprocess.TimeoutExpired):
            done = subprocess.run(probe, capture_output=True, check=False, timeout=20)  # noqa: S603
            return done.returncode == 0
    return False
