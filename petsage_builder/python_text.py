"""Text as Python source, which no text can break out of."""

import json
import re
from collections.abc import Iterator

LINE_LENGTH = 88
INDENT = 4


def string(text: str, column: int) -> str:
    """Return `text` as an expression that begins at `column`.

    A literal that would be too long for the line becomes several, in parentheses.
    """
    if column + len(_literal(text)) <= LINE_LENGTH:
        return _literal(text)
    return "(" + pieces(text, 2 * INDENT, at_least=2) + ")"


def pieces(text: str, column: int, at_least: int = 1) -> str:
    """Return `text` as literals, one a line, each of which begins at `column`."""
    width = LINE_LENGTH - column - len('" "')
    if at_least == 1 and len(_literal(text)) <= LINE_LENGTH - column:
        return _literal(text)
    return "\n".join(map(_literal, _lines(text, width)))


def _lines(text: str, width: int) -> Iterator[str]:
    """Divide a text after spaces; only a word that is too long is broken."""
    line = ""
    for word in re.findall(rf"\S{{1,{width}}}\s*|\s+", text):
        if line and len((line + word).rstrip()) > width:
            yield line
            line = ""
        line += word
    yield line


def _literal(text: str) -> str:
    """Return a literal in double quotes; JSON's escapes are Python's too."""
    return json.dumps(text, ensure_ascii=False)
