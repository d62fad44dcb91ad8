"""Tests of the warm builder: it answers as a builder alone does, and never a stale one.

Each has one of its own, from a copy of the builder that a test may edit.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import cast

import pytest

from petsage_builder.entrypoints import start
from petsage_builder.entrypoints.server import Server
from petsage_builder.verify.slots import Slot
from tests.builder.conftest import PROJECT, payload, tree

SECONDS = 120
SMOKE = str(PROJECT / "payloads" / "smoke_test.json")
IGNORED = shutil.ignore_patterns("__pycache__", ".venv", ".git", "build", "*_cache")


class Copy:
    """A copy of the builder, and its warm builder if one was started."""

    def __init__(self, root: Path, runtime: Path) -> None:
        self.root = root
        runtime.mkdir(mode=0o700)
        (runtime / "tmp").mkdir()
        self.environment = os.environ | {
            "PYTHONPATH": str(root),
            "XDG_RUNTIME_DIR": str(runtime),
            "TMPDIR": str(runtime / "tmp"),
            "PETSAGE_WARM": "on",
        }
        self.folder = runtime / f"petsage-{os.getuid()}"
        self.server: subprocess.Popen[str] | None = None

    def popen(self, *arguments: str, **options: object) -> subprocess.Popen[str]:
        """Start a command."""
        command = [sys.executable, "-m", "petsage_builder.entrypoints.start"]
        settings = {
            "cwd": self.root,
            "env": self.environment,
            "text": True,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            **options,
        }
        return subprocess.Popen([*command, *arguments], **settings)  # type: ignore[call-overload, no-any-return]

    def run(self, *arguments: str, said: str = "") -> tuple[int, str, str]:
        """Run a command; return its exit status, output, and errors."""
        with self.popen(*arguments, stdin=subprocess.PIPE) as process:
            out, error = process.communicate(said, timeout=SECONDS)
            return process.returncode, out, error

    def alone(self, *arguments: str) -> tuple[int, str, str]:
        """Run a command without the warm builder."""
        warm, self.environment = (
            self.environment,
            self.environment | {"PETSAGE_WARM": "off"},
        )
        try:
            return self.run(*arguments)
        finally:
            self.environment = warm

    def begin(self, idle: int = SECONDS) -> int:
        """Start the warm builder; return its process id."""
        self.end()
        self.server = self.popen("serve", "--idle", str(idle))
        assert self.server.stdout
        assert "a warm builder runs" in self.server.stdout.readline()
        until(lambda: any(self.folder.glob("*.sock")))
        return self.server.pid

    def end(self) -> None:
        """End the warm builder."""
        if self.server:
            self.server.kill()
            self.server.communicate()

    @property
    def has_ended(self) -> bool:
        """Say whether the warm builder is gone."""
        assert self.server
        return self.server.poll() is not None

    def edit(self, path: str, old: str, new: str) -> None:
        """Edit a file of the builder."""
        file = self.root / path
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), "utf-8")


def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Copy]:
    """Copy the builder."""
    root = tmp_path / "project"
    shutil.copytree(PROJECT, root, ignore=IGNORED)
    # The path of a socket has to be short.
    with tempfile.TemporaryDirectory(prefix="run-") as folder:
        copied = Copy(root, Path(folder, "run"))
        yield copied
        copied.end()


def children(process: int) -> set[int]:
    """Return the processes that a process, or one of these, has started."""
    found: set[int] = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = status.read_text().rpartition(")")[2].split()
            if int(fields[1]) == process:
                child = int(status.parent.name)
                found |= {child} | children(child)
    return found


def is_gone(process: int) -> bool:
    """Say whether a process has ended."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return True
    return status.rpartition(")")[2].split()[0] == "Z"


def test_it_answers_as_a_builder_alone_does(copy: Copy, tmp_path: Path) -> None:
    commands = [
        ("explain", SMOKE),
        ("explain", SMOKE, "--format", "json"),
        ("explain", "missing.json"),
        ("check", "."),
        ("no-such-command",),
        ("build",),
        ("undo", "nothing", "--into", str(tmp_path)),
    ]
    expected = [copy.alone(*command) for command in commands]
    copy.begin()

    assert [copy.run(*command) for command in commands] == expected
    assert {status for status, _, _ in expected} == {0, 2}


def test_it_has_the_streams_the_folder_and_the_umask_of_who_asks(
    copy: Copy, tmp_path: Path
) -> None:
    copy.begin()
    said = payload("log_heartbeat").decode()

    status, out, _ = copy.run("explain", "-", said=said)
    assert (status, "log_heartbeat" in out) == (0, True)

    with copy.popen("new", "here", cwd=tmp_path, umask=0o077) as process:
        process.communicate()
    assert (tmp_path / "here" / "app" / "main.py").is_file()
    assert (tmp_path / "here").stat().st_mode & 0o077 == 0

    closed = copy.popen("explain", SMOKE, stdin=None, stdout=None, stderr=None)
    assert closed.wait() == 0


def test_a_socket_that_would_have_too_long_a_path_is_refused(copy: Copy) -> None:
    copy.environment["XDG_RUNTIME_DIR"] = f"/tmp/{'long' * 25}"  # noqa: S108

    status, _, said = copy.run("serve")

    assert status == 2
    assert "is too long for a socket" in said
    assert "a shorter XDG_RUNTIME_DIR" in said
    assert copy.run("schema")[0] == 0


def test_a_template_that_was_edited_is_used(copy: Copy, tmp_path: Path) -> None:
    copy.begin()
    copy.run("new", str(tmp_path / "before"))
    template = "petsage_builder/blueprint/skeleton/README.md.jinja"
    copy.edit(template, "# ", "# Edited: ")

    copy.run("new", str(tmp_path / "after"))

    assert "Edited" not in (tmp_path / "before" / "README.md").read_text()
    assert "Edited" in (tmp_path / "after" / "README.md").read_text()
    until(lambda: copy.has_ended)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("petsage_builder/wording.py", '"""', '"""Now: '),
        ("requirements-builder.txt", "\n", "\n\n"),
        ("pyproject.toml", "\n", "\n\n"),
    ],
)
def test_it_ends_when_what_it_was_made_of_is_edited(
    copy: Copy, path: str, old: str, new: str
) -> None:
    copy.begin()
    assert copy.run("explain", SMOKE)[0] == 0
    assert not copy.has_ended
    copy.edit(path, old, new)

    assert copy.run("explain", SMOKE)[0] == 0
    until(lambda: copy.has_ended)


def test_a_payload_and_a_feature_are_read_each_time(copy: Copy, tmp_path: Path) -> None:
    file = tmp_path / "payload.json"
    copy.begin()
    for name in ("log_one", "log_two"):
        file.write_bytes(payload(name))
        assert name in copy.run("explain", str(file))[1]

    assert copy.run("check", ".")[0] == 0
    copy.edit("app/features/smoke_test/service.py", '"""', '"""Edited. ')
    status, _, error = copy.run("check", ".")

    assert status != 0
    assert "app/features/smoke_test/service.py" in error
    assert not copy.has_ended


def test_another_python_has_another_warm_builder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = start.address()
    monkeypatch.setattr(sys, "version", "3.99.0")

    assert start.address() != before


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["build", "x.json", "--into", "one"], "/home/one"),
        (["audit", "--into=../two", "x"], "/two"),
        (["build", "--into", "/three", "x.json"], "/three"),
        (["build", "x.json"], "/home"),
    ],
)
def test_a_backend_gets_the_place_that_it_had(
    arguments: list[str], expected: str
) -> None:
    process = cast("subprocess.Popen[bytes]", None)
    slots = [
        Slot(Path(), isolated=False, process=process, claim=0, lent_for=folder)
        for folder in ("/home", "/home/one", "/two", "/three")
    ]
    server = Server(Path(), 1, frozenset(), free=[*slots])

    request = {"folder": "/home", "arguments": arguments}

    assert server.slot_for(request).lent_for == expected
    oldest = server.free[0]
    assert len(server.free) == 3
    assert server.slot_for({"folder": "/four", "arguments": ["build"]}) is oldest
    assert oldest.lent_for == "/four"


def test_there_is_but_one(copy: Copy) -> None:
    copy.begin()

    status, out, _ = copy.run("serve")

    assert (status, "runs already" in out) == (0, True)


def test_it_ends_when_it_is_idle(copy: Copy) -> None:
    copy.begin(idle=1)

    until(lambda: copy.has_ended)
    assert not [*copy.folder.glob("*.sock")]
    assert not [*Path(copy.environment["TMPDIR"]).iterdir()]


def test_it_trusts_no_folder_of_others(copy: Copy) -> None:
    copy.folder.mkdir(mode=0o777)
    copy.folder.chmod(0o777)

    status, _, error = copy.run("serve")

    assert status == 2
    assert "is not a folder of yours alone" in error
    assert copy.run("explain", SMOKE)[0] == 0


def begun_build(copy: Copy, backend: Path) -> subprocess.Popen[str]:
    """Start a build, and wait until it verifies."""
    process = copy.popen(
        *("build", SMOKE, "--into", str(backend), "--format", "transcript")
    )
    assert process.stdout
    for line in process.stdout:
        if "erify" in line:
            break
    time.sleep(1)
    return process


def test_if_it_is_killed_nothing_is_lost(copy: Copy, backend: Path) -> None:
    before = tree(backend)
    server = copy.begin()
    with begun_build(copy, backend) as process:
        started = children(server)
        os.kill(server, signal.SIGKILL)
        _, error = process.communicate(timeout=SECONDS)

    assert process.returncode == 1
    assert "the warm builder was killed" in error
    until(lambda: all(map(is_gone, started)))
    assert tree(backend) == before
    assert copy.run("check", str(backend))[0] == 0
    assert copy.run("explain", SMOKE)[0] == 0
    copy.begin()
    assert copy.run("explain", SMOKE)[0] == 0


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let commands heed an interrupt, also where the tests run in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_build_ends_with_who_asked_for_it(
    copy: Copy, backend: Path, number: signal.Signals
) -> None:
    before = tree(backend)
    server = copy.begin()
    idle = children(server)
    with begun_build(copy, backend) as process:
        os.kill(process.pid, number)
        process.communicate(timeout=SECONDS)

    assert process.returncode != 0
    until(lambda: len(children(server)) <= len(idle))
    assert tree(backend) == before
    assert not copy.has_ended
    assert copy.run("explain", SMOKE)[0] == 0


def test_builds_use_it_one_after_another_and_at_once(
    copy: Copy, backend: Path, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(backend, tmp_path / "other"))
    server = copy.begin()
    lent = children(server)
    for name in ("log_one", "log_two"):
        said = payload(name).decode()
        status, out, error = copy.run("build", "-", "--into", str(backend), said=said)
        assert status == 0, out + error
    assert children(server) >= lent

    running = [
        copy.popen("build", SMOKE, "--into", str(root)) for root in (backend, other)
    ]
    ended = [process.communicate(timeout=2 * SECONDS) for process in running]

    assert [process.returncode for process in running] == [0, 0], ended
    assert copy.run("check", str(backend))[0] == 0
    until(lambda: len(children(server)) <= os.cpu_count() * 2)  # type: ignore[operator]
    folders = [*Path(copy.environment["TMPDIR"]).glob("petsage-verify-*")]
    assert len(folders) <= (os.cpu_count() or 1)
