"""Tests of the service as a process: `python -m app`."""

import os
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx2 as httpx
import pytest

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-m", "app"]


Start = Callable[[list[str]], AbstractContextManager[subprocess.Popen[bytes]]]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def start(log: Path) -> Start:
    """Start the service, and wait until it serves."""

    @contextmanager
    def start(command: list[str]) -> Generator[subprocess.Popen[bytes]]:
        environment = os.environ | {"PORT": "0", "LOG_FILE": str(log)}
        with subprocess.Popen(  # noqa: S603 - it is this project
            command, cwd=ROOT, env=environment, stderr=subprocess.PIPE
        ) as service:
            try:
                wait_for("Uvicorn running on http://127.0.0.1:", log)
                yield service
            finally:
                service.kill()

    return start


def wait_for(text: str, log: Path) -> None:
    deadline = time.monotonic() + 30
    while not (log.exists() and text in log.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def port(log: Path) -> int:
    found = re.search(r"running on http://127\.0\.0\.1:(\d+)", log.read_text())
    assert found
    return int(found[1])


def test_a_service_that_is_ended_loses_no_line(start: Start, log: Path) -> None:
    with start(COMMAND) as service:
        service.terminate()
        _, written = service.communicate(timeout=30)

    last = f"INFO:uvicorn.error:Finished server process [{service.pid}]"
    assert log.read_text().splitlines()[-1] == last
    assert written.decode().splitlines()[-1] == last
    assert service.returncode == 143


IMPATIENT = """
from fastapi import Request
from app import __main__ as service, main

@main.app.post("/toys")
async def create_toy(request: Request) -> None:
    await request.body()

service.GRACE_SECONDS = 1
service.main()
"""


def test_a_client_that_sends_half_a_body_does_not_keep_the_service_from_its_end(
    start: Start, log: Path
) -> None:
    with (
        start([sys.executable, "-c", IMPATIENT]) as service,
        socket.create_connection(("127.0.0.1", port(log))) as client,
    ):
        client.sendall(b"POST /toys HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n")
        assert httpx.get(f"http://127.0.0.1:{port(log)}/livez").is_success
        service.terminate()
        service.communicate(timeout=30)

    assert "request.abandoned method=POST" in log.read_text()
    assert service.returncode == 143


def test_a_standard_error_that_is_closed_takes_nothing(start: Start, log: Path) -> None:
    closed = ["sh", "-c", 'exec "$0" -m app 2>&-', sys.executable]

    with start(closed) as service:
        metrics = httpx.get(f"http://127.0.0.1:{port(log)}/metrics").text
        service.terminate()
        service.communicate(timeout=30)

    (lost,) = re.findall(r'lines_dropped_total\{sink="stream"\} (.*)', metrics)
    assert float(lost) >= 4  # lines that tell of the start
    assert service.returncode == 143


def test_a_log_file_may_be_standard_error_too(start: Start, log: Path) -> None:
    shared = ["sh", "-c", 'exec "$0" -m app 2>"$LOG_FILE"', sys.executable]

    with start(shared) as service:
        service.terminate()
        service.communicate(timeout=30)

    lines = Counter(log.read_text().splitlines())
    assert set(lines.values()) == {2}
    assert lines[f"INFO:uvicorn.error:Finished server process [{service.pid}]"] == 2


def test_a_service_says_what_keeps_it_from_starting() -> None:
    environment = os.environ | {"PORT": "http"}

    service = subprocess.run(  # noqa: S603 - it is this project
        COMMAND, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )

    assert service.returncode == 1
    assert service.stderr == (
        "PORT: Input should be a valid integer, unable to parse string as an integer\n"
    )
