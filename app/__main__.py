"""Serve the API: `python -m app`."""

import fcntl
import os
import signal
import stat
import sys
from types import FrameType

import uvicorn
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.core.errors import UnavailableError
from app.core.migrations import migrate
from app.core.on_demand import import_on_demand

STANDARD_ERROR = 2
GRACE_SECONDS = 5


def main() -> None:
    """Migrate the database, and serve on HOST and PORT until a signal comes."""
    _occupy_standard_streams()
    _append_to_standard_error()
    try:
        from app.core.config import settings  # noqa: PLC0415 - it may refuse to start
    except ValidationError as error:
        sys.exit("\n".join(map(_describe, error.errors())))
    signal.signal(signal.SIGTERM, _exit)
    if settings.features_on_demand:
        import_on_demand()
    try:
        migrate(settings.database_url)
    except UnavailableError as error:
        sys.exit(f"DATABASE_URL: {error.detail}")
    uvicorn.run(
        "app.main:app",
        host=settings.host,
        port=settings.port,
        log_config=None,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _occupy_standard_streams() -> None:
    """Let nothing that is opened from here on take the place of a closed stream."""
    while (fd := os.open(os.devnull, os.O_RDWR)) <= STANDARD_ERROR:
        pass
    os.close(fd)


def _append_to_standard_error() -> None:
    """Keep its lines and those of LOG_FILE apart where both are one file."""
    if stat.S_ISREG(os.fstat(STANDARD_ERROR).st_mode):
        flags = fcntl.fcntl(STANDARD_ERROR, fcntl.F_GETFL)
        fcntl.fcntl(STANDARD_ERROR, fcntl.F_SETFL, flags | os.O_APPEND)


def _describe(problem: ErrorDetails) -> str:
    names = "".join(f"{str(name).upper()}: " for name in problem["loc"])
    return names + problem["msg"].removeprefix("Value error, ")


def _exit(number: int, _: FrameType | None) -> None:
    """Exit as after a signal, but not without the last log lines."""
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
