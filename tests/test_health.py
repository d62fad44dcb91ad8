"""Tests of whether the service says truly how it is."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.core.application import install
from app.core.config import Settings


def test_the_root_welcomes(client: TestClient) -> None:
    response = client.get("/")

    assert response.status_code == 200
    assert response.json() == {"message": "Welcome to the PetSage API!"}


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_a_service_that_runs_is_alive_and_ready(client: TestClient, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_a_service_is_not_ready_before_its_start_and_after_its_end() -> None:
    app = FastAPI()
    install(app, Settings())
    client = TestClient(app)

    before = client.get("/readyz")
    with client:
        during = client.get("/readyz")
    after = client.get("/readyz")

    assert [before.status_code, during.status_code, after.status_code] == [
        503,
        200,
        503,
    ]
    assert before.headers["Content-Type"] == "application/problem+json"
    assert before.json()["detail"] == "Not ready: the service is starting or stopping."
    assert client.get("/livez").status_code == 200


def test_a_service_is_not_ready_while_a_check_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def work() -> None:
        pass

    async def fail() -> None:
        raise ConnectionError("the password is hunter2")

    async def hang() -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr("app.core.health.CHECK_SECONDS", 0.5)
    app = FastAPI()
    readiness = install(app, Settings())
    readiness.checks |= {"works": work, "fails": fail, "hangs": hang}

    with TestClient(app) as client:
        response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["detail"] == "Not ready: fails, hangs."


def test_the_lifespan_of_the_application_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        moments.append("start")
        yield
        moments.append("end")

    moments: list[str] = []
    monkeypatch.setattr(
        "app.core.health.drain_logging", lambda: moments.append("drain the logs")
    )
    app = FastAPI(lifespan=lifespan)
    install(app, Settings())

    with TestClient(app):
        moments.append("serve")

    assert moments == ["start", "serve", "end", "drain the logs"]


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
def test_openapi_groups_what_tells_the_state(client: TestClient, path: str) -> None:
    document = client.get("/openapi.json").json()

    assert document["paths"][path]["get"]["tags"] == ["Health & Status"]
