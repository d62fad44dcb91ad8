"""Serve the API: `python -m app`."""

import signal
import sys
from types import FrameType

import uvicorn
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.core.errors import UnavailableError
from app.core.migrations import migrate


def main() -> None:
    """Migrate the database, and serve on HOST and PORT until a signal comes."""
    try:
        from app.core.config import settings  # noqa: PLC0415 - it may refuse to start
    except ValidationError as error:
        sys.exit("\n".join(map(_describe, error.errors())))
    signal.signal(signal.SIGTERM, _exit)
    try:
        migrate(settings.database_url)
    except UnavailableError as error:
        sys.exit(f"DATABASE_URL: {error.detail}")
    uvicorn.run("app.main:app", host=settings.host, port=settings.port, log_config=None)


def _describe(problem: ErrorDetails) -> str:
    names = "".join(f"{str(name).upper()}: " for name in problem["loc"])
    return names + problem["msg"].removeprefix("Value error, ")


def _exit(number: int, _: FrameType | None) -> None:
    """Exit as after a signal, but not without the last log lines."""
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
