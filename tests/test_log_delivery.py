"""Tests of the proof that each sink took a line."""

import asyncio
import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from app.core.courier import Courier
from app.core.formats import TextFormatter
from app.core.logging import drain_logging, use_sinks
from app.core.sinks import Sink, StreamSink, close_all, drain_all
from tests import collector as behaviours
from tests.collector import Answer, Collector
from tests.conftest import LogTo
from tests.delivery import (
    LATE,
    LATER,
    PATIENCE,
    SECONDS,
    SLACK,
    dropped,
    failures,
    late_failures,
    log_and_confirm,
    logger,
    recovers,
    settings,
)


def test_every_sink_confirms(
    log_to: LogTo, collector: Collector, tmp_path: Path
) -> None:
    log_to(settings(tmp_path / "log", collector.url))

    assert failures() == {}
    assert "INFO:app.test:line" in (tmp_path / "log").read_text().splitlines()
    assert "line" in collector.lines


def test_a_block_that_logs_nothing_confirms_nothing(
    log_to: LogTo, caplog: pytest.LogCaptureFixture
) -> None:
    log_to(settings())
    caplog.set_level(logging.WARNING)

    assert failures() == {"stream": "nothing reached it: the log level leaves it out"}


@pytest.mark.parametrize(
    ("behave", "reason"),
    [
        (behaviours.refuse, "the collector answered 400"),
        (behaviours.redirect, "the collector answered 302"),
        (behaviours.reject, "the collector rejected it"),
        (behaviours.babble, "the collector's receipt cannot be read"),
        (behaviours.chat, "the collector's receipt cannot be read"),
        (behaviours.pretend, "the collector's receipt cannot be read"),
        (behaviours.leave_unnamed, "the collector's receipt cannot be read"),
        (behaviours.add, "the collector's receipt cannot be read"),
        (behaviours.pack, "the collector's receipt cannot be read"),
        (behaviours.flood, "the connection to the collector failed"),
        (behaviours.die, "the connection to the collector failed"),
    ],
)
def test_a_collector_that_does_not_take_the_line_does_not_confirm(
    log_to: LogTo, collector: Collector, behave: Callable[[Answer], None], reason: str
) -> None:
    log_to(settings(url=collector.url))
    collector.behave = behave
    lost = dropped("otlp")

    assert failures() == {"otlp": reason}
    assert dropped("otlp") == lost + 1

    collector.behave = behaviours.accept
    assert failures() == {}


@pytest.mark.parametrize(
    "behave",
    [
        behaviours.hang,
        behaviours.trickle,
        behaviours.dawdle,
        behaviours.put_off,
        behaviours.inflate,
    ],
)
def test_a_collector_that_keeps_us_waiting_is_given_up_and_holds_no_thread_for_long(
    monkeypatch: pytest.MonkeyPatch,
    log_to: LogTo,
    collector: Collector,
    behave: Callable[[Answer], None],
) -> None:
    monkeypatch.setattr("app.core.otlp.PROBE_THREADS", 1)
    monkeypatch.setattr("app.core.otlp.LATER", LATER)
    log_to(settings(url=collector.url, seconds=SECONDS))
    collector.behave = behave

    assert late_failures()["otlp"] == LATE

    collector.behave = behaviours.accept
    assert recovers()


def test_a_collector_that_is_gone_does_not_confirm(log_to: LogTo) -> None:
    with Collector() as collector:
        url = collector.url
    log_to(settings(url=url))

    assert failures() == {"otlp": "the connection to the collector failed"}


def test_calls_do_not_pile_up_before_a_collector_that_hangs(
    monkeypatch: pytest.MonkeyPatch, log_to: LogTo, collector: Collector
) -> None:
    async def call_often() -> list[dict[str, str]]:
        return await asyncio.gather(*(log_and_confirm() for _ in range(100)))

    monkeypatch.setattr("app.core.sinks.CLOSING_SECONDS", 0.1)
    monkeypatch.setattr("app.core.otlp.LATER", LATER)
    log_to(settings(url=collector.url, seconds=SECONDS))
    collector.behave = behaviours.hang

    started = time.monotonic()
    assert [reasons["otlp"] for reasons in asyncio.run(call_often())] == [LATE] * 100
    assert time.monotonic() - started < SECONDS + SLACK
    collector.behave = behaviours.accept
    drain_logging(PATIENCE)
    assert len(collector.lines) >= 50
    assert collector.requests < 50  # those that waited their turn go together


def test_concurrent_calls_do_not_confirm_each_other(
    log_to: LogTo, collector: Collector
) -> None:
    def reject_every_second(answer: Answer) -> None:
        even = answer.collector.lines[-1].endswith(("0", "2", "4", "6", "8"))
        (behaviours.accept if even else behaviours.reject)(answer)

    async def call_all() -> list[dict[str, str]]:
        return await asyncio.gather(*(log_and_confirm(str(n)) for n in range(4)))

    log_to(settings(url=collector.url))
    collector.behave = reject_every_second

    rejected = {"otlp": "the collector rejected it"}
    assert asyncio.run(call_all()) == [{}, rejected, {}, rejected]


def test_a_collector_that_is_busy_is_asked_once(
    log_to: LogTo, collector: Collector
) -> None:
    def put_off(answer: Answer) -> None:
        answer.send_response(429)
        answer.send_header("Retry-After", "0")
        answer.send_header("Content-Length", "0")
        answer.end_headers()

    log_to(settings(url=collector.url))
    collector.behave = put_off

    assert failures() == {"otlp": "the collector answered 429"}
    assert collector.lines == ["line"]


def test_a_certificate_that_is_not_there_is_named(
    log_to: LogTo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_CERTIFICATE", "/nowhere")
    log_to(settings(url="https://localhost"))

    reason = "a certificate or key for the collector cannot be read"
    assert failures() == {"otlp": reason}


def test_a_record_that_is_not_sent_is_not_confirmed() -> None:
    courier = Courier("http://localhost", 1)
    courier.close()

    assert courier.deliver([]) == "the record cannot be exported"


def test_the_certificate_of_opentelemetry_is_the_one_that_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = []

    def send(_: requests.Session, __: object, **options: object) -> requests.Response:
        seen.append(options["verify"])
        raise requests.ConnectionError

    monkeypatch.setenv("OTEL_EXPORTER_OTLP_CERTIFICATE", "/ours")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/theirs")
    monkeypatch.setattr(requests.Session, "send", send)

    Courier("https://localhost", 1).deliver([])

    assert seen == ["/ours"]


def test_many_calls_are_exported_at_once(log_to: LogTo, collector: Collector) -> None:
    def wait_for_all(answer: Answer) -> None:
        together.wait()
        behaviours.accept(answer)

    async def call_all() -> list[dict[str, str]]:
        return await asyncio.gather(*(log_and_confirm() for _ in range(16)))

    together = threading.Barrier(16, timeout=SLACK)
    log_to(settings(url=collector.url))
    collector.behave = wait_for_all

    assert asyncio.run(call_all()) == [{}] * 16


def test_threads_that_cannot_be_started_are_no_error(
    log_to: LogTo, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    log_to(settings(url=collector.url))
    reason = "no thread can be started for it"

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", fail)
        assert failures() == {"stream": reason, "otlp": reason}
    assert failures() == {}


def test_a_stream_that_nobody_reads_does_not_confirm(log_to: LogTo) -> None:
    reader, writer = os.pipe()
    use_sinks(StreamSink(TextFormatter(), writer), seconds=SECONDS)

    logger.info("x" * 1_000_000)
    assert late_failures()["stream"] == LATE

    os.close(reader)
    drain_logging()
    assert failures() == {"stream": "Broken pipe"}
    log_to(settings())
    os.close(writer)


def test_a_stream_that_does_not_block_takes_a_whole_line(log_to: LogTo) -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    use_sinks(StreamSink(TextFormatter(), writer), seconds=PATIENCE)

    logger.info("x" * 1_000_000)
    drain_logging(0.1)
    with os.fdopen(reader, "rb") as stream:
        taken = sum(len(stream.read(1_000)) for _ in range(1_000))
        assert failures() == {}
        assert taken == 1_000_000
    log_to(settings())
    os.close(writer)


class StubbornSink(Sink):
    """Uses up all the time that it is given."""

    kind = "stubborn"

    def __init__(self, clock: list[float]) -> None:
        super().__init__()
        self.clock = clock
        self.given: list[float] = []

    @property
    def workers(self) -> tuple[()]:
        """Return nobody."""
        return ()

    def drain(self, seconds: float) -> None:
        """Wait for nothing."""
        self.given.append(seconds)
        self.clock[0] += seconds

    stop = drain


@pytest.mark.parametrize("wait", [close_all, lambda sinks: drain_all(sinks, 2)])
def test_sinks_that_hang_share_one_time(
    monkeypatch: pytest.MonkeyPatch, wait: Callable[[list[Sink]], None]
) -> None:
    clock = [0.0]
    monkeypatch.setattr("app.core.sinks.monotonic", lambda: clock[0])
    sinks = [StubbornSink(clock), StubbornSink(clock)]

    wait([*sinks])

    assert [sink.given[0] for sink in sinks] == [2, 0]
