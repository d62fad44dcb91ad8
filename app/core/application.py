"""What every application of this kind has, whatever its features."""

from fastapi import FastAPI

from app.core.config import Settings
from app.core.health import Readiness, health_router
from app.core.middleware import RequestMiddleware
from app.core.openapi import document_problems
from app.core.problems import PROBLEM_HANDLERS


def install(app: FastAPI, settings: Settings) -> Readiness:
    """Add health, metrics, problems and what happens around each request."""
    readiness = Readiness()
    app.router.lifespan_context = readiness.around(app.router.lifespan_context)
    app.include_router(health_router(readiness))
    app.add_middleware(RequestMiddleware, max_body_size=settings.max_body_size)
    for error, answer in PROBLEM_HANDLERS.items():
        app.add_exception_handler(error, answer)
    document_problems(app)
    return readiness
