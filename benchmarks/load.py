"""Clients who ask again as soon as they are answered."""

import asyncio
import re
import time
from asyncio import StreamReader, StreamWriter
from collections.abc import Sequence
from itertools import cycle
from types import TracebackType
from typing import Self

CLIENTS = 16
ATTEMPTS = 100
LENGTH = re.compile(rb"content-length: ([0-9]+)", re.IGNORECASE)


def request(method: str, path: str, token: str, body: str = "") -> bytes:
    """Return a request as it is sent."""
    head = f"{method} {path} HTTP/1.1\r\nHost: petsage\r\nAuthorization: Bearer {token}"
    if body:
        head += f"\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return f"{head}\r\n\r\n{body}".encode()


class Load:
    """Connections to a port: each sends one of the requests again and again."""

    def __init__(self, port: int, requests: Sequence[bytes]) -> None:
        """Take what to ask."""
        self._port = port
        self._requests = requests
        self._connections: list[tuple[StreamReader, StreamWriter]] = []

    async def __aenter__(self) -> Self:
        """Connect, and wait for a server that has just been started."""
        for _ in range(CLIENTS):
            self._connections.append(await self._connect())
        return self

    async def __aexit__(
        self,
        _: type[BaseException] | None,
        __: BaseException | None,
        ___: TracebackType | None,
    ) -> None:
        """Disconnect."""
        for _reader, writer in self._connections:
            writer.close()
            await writer.wait_closed()

    async def _connect(self) -> tuple[StreamReader, StreamWriter]:
        for _ in range(ATTEMPTS):
            try:
                return await asyncio.open_connection("127.0.0.1", self._port)
            except ConnectionRefusedError:
                await asyncio.sleep(0.1)
        raise ConnectionRefusedError

    async def run(self, seconds: float) -> int:
        """Return how many requests were answered in some seconds."""
        deadline = time.monotonic() + seconds
        pairs = zip(self._connections, cycle(self._requests), strict=False)
        clients = (_client(*pair, sent, deadline) for pair, sent in pairs)
        return sum(await asyncio.gather(*clients))


async def _client(
    reader: StreamReader, writer: StreamWriter, sent: bytes, deadline: float
) -> int:
    count = 0
    while time.monotonic() < deadline:
        writer.write(sent)
        head = await reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(head)
        body = await reader.readexactly(int(length[1]) if length else 0)
        if not head.startswith(b"HTTP/1.1 20"):
            raise RuntimeError((head + body).decode())
        count += 1
    return count
