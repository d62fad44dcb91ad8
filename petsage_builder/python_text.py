"""Text as Python source, which no text can break out of."""

import json
import textwrap

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
    lines = textwrap.wrap(text, width, break_on_hyphens=False)
    return "\n".join(
        [*(_literal(f"{line} ") for line in lines[:-1]), _literal(lines[-1])]
    )


def _literal(text: str) -> str:
    """Return a literal in double quotes; JSON's escapes are Python's too."""
    return json.dumps(text, ensure_ascii=False)
