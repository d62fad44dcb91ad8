"""Logging: every line to every sink, and proof of delivery where it is asked for."""

import atexit
import logging
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from app.core.config import Settings
from app.core.errors import LogDeliveryError
from app.core.file_sink import FileSink
from app.core.formats import JsonFormatter, TextFormatter, complete
from app.core.receipts import Probe, active_probe
from app.core.sinks import CLOSING_SECONDS, Sink, StreamSink, close_all, drain_all

UVICORN = ("uvicorn", "uvicorn.asgi", "uvicorn.error", "uvicorn.access")


@dataclass(slots=True)
class _Delivery:
    """Where lines go, and how long a confirmation may take."""

    sinks: tuple[Sink, ...] = ()
    seconds: float = 0


_delivery = _Delivery()


def configure_logging(settings: Settings) -> None:
    """Send what is logged to the sinks in `settings`, and close those from before."""
    logging.getLogger().setLevel(settings.log_level)
    use_sinks(*_open_sinks(settings), seconds=settings.log_confirmation_seconds)
    _take_over_uvicorn()


def use_sinks(*sinks: Sink, seconds: float) -> None:
    """Send what is logged to `sinks`; each has some seconds to confirm a line."""
    root = logging.getLogger()
    before, _delivery.sinks, _delivery.seconds = _delivery.sinks, sinks, seconds
    for sink in sinks:
        sink.addFilter(complete)
        root.addHandler(sink)
    for sink in before:
        root.removeHandler(sink)
    close_all(before)


def _open_sinks(settings: Settings) -> Iterator[Sink]:
    formatter = JsonFormatter() if settings.log_format == "json" else TextFormatter()
    yield StreamSink(formatter)
    if settings.log_file is not None:
        yield FileSink(formatter, settings.log_file)
    if settings.otlp_logs_url is not None:
        from app.core.otlp import OtlpSink  # noqa: PLC0415 - slow to import

        yield OtlpSink(settings.otlp_logs_url, settings.log_confirmation_seconds)


def _take_over_uvicorn() -> None:
    for name in UVICORN:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.setLevel(logging.NOTSET)
        logger.propagate = name != "uvicorn.access"  # `app.core.middleware` has its own


def drain_logging(seconds: float = CLOSING_SECONDS) -> None:
    """Wait until what was logged is delivered, but no longer."""
    drain_all(_delivery.sinks, seconds)


@atexit.register  # before `logging` closes them one by one
def _close_logging() -> None:
    close_all(_delivery.sinks)


@asynccontextmanager
async def confirmed_delivery() -> AsyncGenerator[None]:
    """Raise `LogDeliveryError` unless every sink confirms what the block logs."""
    probe = Probe()
    sinks = [sink.kind for sink in _delivery.sinks]
    token = active_probe.set(probe)
    try:
        yield
    finally:
        active_probe.reset(token)
    if reasons := await probe.missing(sinks, _delivery.seconds):
        raise LogDeliveryError(reasons)
