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
        with subprocess.Popen(  # noqa: S603 - the builder's own commands
            [*self._wrapper(self.work / folder), *command],
            cwd=self.work / folder,
            env={**self._environment(), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as process:
            self._running.add(process)
            try:
                if self._stopped.is_set():
                    raise StoppedError
                streams = process.communicate(timeout=seconds)
                status: int | None = process.returncode
            except subprocess.TimeoutExpired:
                status = None
                _kill(process)
                streams = process.communicate()
            finally:
                _kill(process)
                self._running.discard(process)
        if self._stopped.is_set():
            raise StoppedError
        stdout, stderr = map(self._readable, streams)
        return Completed(status, stdout, stderr, time.perf_counter() - started)

    def stop(self) -> None:
        """Kill what runs, and let nothing new run."""
        self._stopped.set()
        for process in tuple(self._running):
            _kill(process)

    def _readable(self, stream: bytes) -> str:
        """Return the end of a stream, without the folders of this machine."""
        text = stream.decode("utf-8", "replace")
        return text.replace(f"{self.backend}/", "")[-OUTPUT_LIMIT:]

    def _wrapper(self, folder: Path) -> list[str]:
        launcher = [sys.executable, "-I", "-S", str(LAUNCHER), json.dumps(LIMITS)]
        if not self.isolated:
            return launcher
        bubblewrap = ["bwrap", "--die-with-parent", "--new-session", "--unshare-all"]
        # PostgreSQL, which tests start, refuses to run as root.
        bubblewrap += ["--unshare-user", "--uid", USER, "--gid", USER]
        bubblewrap += ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
        bubblewrap += ["--tmpfs", tempfile.gettempdir()]
        for path in _visible():
            bubblewrap += ["--ro-bind", path, path]
        bubblewrap += ["--bind", str(self.work), str(self.work)]
        return [*bubblewrap, "--chdir", str(folder), "--", *launcher]

    def _environment(self) -> dict[str, str]:
        folders = [str(Path(sys.executable).parent), os.defpath]
        return {
            **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
            "DATABASE_URL": self.database("petsage"),
            "HOME": str(self.work),
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
    work = Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()
    try:
        with _claimed(work):
            (work / "tmp").mkdir()
            for name, files in folders.items():
                write_files(work / name, files)
            yield Sandbox(work, isolated=bubblewrap_works())
    finally:
        shutil.rmtree(work, ignore_errors=True)


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
            if time.time() - folder.stat().st_mtime > UNCLAIMED_SECONDS:
                with _claimed(folder):
                    shutil.rmtree(folder)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the whole process group; a program may leave children behind."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _visible() -> list[str]:
    """Return what stands in the hidden temporary folder, and yet is needed."""
    hidden = Path(tempfile.gettempdir()).resolve()
    needed = {Path(sys.prefix), Path(sys.base_prefix), Path(__file__).parents[2]}
    return sorted(str(path) for path in needed if path.resolve().is_relative_to(hidden))


@cache
def bubblewrap_works() -> bool:
    """Say whether bubblewrap is here and may do its work."""
    if shutil.which("bwrap") is None:
        return False
    probe = ["bwrap", "--unshare-all", "--unshare-user"]
    probe += ["--ro-bind", "/", "/", "--proc", "/proc", "true"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0  # noqa: S603
