"""Change several files of a folder: all of them, or none, whenever the process dies."""

import fcntl
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from petsage_builder.digest import sha256
from petsage_builder.errors import ConflictError, Problem, RefusedError
from petsage_builder.journal import (
    DELIVERY,
    FORWARD,
    OWN,
    Change,
    digest_at,
    forget,
    is_inside,
    linked_parent,
    settle,
    stage,
    turn_back,
)

__all__ = ["DELIVERY", "OWN", "Change", "apply", "locked", "require_place", "unusable"]

POLL_SECONDS = 0.05


@contextmanager
def locked(root: Path, wait_seconds: float) -> Iterator[None]:
    """Hold the folder `root` for one process, with what a dead one left settled.

    The lock is on the folder itself, so nothing is left behind, and the kernel frees
    it with the process. Raises `ConflictError` after `wait_seconds`, `RefusedError`
    if the folder cannot be opened or written.
    """
    try:
        folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise unusable(error, root) from error
    try:
        _lock(folder, root, time.monotonic() + wait_seconds)
        try:
            settle(root)
        except OSError as error:
            raise unusable(error, root) from error
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
    says, or is not a plain file below `root`; `RefusedError`, with everything as it
    was, if something cannot be written.
    """
    due = [change for change in changes if change.before != change.after]
    require_place(root, changes)
    if due:
        try:
            stage(root, due)
            settle(root)
        except OSError as error:
            _give_up(root)
            raise unusable(error, root) from error


def require_place(root: Path, changes: Sequence[Change]) -> None:
    """Raise `ConflictError` if `changes` cannot be made below `root`."""
    if len({change.path for change in changes}) < len(changes):
        raise ValueError("two changes to one path")
    problems = [p for change in changes for p in _obstacles(root, change)]
    if problems:
        raise ConflictError(problems)


def _give_up(root: Path) -> None:
    """Turn back as far as possible; what is left, the next command settles."""
    with suppress(OSError):
        if (root / DELIVERY / FORWARD).is_file():
            turn_back(root)
        else:
            forget(root)


def unusable(error: OSError, root: Path) -> RefusedError:
    """Return the refusal that tells of an error of the file system."""
    where = str(error.filename or root)
    what = f"cannot be used: {error.strerror}"
    return RefusedError([Problem(where, what, "a folder that you can read and write")])


def _obstacles(root: Path, change: Change) -> Iterator[Problem]:
    if not is_inside(change.path):
        raise ValueError(f"{change.path!r} leaves the folder")
    if change.before == change.after:
        return
    if link := linked_parent(root, change.path):
        yield Problem(change.path, f"{link} is a symbolic link", "no link")
        return
    for parent in PurePosixPath(change.path).parents:
        folder = root / parent
        if folder.exists() and not folder.is_dir():
            yield Problem(change.path, f"{parent} is a file", "a folder")
            return
        if folder.is_dir() and not os.access(folder, os.W_OK | os.X_OK):
            yield Problem(
                change.path, f"{parent} cannot be written", "a folder of yours"
            )
            return
    expected = None if change.before is None else sha256(change.before)
    if digest_at(root / change.path) != expected:
        yield Problem(change.path, "is not as it was read", "try again")
