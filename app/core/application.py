"""What every application of this kind has, whatever its features."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.types import Lifespan

from app.core.config import Settings
from app.core.database import Database, database_of
from app.core.database_problems import DATABASE_PROBLEM_HANDLERS
from app.core.health import Readiness, health_router
from app.core.lifespans import flatten
from app.core.lookup import Lookup
from app.core.middleware import RequestMiddleware
from app.core.openapi import document_problems
from app.core.problems import PROBLEM_HANDLERS


def install(app: FastAPI, settings: Settings) -> Readiness:
    """Add the database, health, metrics, problems and what surrounds each request."""
    app.state.database = Database(settings.database_url)
    readiness = Readiness()
    readiness.checks["database"] = lambda: database_of(app).check()
    lifespan = _closing_database(flatten(app.router.lifespan_context))
    app.router.lifespan_context = readiness.around(lifespan)
    app.include_router(health_router(readiness))
    document_problems(app)
    app.add_middleware(RequestMiddleware, max_body_size=settings.max_body_size)
    for error, answer in (PROBLEM_HANDLERS | DATABASE_PROBLEM_HANDLERS).items():
        app.add_exception_handler(error, answer)
    app.router.middleware_stack = Lookup(app.router)
    return readiness


def _closing_database(lifespan: Lifespan[FastAPI]) -> Lifespan[FastAPI]:
    @asynccontextmanager
    async def closing(app: FastAPI) -> AsyncGenerator[Any]:
        async with lifespan(app) as state:
            yield state
        await database_of(app).close()

    return closing
