"""What a payload may be wrapped in: base64, gzip, Pub/Sub, CloudEvents."""

import base64
import binascii
import gzip
import re
import zlib
from collections.abc import Iterator
from io import BytesIO

from petsage_builder.decode.text import bad_character
from petsage_builder.decode.values import JsonValue, place
from petsage_builder.errors import Problem, RefusedError

MAX_UNPACKED = 4 << 20
GZIP = b"\x1f\x8b"
BASE64 = re.compile(r"[A-Za-z0-9+/\s]++={0,2}")
BASE64URL = re.compile(r"[A-Za-z0-9_\-\s]++={0,2}")
EVENT_ATTRIBUTES = ("id", "source", "type")
PUSH_MEMBERS = {"message", "subscription", "deliveryAttempt"}
# What belongs inside an envelope must not stand beside it, and be overlooked.
REQUEST_MEMBERS = {"feature", "description", "requirements"}


def base64_kind(text: str) -> str | None:
    """Return `base64` or `base64url` (RFC 4648, 4 and 5) if `text` looks like it."""
    bare = text.strip()
    if BASE64.fullmatch(bare):
        return "base64"
    return "base64url" if BASE64URL.fullmatch(bare) else None


def unpack_base64(text: str, where: str = "payload") -> bytes:
    """Return the bytes of base64 in either alphabet, padded or not."""
    bare = "".join(text.split()).rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        what = "cannot be unpacked as base64"
        raise RefusedError([Problem(where, what, "base64 or base64url")]) from error


def unpack_gzip(content: bytes) -> bytes:
    """Return what is in a gzip file (RFC 1952), which stops at the limit."""
    try:
        with gzip.GzipFile(fileobj=BytesIO(content)) as file:
            unpacked = file.read(MAX_UNPACKED + 1)
    except (OSError, EOFError, zlib.error) as error:
        what = f"cannot be unpacked as gzip: {error}"
        raise RefusedError([Problem("payload", what, "a whole gzip file")]) from error
    if len(unpacked) > MAX_UNPACKED:
        what, accepted = "is too long once it is unpacked", "at most 4 MiB"
        raise RefusedError([Problem("payload", what, accepted)])
    return unpacked


def is_push_message(value: JsonValue) -> bool:
    """Say whether `value` is what Pub/Sub pushes: a message and its subscription."""
    return isinstance(value, dict) and "message" in value and "feature" not in value


def open_push_message(value: dict[str, JsonValue]) -> bytes:
    """Return the data of a Pub/Sub push message, or raise `RefusedError`."""
    if unknown := sorted(value.keys() - PUSH_MEMBERS):
        accepted = ", ".join(sorted(PUSH_MEMBERS))
        raise RefusedError(
            Problem(place((name,)), "is no part of a push message", accepted)
            for name in unknown
        )
    match value["message"]:
        case {"data": str(data)}:
            return unpack_base64(data, "message.data")
        case dict():
            raise RefusedError([Problem("message.data", "is missing", "base64")])
        case _:
            raise RefusedError([Problem("message", "is no object", "{data: base64}")])


def is_event(value: JsonValue) -> bool:
    """Say whether `value` is a CloudEvent in structured mode."""
    return isinstance(value, dict) and "specversion" in value


def open_event(value: dict[str, JsonValue]) -> bytes | JsonValue:
    """Return the data of a CloudEvent (1.0.2), as bytes or as a value."""
    problems = list(_event_problems(value))
    if problems:
        raise RefusedError(problems)
    if "data_base64" in value:
        return unpack_base64(str(value["data_base64"]), "data_base64")
    data = value["data"]
    if not isinstance(data, str):
        return data
    if found := bad_character(data):
        problem = Problem("data", f"holds the character {found}", "plain text")
        raise RefusedError([problem])
    return data.encode()


def _event_problems(value: dict[str, JsonValue]) -> Iterator[Problem]:
    for name in sorted(value.keys() & REQUEST_MEMBERS):
        yield Problem(name, "stands beside the event's data", "the same in data")
    if value["specversion"] != "1.0":
        yield Problem("specversion", "is not known", '"1.0"')
    for name in EVENT_ATTRIBUTES:
        if not isinstance(value.get(name), str) or not value[name]:
            yield Problem(name, "is missing", "a string that is not empty")
    if ("data" in value) == ("data_base64" in value):
        yield Problem("data", "must be there once", "either data or data_base64")
    elif not isinstance(value.get("data_base64", ""), str):
        yield Problem("data_base64", "is no string", "base64")
