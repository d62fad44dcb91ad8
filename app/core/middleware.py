"""What happens around each request: its id, its limit, its log line, its metrics."""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from time import perf_counter
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from fastapi.routing import iter_route_contexts
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.context import request_id
from app.core.lookup import candidates
from app.core.metrics import REQUESTS, SECONDS
from app.core.problems import METHODS, respond
from app.core.surrogates import refuse_lone_surrogates

logger = logging.getLogger(__name__)

HEADER = "X-Request-ID"
PATH_LENGTH = 1_000
TOO_LARGE = "The request body is too large."
ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")


@dataclass(slots=True)
class Exchange:
    """One request, and the answer to it so far."""

    scope: Scope
    raw_receive: Receive
    raw_send: Send
    limit: int
    id: str = field(init=False)
    started: float = field(default_factory=perf_counter)
    received: int = 0
    content: bytearray = field(default_factory=bytearray)
    is_gone: bool = False
    status: int | None = None

    def __post_init__(self) -> None:
        """Accept the id that the caller chose, if it can do no harm."""
        chosen = self.headers.get(HEADER, "")
        self.id = chosen if ACCEPTABLE_ID.fullmatch(chosen) else uuid4().hex

    @property
    def headers(self) -> Headers:
        """Return the headers of the request."""
        return Headers(scope=self.scope)

    @property
    def declares_too_much(self) -> bool:
        """Say whether the body is going to be larger than it may."""
        length = self.headers.get("Content-Length", "")
        return length.isdecimal() and int(length[:20]) > self.limit

    async def receive(self) -> Message:
        """Receive a part of the body. Raise `HTTPException` when it cannot be taken."""
        message = await self.raw_receive()
        if message["type"] == "http.disconnect":
            self.is_gone = self.status is None
            return message
        part = message.get("body", b"")
        self.received += len(part)
        if self.received > self.limit:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE)
        if "json" in self.headers.get("Content-Type", "").lower():
            self.content += part
            if not message.get("more_body"):
                refuse_lone_surrogates(bytes(self.content))
        return message

    async def send(self, message: Message) -> None:
        """Send a part of the answer, with the id of the request."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)[HEADER] = self.id
        await self.raw_send(message)

    async def respond(self, status: HTTPStatus, detail: str) -> None:
        """Answer with a problem."""
        await respond(status, detail)(self.scope, self.receive, self.send)


class RequestMiddleware:
    """Identifies, limits, logs and counts requests, and answers what goes wrong."""

    def __init__(self, app: ASGIApp, max_body_size: int) -> None:
        self._app = app
        self._limit = max_body_size
        self._routes: dict[Callable[..., Any], str] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = Exchange(scope, receive, send, self._limit)
        token = request_id.set(exchange.id)
        try:
            await self._answer(exchange)
        finally:
            self._record(exchange)
            request_id.reset(token)

    async def _answer(self, exchange: Exchange) -> None:
        try:
            if exchange.declares_too_much:
                await exchange.respond(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE)
            else:
                await self._app(exchange.scope, exchange.receive, exchange.send)
        except Exception:
            logger.exception("request.failed")
            if exchange.status:
                raise  # it is too late for another answer: the connection must break
            await exchange.respond(
                HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong."
            )

    def _record(self, exchange: Exchange) -> None:
        seconds = perf_counter() - exchange.started
        method = exchange.scope["method"]
        status = None if exchange.is_gone else exchange.status
        fields = {
            "method": method,
            "path": _shorten(quote(exchange.scope["path"])),
            "status": status,
            "milliseconds": round(seconds * 1000, 1),
        }
        event = "request.answered" if status else "request.abandoned"
        logger.info(event, extra=fields)
        label = method if method in METHODS else "other"
        route = self._route(exchange.scope)
        REQUESTS.labels(label, route, status).inc()
        SECONDS.labels(label, route).observe(seconds)

    def _route(self, scope: Scope) -> str:
        """Return the template of the route, of which there are only so many."""
        endpoint = scope.get("endpoint")
        if endpoint is None:
            return "unmatched"
        if endpoint not in self._routes:
            self._routes |= {
                route.endpoint: route.path or ""
                for route in iter_route_contexts(candidates(scope))
                if route.endpoint is not None
            }
        return self._routes.get(endpoint, "unmatched")


def _shorten(path: str) -> str:
    return path if len(path) <= PATH_LENGTH else f"{path[:PATH_LENGTH]}…"
