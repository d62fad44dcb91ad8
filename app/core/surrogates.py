"""Half characters: JSON can spell them, but no text can hold them."""

import json
import re
from http import HTTPStatus

from starlette.exceptions import HTTPException

# Escaped, in UTF-8 as Python reads it, or in an encoding that has zero bytes.
SUSPECT = re.compile(rb"\\u[dD][89a-fA-F]|\xed[\xa0-\xbf]|\0")
SURROGATE = re.compile("[\ud800-\udfff]")


class LoneSurrogateError(HTTPException):
    """A text in a JSON body that cannot be stored or sent."""

    def __init__(self, pointer: str) -> None:
        super().__init__(HTTPStatus.UNPROCESSABLE_ENTITY)
        self.pointer = pointer


def refuse_lone_surrogates(content: bytes) -> None:
    """Raise `LoneSurrogateError` if JSON has one; leave to others what is no JSON."""
    if not SUSPECT.search(content):
        return
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return
    unseen: list[tuple[str, object]] = [("/body", value)]
    while unseen:
        pointer, value = unseen.pop()
        match value:
            case str() if SURROGATE.search(value):
                raise LoneSurrogateError(pointer)
            case dict():
                unseen += [(f"{pointer}/{part(name)}", v) for name, v in value.items()]
                unseen += [(pointer, name) for name in value]
            case list():
                unseen += [(f"{pointer}/{n}", v) for n, v in enumerate(value)]


def part(name: str | int) -> str:
    """Return a part of a JSON pointer (RFC 6901)."""
    text = str(name).encode("utf-8", "backslashreplace").decode()
    return text.replace("~", "~0").replace("/", "~1")
