"""Texts in Python source that make a line too long, divided or shortened."""

import io
import re
import tokenize
from collections.abc import Iterator, Sequence

from petsage_builder.python_text import INDENT, LINE_LENGTH

WORD = re.compile(r"(?:\{[^{}]*\}|[^\s{])+\s*|\s+")
# What stands for one letter in a literal.
LETTER = re.compile(
    r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|N\{[^}]*\}|.)|[^\\]", re.DOTALL
)
TEXT = re.compile(r'f?"[^"]')
DOCSTRING = re.compile(r'\s*"""(?:[^"]|"(?!""))+"""\n')
KEY = 40  # letters, more than a key has
# What a docstring says last, and need not.
RESTRICTION = " that the actor may see."


def divided(source: str) -> str:
    """Return `source` with each text on a line that is too long as several texts."""
    lines = source.splitlines(keepends=True)
    if all(len(line.rstrip()) <= LINE_LENGTH for line in lines):
        return source
    lines = [_shortened(line) for line in lines]
    source = "".join(lines)
    for line, start, end, text in reversed(list(_too_long(source))):
        before, after = lines[line][:start], lines[line][end:]
        lines[line] = before + text + after
    return "".join(lines)


def _shortened(line: str) -> str:
    """Return a docstring that is one line, and cannot be divided, as one that fits.

    If its names alone make it too long, it stays so.
    """
    if len(line.rstrip()) <= LINE_LENGTH or not DOCSTRING.fullmatch(line):
        return line
    line = line.replace(RESTRICTION, ".")
    if len(line.rstrip()) <= LINE_LENGTH:
        return line
    return f"{line.rstrip()}  # noqa: E501 - its names are long\n"


def _too_long(source: str) -> Iterator[tuple[int, int, int, str]]:
    """Give the line, the columns and the replacement of each text to divide."""
    lines = source.splitlines()
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    for index, token in enumerate(tokens):
        row, column = token.start
        is_text = token.type == tokenize.STRING and TEXT.match(token.string)
        if is_text and len(lines[row - 1]) > LINE_LENGTH and token.end[0] == row:
            indent = len(lines[row - 1]) - len(lines[row - 1].lstrip())
            width = LINE_LENGTH - indent - 2 * INDENT - len('f"",')
            pieces = [*_pieces(token.string, width)]
            if len(pieces) == 1 and len(token.string) > KEY:
                # It has room on a line of its own, and none behind a key.
                pieces = [*_pieces(token.string, len(token.string) * 2 // 3)]
            if len(pieces) > 1:
                text = "\n".join(pieces)
                alone = _stands_alone(tokens, index)
                yield row - 1, column, token.end[1], text if alone else f"({text})"


def _stands_alone(tokens: Sequence[tokenize.TokenInfo], index: int) -> bool:
    """Say whether a text is all that its parentheses hold."""
    near = [t for t in tokens if t.type not in (tokenize.NL, tokenize.COMMENT)]
    at = near.index(tokens[index])
    after = near[at + 1].string
    if after == ",":
        after = near[at + 2].string
    return near[at - 1].string == "(" and after == ")"


def _pieces(literal: str, width: int) -> Iterator[str]:
    """Divide a literal after spaces, and keep what is inside braces together.

    A word that is too long for a line is divided anywhere.
    """
    prefix, body = (
        ("f", literal[2:-1]) if literal.startswith("f") else ("", literal[1:-1])
    )
    piece = ""
    words = WORD.findall(body) if prefix else _words(body, width)
    for word in words:
        if piece and len((piece + word).rstrip()) > width:
            yield _literal(prefix, piece)
            piece = ""
        piece += word
    yield _literal(prefix, piece)


def _words(body: str, width: int) -> Iterator[str]:
    for word in re.findall(r"\S+\s*|\s+", body):
        part = ""
        for letter in LETTER.findall(word) if len(word.rstrip()) > width else [word]:
            if part and len(part + letter) > width:
                yield part
                part = ""
            part += letter
        yield part


def _literal(prefix: str, piece: str) -> str:
    return f'{prefix if "{" in piece else ""}"{piece}"'
