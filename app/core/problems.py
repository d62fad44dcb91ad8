"""Every error leaves the application here, as RFC 9457 describes it."""

from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app.core.errors import DomainError
from app.core.lookup import candidates
from app.core.surrogates import LoneSurrogateError, part

MEDIA_TYPE = "application/problem+json"
UNDECODABLE = "There was an error parsing the body"  # as FastAPI puts it
PHRASES = {status.value: status.phrase for status in HTTPStatus}
WITHOUT_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE")


class Problem(BaseModel):
    """An error, for people and for programs."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


class InvalidPart(BaseModel):
    """A part of the request that is not as it should be."""

    pointer: str
    detail: str


class InvalidProblem(Problem):
    """A request that is not valid, and each part that makes it so."""

    errors: list[InvalidPart]


class UnconfirmedSink(BaseModel):
    """A log sink that did not confirm a line, and why."""

    sink: str
    reason: str


class LogDeliveryProblem(Problem):
    """A line that did not arrive in every log sink."""

    sinks: list[UnconfirmedSink]


def respond(
    status: int,
    detail: str,
    members: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem, with `members` of its own."""
    if status in WITHOUT_BODY:
        return Response(status_code=status, headers=dict(headers or {}))
    title = PHRASES.get(status, "Unknown Status")
    problem = Problem(title=title, status=status, detail=detail).model_dump()
    return JSONResponse(problem | dict(members or {}), status, headers, MEDIA_TYPE)


def _respond_invalid(*errors: tuple[str, str]) -> Response:
    parts = [{"pointer": pointer, "detail": detail} for pointer, detail in errors]
    return respond(422, "The request is not valid.", {"errors": parts})


async def _answer_domain_error(_: Request, error: DomainError) -> Response:
    return respond(error.status, error.detail, error.members, error.headers)


async def _answer_validation_error(
    _: Request, error: RequestValidationError
) -> Response:
    return _respond_invalid(*map(_invalid_part, error.errors()))


def _invalid_part(issue: dict[str, Any]) -> tuple[str, str]:
    match issue:
        case {"type": "json_invalid", "loc": ("body", int(position))}:
            return "/body", f"It is not JSON: {issue['ctx']['error']} (at {position})."
        case {"loc": ("body",), "input": bytes()}:
            return "/body", "The Content-Type does not say that it is JSON."
    return _pointer(issue["loc"]), issue["msg"].removeprefix("Value error, ")


def _pointer(location: tuple[str | int, ...]) -> str:
    """Return a JSON pointer (RFC 6901)."""
    return "".join(f"/{part(name)}" for name in location)


async def _answer_http_error(request: Request, error: HTTPException) -> Response:
    if error.detail == UNDECODABLE:
        return _respond_invalid(("/body", error.detail))
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_allowed_methods(request))
    return respond(error.status_code, str(error.detail), headers=headers)


async def _answer_lone_surrogate(_: Request, error: LoneSurrogateError) -> Response:
    return _respond_invalid((error.pointer, "It has half a character (a surrogate)."))


def _allowed_methods(request: Request) -> list[str]:
    """List the methods of all routes on a path; Starlette knows only the first's."""
    routes = candidates(request.scope)
    return [
        method
        for method in METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in routes
        )
    ]


PROBLEM_HANDLERS: dict[
    type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]
] = {
    DomainError: _answer_domain_error,
    HTTPException: _answer_http_error,
    LoneSurrogateError: _answer_lone_surrogate,
    RequestValidationError: _answer_validation_error,
}
