"""A collector of logs for tests, which can misbehave."""

import gzip
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Self

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceRequest,
    ExportLogsServiceResponse,
)
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord


class Collector(ThreadingHTTPServer):
    """An OTLP collector that remembers what it was sent."""

    daemon_threads = True
    request_queue_size = 64  # Python's 5 let a crowd of callers wait for seconds
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.records: list[LogRecord] = []
        self.requests = 0
        self.behave: Callable[[Answer], None] = accept
        self.closing = Event()

    @property
    def url(self) -> str:
        """Return where to send logs."""
        return f"http://127.0.0.1:{self.server_port}/v1/logs"

    @property
    def lines(self) -> list[str]:
        """Return the texts of the records."""
        return [record.body.string_value for record in self.records]

    def __enter__(self) -> Self:
        """Start to serve."""
        Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def server_close(self) -> None:
        """Stop, and let go of whoever waits."""
        self.closing.set()
        self.shutdown()
        super().server_close()


class Answer(BaseHTTPRequestHandler):
    """The answer to one export."""

    def do_POST(self) -> None:
        """Remember the records, and behave."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Content-Encoding"] == "gzip":
            body = gzip.decompress(body)
        self.collector.requests += 1
        self.collector.records += [
            record
            for resource in ExportLogsServiceRequest.FromString(body).resource_logs
            for scope in resource.scope_logs
            for record in scope.log_records
        ]
        self.collector.behave(self)

    @property
    def collector(self) -> Collector:
        """Return whose answer this is."""
        assert isinstance(self.server, Collector)
        return self.server

    def reply(
        self, status: int, receipt: bytes, kind: str | None = "application/x-protobuf"
    ) -> None:
        """Send an answer."""
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(receipt)))
        self.end_headers()
        self.wfile.write(receipt)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Keep quiet."""


def accept(answer: Answer) -> None:
    """Take everything."""
    answer.reply(200, b"")


def refuse(answer: Answer) -> None:
    """Take nothing."""
    answer.reply(400, b"")


def redirect(answer: Answer) -> None:
    """Send the records elsewhere."""
    answer.reply(302, b"")


def reject(answer: Answer) -> None:
    """Succeed, but reject one record."""
    receipt = ExportLogsServiceResponse()
    receipt.partial_success.rejected_log_records = 1
    answer.reply(200, receipt.SerializeToString())


def babble(answer: Answer) -> None:
    """Give a receipt that is none."""
    answer.reply(200, b"<html>Welcome</html>")


def chat(answer: Answer) -> None:
    """Succeed in other words, which happen to read as a receipt."""
    answer.reply(200, b"accepted\n", "text/plain")


def pretend(answer: Answer) -> None:
    """Succeed with a page that is empty."""
    answer.reply(200, b"", "text/html")


def leave_unnamed(answer: Answer) -> None:
    """Do not say what the receipt is."""
    receipt = ExportLogsServiceResponse()
    receipt.partial_success.SetInParent()
    answer.reply(200, receipt.SerializeToString(), None)


def add(answer: Answer) -> None:
    """Give a receipt that has a field more than it should."""
    answer.reply(200, b"accepted\n")


def pack(answer: Answer) -> None:
    """Compress the receipt, unasked."""
    answer.reply(200, gzip.compress(b""))


def flood(answer: Answer) -> None:
    """Never come to the end of the answer."""
    answer.send_response(200)
    answer.end_headers()
    insist(answer, b"\0" * 10_000, 0)


def die(answer: Answer) -> None:
    """Break off in the middle of the answer."""
    answer.send_response(200)
    answer.send_header("Content-Length", "100")
    answer.end_headers()
    answer.close_connection = True


def hang(answer: Answer) -> None:
    """Never answer."""
    answer.collector.closing.wait(10)
    answer.close_connection = True


def trickle(answer: Answer) -> None:
    """Answer one byte at a time."""
    answer.send_response(200)
    answer.send_header("Content-Length", "1000")
    answer.end_headers()
    insist(answer, b"\0")


def dawdle(answer: Answer) -> None:
    """Answer one byte of a header at a time."""
    answer.send_response(200)
    answer.flush_headers()
    insist(answer, b"X")


def put_off(answer: Answer) -> None:
    """Say again and again that the answer is to come."""
    insist(answer, b"HTTP/1.1 100 Continue\r\n\r\n")


def inflate(answer: Answer) -> None:
    """Compress nothing, for ever."""
    answer.send_response(200)
    answer.send_header("Content-Encoding", "gzip")
    answer.end_headers()
    answer.wfile.write(gzip.compress(b"")[:10])
    insist(answer, b"\0\0\0\xff\xff")


def insist(answer: Answer, content: bytes, seconds: float = 0.02) -> None:
    """Send the same again and again until nobody listens."""
    while not answer.collector.closing.wait(seconds):
        try:
            answer.wfile.write(content)
        except OSError:
            return
