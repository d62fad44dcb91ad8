"""Threads behind a bounded backlog, so that whoever gives them work never waits."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from threading import Lock, Thread
from time import monotonic
from typing import Generic, TypeVar

from app.core.backlog import Backlog

T = TypeVar("T")
Shift = Callable[[], AbstractContextManager[Callable[[list[T]], None]]]

QUEUE_IS_FULL = "its queue is full"
NO_THREAD = "no thread can be started for it"


class Worker(Generic[T]):
    """Daemon threads, started when they are needed; a forked process starts its own.

    Each thread opens `shift` and gives it what is queued, at most `batch` items at
    once.
    """

    def __init__(
        self,
        shift: Shift[T],
        backlog: Callable[[], Backlog[T]],
        *,
        threads: int = 1,
        batch: int = 1,
    ) -> None:
        self._shift = shift
        self._open_backlog = backlog
        self._count = threads
        self._batch = batch
        self._pid = 0
        self._starting = Lock()
        self._threads: list[Thread] = []
        self._backlog = backlog()
        self._closed = False

    def submit(self, item: T) -> str | None:
        """Return why the item cannot be taken, if it cannot."""
        if self._closed:
            return QUEUE_IS_FULL
        with self._starting:
            if self._pid != os.getpid():
                self._pid = os.getpid()
                self._backlog, self._threads = self._open_backlog(), []
            if not self._is_staffed():
                return NO_THREAD
            return None if self._backlog.add(item) else QUEUE_IS_FULL

    def drain(self, seconds: float) -> None:
        """Wait until what is queued is done, but no longer."""
        if self._pid == os.getpid():
            self._backlog.wait(seconds)

    def close(self, seconds: float) -> int:
        """Finish what is queued; return how much is left when the time is over."""
        closed, self._closed = self._closed, True
        if closed or self._pid != os.getpid():
            return 0
        deadline = monotonic() + seconds
        self._backlog.close()
        for thread in self._threads:
            thread.join(max(0, deadline - monotonic()))
        return self._backlog.abandon()

    def _is_staffed(self) -> bool:
        """Start one more thread if all are busy, and say whether there is any."""
        if not self._backlog.is_waited_for:
            self._threads = [thread for thread in self._threads if thread.is_alive()]
            if len(self._threads) < self._count:
                with suppress(RuntimeError):  # there may be too many already
                    thread = Thread(target=self._run, daemon=True)
                    thread.start()
                    self._threads.append(thread)
        return bool(self._threads)

    def _run(self) -> None:
        backlog = self._backlog
        with self._shift() as work:
            while items := backlog.take(self._batch):
                with suppress(Exception):  # the next item may fare better
                    work(items)
                backlog.finish(len(items))
