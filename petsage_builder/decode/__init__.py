"""Find the request in the bytes of a payload, however they are wrapped."""

import re

from petsage_builder.decode import envelope
from petsage_builder.decode.json_syntax import parse_json
from petsage_builder.decode.request import Request, check_request
from petsage_builder.decode.text import decode_text
from petsage_builder.decode.values import JsonValue
from petsage_builder.decode.yaml_syntax import parse_yaml
from petsage_builder.errors import Problem, RefusedError
from petsage_builder.receive import Payload

__all__ = ["JsonValue", "Request", "decode"]

# A text that begins so is meant as JSON; if it is broken, it is broken JSON.
JSON_START = re.compile(r'\s*(\{\s*["}]|\[|"|\{\s*$)')
MAX_WRAPPINGS = 4


def decode(payload: Payload) -> Request:
    """Return the request in a payload, or raise `RefusedError` with every problem.

    Understood are JSON and YAML, plain, in base64 or base64url, compressed by gzip,
    in a Pub/Sub push message or in a structured CloudEvent.
    """
    encodings: list[str] = []
    found: bytes | JsonValue = payload.content
    for _ in range(MAX_WRAPPINGS + 1):
        value = _parse(found, encodings) if isinstance(found, bytes) else found
        if envelope.is_event(value) and isinstance(value, dict):
            encodings[-1:] = ["cloudevent"]
            found = envelope.open_event(value)
            if "data_base64" in value:
                encodings.append("base64")
            if not isinstance(found, bytes):
                encodings.append("json")
        elif envelope.is_push_message(value) and isinstance(value, dict):
            encodings[-1:] = ["pubsub", "base64"]
            found = envelope.open_push_message(value)
        else:
            return check_request(value, "+".join(encodings))
    accepted = f"at most {MAX_WRAPPINGS} wrappings"
    raise RefusedError([Problem("payload", "is wrapped too often", accepted)])


def _parse(content: bytes, encodings: list[str]) -> JsonValue:
    """Unpack, name what was unpacked in `encodings`, and read the document."""
    if content.startswith(envelope.GZIP):
        encodings.append("gzip")
        content = envelope.unpack_gzip(content)
    text = decode_text(content)
    if not text.strip():
        raise RefusedError([Problem("payload", "is empty", "JSON or YAML")])
    if JSON_START.match(text):
        encodings.append("json")
        return parse_json(text)
    kind = envelope.base64_kind(text)
    if kind and not encodings.count(kind):
        encodings.append(kind)
        return _parse(_unpacked(text), encodings)
    encodings.append("yaml")
    return parse_yaml(text)


def _unpacked(text: str) -> bytes:
    """Return what is in base64, if that can be a document."""
    try:
        content = envelope.unpack_base64(text)
        if not content.startswith(envelope.GZIP):
            decode_text(content)
    except RefusedError as error:
        what = "is neither an object nor base64 of one"
        accepted = "JSON or YAML, or base64 of it"
        raise RefusedError([Problem("payload", what, accepted)]) from error
    return content
