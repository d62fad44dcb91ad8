"""Whether the service lives, whether it is ready, and what it counted."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI, Response, status
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from starlette.types import Lifespan

from app.core.errors import UnavailableError
from app.core.logging import drain_logging

CHECK_SECONDS = 2.0

Check = Callable[[], Awaitable[None]]


class Health(BaseModel):
    """The state of the service."""

    status: str


class Readiness:
    """Whether requests should come here: between start-up and shutdown, if all is well.

    A check in `checks` raises when what it stands for does not work.
    """

    def __init__(self) -> None:
        self.checks: dict[str, Check] = {}
        self._running = 0

    def around(self, lifespan: Lifespan[FastAPI]) -> Lifespan[FastAPI]:
        """Be ready while `lifespan` is, and lose no log line at the end."""

        @asynccontextmanager
        async def ready(app: FastAPI) -> AsyncGenerator[Any]:
            async with lifespan(app) as state:
                self._running += 1
                try:
                    yield state
                finally:
                    self._running -= 1
            await asyncio.to_thread(drain_logging)

        return ready

    async def confirm(self) -> None:
        """Raise `UnavailableError` with the names of what is not ready."""
        if not self._running:
            raise UnavailableError("Not ready: the service is starting or stopping.")
        outcomes = await asyncio.gather(
            *(
                asyncio.wait_for(check(), CHECK_SECONDS)
                for check in self.checks.values()
            ),
            return_exceptions=True,
        )
        failed = [
            n for n, o in zip(self.checks, outcomes, strict=True) if o is not None
        ]
        if failed:
            raise UnavailableError(f"Not ready: {', '.join(failed)}.")


def health_router(readiness: Readiness) -> APIRouter:
    """Return the endpoints for orchestrators and monitoring."""
    router = APIRouter(tags=["Health & Status"])

    @router.get("/livez", summary="Is the service alive?")
    async def read_liveness() -> Health:
        """Answer: whoever answers is alive."""
        return Health(status="ok")

    @router.get(
        "/readyz",
        summary="Is the service ready?",
        responses={status.HTTP_503_SERVICE_UNAVAILABLE: {}},
    )
    async def read_readiness() -> Health:
        """Answer whether requests should be sent here."""
        await readiness.confirm()
        return Health(status="ok")

    @router.get(
        "/metrics", summary="Read the metrics", response_class=PlainTextResponse
    )
    async def read_metrics() -> Response:
        """Answer what the service counted, in the text format of Prometheus."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router
