"""Tests of how lines read, and of where they go."""

import asyncio
import json
import logging
import os
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.core.config import Settings
from app.core.errors import LogDeliveryError
from app.core.formats import JsonFormatter, TextFormatter
from app.core.logging import confirmed_delivery, drain_logging, use_sinks
from app.core.sinks import StreamSink
from tests.collector import Collector, refuse
from tests.conftest import LogTo
from tests.delivery import dropped

logger = logging.getLogger("app.test")


def test_a_line_shows_level_logger_event_and_extra_fields(log_file: Path) -> None:
    logger.warning("pet.created", extra={"pet_id": 1, "actor": "Ann Lee"})
    drain_logging()

    assert log_file.read_text() == (
        'WARNING:app.test:pet.created actor="Ann Lee" pet_id=1\n'
    )


def test_no_text_passes_for_a_second_line(log_file: Path) -> None:
    logger.info(
        "one\nERROR:app:two\r\x1b[2K\x00\u0085",
        extra={"title": 'a\nb" c=1', "note\n": "\u2028"},
    )
    drain_logging()

    assert log_file.read_text() == (
        "INFO:app.test:one\\nERROR:app:two\\r\\x1b[2K\\x00\\x85"
        ' note\\n="\\u2028" title="a\\nb\\" c=1"\n'
    )


def test_the_lines_of_a_traceback_are_indented(log_file: Path) -> None:
    try:
        raise ValueError("one\nERROR:app:two\x1b[2K")  # noqa: TRY301 - it is what is logged
    except ValueError:
        logger.exception("failed")
    drain_logging()

    first, *rest = log_file.read_text().splitlines()
    assert first == "ERROR:app.test:failed"
    assert rest[-2:] == ["  ValueError: one", "  ERROR:app:two\\x1b[2K"]
    assert all(line.startswith("  ") for line in rest)


def test_json_has_one_object_per_line(log_to: LogTo, tmp_path: Path) -> None:
    log_to(Settings(log_file=tmp_path / "log", log_format="json"))

    logger.warning("one\ntwo", extra={"pet_id": 1, "level": "x", "event": "y"})
    drain_logging()

    line = json.loads((tmp_path / "log").read_text())
    assert line.pop("timestamp").endswith("+00:00")
    assert line == {
        "level": "warning",
        "logger": "app.test",
        "event": "one\ntwo",
        "pet_id": 1,
    }


@pytest.mark.parametrize("formatter", [TextFormatter(), JsonFormatter()])
def test_a_traceback_is_shown(formatter: logging.Formatter) -> None:
    try:
        raise LookupError("Miso")  # noqa: TRY301 - it is what is logged
    except LookupError:
        record = logger.makeRecord("a", 40, "f", 1, "failed", (), sys.exc_info())

    assert "LookupError: Miso" in formatter.format(record)


class Unreadable:
    """Something that cannot be shown."""

    def __str__(self) -> str:
        """Fail."""
        raise ValueError


def test_a_line_that_cannot_be_shown_breaks_nothing(log_file: Path) -> None:
    logger.info("pets", extra={"pets": Unreadable()})
    drain_logging()

    assert log_file.read_text().startswith(
        "ERROR:app.core.sinks:log.unreadable from=app.test:"
    )


def test_a_line_that_cannot_be_shown_is_not_confirmed(log_to: LogTo) -> None:
    async def log() -> None:
        async with confirmed_delivery():
            logger.info("pets", extra={"pets": Unreadable()})

    log_to(Settings())

    with pytest.raises(LogDeliveryError, match=r"stream \(the line cannot be shown\)"):
        asyncio.run(log())


def test_what_json_does_not_have_leaves_it_json(log_to: LogTo, tmp_path: Path) -> None:
    log_to(Settings(log_file=tmp_path / "log", log_format="json"))

    logger.info("scale", extra={"weight": float("nan")})
    logger.info("scales", extra={"weights": [float("inf")]})
    drain_logging()

    first, second = map(json.loads, (tmp_path / "log").read_text().splitlines())
    assert first["weight"] == "nan"
    assert (second["event"], second["level"]) == ("log.unreadable", "error")
    assert second["from"].startswith("app.test:")


def test_json_has_the_time_of_the_line() -> None:
    record = logging.makeLogRecord({"created": 1_000_000_000})

    line = json.loads(JsonFormatter().format(record))
    assert line["timestamp"] == "2001-09-09T01:46:40+00:00"


def test_lines_of_uvicorn_go_where_all_lines_go(log_file: Path) -> None:
    extra = {"color_message": "\x1b[1mStarted"}
    logging.getLogger("uvicorn.error").info("Started", extra=extra)
    logging.getLogger("uvicorn.access").info("GET /")
    drain_logging()

    assert log_file.read_text() == "INFO:uvicorn.error:Started\n"


def test_the_level_is_that_of_the_settings(log_to: LogTo, tmp_path: Path) -> None:
    log_to(Settings(log_file=tmp_path / "log", log_level="ERROR"))

    logger.warning("quiet")
    logger.error("loud")
    drain_logging()

    assert (tmp_path / "log").read_text() == "ERROR:app.test:loud\n"


def test_every_line_reaches_the_collector(log_to: LogTo, collector: Collector) -> None:
    log_to(Settings(otel_exporter_otlp_logs_endpoint=collector.url))

    for number in range(100):
        logger.info("line %d", number, extra={"of": Path("\udcff"), "big": 2**70})
    drain_logging()

    assert collector.lines == [f"line {number}" for number in range(100)]
    assert {a.key for a in collector.records[0].attributes} == {"of", "big"}


def test_what_the_exporter_logs_is_not_exported(
    log_to: LogTo, collector: Collector
) -> None:
    log_to(Settings(otel_exporter_otlp_logs_endpoint=collector.url))
    collector.behave = refuse
    lost = dropped("otlp")

    logging.getLogger("urllib3.connectionpool").warning("retrying")
    logger.info("line")
    drain_logging()

    assert collector.lines == ["line"]
    assert dropped("otlp") == lost + 1


def test_a_full_queue_drops_lines_and_counts_them(log_to: LogTo) -> None:
    reader, writer = os.pipe()
    sink = StreamSink(TextFormatter(), writer, capacity=2)
    use_sinks(sink, seconds=0.3)
    lost = dropped("stream")

    for _ in range(10):
        logger.info("x" * 100_000)  # more than a pipe holds
    assert dropped("stream") >= lost + 7

    os.close(reader)
    drain_logging()
    log_to(Settings())
    os.close(writer)


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({}, None),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, None),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://a:1/"}, "http://a:1/v1/logs"),
        ({"OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": "http://a:1/x"}, "http://a:1/x"),
        (
            {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://a:1", "OTEL_SDK_DISABLED": "true"},
            None,
        ),
        (
            {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://a:1", "OTEL_LOGS_EXPORTER": "none"},
            None,
        ),
    ],
)
def test_the_collector_is_where_opentelemetry_says(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], url: str | None
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert Settings().otlp_logs_url == url


def test_another_protocol_is_refused() -> None:
    with pytest.raises(ValidationError, match="can only be 'http/protobuf'"):
        Settings(
            otel_exporter_otlp_endpoint="http://a:1", otel_exporter_otlp_protocol="grpc"
        )


def test_a_protocol_does_not_matter_where_nothing_is_exported() -> None:
    assert Settings(otel_exporter_otlp_protocol="grpc").otlp_logs_url is None


@pytest.mark.parametrize(
    "seconds", [0, -1, 3600.1, float("inf"), float("nan"), "hunter2"]
)
def test_a_confirmation_takes_some_time_and_not_for_ever(seconds: float) -> None:
    with pytest.raises(ValidationError) as refusal:
        Settings(log_confirmation_seconds=seconds)

    assert "hunter2" not in str(refusal.value)


def test_uvicorn_keeps_no_way_of_its_own(log_to: LogTo) -> None:
    uvicorn = logging.getLogger("uvicorn")
    uvicorn.addHandler(logging.NullHandler())
    log_to(Settings())

    assert uvicorn.handlers == []
