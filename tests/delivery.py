"""One line, logged and confirmed, for the tests of every sink."""

import asyncio
import logging
from pathlib import Path
from time import monotonic

from app.core.config import Settings
from app.core.errors import LogDeliveryError
from app.core.logging import confirmed_delivery

SECONDS = 0.3
LATE = f"it did not confirm within {SECONDS:g} s"

logger = logging.getLogger("app.test")


async def log_and_confirm(line: str = "line") -> dict[str, str]:
    try:
        async with confirmed_delivery():
            logger.info(line)
    except LogDeliveryError as error:
        return error.reasons
    return {}


def failures() -> dict[str, str]:
    """Log one line; return why which sink did not confirm it, in due time."""
    started = monotonic()
    reasons = asyncio.run(log_and_confirm())
    assert monotonic() - started < SECONDS + 0.3
    return reasons


def settings(file: Path | None = None, url: str | None = None) -> Settings:
    return Settings(
        log_file=file,
        otel_exporter_otlp_logs_endpoint=url,
        log_confirmation_seconds=SECONDS,
    )
