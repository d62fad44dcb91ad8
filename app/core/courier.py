"""Who carries log records to a collector, and brings back its receipt."""

from http import HTTPStatus
from typing import Any

import requests
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceResponse,
)
from opentelemetry.sdk._logs import ReadableLogRecord
from urllib3.exceptions import HTTPError

from app.core.punctual import PunctualAdapter, remaining, time_limit

PROTOBUF = "application/x-protobuf"
UNEXPORTABLE = "the record cannot be exported"
UNREADABLE = "the collector's receipt cannot be read"


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
        self.headers["Accept-Encoding"] = "identity"
        for scheme in ("http://", "https://"):
            self.mount(scheme, PunctualAdapter())
        if once:
            self.headers["Connection"] = "close"  # no attempt is lost to a stale one

    def send(
        self,
        request: requests.PreparedRequest,
        **options: Any,  # noqa: ANN401 - as they were given
    ) -> requests.Response:
        """Send a request, and keep why it did not do what it should."""
        options["stream"] = True
        if self.verify is not True:  # or REQUESTS_CA_BUNDLE would overrule it
            options["verify"] = self.verify
        with time_limit(options["timeout"]):
            try:
                response = super().send(request, **options)
                self.reason = _judge(response, _read(response))
            except OSError as error:
                self.reason = _explain(error)
                if not self._once:
                    raise
        if self._once and self.reason:
            raise requests.RequestException(self.reason)  # which nobody tries again
        return response


def _explain(error: OSError) -> str:
    """Say why, within the time limit of the request."""
    if not isinstance(error, requests.RequestException):
        return "a certificate or key for the collector cannot be read"
    try:
        remaining()
    except TimeoutError:
        return "the collector did not answer in time"
    return "the connection to the collector failed"


def _read(response: requests.Response) -> bytes:
    """Read a body as it is, unpacking nothing. Raise `requests.ConnectionError`."""
    try:
        with response:
            return b"".join(response.raw.stream(decode_content=False))
    except HTTPError as error:
        raise requests.ConnectionError(error) from error


def _judge(response: requests.Response, content: bytes) -> str | None:
    if response.status_code != HTTPStatus.OK:
        return f"the collector answered {response.status_code}"
    kind = response.headers.get("Content-Type", "" if content else PROTOBUF)
    if kind.partition(";")[0].strip().lower() != PROTOBUF:
        return UNREADABLE
    try:
        receipt = ExportLogsServiceResponse.FromString(content)
    except DecodeError:
        return UNREADABLE
    size = receipt.ByteSize()
    receipt.DiscardUnknownFields()
    if receipt.ByteSize() != size:
        return UNREADABLE
    if receipt.partial_success.rejected_log_records:
        return "the collector rejected it"
    return None
