"""The problems in the OpenAPI document, so that no endpoint has to list them."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.constants import REF_TEMPLATE
from fastapi.routing import iter_route_contexts
from pydantic.json_schema import models_json_schema

from app.core.database import READING, get_session
from app.core.problems import MEDIA_TYPE, InvalidProblem, Problem

GENERATED = ("HTTPValidationError", "ValidationError")


def document_problems(app: FastAPI) -> None:
    """Add to every operation the problems that the application answers it with."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _add_problems(generate(), set(_stored(app)))
        return generate()

    app.openapi = openapi  # type: ignore[method-assign]


def _stored(app: FastAPI) -> Iterator[tuple[str | None, str]]:
    """Give path and method of each operation that uses the database."""
    for route in iter_route_contexts(app.routes):
        if _needs_session(getattr(route, "dependant", Dependant())):
            for method in route.methods or ():
                yield route.path_format, method


def _needs_session(dependant: Dependant) -> bool:
    return dependant.call is get_session or any(
        map(_needs_session, dependant.dependencies)
    )


def _add_problems(
    document: dict[str, Any], stored: set[tuple[str | None, str]]
) -> None:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            derived = dict(_derived(path, operation))
            if (path, method.upper()) in stored:
                derived |= _derived_from_database(method.upper())
            _add_to_operation(operation, derived)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in GENERATED:
        schemas.pop(name, None)
    _, problems = models_json_schema(
        [(Problem, "serialization"), (InvalidProblem, "serialization")],
        ref_template=REF_TEMPLATE,
    )
    schemas.update(problems["$defs"])


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
    conflict = {} if method in READING else {HTTPStatus.CONFLICT: Problem}
    return {HTTPStatus.SERVICE_UNAVAILABLE: Problem, **conflict}


def _make_problem(response: dict[str, Any], status: HTTPStatus) -> None:
    response["description"] = status.phrase
    content = response.setdefault("content", _content(Problem))
    if "application/json" in content:
        content[MEDIA_TYPE] = content.pop("application/json")


def _content(model: type[Problem]) -> dict[str, Any]:
    return {MEDIA_TYPE: {"schema": {"$ref": REF_TEMPLATE.format(model=model.__name__)}}}
