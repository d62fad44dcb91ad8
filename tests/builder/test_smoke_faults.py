"""Tests that this project's smoke test tells of each fault of a sink."""

import asyncio
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient

from app.main import app
from tests import collector as behaviours
from tests.collector import Answer, Collector
from tests.conftest import LogTo
from tests.delivery import SECONDS, SLACK, settings

Fault = Callable[[Path], object]


def blamed(client: TestClient) -> list[str]:
    """Ask for the smoke test, and return the sinks that it blames, in due time."""
    started = monotonic()
    response = client.get("/smoke-test/")
    assert monotonic() - started < SECONDS + SLACK
    if response.status_code == 200:
        return []
    assert response.status_code == 503
    assert response.headers["Content-Type"] == "application/problem+json"
    assert all(sink["reason"] for sink in response.json()["sinks"])
    return [sink["sink"] for sink in response.json()["sinks"]]


@pytest.mark.parametrize(
    "behave",
    [
        behaviours.refuse,
        behaviours.redirect,
        behaviours.reject,
        behaviours.babble,
        behaviours.die,
        behaviours.hang,
        behaviours.trickle,
    ],
)
def test_a_collector_that_does_not_take_the_line_is_blamed_until_it_does(
    client: TestClient,
    log_to: LogTo,
    collector: Collector,
    behave: Callable[[Answer], None],
) -> None:
    log_to(settings(url=collector.url, seconds=SECONDS))
    collector.behave = behave

    assert "otlp" in blamed(client)

    collector.behave = behaviours.accept
    assert [] in (blamed(client) for _ in range(20))


def test_a_collector_that_is_gone_is_blamed(client: TestClient, log_to: LogTo) -> None:
    with Collector() as collector:
        url = collector.url
    log_to(settings(url=url))

    assert blamed(client) == ["otlp"]


def rotate(log: Path) -> None:
    """Rename the file, as logrotate does."""
    log.rename(log.with_suffix(".1"))
    log.touch()


@pytest.mark.parametrize(
    "fault",
    [Path.unlink, rotate, lambda log: shutil.rmtree(log.parent)],
    ids=["deleted", "rotated", "folder deleted"],
)
def test_a_file_that_is_not_there_any_more_is_blamed(
    client: TestClient, log_to: LogTo, tmp_path: Path, fault: Fault
) -> None:
    (tmp_path / "logs").mkdir()
    log = tmp_path / "logs" / "petsage.log"
    log_to(settings(log))
    assert blamed(client) == []

    fault(log)

    assert blamed(client) == ["file"]


@pytest.mark.parametrize("path", ["/dev/full", "/dev/null", "/nowhere/log"])
def test_a_file_that_cannot_keep_the_line_is_blamed(
    client: TestClient, log_to: LogTo, path: str
) -> None:
    log_to(settings(Path(path)))

    assert blamed(client) == ["file"]


def test_all_that_fails_is_named(client: TestClient, log_to: LogTo) -> None:
    with Collector() as collector:
        url = collector.url
    log_to(settings(Path("/dev/full"), url))

    assert blamed(client) == ["file", "otlp"]


def test_a_hundred_calls_at_once_do_not_pile_up(
    client: TestClient, log_to: LogTo, collector: Collector, tmp_path: Path
) -> None:
    async def call_often() -> list[int]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://t") as http:
            calls = (http.get("/smoke-test/") for _ in range(100))
            return [answer.status_code for answer in await asyncio.gather(*calls)]

    assert client
    threads = threading.active_count()
    log_to(settings(tmp_path / "log", collector.url))
    assert asyncio.run(call_often()) == [200] * 100
    assert len(collector.lines) >= 100

    log_to(settings(tmp_path / "log", collector.url, seconds=SECONDS))
    collector.behave = behaviours.hang
    assert asyncio.run(call_often()) == [503] * 100
    assert threading.active_count() < threads + 100  # one for each call
