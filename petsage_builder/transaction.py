"""Change several files of a folder: all of them, or none, whenever the process dies.

A redo journal: new contents are staged and synced below `.petsage/delivery`, the
journal is renamed into place (from then on the change will happen), each file is
renamed to where it belongs, the journal goes. `recover` finishes a journal that it
finds, and forgets staged files that have none.
"""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from petsage_builder.digest import sha256
from petsage_builder.errors import ConflictError, Problem

OWN = ".petsage"
DELIVERY = f"{OWN}/delivery"
POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Change:
    """The content of one path before and after; None means that nothing is there.

    `path` is relative to the folder, with `/` between its parts.
    """

    path: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True)
class Step:
    """A change as the journal has it: digests, and the name of the staged content."""

    path: str
    before: str | None
    after: str | None
    staged: str | None


@contextmanager
def locked(root: Path, wait_seconds: float) -> Iterator[None]:
    """Hold the folder `root` for one process, with what a dead one left settled.

    The lock is on the folder itself, so nothing is left behind, and the kernel frees
    it with the process. Raises `ConflictError` after `wait_seconds`.
    """
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _lock(folder, root, time.monotonic() + wait_seconds)
        recover(root)
        yield
    finally:
        os.close(folder)


def _lock(folder: int, root: Path, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                what = "another build is at work here"
                raise ConflictError([Problem(str(root), what, "try again")]) from None
            time.sleep(POLL_SECONDS)
        else:
            return


def apply(root: Path, changes: Sequence[Change]) -> None:
    """Make `changes` below `root`, of which the caller holds the lock.

    Raises `ConflictError`, with nothing written, if a path is not as its `before`
    says, or is not a plain file below `root`.
    """
    due = [change for change in changes if change.before != change.after]
    if len({change.path for change in changes}) < len(changes):
        raise ValueError("two changes to one path")
    problems = [p for change in due for p in _obstacles(root, change)]
    if problems:
        raise ConflictError(problems)
    if due:
        try:
            _stage(root, due)
        except OSError:
            _forget(root)
            raise
        recover(root)


def _obstacles(root: Path, change: Change) -> Iterator[Problem]:
    parts = PurePosixPath(change.path)
    if parts.is_absolute() or ".." in parts.parts or not parts.parts:
        raise ValueError(f"{change.path!r} leaves the folder")
    for parent in (parts, *parts.parents[:-1]):
        path = root / parent
        if path.is_symlink():
            yield Problem(change.path, f"{parent} is a symbolic link", "no link")
            return
        if parent != parts and path.exists() and not path.is_dir():
            yield Problem(change.path, f"{parent} is a file", "a folder")
            return
    if _content(root / parts) != change.before:
        yield Problem(change.path, "is not as it was read", "try again")


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except IsADirectoryError:
        return b"\0a folder"


def _stage(root: Path, changes: Iterable[Change]) -> None:
    delivery = root / DELIVERY
    delivery.mkdir(parents=True)
    steps = []
    for number, change in enumerate(changes):
        staged = None
        if change.after is not None:
            staged = str(number)
            _write(delivery / staged, change.after)
            if change.before is not None:
                shutil.copymode(root / change.path, delivery / staged)
        steps.append(
            Step(change.path, _digest(change.before), _digest(change.after), staged)
        )
    text = json.dumps([asdict(step) for step in steps])
    _write(delivery / "journal.new", text.encode())
    (delivery / "journal.new").replace(delivery / "journal.json")
    _sync(delivery)


def recover(root: Path) -> None:
    """Settle what a process that died has left below `root`: before, or after.

    Raises `ConflictError`, with nothing touched, if somebody has edited one of the
    files since.
    """
    journal = root / DELIVERY / "journal.json"
    if not journal.is_file():
        _forget(root)
        return
    steps = [Step(**step) for step in json.loads(journal.read_bytes())]
    edited = [s.path for s in steps if _digest(_content(root / s.path)) not in _ends(s)]
    if edited:
        raise ConflictError(
            Problem(
                path,
                "was edited after a delivery had been interrupted",
                f"the content it had; or remove {DELIVERY} to give the delivery up",
            )
            for path in edited
        )
    for step in steps:
        _redo(root, step)
    journal.unlink()
    _forget(root)


def _ends(step: Step) -> tuple[str | None, str | None]:
    return step.before, step.after


def _redo(root: Path, step: Step) -> None:
    path = root / step.path
    if step.staged is None:
        path.unlink(missing_ok=True)
        _prune(root, path.parent)
    elif (staged := root / DELIVERY / step.staged).exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        staged.replace(path)
        _sync(path.parent)


def _prune(root: Path, folder: Path) -> None:
    """Remove the folders that a removed file leaves empty."""
    while folder != root:
        try:
            folder.rmdir()
        except FileNotFoundError:
            pass
        except OSError:
            return  # not empty
        folder = folder.parent


def _forget(root: Path) -> None:
    """Remove what was staged, and the folders that it leaves empty."""
    delivery = root / DELIVERY
    if delivery.is_dir():
        for path in delivery.iterdir():
            path.unlink()
    _prune(root, delivery)


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _digest(content: bytes | None) -> str | None:
    return None if content is None else sha256(content)
