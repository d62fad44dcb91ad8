"""Who carries log records to a collector, and brings back its receipt."""

from http import HTTPStatus
from time import monotonic
from typing import Any

import requests
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceResponse,
)
from opentelemetry.sdk._logs import ReadableLogRecord

RECEIPT_BYTES = 65_536
UNEXPORTABLE = "the record cannot be exported"


class Courier:
    """An exporter that believes a collector's receipt, not its status code."""

    def __init__(self, url: str, seconds: float | None = None) -> None:
        """Try again as OpenTelemetry does, but only once if it must be in `seconds`."""
        self._session = ReceiptSession(once=seconds is not None)
        self._exporter = OTLPLogExporter(url, session=self._session, timeout=seconds)
        self._closed = False

    def deliver(self, records: list[ReadableLogRecord]) -> str | None:
        """Return why the collector did not take all of the records."""
        self._session.reason = UNEXPORTABLE
        self._exporter.export(records)
        return self._session.reason

    def close(self) -> None:
        """Close the connection; from another thread, give up what is on its way."""
        if not self._closed:
            self._closed = True
            self._exporter.shutdown()  # type: ignore[no-untyped-call]


class ReceiptSession(requests.Session):
    """Reads the receipt of each request, within the request's own time."""

    def __init__(self, *, once: bool) -> None:
        super().__init__()
        self.reason: str | None = None
        self._once = once
        if once:
            self.headers["Connection"] = "close"  # no attempt is lost to a stale one

    def send(
        self,
        request: requests.PreparedRequest,
        **options: Any,  # noqa: ANN401 - as they were given
    ) -> requests.Response:
        """Send a request, and keep why it did not do what it should."""
        deadline = monotonic() + options["timeout"]
        try:
            response = super().send(request, **options | {"stream": True})
            self.reason = _judge(response.status_code, _read(response, deadline))
        except requests.RequestException as error:
            self.reason = _explain(error)
            if not self._once:
                raise
        if self._once and self.reason:
            raise requests.RequestException(self.reason)  # which nobody tries again
        return response


def _explain(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "the collector did not answer in time"
    return "the connection to the collector failed"


def _read(response: requests.Response, deadline: float) -> bytes:
    """Read a body that may never end. Raises `requests.Timeout`."""
    content = b""
    with response:
        for byte in response.iter_content(1):
            content += byte
            if monotonic() > deadline or len(content) > RECEIPT_BYTES:
                raise requests.Timeout
    return content


def _judge(status: int, content: bytes) -> str | None:
    if status != HTTPStatus.OK:
        return f"the collector answered {status}"
    try:
        receipt = ExportLogsServiceResponse.FromString(content)
    except DecodeError:
        return "the collector's receipt cannot be read"
    if receipt.partial_success.rejected_log_records:
        return "the collector rejected it"
    return None
