"""A delivery that dies at the k-th thing that it does to the disk."""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from petsage_builder.transaction import Change, apply, locked

# Audit events of everything that changes a folder (PEP 578), and those of the
# functions that raise none and so are wrapped.
EVENTS = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "os.truncate"}
SILENT = ("fsync",)


def dies_at(point: int, work: Callable[[], None]) -> bool:
    """Run `work` in a process that dies at that point; say whether it got there."""
    child = os.fork()
    if child == 0:
        _arm(point)
        work()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def _arm(point: int) -> None:
    left = point

    def step() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(event: str, arguments: tuple[object, ...]) -> None:
        writes = event == "open" and "r" not in str(arguments[1] or "r")
        if event in EVENTS or writes:
            step()

    sys.addaudithook(audit)
    for name in SILENT:
        _wrap(name, step)


def _wrap(name: str, step: Callable[[], None]) -> None:
    silent = getattr(os, name)

    def counted(*arguments: object) -> object:
        step()
        return silent(*arguments)

    setattr(os, name, counted)


def deliver(root: Path, changes: Sequence[Change]) -> None:
    """Deliver as the builder does."""
    with locked(root, 10):
        apply(root, changes)


def look(root: Path) -> None:
    """Do what any command does first."""
    with locked(root, 10):
        pass
