"""Password hashes, which cost a quarter of a second and 64 MiB on purpose."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from pwdlib import PasswordHash

from app.core.errors import UnavailableError

T = TypeVar("T")

AT_ONCE = os.cpu_count() or 1
WAITING = 100


class Passwords:
    """Hashes and verifies in threads: no other request waits for that."""

    def __init__(
        self, algorithm: PasswordHash, *, at_once: int = AT_ONCE, waiting: int = WAITING
    ) -> None:
        self._algorithm = algorithm
        self._threads = ThreadPoolExecutor(at_once, "password")
        self._room = at_once + waiting
        self._nobodys = ""

    async def hash(self, password: str) -> str:
        """Return what to store for a password."""
        return await self._run(partial(self._algorithm.hash, password))

    async def matches(self, password: str, hashed: str | None) -> bool:
        """Say whether it is that password; for None, say no after the same time."""
        return await self._run(partial(self._verify, password, hashed))

    def _verify(self, password: str, hashed: str | None) -> bool:
        if not self._nobodys:
            self._nobodys = self._algorithm.hash(os.urandom(16).hex())
        matches = self._algorithm.verify(password, hashed or self._nobodys)
        return matches and hashed is not None

    async def _run(self, work: Callable[[], T]) -> T:
        if not self._room:
            raise UnavailableError("Too many people sign in at once. Try again.")
        self._room -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._room += 1


passwords = Passwords(PasswordHash.recommended())
