"""Log sinks that nobody waits for: each writes in a thread of its own."""

import errno
import logging
import os
import select
import sys
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any, ClassVar

from app.core.backlog import Backlog
from app.core.metrics import DROPPED_LINES
from app.core.receipts import Receipt, expect_receipt, give
from app.core.worker import Worker

CAPACITY = 10_000
CLOSING_SECONDS = 2.0
WAITING_SECONDS = 1.0
STANDARD_ERROR = 2
UNREADABLE = "the line cannot be shown"


@dataclass(frozen=True, slots=True)
class Line:
    """What a sink has to write, and the receipt that it owes for it."""

    content: bytes
    receipt: Receipt | None


class Sink(logging.Handler):
    """Gives lines to workers; what they do not take is dropped and counted."""

    kind: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self._dropped = DROPPED_LINES.labels(self.kind)

    @property
    def workers(self) -> tuple[Worker[Any], ...]:
        """Return who delivers the lines."""
        raise NotImplementedError

    def drain(self, seconds: float) -> None:
        """Wait until every line is delivered, but no longer."""
        deadline = monotonic() + seconds
        for worker in self.workers:
            worker.drain(max(0, deadline - monotonic()))

    def stop(self, seconds: float) -> None:
        """Deliver what is queued, unless that takes too long, and stop."""
        deadline = monotonic() + seconds
        for worker in self.workers:
            self._dropped.inc(worker.close(max(0, deadline - monotonic())))

    def close(self) -> None:
        """Stop, as `logging` asks at the exit."""
        self.stop(CLOSING_SECONDS)
        super().close()


def drain_all(sinks: Iterable[Sink], seconds: float) -> None:
    """Wait until every line of every sink is delivered, but no longer."""
    deadline = monotonic() + seconds
    for sink in sinks:
        sink.drain(max(0, deadline - monotonic()))


def close_all(sinks: Iterable[Sink]) -> None:
    """Close sinks; one that hangs leaves no time for the next ones to hang too."""
    deadline = monotonic() + CLOSING_SECONDS
    for sink in sinks:
        sink.stop(max(0, deadline - monotonic()))
        sink.close()


class WritingSink(Sink):
    """Writes bytes to a file descriptor."""

    def __init__(
        self, formatter: logging.Formatter, *, capacity: int = CAPACITY
    ) -> None:
        super().__init__()
        self.setFormatter(formatter)
        self._worker = Worker(self._writing, lambda: Backlog(capacity, _weigh))
        self._torn = False

    @property
    def workers(self) -> tuple[Worker[Line]]:
        """Return who writes the lines."""
        return (self._worker,)

    def emit(self, record: logging.LogRecord) -> None:
        """Queue a line, whatever happens."""
        receipt = expect_receipt(self.kind)
        content = self._render(record)
        if content is None:
            give(receipt, UNREADABLE)
            content, receipt = self._render_unreadable(record), None
        if reason := self._worker.submit(Line(content, receipt)):
            self._dropped.inc()
            give(receipt, reason)

    def write(self, content: bytes, *, confirm: bool) -> str | None:
        """Write one line; return why it cannot be confirmed. Raise `OSError`."""
        raise NotImplementedError

    def _render(self, record: logging.LogRecord) -> bytes | None:
        try:
            text = self.format(record)
        except Exception:  # noqa: BLE001 - a line that cannot be shown costs no request
            return None
        return text.encode("utf-8", "backslashreplace") + b"\n"

    def _render_unreadable(self, record: logging.LogRecord) -> bytes:
        """Say in the same format which line it is."""
        line = {"name": __name__, "levelname": "ERROR", "msg": "log.unreadable"}
        source = {"from": f"{record.name}:{record.lineno}"}
        return self._render(logging.makeLogRecord(line | source)) or b""

    @contextmanager
    def _writing(self) -> Generator[Callable[[list[Line]], None]]:
        yield self._write_lines

    def _write_lines(self, lines: list[Line]) -> None:
        for line in lines:
            try:
                reason = self.write(line.content, confirm=line.receipt is not None)
            except OSError as error:
                self._dropped.inc()
                reason = os.strerror(error.errno or errno.EIO)
            give(line.receipt, reason)

    def _write_all(self, fd: int, content: bytes) -> None:
        """Write to the last byte; after a line that was cut off, start a new one."""
        rest = memoryview(b"\n" + content if self._torn else content)
        while rest:
            try:
                rest = rest[os.write(fd, rest) :]
            except BlockingIOError:
                self.wait_for(fd)
            else:
                self._torn = bool(rest)

    def wait_for(self, fd: int) -> None:
        """Wait a while until more can be written. Raise `OSError` to give up."""
        poll = select.poll()
        poll.register(fd, select.POLLOUT)
        poll.poll(WAITING_SECONDS * 1_000)


def _weigh(line: Line) -> int:
    return len(line.content)


class StreamSink(WritingSink):
    """A file descriptor, by default that of standard error."""

    kind = "stream"

    def __init__(
        self,
        formatter: logging.Formatter,
        fd: int = STANDARD_ERROR,
        *,
        capacity: int = CAPACITY,
    ) -> None:
        super().__init__(formatter, capacity=capacity)
        self._fd = fd

    def write(self, content: bytes, *, confirm: bool) -> str | None:  # noqa: ARG002 - a stream cannot be read back
        """Write one line. Raise `OSError`."""
        if self._fd == STANDARD_ERROR and sys.__stderr__ is None:
            # It was closed when Python started: the number is something else's now.
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        self._write_all(self._fd, content)
        return None
