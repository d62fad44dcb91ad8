"""One line, logged and confirmed, for the tests of every sink."""

import asyncio
import logging
from pathlib import Path
from time import monotonic

from app.core.config import Settings
from app.core.errors import LogDeliveryError
from app.core.logging import confirmed_delivery
from app.core.metrics import DROPPED_LINES

SECONDS = 0.5  # for what never confirms
PATIENCE = 30.0  # for what does, however slow the machine is
SLACK = 5.0
LATER = 3.0  # than that ends an attempt to deliver it: who waits gives up first
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
    """Log one line; return why which sink did not confirm it."""
    return asyncio.run(log_and_confirm())


def late_failures() -> dict[str, str]:
    """Do the same with what keeps somebody waiting, but not for long."""
    started = monotonic()
    reasons = failures()
    assert monotonic() - started < SECONDS + SLACK
    return reasons


def recovers() -> bool:
    """Say whether every sink confirms a line again, after some more if need be."""
    return any(failures() == {} for _ in range(50))


def dropped(sink: str) -> float:
    """Return how many lines a sink did not take so far."""
    samples = next(iter(DROPPED_LINES.collect())).samples
    return next(
        s.value
        for s in samples
        if s.labels == {"sink": sink} and s.name.endswith("_total")
    )


def settings(
    file: Path | None = None, url: str | None = None, seconds: float = PATIENCE
) -> Settings:
    """Return settings with these sinks beside the stream."""
    return Settings(
        log_file=file,
        otel_exporter_otlp_logs_endpoint=url,
        log_confirmation_seconds=seconds,
    )
