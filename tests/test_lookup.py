"""Tests that routes are found as FastAPI finds them, only faster."""

from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI, Request, Response, WebSocket
from fastapi.testclient import TestClient
from httpx2 import Response as Answer
from starlette.applications import Starlette

from app.core.application import install
from app.core.config import Settings
from app.core.lookup import candidates

METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
PATHS = [
    *(
        "/",
        "//",
        "/docs",
        "/livez",
        "/livez/",
        "/livez%0A",
        "/nowhere",
        "/nowhere/",
        "/nowhere/1",
    ),
    *("/toys", "/toys/", "/toys//", "//toys/", "/TOYS/", "/%74oys/", "/toys%0A"),
    *("/toys/1", "/toys/1/", "/toys/1%0A", "/toys/1/parts", "/toys/1/parts/"),
    *("/toys/label", "/a/label", "/a/label/", "/label", "/toys/made", "/a/made"),
    *("/v1", "/v1/toys", "/v1/toys/", "/v1/toys/1", "/deep/er", "/deep/er/", "/deeper"),
    *("/static", "/static/", "/static/file", "/static/file/", "/static/nowhere"),
    *("/plain", "/plain/", "/late", "/late/", "/talk", "/openapi.json"),
]


def _say(text: str) -> Callable[[Request], str]:
    def say(request: Request) -> str:
        return f"{text} {request.path_params}"

    return say


async def _talk(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("hello")
    await socket.close()


def _give_urls(request: Request) -> list[str]:
    return [
        str(request.url_for("read_toy", toy="1")),
        str(request.url_for("read_label", shelf="a")),
        str(request.url_for("read_file")),
    ]


def _build_app() -> FastAPI:
    """Make an application with routes of every kind, some of which overlap."""
    labels, toys, parts, rest, outer = (APIRouter() for _ in range(5))
    deep, static = APIRouter(prefix="/deep"), Starlette()
    labels.add_api_route("/{shelf}/label", _say("label"), name="read_label")
    toys.add_api_route("/toys/", _say("toys"))
    toys.add_api_route("/toys/{toy}", _say("toy"), name="read_toy")
    parts.add_api_route("/toys/{toy}", _say("deleted"), methods=["DELETE"])
    parts.add_api_route("/toys/{toy}/parts/", _say("parts"))
    parts.add_api_websocket_route("/talk", _talk)
    rest.add_api_route("/{shelf}/made", _say("made"), methods=["POST"])
    deep.add_api_route("/er", _say("deeper"))
    outer.include_router(deep)
    static.add_route("/file", lambda _: Response("file"), name="read_file")
    app = FastAPI()
    app.add_api_route("/", _say("root"))
    for router in (labels, toys, parts, outer, rest):
        app.include_router(router)
    app.include_router(toys, prefix="/v1")
    app.mount("/static", static)
    app.add_route("/plain", lambda _: Response("plain"), methods=["GET", "PUT"])
    install(app, Settings())
    app.add_api_route("/late", _say("late"))
    app.add_api_route("/urls", _give_urls)
    return app


@pytest.fixture(scope="module")
def fast() -> Generator[TestClient]:
    with TestClient(_build_app(), follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="module")
def slow() -> Generator[TestClient]:
    """Search as FastAPI does."""
    app = _build_app()
    app.router.middleware_stack = app.router.app
    with TestClient(app, follow_redirects=False) as client:
        yield client


def told(response: Answer) -> tuple[int, bytes, str | None, str | None]:
    headers = response.headers
    return (
        response.status_code,
        response.content,
        headers.get("Allow"),
        headers.get("Location"),
    )


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_that_of_fastapi(
    fast: TestClient, slow: TestClient, path: str
) -> None:
    found = {method: told(fast.request(method, path)) for method in METHODS}

    assert found == {method: told(slow.request(method, path)) for method in METHODS}


def test_a_wrong_method_is_told_those_of_every_router(fast: TestClient) -> None:
    response = fast.patch("/toys/1")

    assert response.status_code == 405
    assert response.headers["Allow"] == "DELETE, GET"


def test_whoever_stands_first_answers(fast: TestClient) -> None:
    assert fast.get("/toys/label").json() == "label {'shelf': 'toys'}"
    assert fast.get("/v1/label").json() == "label {'shelf': 'v1'}"
    assert fast.post("/toys/made").json() == "made {'shelf': 'toys'}"


def test_a_slash_too_many_or_too_few_is_redirected(fast: TestClient) -> None:
    assert fast.get("/toys").headers["Location"] == "http://testserver/toys/"
    assert fast.get("/late/").headers["Location"] == "http://testserver/late"


def test_urls_lead_to_every_router(fast: TestClient) -> None:
    assert fast.get("/urls").json() == [
        "http://testserver/toys/1",
        "http://testserver/a/label",
        "http://testserver/static/file",
    ]


def test_a_socket_is_found(fast: TestClient) -> None:
    with fast.websocket_connect("/talk") as socket:
        assert socket.receive_text() == "hello"


def test_what_stands_before_the_path_does_not_count() -> None:
    client = TestClient(_build_app(), root_path="/api")

    assert client.get("/api/toys/1").json() == "toy {'toy': '1'}"
    assert client.get("/api/nowhere").status_code == 404


def test_files_answer_what_is_left(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("home")
    router = APIRouter()
    router.frontend("/", directory=tmp_path)
    app = FastAPI()
    app.include_router(router)
    install(app, Settings())
    app.add_api_route("/toys", _say("toys"))
    client = TestClient(app)

    assert client.get("/index.html").text == "home"
    assert client.get("/toys").json() == "toys {}"


def test_a_route_that_comes_or_goes_later_is_noticed() -> None:
    app = _build_app()
    client = TestClient(app)
    assert client.get("/later").status_code == 404

    app.add_api_route("/later", _say("later"))
    assert client.get("/later").json() == "later {}"

    app.routes.pop()
    assert client.get("/later").status_code == 404


def test_a_request_meets_only_what_begins_as_it_does() -> None:
    app = FastAPI()
    for number in range(500):
        router = APIRouter()
        router.add_api_route(f"/toys{number}/", _say("toys"))
        app.include_router(router)
    install(app, Settings())

    def met(path: str) -> int:
        scope = {"type": "http", "app": app, "method": "GET", "path": path}
        return len(candidates(scope))

    assert [met("/toys0/"), met("/toys499/"), met("/toys/"), met("/nowhere")] == [
        1,
        1,
        0,
        0,
    ]
    with TestClient(app) as client:  # FastAPI alone would recurse too deep
        assert client.get("/toys499/").json() == "toys {}"


def test_every_lifespan_begins_and_ends_in_order() -> None:
    said: list[str] = []

    def lives(name: str) -> APIRouter:
        @asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncGenerator[dict[str, str]]:
            said.append(f"{name} begins")
            yield {name: name}
            said.append(f"{name} ends")

        return APIRouter(lifespan=lifespan)

    outer = lives("outer")
    outer.include_router(lives("inner"))
    app = FastAPI()
    app.include_router(outer)
    app.include_router(lives("last"))
    install(app, Settings())

    with TestClient(app) as client:
        assert client.app_state == {"outer": "outer", "inner": "inner", "last": "last"}

    assert said == [
        "outer begins",
        "inner begins",
        "last begins",
        "last ends",
        "inner ends",
        "outer ends",
    ]
