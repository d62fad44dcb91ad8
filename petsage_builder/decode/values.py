"""Values as JSON knows them, and where in a document something stands."""

import math
from collections.abc import Iterator
from typing import TypeAlias

JsonValue: TypeAlias = (
    bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"] | None
)

MAX_DEPTH = 32
MAX_DIGITS = 4300  # what Python itself turns into an integer
SHOWN = 80  # characters of a name
PathPart: TypeAlias = str | int


def place(path: tuple[PathPart, ...]) -> str:
    """Return a path as a person writes it, such as `requirements.fields[0]`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            name = part if len(part) <= SHOWN else f"{part[:SHOWN]}…"
            text += f".{name}" if text else name
    return printable(text) or "payload"


def printable(text: str) -> str:
    """Return `text` on one line, each character that cannot be seen as an escape."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() for c in text
    )


def integer(text: str, base: int = 10) -> int | float:
    """Return the integer, or infinity if it has more digits than anybody needs."""
    return int(text, base) if len(text) <= MAX_DIGITS else math.inf


def is_finite(value: JsonValue) -> bool:
    """Say whether a value is anything but infinity and NaN."""
    return not isinstance(value, float) or math.isfinite(value)


def texts(
    value: JsonValue, path: tuple[PathPart, ...] = ()
) -> Iterator[tuple[tuple[PathPart, ...], str]]:
    """Give every key and every string of a document, with its path."""
    match value:
        case str():
            yield path, value
        case dict():
            for key, item in value.items():
                yield (*path, key), key
                yield from texts(item, (*path, key))
        case list():
            for index, item in enumerate(value):
                yield from texts(item, (*path, index))
