"""The OTLP sink: log records to a collector, and its receipt for each probe."""

import copy
import logging
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from opentelemetry.instrumentation.logging.handler import LoggingHandler
from opentelemetry.sdk._logs import (
    LoggerProvider,
    LogRecordProcessor,
    ReadableLogRecord,
    ReadWriteLogRecord,
)
from opentelemetry.sdk.resources import SERVICE_NAME, Resource

from app.core.backlog import Backlog
from app.core.courier import UNEXPORTABLE, Courier
from app.core.formats import extra, traceback
from app.core.receipts import Receipt, expect_receipt, give
from app.core.sinks import CAPACITY, Sink
from app.core.worker import Worker

BATCH = 512
PROBES = 1_000
PROBE_THREADS = 16
LATER = 0.5  # than the probe itself, so that a late receipt finds nobody waiting

# What the exporter itself logs would be exported in turn, for ever.
OWN_LOGGERS = ("opentelemetry", "requests", "urllib3")


@dataclass(frozen=True, slots=True)
class Parcel:
    """A record to export by itself, and the receipt that is owed for it."""

    record: ReadableLogRecord
    receipt: Receipt


class OtlpSink(Sink):
    """A collector that is reached by OTLP over HTTP."""

    kind = "otlp"

    def __init__(self, url: str, seconds: float) -> None:
        super().__init__()
        self._url = url
        self._seconds = seconds
        self._couriers: list[Courier] = []
        self._records = Worker(
            self._exporting, lambda: Backlog(CAPACITY, _weigh), batch=BATCH
        )
        self._probes = Worker(
            self._probing,
            # the oldest have the least time left for an answer
            lambda: Backlog(PROBES, _weigh_parcel, newest_first=True),
            threads=PROBE_THREADS,
        )
        provider = LoggerProvider(_resource(), shutdown_on_exit=False)
        provider.add_log_record_processor(Queueing(self._queue))
        self._translator = Translator(logger_provider=provider)

    @property
    def workers(self) -> tuple[Worker[Any], ...]:
        """Return who exports records; what a probe gives up goes to the first."""
        return self._probes, self._records

    def emit(self, record: logging.LogRecord) -> None:
        """Queue the record, unless the exporter wrote it."""
        if record.name.partition(".")[0] in OWN_LOGGERS:
            return
        try:
            translatable = _make_translatable(record)
        except Exception:  # noqa: BLE001 - a line that cannot be shown costs no request
            self._dropped.inc()
            give(expect_receipt(self.kind), UNEXPORTABLE)
        else:
            self._translator.emit(translatable)

    def stop(self, seconds: float) -> None:
        """Deliver what is queued, unless that takes too long, and stop."""
        super().stop(seconds)
        for courier in self._couriers:
            courier.close()

    def _courier(self, seconds: float | None = None) -> Courier:
        courier = Courier(self._url, seconds)
        self._couriers.append(courier)
        return courier

    def _queue(self, record: ReadableLogRecord) -> None:
        receipt = expect_receipt(self.kind)
        if receipt is None:
            self._submit(record)
        elif reason := self._probes.submit(Parcel(record, receipt)):
            self._dropped.inc()
            give(receipt, reason)

    def _submit(self, record: ReadableLogRecord) -> None:
        if self._records.submit(record):
            self._dropped.inc()

    @contextmanager
    def _exporting(self) -> Generator[Callable[[list[ReadableLogRecord]], None]]:
        with closing(self._courier()) as courier:

            def export(records: list[ReadableLogRecord]) -> None:
                if courier.deliver(records):
                    self._dropped.inc(len(records))

            yield export

    @contextmanager
    def _probing(self) -> Generator[Callable[[list[Parcel]], None]]:
        with closing(self._courier(self._seconds + LATER)) as courier:

            def export(parcels: list[Parcel]) -> None:
                for parcel in parcels:
                    if parcel.receipt.set_running_or_notify_cancel():
                        reason = courier.deliver([parcel.record])
                        self._dropped.inc(reason is not None)
                        parcel.receipt.set_result(reason)
                    else:  # nobody waits any more
                        self._submit(parcel.record)

            yield export


def _weigh(record: ReadableLogRecord) -> int:
    fields = record.log_record.attributes or {}
    texts = (record.log_record.body, *fields, *fields.values())
    return sum(len(str(text)) for text in texts)


def _weigh_parcel(parcel: Parcel) -> int:
    return _weigh(parcel.record)


class Translator(LoggingHandler):
    """Turns records of `logging` into OpenTelemetry's."""

    def flush(self) -> None:
        """Do nothing: the base would start a thread, even at the exit."""


class Queueing(LogRecordProcessor):
    """Hands each record on."""

    def __init__(self, submit: Callable[[ReadableLogRecord], None]) -> None:
        self._submit = submit

    def on_emit(self, log_record: ReadWriteLogRecord) -> None:
        """Hand one record on."""
        self._submit(
            ReadableLogRecord(
                log_record=log_record.log_record,
                resource=log_record.resource or Resource.get_empty(),
                instrumentation_scope=log_record.instrumentation_scope,
                limits=log_record.limits,
            )
        )

    def force_flush(self, timeout_millis: int = 0) -> bool:  # noqa: ARG002 - the SDK's
        """Do nothing: nothing is kept back."""
        return True

    def shutdown(self) -> None:
        """Do nothing: the sink closes its workers itself."""


def _make_translatable(record: logging.LogRecord) -> logging.LogRecord:
    """Copy a record into types and characters that every collector can take."""
    fields = extra(record)
    if record.exc_info and record.exc_info[0]:
        fields["exception.type"] = record.exc_info[0].__name__
        fields["exception.message"] = record.exc_info[1]
        fields["exception.stacktrace"] = traceback(record)
    record = copy.copy(record)
    record.msg, record.args, record.exc_info = _clean(record.getMessage()), (), None
    vars(record).update({name: _clean(value) for name, value in fields.items()})
    return record


def _clean(value: object) -> str | float:
    match value:
        case bool() | float():
            return value
        case int() if abs(value) < 2**63:
            return value
    return str(value).encode("utf-8", "backslashreplace").decode()


def _resource() -> Resource:
    resource = Resource.create()
    if str(resource.attributes[SERVICE_NAME]).startswith("unknown_service"):
        return Resource.create({SERVICE_NAME: "petsage"})
    return resource
