"""Tests of what happens around each request: id, log line, metrics."""

import asyncio
import logging
from collections.abc import Iterator
from typing import Annotated

import pytest
from fastapi import Body, FastAPI
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from starlette.types import Message

from app.core import context
from app.core.application import install
from app.core.config import Settings


@pytest.fixture(scope="module")
def toys() -> TestClient:
    app = FastAPI()

    @app.get("/toys/{name}")
    async def read_toy(name: str) -> str | None:
        logging.getLogger("elsewhere").info("looked for a toy")
        if name == "broken":
            raise RuntimeError
        return context.request_id.get()

    @app.get("/cut")
    async def read_cut() -> StreamingResponse:
        def content() -> Iterator[bytes]:
            yield b"half"
            raise RuntimeError

        return StreamingResponse(content())

    @app.post("/toys")
    async def create_toy(name: Annotated[str, Body()]) -> str:
        return name

    install(app, Settings(max_body_size=100))
    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize("chosen", ["a", "Az-09._", "x" * 128])
def test_the_caller_may_choose_the_id(toys: TestClient, chosen: str) -> None:
    response = toys.get("/toys/ball", headers={"X-Request-ID": chosen})

    assert response.headers["X-Request-ID"] == chosen
    assert response.json() == chosen


@pytest.mark.parametrize("chosen", ["", "a b", "a\tb", "ä", "x" * 129, 'a"b'])
def test_an_id_that_could_do_harm_is_replaced(toys: TestClient, chosen: str) -> None:
    headers = {b"X-Request-ID": chosen.encode()}

    response = toys.get("/toys/ball", headers=headers)

    assert response.headers["X-Request-ID"] == response.json()
    assert response.json() != chosen
    assert len(response.json()) == 32


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("GET", "/toys/ball", b"", 200),
        ("GET", "/nowhere", b"", 404),
        ("PUT", "/toys/ball", b"", 405),
        ("GET", "/toys/ball", b" " * 101, 413),
        ("GET", "/toys/broken", b"", 500),
    ],
)
def test_every_answer_has_an_id_and_one_line(
    toys: TestClient,
    caplog: pytest.LogCaptureFixture,
    method: str,
    path: str,
    content: bytes,
    status: int,
) -> None:
    response = toys.request(method, path, content=content)

    assert response.status_code == status
    lines = [vars(r) for r in caplog.records if r.getMessage() == "request.answered"]
    assert [
        (r["levelname"], r["method"], r["path"], r["status"], r["request_id"])
        for r in lines
    ] == [("INFO", method, path, status, response.headers["X-Request-ID"])]
    assert lines[0]["milliseconds"] >= 0


def test_every_line_of_a_request_has_its_id(
    toys: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    response = toys.get("/toys/broken")

    names = ("elsewhere", "app.core.middleware")
    ids = [(r.name, vars(r)["request_id"]) for r in caplog.records if r.name in names]
    request_id = response.headers["X-Request-ID"]
    assert set(ids) == {(name, request_id) for name in names}


def test_the_line_shows_the_path_escaped_and_no_query(
    toys: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    toys.get("/toys/a%0Ab%20%C3%A4?token=hunter2")

    line = next(r for r in caplog.records if r.getMessage() == "request.answered")
    assert vars(line)["path"] == "/toys/a%0Ab%20%C3%A4"
    assert "hunter2" not in str(vars(line))


@pytest.mark.parametrize(
    ("length", "shown"), [(1_000, "x" * 1_000), (60_000, "x" * 1_000 + "…")]
)
def test_the_line_shows_no_more_than_the_start_of_a_long_path(
    toys: TestClient, caplog: pytest.LogCaptureFixture, length: int, shown: str
) -> None:
    toys.get("/" + "x" * (length - 1))

    line = next(r for r in caplog.records if r.getMessage() == "request.answered")
    assert vars(line)["path"] == "/" + shown[1:]


def test_an_answer_that_breaks_off_is_logged(
    toys: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    toys.get("/cut")

    messages = [r.getMessage() for r in caplog.records if r.name.startswith("app")]
    assert messages == ["request.failed", "request.answered"]


async def exchange(toys: TestClient, method: str, path: str, *body: Message) -> None:
    """Make a request as a server does, and forget the answer."""

    async def receive() -> Message:
        return messages.pop(0)

    async def send(_: Message) -> None:
        pass

    messages = [*body]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
    }
    await toys.app(scope, receive, send)
    assert context.request_id.get() is None


def test_an_answer_that_breaks_off_breaks_the_connection(toys: TestClient) -> None:
    with pytest.raises(RuntimeError):
        asyncio.run(exchange(toys, "GET", "/cut", {"type": "http.request"}))


def test_the_id_belongs_to_one_request_only(toys: TestClient) -> None:
    asyncio.run(exchange(toys, "GET", "/toys/ball", {"type": "http.request"}))


def test_a_client_that_goes_away_is_not_answered(
    toys: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    half: Message = {"type": "http.request", "body": b'"ba', "more_body": True}

    asyncio.run(exchange(toys, "POST", "/toys", half, {"type": "http.disconnect"}))

    lines = [vars(r) for r in caplog.records if r.name == "app.core.middleware"]
    assert [(line["message"], line["status"]) for line in lines] == [
        ("request.abandoned", None)
    ]


def counted(client: TestClient) -> dict[tuple[str, str, str], float]:
    response = client.get("/metrics")
    assert response.headers["Content-Type"].startswith("text/plain")
    return {
        (s.labels["method"], s.labels["route"], s.labels["status"]): s.value
        for family in text_string_to_metric_families(response.text)
        for s in family.samples
        if s.name == "petsage_http_requests_total"
    }


def test_requests_are_counted_by_route_and_not_by_path(toys: TestClient) -> None:
    before = counted(toys)

    toys.get("/toys/ball")
    toys.get("/toys/mouse")
    toys.put("/toys/ball")
    toys.get("/nowhere/1")
    toys.get("/nowhere/2")
    toys.request("BREW", "/nowhere")

    after = counted(toys)
    assert {
        labels: after[labels] - before.get(labels, 0)
        for labels in after
        if after[labels] != before.get(labels, 0)
    } == {
        ("GET", "/metrics", "200"): 1,
        ("GET", "/toys/{name}", "200"): 2,
        ("PUT", "/toys/{name}", "405"): 1,
        ("GET", "unmatched", "404"): 2,
        ("other", "unmatched", "404"): 1,
    }


def test_metrics_hold_durations_and_dropped_lines(client: TestClient) -> None:
    text = client.get("/metrics").text

    assert "petsage_http_request_duration_seconds_bucket{" in text
    assert 'petsage_log_lines_dropped_total{sink="stream"}' in text
