"""The log file, which confirms what can be read back from it."""

import errno
import logging
import os
import stat
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from app.core.sinks import Line, WritingSink

APPENDING = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK | os.O_NOCTTY


class FileSink(WritingSink):
    """The file at a path: what it confirms can be read there."""

    kind = "file"

    def __init__(self, formatter: logging.Formatter, path: Path) -> None:
        super().__init__(formatter)
        self._path = path
        self._fd: int | None = None
        self._moved = False

    def write(self, content: bytes, *, confirm: bool) -> str | None:
        """Append one line, and follow the path. Raise `OSError`."""
        try:
            end = self._append(content)
            return self._confirm(content, end) if confirm else None
        except OSError:
            self._close()
            raise

    def wait_for(self, fd: int) -> None:
        """Wait a while, and give up a pipe that is not there any more."""
        super().wait_for(fd)
        if not self._is_at_path(fd):
            self._torn = False  # what comes next is another file
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))

    def _append(self, content: bytes) -> int | None:
        """Return where the line ends, if that is a place that can be read."""
        if self._fd is None:
            self._fd = os.open(self._path, APPENDING, 0o644)
        fd = self._fd
        self._write_all(fd, content)
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            return None
        end = os.lseek(fd, 0, os.SEEK_CUR)
        if not self._is_at_path(fd):
            self._close()
            self._moved = True
        return end

    def _is_at_path(self, fd: int) -> bool:
        try:
            return os.path.samestat(os.fstat(fd), self._path.stat())
        except FileNotFoundError:
            return False

    def _confirm(self, content: bytes, end: int | None) -> str | None:
        if end is None:
            return "it is not a regular file, so that nothing can be read back"
        if self._moved:
            self._moved = False
            return "it was deleted or replaced; the next lines go to a new file"
        with self._path.open("rb", buffering=0) as file:
            file.seek(end - len(content))
            found = file.read(len(content)) == content
        return None if found else "the line is not where it was written"

    def _close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
        self._fd = None

    @contextmanager
    def _writing(self) -> Generator[Callable[[list[Line]], None]]:
        self._fd = None  # the one of a parent process has its own offset
        try:
            yield self._write_lines
        finally:
            self._close()
