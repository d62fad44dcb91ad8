"""Places for sandboxes that outlive a build: a folder, and a process that runs there.

A warm builder makes them, and lends each to one build at a time. What a build leaves in
one is removed before the next; if that cannot be said for sure, the place is given up.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

MARK = "PETSAGE_SANDBOX"


@dataclass
class Slot:
    """A folder that this process holds, and a process for Python modules in it.

    The process may have imported modules of the backend that it was last `lent_for`.
    """

    work: Path
    isolated: bool
    process: subprocess.Popen[bytes]
    claim: int
    is_clean: bool = True
    lent_for: str = ""

    def give_up(self) -> None:
        """End the process, and remove the folder."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()
        shutil.rmtree(self.work, ignore_errors=True)
        os.close(self.claim)

    def wipe(self) -> None:
        """Remove what is in the folder but its mark, which tells that it is ours."""
        for entry in self.work.iterdir():
            if entry.name == MARK:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()


_lent: list[Slot] = []


def lend(slot: Slot) -> None:
    """Let the sandboxes of this process use a place, one after the other."""
    _lent.append(slot)


def take_back(slot: Slot) -> None:
    """Let them use it no more."""
    with suppress(ValueError):
        _lent.remove(slot)


@contextmanager
def borrowed() -> Iterator[Slot | None]:
    """Use the place that was lent, unless it is in use or nobody lent one."""
    slot = _lent.pop() if _lent else None
    try:
        yield slot
    finally:
        if slot is not None and slot.is_clean:
            _lent.append(slot)
