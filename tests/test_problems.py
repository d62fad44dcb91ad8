"""Tests of how errors leave the application, shown on a small one."""

import logging
from collections.abc import Iterator
from http import HTTPStatus
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Body, FastAPI, HTTPException
from fastapi.testclient import TestClient
from pydantic import BaseModel, ConfigDict, Json

from app.core.application import install
from app.core.config import Settings
from app.core.errors import UnavailableError


class Toy(BaseModel):
    """Something to play with."""

    name: str


class Shelf(BaseModel):
    """Something that names its toys in strange ways."""

    model_config = ConfigDict(extra="forbid")

    plan: Json[dict[str, str]] = {}


def _build_app() -> FastAPI:
    app = FastAPI()
    inner = APIRouter(prefix="/toys")
    outer = APIRouter()

    @inner.post("/")
    async def create_toy(toy: Toy) -> Toy:
        return toy

    @inner.get("/")
    async def list_toys(limit: int = 1) -> list[Toy]:
        return [Toy(name="ball")] * limit

    @outer.delete("/toys/")
    async def delete_toys() -> None:
        raise RuntimeError("the password is hunter2")

    @outer.get("/away", responses={503: {}})
    async def read_away() -> None:
        raise UnavailableError("Gone fishing.")

    @outer.post("/echo")
    async def echo(value: Annotated[Any, Body()]) -> Any:
        return value

    @outer.post("/shelf")
    async def fill_shelf(shelf: Shelf) -> None:
        assert shelf

    @outer.get("/raise/{status}")
    async def raise_status(status: int, *, as_object: bool = False) -> None:
        detail: Any = {"a": 1} if as_object else "No."
        raise HTTPException(status, detail, {"Retry-After": "1"})

    outer.include_router(inner)
    app.include_router(outer)
    install(app, Settings(max_body_size=100))
    return app


@pytest.fixture(scope="module")
def toys() -> TestClient:
    return TestClient(_build_app(), raise_server_exceptions=False)


def problem(status: int, detail: str, **members: object) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **members,
    }


def test_an_unknown_path_is_a_problem(toys: TestClient) -> None:
    response = toys.get("/nowhere")

    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json() == problem(404, "Not Found")


def test_a_wrong_method_is_told_those_of_every_route(toys: TestClient) -> None:
    response = toys.put("/toys/")

    assert response.headers["Allow"] == "DELETE, GET, POST"
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json() == problem(405, "Method Not Allowed")


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"{}", {"pointer": "/body/name", "detail": "Field required"}),
        (
            b'{"name": 1}',
            {"pointer": "/body/name", "detail": "Input should be a valid string"},
        ),
        (
            b"{",
            {
                "pointer": "/body",
                "detail": "It is not JSON: Expecting property name enclosed in double "
                "quotes (at 1).",
            },
        ),
        (
            b"\xff",
            {"pointer": "/body", "detail": "There was an error parsing the body"},
        ),
    ],
)
def test_a_body_that_is_not_valid_is_told_where(
    toys: TestClient, content: bytes, error: dict[str, str]
) -> None:
    response = toys.post(
        "/toys/", content=content, headers={"Content-Type": "application/json"}
    )

    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json() == problem(422, "The request is not valid.", errors=[error])


def test_a_body_that_does_not_say_what_it_is_is_told_so(toys: TestClient) -> None:
    response = toys.post(
        "/toys/", content=b'{"name": "ball"}', headers={"Content-Type": "text/plain"}
    )

    detail = "The Content-Type does not say that it is JSON."
    errors = [{"pointer": "/body", "detail": detail}]
    assert response.json() == problem(422, "The request is not valid.", errors=errors)


@pytest.mark.parametrize(
    ("content", "pointer"),
    [
        (rb'"\ud800"', "/body"),
        (rb'{"a/b": [1, "\uDFFF"]}', "/body/a~1b/1"),
        (rb'{"a": {"\udc00": 1}}', "/body/a"),
        (b'["\xed\xa0\x80"]', "/body/0"),
        ('["\\ud800"]'.encode("utf-16"), "/body/0"),
    ],
)
def test_half_a_character_is_not_valid(
    toys: TestClient, content: bytes, pointer: str
) -> None:
    response = toys.post(
        "/echo", content=content, headers={"Content-Type": "application/json"}
    )

    detail = "It has half a character (a surrogate)."
    errors = [{"pointer": pointer, "detail": detail}]
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json() == problem(422, "The request is not valid.", errors=errors)


def test_a_character_in_two_halves_is_valid(toys: TestClient) -> None:
    response = toys.post(
        "/echo",
        content=rb'"\ud83d\udc08"',
        headers={"Content-Type": "application/json"},
    )

    assert response.json() == "\U0001f408"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"plan": "{"}, "/body/plan"),
        ({"a/b~c": 1}, "/body/a~1b~0c"),
    ],
)
def test_a_part_that_is_not_valid_is_pointed_at(
    toys: TestClient, body: dict[str, object], pointer: str
) -> None:
    response = toys.post("/shelf", json=body)

    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("path", "status", "title", "detail"),
    [
        ("/raise/400", 400, "Bad Request", "No."),
        ("/raise/418?as_object=1", 418, "I'm a Teapot", "{'a': 1}"),
        ("/raise/499", 499, "Unknown Status", "No."),
    ],
)
def test_an_error_keeps_its_status_and_headers(
    toys: TestClient, path: str, status: int, title: str, detail: str
) -> None:
    response = toys.get(path)

    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Retry-After"] == "1"
    assert response.json() == {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
    }


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_that_has_no_body_gets_none(toys: TestClient, status: int) -> None:
    response = toys.get(f"/raise/{status}")

    assert response.status_code == status
    assert response.content == b""
    assert response.headers["Retry-After"] == "1"


def test_a_query_that_is_not_valid_is_told_where(toys: TestClient) -> None:
    response = toys.get("/toys/", params={"limit": "many"})

    assert [error["pointer"] for error in response.json()["errors"]] == ["/query/limit"]


def test_a_body_of_100_bytes_is_accepted(toys: TestClient) -> None:
    content = b'{"name": "ball"}'.ljust(100)

    response = toys.post(
        "/toys/", content=content, headers={"Content-Type": "application/json"}
    )

    assert response.json() == {"name": "ball"}


def stream() -> Iterator[bytes]:
    yield b" " * 60
    yield b" " * 41


@pytest.mark.parametrize("content", [b" " * 101, stream()])
def test_a_body_of_101_bytes_is_too_large(
    toys: TestClient, content: bytes | Iterator[bytes]
) -> None:
    response = toys.post(
        "/toys/", content=content, headers={"Content-Type": "application/json"}
    )

    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json() == problem(413, "The request body is too large.")


def test_what_is_unavailable_is_a_problem(toys: TestClient) -> None:
    response = toys.get("/away")

    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json() == problem(503, "Gone fishing.")


def test_an_unexpected_error_is_logged_and_tells_nothing(
    toys: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    response = toys.delete("/toys/")

    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json() == problem(500, "Something went wrong.")
    assert [
        (record.levelno, record.getMessage())
        for record in caplog.records
        if record.exc_info
    ] == [(logging.ERROR, "request.failed")]


def test_each_operation_documents_the_problems_it_can_answer(toys: TestClient) -> None:
    document = toys.get("/openapi.json").json()

    assert {
        f"{method} {path}": " ".join(operation["responses"])
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if path in ("/toys/", "/away")
    } == {
        "delete /toys/": "200",
        "get /toys/": "200 422",
        "post /toys/": "200 413 422",
        "get /away": "200 503",
    }


def test_problems_are_documented_as_they_are(toys: TestClient) -> None:
    document = toys.get("/openapi.json").json()

    assert document["paths"]["/toys/"]["post"]["responses"]["422"] == {
        "description": HTTPStatus.UNPROCESSABLE_ENTITY.phrase,
        "content": {
            "application/problem+json": {
                "schema": {"$ref": "#/components/schemas/InvalidProblem"}
            }
        },
    }
    schemas = document["components"]["schemas"]
    assert {"InvalidPart", "InvalidProblem", "Problem"} <= schemas.keys()
    assert "HTTPValidationError" not in schemas
