"""Text inside Markdown, which no text can break out of.

The rules are those of CommonMark 0.31: fenced code blocks (4.5) and code spans (6.1).
"""

import re


def code_span(text: str) -> str:
    """Return `text` as a code span on one line."""
    line = " ".join(text.split("\n"))
    ticks = "`" * (_longest_run(line) + 1 if "`" in line else 1)
    pad = " " if line.startswith("`") or line.endswith("`") or not line else ""
    return f"{ticks}{pad}{line}{pad}{ticks}"


def code_block(text: str, language: str) -> str:
    """Return `text` as a fenced block, whatever fences it holds itself."""
    fence = "`" * max(3, _longest_run(text) + 1)
    body = text.rstrip("\n")
    return f"{fence}{language}\n{body}\n{fence}"


def table_cell(text: str) -> str:
    """Return `text` as the content of one cell of a table."""
    return " ".join(text.replace("|", r"\|").split("\n"))


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
