"""Spans of time, in the part of ISO 8601 that needs no calendar."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

LONGEST = timedelta(days=36500)

_SECONDS = r"[0-9]{1,9}(\.[0-9]{1,6})?S"
_MINUTES = rf"([0-9]{{1,9}}M({_SECONDS})?|{_SECONDS})"
_TIME = rf"T([0-9]{{1,9}}H{_MINUTES}?|{_MINUTES})"
PATTERN = rf"^P([0-9]{{1,6}}W|[0-9]{{1,6}}D({_TIME})?|{_TIME})$"
PARTS = re.compile(r"([0-9.]+)([WDHMS])")
UNITS = {"W": "weeks", "D": "days", "H": "hours", "M": "minutes", "S": "seconds"}


def parse_span(value: object) -> timedelta:
    """Return the span that a text means. Raise `ValueError`."""
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str) or not re.fullmatch(PATTERN, value):
        raise ValueError("must be a duration in ISO 8601, such as P14D or PT1H30M")
    parts = {UNITS[unit]: number for number, unit in PARTS.findall(value)}
    seconds, _, fraction = parts.pop("seconds", "0").partition(".")
    span = timedelta(
        **{unit: int(number) for unit, number in parts.items()},
        seconds=int(seconds),
        microseconds=int(fraction.ljust(6, "0")),
    )
    if span > LONGEST:
        raise ValueError(f"must be at most {LONGEST.days} days")
    return span


def write_span(span: timedelta) -> str:
    """Return a span in its one canonical form."""
    if span < timedelta(0):
        return "-" + write_span(-span)
    minutes, seconds = divmod(span.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{span.microseconds:06}".rstrip("0").rstrip(".")
    second = f"{seconds}{fraction}"
    units = (
        (hours, f"{hours}H"),
        (minutes, f"{minutes}M"),
        (second != "0", second + "S"),
    )
    time = "".join(text for value, text in units if value)
    day = f"{span.days}D" if span.days else ""
    if not day and not time:
        return "PT0S"
    return f"P{day}T{time}" if time else f"P{day}"


# What is computed may be less than nothing, the time by which one comes before another,
# and more than anybody may send: as much as Python can count.
SIGNED_PATTERN = PATTERN.replace("^", "^-?").replace("{1,6}D", "{1,9}D")
SignedSpan = Annotated[
    timedelta,
    PlainSerializer(write_span, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": SIGNED_PATTERN}),
]
Span = Annotated[
    timedelta,
    BeforeValidator(parse_span),
    PlainSerializer(write_span, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": PATTERN, "examples": ["PT1H30M"]}),
]
