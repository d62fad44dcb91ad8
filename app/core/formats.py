"""How a log record reads: one line of text, or one JSON object."""

import json
import logging
from datetime import UTC, datetime
from math import isfinite

from structlog.processors import JSONRenderer
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, WrappedLogger

from app.core.context import request_id

_STANDARD = vars(logging.makeLogRecord({})).keys() | {
    "asctime",
    "message",
    "request_id",
    "taskName",
}


def complete(record: logging.LogRecord) -> bool:
    """Add the id of the request; drop what uvicorn adds for terminals."""
    if current := request_id.get():
        record.request_id = current
    vars(record).pop("color_message", None)
    return True


def escape(text: str) -> str:
    """Escape what is not printable, so that no text can pass for a second line."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode()
        for char in text
    )


class TextFormatter(logging.Formatter):
    """`LEVEL:logger:message`, then what was given as `extra`, then the request."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line, and indented ones for a traceback."""
        fields = extra(record) | _request(record)
        line = f"{record.levelname}:{record.name}:{record.getMessage()}"
        line = escape(line) + "".join(f" {k}={_value(v)}" for k, v in fields.items())
        return "\n  ".join([line, *map(escape, _trace(record))])


def _trace(record: logging.LogRecord) -> list[str]:
    trace = traceback(record).splitlines()
    return trace + (record.stack_info or "").splitlines()


def traceback(record: logging.LogRecord) -> str:
    """Return the traceback, if there is one."""
    return (
        logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
    )


def _value(value: object) -> str:
    text = str(value)
    if text and not any(char in text for char in ' "=') and text.isprintable():
        return text
    return escape(json.dumps(text, ensure_ascii=False))


def extra(record: logging.LogRecord) -> dict[str, object]:
    """Return what was given as `extra`, sorted."""
    names = sorted(vars(record).keys() - _STANDARD)
    return {escape(name): vars(record)[name] for name in names}


def _request(record: logging.LogRecord) -> dict[str, object]:
    current = vars(record).get("request_id")
    return {} if current is None else {"request_id": current}


def _lay_out(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    record: logging.LogRecord = event["_record"]
    head = {
        "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": event["event"],
    }
    tail = _request(record)
    if trace := traceback(record):
        tail["exception"] = trace
    if record.stack_info:
        tail["stack"] = record.stack_info
    fields = {name: _finite(value) for name, value in extra(record).items()}
    return head | (fields | head) | tail


def _finite(value: object) -> object:
    """Spell out the numbers that JSON does not have."""
    return value if not isinstance(value, float) or isfinite(value) else str(value)


class JsonFormatter(ProcessorFormatter):
    """One JSON object: timestamp, level, logger, event, extra, request, exception."""

    def __init__(self) -> None:
        super().__init__(
            foreign_pre_chain=[_lay_out],
            processors=[JSONRenderer(default=str, allow_nan=False)],
        )
