"""The problems in the OpenAPI document, so that no endpoint has to list them."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.constants import REF_TEMPLATE
from pydantic.json_schema import models_json_schema

from app.core.problems import MEDIA_TYPE, InvalidProblem, Problem

GENERATED = ("HTTPValidationError", "ValidationError")


def document_problems(app: FastAPI) -> None:
    """Add to every operation the problems that the application answers it with."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _add_problems(generate())
        return generate()

    app.openapi = openapi  # type: ignore[method-assign]


def _add_problems(document: dict[str, Any]) -> None:
    for operations in document["paths"].values():
        for operation in operations.values():
            _add_to_operation(operation)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in GENERATED:
        schemas.pop(name, None)
    _, problems = models_json_schema(
        [(Problem, "serialization"), (InvalidProblem, "serialization")],
        ref_template=REF_TEMPLATE,
    )
    schemas.update(problems["$defs"])


def _add_to_operation(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    for status, model in _derived(operation):
        responses[str(status.value)] = {"content": _content(model)}
    for status, response in responses.items():
        if status.isdigit() and int(status) >= HTTPStatus.BAD_REQUEST:
            _make_problem(response, HTTPStatus(int(status)))
    operation["responses"] = dict(sorted(responses.items()))


def _derived(operation: dict[str, Any]) -> Iterator[tuple[HTTPStatus, type[Problem]]]:
    if "requestBody" in operation:
        yield HTTPStatus.REQUEST_ENTITY_TOO_LARGE, Problem
    if "requestBody" in operation or "parameters" in operation:
        yield HTTPStatus.UNPROCESSABLE_ENTITY, InvalidProblem


def _make_problem(response: dict[str, Any], status: HTTPStatus) -> None:
    response["description"] = status.phrase
    content = response.setdefault("content", _content(Problem))
    if "application/json" in content:
        content[MEDIA_TYPE] = content.pop("application/json")


def _content(model: type[Problem]) -> dict[str, Any]:
    return {MEDIA_TYPE: {"schema": {"$ref": REF_TEMPLATE.format(model=model.__name__)}}}
