"""Time the routes of the backend in the current folder, in process, and its document.

The arguments are how many features it has, and `routes` or `document`. The answer is
JSON: each figure by its name.
"""

import asyncio
import json
import logging
import statistics
import sys
import time
from importlib import import_module

from starlette.types import Message

from app.core.on_demand import import_on_demand

REQUESTS = 300


def main() -> None:
    """Measure, and print."""
    features = int(sys.argv[1])
    import_on_demand()
    app = import_module("app.main").app
    logging.disable(logging.INFO)
    work = document(app) if sys.argv[2] == "document" else measure(app, features)
    print(json.dumps(asyncio.run(work)))


async def document(app: object) -> dict[str, float]:
    """Return how long the document takes, features and all, and once it is there."""
    return {
        "OpenAPI document, first, s": await ask(app, "/openapi.json"),
        "OpenAPI document, again, s": await ask(app, "/openapi.json"),
    }


async def measure(app: object, features: int) -> dict[str, float]:
    """Return each figure."""
    paths = {"route of accounts, ms": "/accounts/me", "404, ms": "/nowhere"}
    if features:
        paths |= {"first": "/pet001s/", "last": f"/pet{features:03}s/"}
    seconds: dict[str, list[float]] = {name: [] for name in paths}
    for number in range(REQUESTS + 10):
        for name, path in paths.items():
            value = await ask(app, path)
            if number >= 10:  # noqa: PLR2004 - the first ones warm up
                seconds[name].append(value)
    found = {name: statistics.median(s) * 1000 for name, s in seconds.items()}
    if features:
        first, last = found.pop("first"), found.pop("last")
        found |= {"last route, ms": last, "last route / first route": last / first}
    return found


async def ask(app: object, path: str) -> float:
    """Return the seconds until a request is answered."""

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(_: Message) -> None:
        pass

    scope = {"type": "http", "method": "GET", "path": path, "query_string": b""}
    started = time.perf_counter()
    await app(scope | {"headers": []}, receive, send)  # type: ignore[operator]
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
