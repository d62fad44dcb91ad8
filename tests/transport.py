"""How tests ask the application."""

from asyncio import Event
from collections.abc import MutableMapping
from typing import Any

from anyio.from_thread import BlockingPortal
from fastapi import FastAPI
from httpx2 import BaseTransport, Request, Response


class AtOnce(BaseTransport):
    """Send a request in one call into the event loop; Starlette's own takes eight."""

    def __init__(self, app: FastAPI, portal: BlockingPortal) -> None:
        """Take an application, and the way into the loop in which it runs."""
        self._app = app
        self._portal = portal

    def handle_request(self, request: Request) -> Response:
        """Return the answer as a whole."""
        return self._portal.call(self._ask, request)

    async def _ask(self, request: Request) -> Response:
        """Let the application answer as it would to a server."""
        path, _, query = request.url.raw_path.partition(b"?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request.method,
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "scheme": request.url.scheme,
            "path": request.url.path,
            "raw_path": path,
            "query_string": query,
            "server": (request.url.host, request.url.port or 80),
            "client": ("testclient", 50000),
            "root_path": "",
        }
        sent: list[dict[str, Any]] = []
        body = [{"type": "http.request", "body": request.read()}]
        is_answered = Event()

        async def receive() -> dict[str, Any]:
            if body:
                return body.pop()
            await is_answered.wait()
            return {"type": "http.disconnect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append({**message})
            if message["type"] == "http.response.body" and not message.get("more_body"):
                is_answered.set()

        try:
            await self._app(scope, receive, send)
        except Exception:
            if not sent:  # else it has answered before it raised
                raise
        start, *parts = sent
        content = b"".join(part.get("body", b"") for part in parts)
        return Response(start["status"], headers=start["headers"], content=content)
