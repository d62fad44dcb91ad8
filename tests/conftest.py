"""Fixtures that every feature's tests share."""

from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.core.config import Settings
from app.core.logging import configure_logging, drain_logging
from app.main import app
from tests.collector import Collector

LogTo = Callable[[Settings], None]


@pytest.fixture(scope="session", autouse=True)
def defaults() -> Generator[Settings]:
    """Forget the settings of the environment."""
    with pytest.MonkeyPatch.context() as environment:
        for name in Settings.model_fields:
            environment.delenv(name.upper(), raising=False)
        settings = Settings()
        configure_logging(settings)
        yield settings


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """Let each test write its last lines while pytest still captures them."""
    try:
        return (yield)
    finally:
        drain_logging(0.05)


@pytest.fixture(scope="session")
def client(defaults: Settings) -> Generator[TestClient]:  # noqa: ARG001 - it logs
    """Serve the application."""
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def log_to(defaults: Settings) -> Generator[LogTo]:
    """Configure logging for one test."""
    yield configure_logging
    configure_logging(defaults)


@pytest.fixture
def log_file(log_to: LogTo, tmp_path: Path) -> Path:
    """Log to a file too."""
    path = tmp_path / "petsage.log"
    log_to(Settings(log_file=path))
    return path


@pytest.fixture
def collector() -> Generator[Collector]:
    """Run a collector."""
    with Collector() as collector:
        yield collector
