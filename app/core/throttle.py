"""How often something may be tried. Counted in memory: each process has its own."""

from http import HTTPStatus
from ipaddress import ip_address, ip_network
from math import ceil
from time import time
from typing import Any

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from app.core.errors import ThrottledError

IPV6_NETWORK = 64  # what one customer gets

# For the `responses` of an endpoint that is throttled.
THROTTLED: dict[int | str, dict[str, Any]] = {
    HTTPStatus.TOO_MANY_REQUESTS.value: {
        "headers": {
            "Retry-After": {
                "description": "After how many seconds to try again.",
                "required": True,
                "schema": {"type": "integer", "minimum": 1},
            }
        }
    }
}

_storage = MemoryStorage()
_limiter = SlidingWindowCounterRateLimiter(_storage)


class Throttle:
    """A limit such as `10/minute`, for each key on its own."""

    def __init__(self, name: str, limit: str) -> None:
        self._name = name
        self._limit = parse(limit)

    def count(self, key: str) -> None:
        """Count an attempt, or raise `ThrottledError`."""
        if not _limiter.hit(self._limit, self._name, key):
            reset = _limiter.get_window_stats(self._limit, self._name, key).reset_time
            raise ThrottledError(max(1, ceil(reset - time())))

    def forget(self, key: str) -> None:
        """Forget the attempts so far."""
        _limiter.clear(self._limit, self._name, key)


def forget_attempts() -> None:
    """Forget every attempt, of everything."""
    _storage.reset()


def network_of(address: str) -> str:
    """Return what to count an address as: itself, or its network."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address  # a socket has none
    if parsed.version == 4:  # noqa: PLR2004 - the name of the protocol
        return address
    return str(ip_network((parsed, IPV6_NETWORK), strict=False))
