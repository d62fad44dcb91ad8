"""Values as JSON knows them, and where in a document something stands."""

from collections.abc import Iterator
from typing import TypeAlias

JsonValue: TypeAlias = (
    bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"] | None
)

MAX_DEPTH = 32
PathPart: TypeAlias = str | int


def place(path: tuple[PathPart, ...]) -> str:
    """Return a path as a person writes it, such as `requirements.fields[0]`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return printable(text) or "payload"


def printable(text: str) -> str:
    """Return `text` on one line, each character that cannot be seen as an escape."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() for c in text
    )


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
