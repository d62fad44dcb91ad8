"""Standard streams and files of the user: they may be closed, full, or a device."""

import io
import os
import sys
import tempfile
import traceback
from pathlib import Path

from petsage_builder.errors import Problem, RefusedError


def open_streams() -> None:
    """Put something in the place of streams that are closed, and speak UTF-8."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # It lives as long as the process.
            null = open(os.devnull, mode, encoding="utf-8")  # noqa: PTH123, SIM115
            setattr(sys, name, null)
    for stream in sys.stdout, sys.stderr:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


class Output:
    """Standard output, whose end does not end a build."""

    def __init__(self) -> None:
        self.error: OSError | None = None

    def print(self, text: str) -> None:
        """Print a text, unless nobody takes it any more."""
        if self.error is None:
            try:
                sys.stdout.write(f"{text}\n")
                sys.stdout.flush()
            except OSError as error:
                self.give_up(error)

    def give_up(self, error: OSError) -> None:
        """Print nothing from now on, and do not fail for it at the exit either."""
        self.error = error
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)


def require_writable(path: Path, backend: Path) -> None:
    """Raise `RefusedError` now, rather than fail when the build is done."""
    accepted = "a file in a folder of yours, outside the backend's own"
    try:
        target = path.resolve()
        inside = target.is_relative_to((backend / "app").resolve())
        inside = inside or target.is_relative_to((backend / "tests").resolve())
        writable = os.access(target if target.exists() else target.parent, os.W_OK)
        if writable and not inside and not target.is_dir():
            return
    except (OSError, RuntimeError):
        pass
    raise RefusedError([Problem("--report", f"{path} cannot be written", accepted)])


def write_whole(path: Path, text: str) -> None:
    """Write a file that is never half there; a device or a pipe is written to."""
    target, content = path.resolve(), text.encode("utf-8", "backslashreplace")
    if target.exists() and not target.is_file():
        target.write_bytes(content)
        return
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
        staged = Path(file.name)
        try:
            file.write(content)
            file.flush()
            staged.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
            staged.replace(target)
        except OSError:
            staged.unlink(missing_ok=True)
            raise


def keep_traceback() -> str:
    """Keep the traceback in a file for a report of the fault; return where."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="petsage-fault-", suffix=".txt", delete=False, encoding="utf-8"
        ) as file:
            traceback.print_exc(file=file)
            return file.name
    except OSError:
        return "nowhere, since no temporary file could be written"
