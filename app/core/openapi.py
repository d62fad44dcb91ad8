"""The problems in the OpenAPI document, so that no endpoint has to list them."""

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.constants import REF_TEMPLATE
from fastapi.routing import iter_route_contexts
from fastapi.security.base import SecurityBase
from pydantic.json_schema import models_json_schema
from starlette.routing import BaseRoute

from app.core.database import READING, get_session
from app.core.documents import DocumentMiddleware, Documents
from app.core.models import INT64_MAX, INT64_MIN
from app.core.problems import MEDIA_TYPE, InvalidProblem, Problem

GENERATED = ("HTTPValidationError", "ValidationError")
LIMITS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


def document_problems(app: FastAPI) -> None:
    """Add to every operation the problems that the application answers it with."""
    documents = Documents(app, _complete, _add_schemas)
    if app.openapi_url:
        app.add_middleware(DocumentMiddleware, url=app.openapi_url, documents=documents)
    app.openapi = documents.whole  # type: ignore[method-assign]


def _complete(document: dict[str, Any], routes: Sequence[BaseRoute]) -> None:
    _add_problems(document, dict(_dependants(routes)))
    _restore_limits(document)


def _dependants(
    routes: Sequence[BaseRoute],
) -> Iterator[tuple[tuple[str | None, str], Dependant]]:
    """Give path and method of each operation, and what it depends on."""
    for route in iter_route_contexts(routes):
        dependant: Dependant = getattr(route, "dependant", Dependant())
        for method in route.methods or ():
            yield (route.path_format, method.lower()), dependant


def _flatten(dependant: Dependant) -> Iterator[object]:
    """Give everything that is called before an operation."""
    yield dependant.call
    for dependency in dependant.dependencies:
        yield from _flatten(dependency)


def _add_problems(
    document: dict[str, Any], dependants: dict[tuple[str | None, str], Dependant]
) -> None:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            calls = list(_flatten(dependants.get((path, method), Dependant())))
            derived = dict(_derived(path, operation))
            if get_session in calls:
                derived |= _derived_from_database(method)
            _add_to_operation(operation, derived)
            if "security" in operation and not any(map(_is_required, calls)):
                operation["security"].insert(0, {})


def _is_required(call: object) -> bool:
    """Say whether it is a scheme that every caller has to follow."""
    return isinstance(call, SecurityBase) and getattr(call, "auto_error", True)


def _add_schemas(document: dict[str, Any]) -> None:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in GENERATED:
        schemas.pop(name, None)
    _, problems = models_json_schema(
        [(Problem, "serialization"), (InvalidProblem, "serialization")],
        ref_template=REF_TEMPLATE,
    )
    schemas.update(problems["$defs"])


def _restore_limits(schema: object) -> None:
    """Let the limits of integers be integers: as floats, FastAPI rounds them."""
    match schema:
        case dict():
            if schema.get("type") == "integer":
                for name in schema.keys() & LIMITS:
                    limit = int(schema[name])
                    schema[name] = max(INT64_MIN, min(limit, INT64_MAX))
            for part in schema.values():
                _restore_limits(part)
        case list():
            for part in schema:
                _restore_limits(part)


def _add_to_operation(
    operation: dict[str, Any], derived: dict[HTTPStatus, type[Problem]]
) -> None:
    responses = operation["responses"]
    for status, model in derived.items():
        if status is HTTPStatus.UNPROCESSABLE_ENTITY:
            responses.pop(str(status.value), None)  # FastAPI's own
        response = responses.setdefault(str(status.value), {})
        response.setdefault("content", _content(model))
    for status, response in responses.items():
        if status.isdigit() and int(status) >= HTTPStatus.BAD_REQUEST:
            _make_problem(response, HTTPStatus(int(status)))
    operation["responses"] = dict(sorted(responses.items()))


def _derived(
    path: str, operation: dict[str, Any]
) -> Iterator[tuple[HTTPStatus, type[Problem]]]:
    if "security" in operation:
        yield HTTPStatus.UNAUTHORIZED, Problem
        yield HTTPStatus.FORBIDDEN, Problem
    if "{" in path:
        yield HTTPStatus.NOT_FOUND, Problem
    if "requestBody" in operation:
        yield HTTPStatus.REQUEST_ENTITY_TOO_LARGE, Problem
    if "requestBody" in operation or "parameters" in operation:
        yield HTTPStatus.UNPROCESSABLE_ENTITY, InvalidProblem


def _derived_from_database(method: str) -> dict[HTTPStatus, type[Problem]]:
    conflict = {} if method.upper() in READING else {HTTPStatus.CONFLICT: Problem}
    return {HTTPStatus.SERVICE_UNAVAILABLE: Problem, **conflict}


def _make_problem(response: dict[str, Any], status: HTTPStatus) -> None:
    response["description"] = status.phrase
    content = response.setdefault("content", _content(Problem))
    if "application/json" in content:
        content[MEDIA_TYPE] = content.pop("application/json")


def _content(model: type[Problem]) -> dict[str, Any]:
    return {MEDIA_TYPE: {"schema": {"$ref": REF_TEMPLATE.format(model=model.__name__)}}}
