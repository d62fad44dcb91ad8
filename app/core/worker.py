"""Threads behind a bounded queue, so that whoever gives them work never waits."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from queue import Empty, Full, Queue
from threading import Lock, Thread
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")
Shift = Callable[[], AbstractContextManager[Callable[[list[T]], None]]]


class Worker(Generic[T]):
    """Daemon threads, started by the first item; a forked process starts its own.

    Each thread opens `shift` and gives it what is queued, at most `batch` items at
    once.
    """

    def __init__(
        self, shift: Shift[T], *, capacity: int, threads: int = 1, batch: int = 1
    ) -> None:
        self._shift = shift
        self._capacity = capacity
        self._count = threads
        self._batch = batch
        self._pid = 0
        self._starting = Lock()
        self._threads: list[Thread] = []
        self._queue: Queue[T | None] = Queue()
        self._closed = self._abandoned = False

    def submit(self, item: T) -> bool:
        """Return whether there was room for the item."""
        if self._closed:
            return False
        with self._starting:
            if self._pid != os.getpid():
                self._start()
        with suppress(Full):
            self._queue.put_nowait(item)
            return True
        return False

    def drain(self, seconds: float) -> None:
        """Wait until what is queued is done, but no longer."""
        if self._pid == os.getpid():
            done = self._queue.all_tasks_done
            with done:
                done.wait_for(lambda: not self._queue.unfinished_tasks, seconds)

    def close(self, seconds: float) -> int:
        """Finish what is queued; return how much is left when the time is over."""
        closed, self._closed = self._closed, True
        if closed or self._pid != os.getpid():
            return 0
        deadline = monotonic() + seconds
        with suppress(Full):
            for _ in self._threads:
                self._queue.put(None, timeout=max(0, deadline - monotonic()))
        for thread in self._threads:
            thread.join(max(0, deadline - monotonic()))
        self._abandoned = True
        if any(thread.is_alive() for thread in self._threads):
            return sum(item is not None for item in list(self._queue.queue))
        return 0

    def _start(self) -> None:
        self._pid = os.getpid()
        self._queue = Queue(self._capacity)
        self._threads = [
            Thread(target=self._run, daemon=True) for _ in range(self._count)
        ]
        for thread in self._threads:
            thread.start()

    def _run(self) -> None:
        with self._shift() as work:
            while (items := self._next()) and not self._abandoned:
                with suppress(Exception):  # the next item may fare better
                    work(items)
                for _ in items:
                    self._queue.task_done()

    def _next(self) -> list[T]:
        items: list[T] = []
        item = self._queue.get()
        with suppress(Empty):
            while item is not None:
                items.append(item)
                if len(items) == self._batch:
                    return items
                item = self._queue.get_nowait()
            self._queue.put_nowait(None)  # it ends the next round, or the next thread
        return items
