"""What waits for a thread, bounded by its number and by its size."""

from collections import deque
from collections.abc import Callable
from threading import Condition, Lock
from typing import Generic, TypeVar

T = TypeVar("T")

BYTES = 4_000_000


class Backlog(Generic[T]):
    """Items that some threads add and others take."""

    def __init__(
        self, capacity: int, weigh: Callable[[T], int], *, newest_first: bool = False
    ) -> None:
        self._capacity = capacity
        self._weigh = weigh
        self._items: deque[tuple[T, int]] = deque()
        self._pop = self._items.pop if newest_first else self._items.popleft
        self._bytes = self._idle = self._busy = 0
        self._closed = False
        lock = Lock()
        self._added, self._finished = Condition(lock), Condition(lock)

    @property
    def is_waited_for(self) -> bool:
        """Say whether an idle thread would take one more item."""
        with self._added:
            return self._idle > len(self._items)

    def add(self, item: T) -> bool:
        """Return whether there was room for the item."""
        size = self._weigh(item)
        with self._added:
            if self._closed or len(self._items) >= self._capacity:
                return False
            if self._bytes and self._bytes + size > BYTES:
                return False
            self._items.append((item, size))
            self._bytes += size
            self._added.notify()
        return True

    def take(self, most: int) -> list[T]:
        """Wait for items and take some; take none when it is closed and empty."""
        with self._added:
            self._idle += 1
            self._added.wait_for(lambda: self._items or self._closed)
            self._idle -= 1
            taken = [self._pop() for _ in range(min(most, len(self._items)))]
            self._bytes -= sum(size for _, size in taken)
            self._busy += len(taken)
        return [item for item, _ in taken]

    def finish(self, count: int) -> None:
        """Say that some of what was taken is done."""
        with self._finished:
            self._busy -= count
            self._finished.notify_all()

    def wait(self, seconds: float) -> None:
        """Wait until everything is done, but no longer."""
        with self._finished:
            self._finished.wait_for(lambda: not (self._items or self._busy), seconds)

    def close(self) -> None:
        """Accept nothing more."""
        with self._added:
            self._closed = True
            self._added.notify_all()

    def abandon(self) -> int:
        """Forget what nobody took, and return how much that is."""
        with self._added:
            left = len(self._items)
            self._items.clear()
            self._bytes = 0
        return left
