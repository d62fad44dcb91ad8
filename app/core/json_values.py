"""JSON values of any form, but not of any size."""

import json
from typing import Annotated

from pydantic import BeforeValidator, JsonValue, WithJsonSchema

LEVELS = 20
BYTES = 16_384
LARGEST = 2**63


def check_json(value: object) -> object:
    """Return a value that every database can keep as JSON. Raise `ValueError`."""
    if value is None:
        raise ValueError("must not be null")
    unseen = [(value, 1)]
    while unseen:
        part, level = unseen.pop()
        if level > LEVELS and isinstance(part, dict | list):
            raise ValueError(f"must have at most {LEVELS} levels")
        unseen += [(inner, level + 1) for inner in _check_parts(part)]
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if len(text.encode()) > BYTES:
        raise ValueError(f"must have at most {BYTES} bytes as JSON")
    return value


def _check_parts(value: object) -> list[object]:
    """Return what a value holds. Raise `ValueError` if it cannot be kept itself."""
    match value:
        case str():
            _check_text(value)
        case int() | float():
            if not -LARGEST <= value < LARGEST:
                raise ValueError("must not hold a number beyond 64 bits")
        case None:
            pass
        case dict():
            return [*value, *value.values()]
        case list():
            return value
        case _:
            raise ValueError("must be JSON")
    return []


def _check_text(text: str) -> None:
    if "\0" in text:
        raise ValueError("must not hold NUL")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("must be Unicode") from None


# A null in it is JSON's; alone it would be the database's, so `Json | None` takes it.
Json = Annotated[
    JsonValue,
    BeforeValidator(check_json),
    WithJsonSchema({"type": ["array", "boolean", "number", "object", "string"]}),
]
