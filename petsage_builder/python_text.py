"""Text as Python source, which no text can break out of."""

import json
import re
from collections.abc import Iterable, Iterator

from petsage_builder.wording import sentence

LINE_LENGTH = 88
INDENT = 4
QUOTES = '"""'
LAST_LATIN = chr(0x250)
LAST_OF_FOUR_DIGITS = 0xFFFF


def string(text: str, column: int) -> str:
    """Return `text` as an expression that begins at `column`.

    A literal that would be too long for the line becomes several, in parentheses.
    """
    if column + len(literal(text)) <= LINE_LENGTH:
        return literal(text)
    return "(" + pieces(text, 2 * INDENT, at_least=2) + ")"


def pieces(text: str, column: int, at_least: int = 1) -> str:
    """Return `text` as literals, one a line, each of which begins at `column`."""
    width = LINE_LENGTH - column - len('" "')
    if at_least == 1 and len(literal(text)) <= LINE_LENGTH - column:
        return literal(text)
    return "\n".join(map(literal, _lines(text, width)))


def _lines(text: str, width: int) -> Iterator[str]:
    """Divide a text after spaces; only a word that is too long is broken."""
    line = ""
    for word in re.findall(rf"\S{{1,{width}}}\s*|\s+", text):
        if line and len((line + word).rstrip()) > width:
            yield line
            line = ""
        line += word
    yield line


def literal(text: str) -> str:
    """Return a literal in double quotes, in which nothing looks like another.

    Quotation marks and dashes beyond ASCII do. JSON's escapes are Python's too.
    """
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(one if _is_plain(one) else _escape(one) for one in quoted)


def docstring(text: str, otherwise: str, indent: int = INDENT) -> str:
    """Return a sentence as the inside of a docstring, or another that is plain.

    What could end the docstring, or be taken for something else, stays out of it.
    """
    fits = indent + len(text) + 2 * len(QUOTES) <= LINE_LENGTH
    if fits and all(map(_is_plain, text)) and QUOTES not in text and "\\" not in text:
        return text
    return sentence(otherwise)


def _is_plain(one: str) -> bool:
    """Say whether a character is one that any reader of code can tell from others."""
    latin = one.isascii() or (one.isalpha() and one < LAST_LATIN)
    return latin and one.isprintable()


def _escape(one: str) -> str:
    code = ord(one)
    return f"\\u{code:04x}" if code <= LAST_OF_FOUR_DIGITS else f"\\U{code:08x}"


def pytuple(texts: Iterable[str]) -> str:
    """Return texts as a tuple of literals."""
    parts = [literal(text) for text in texts]
    return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"
