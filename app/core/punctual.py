"""HTTP connections that keep to one deadline, whatever the other side does."""

import socket
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from http.client import HTTPResponse
from io import BufferedReader, RawIOBase
from time import monotonic
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

ANSWER_BYTES = 65_536

_deadline: ContextVar[float] = ContextVar("deadline")


@contextmanager
def time_limit(seconds: float) -> Generator[None]:
    """Give whatever this thread does on connections that much time, all in all."""
    token = _deadline.set(monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


def remaining() -> float:
    """Return how many seconds are left. Raise `TimeoutError` when none are."""
    if (seconds := _deadline.get() - monotonic()) <= 0:
        raise TimeoutError
    return seconds


class Reader(RawIOBase):
    """The bytes of one answer: status, headers and body."""

    def __init__(self, connection: socket.socket, raw: RawIOBase) -> None:
        self._connection = connection
        self._raw = raw
        self._room = ANSWER_BYTES

    def readable(self) -> bool:
        """Say that it is."""
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - as in the base
        """Read what there is. Raise `OSError` when it is too late or too much."""
        self._connection.settimeout(remaining())
        count: int = self._raw.readinto(buffer) or 0
        self._room -= count
        if self._room < 0:
            raise ConnectionError("the answer is too long")
        return count

    def close(self) -> None:
        """Close the connection, if it is open for this answer alone."""
        self._raw.close()
        super().close()


class PunctualResponse(HTTPResponse):
    """An answer that is read in time."""

    def __init__(
        self,
        sock: socket.socket,
        *args: Any,  # noqa: ANN401 - as in the base
        **options: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(sock, *args, **options)
        self.fp = BufferedReader(Reader(sock, self.fp.detach()))


class Punctual(HTTPConnection):
    """A connection that is made, and written to, in time."""

    response_class = PunctualResponse

    def connect(self) -> None:
        """Connect."""
        self.timeout = remaining()
        super().connect()

    def send(self, data: Any) -> None:  # noqa: ANN401 - as in the base
        """Send a part of the request."""
        if self.sock:
            self.sock.settimeout(remaining())
        super().send(data)


class PunctualTls(Punctual, HTTPSConnection):
    """The same with TLS."""


PUNCTUAL: dict[Any, Any] = {HTTPConnection: Punctual, HTTPSConnection: PunctualTls}


class PunctualAdapter(HTTPAdapter):
    """Makes `requests` use such connections."""

    def get_connection_with_tls_context(
        self,
        *args: Any,  # noqa: ANN401 - as in the base
        **options: Any,  # noqa: ANN401
    ) -> HTTPConnectionPool:
        """Return the pool of connections for a request."""
        pool = super().get_connection_with_tls_context(*args, **options)
        pool.ConnectionCls = PUNCTUAL.get(pool.ConnectionCls, pool.ConnectionCls)
        return pool
