"""Tests of the service as a process: `python -m app`."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-m", "app"]


def wait_for(text: str, log: Path) -> None:
    deadline = time.monotonic() + 30
    while not (log.exists() and text in log.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_service_that_is_ended_loses_no_line(tmp_path: Path) -> None:
    log = tmp_path / "log"
    environment = os.environ | {"PORT": "0", "LOG_FILE": str(log)}

    with subprocess.Popen(  # noqa: S603 - it is this project
        COMMAND, cwd=ROOT, env=environment, stderr=subprocess.PIPE
    ) as service:
        wait_for("Uvicorn running on http://127.0.0.1:", log)
        service.terminate()
        _, written = service.communicate(timeout=30)

    last = f"INFO:uvicorn.error:Finished server process [{service.pid}]"
    assert log.read_text().splitlines()[-1] == last
    assert written.decode().splitlines()[-1] == last
    assert service.returncode == 143


def test_a_service_says_what_keeps_it_from_starting() -> None:
    environment = os.environ | {"PORT": "http"}

    service = subprocess.run(  # noqa: S603 - it is this project
        COMMAND, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )

    assert service.returncode == 1
    assert service.stderr == (
        "PORT: Input should be a valid integer, unable to parse string as an integer\n"
    )
