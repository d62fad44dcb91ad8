"""Which patterns let a NUL through, that PostgreSQL cannot keep."""

import sys
from typing import Any

from petsage_builder.regular import codes, parse

REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)


def is_tied(pattern: str) -> bool:
    """Say whether a pattern is about the whole text."""
    ends = pattern.startswith("^") and pattern.endswith("$")
    return ends and not pattern.endswith("\\$") and "|" not in pattern


def widths(pattern: str) -> tuple[int, int]:
    """Return how short and how long a text that fits `pattern` can be."""
    if not is_tied(pattern):
        return 0, sys.maxsize
    least, most = parse(pattern).getwidth()
    return least, most


def may_hold_nul(pattern: str) -> bool:
    """Say whether a text that fits `pattern` may hold a NUL.

    A pattern that is not tied to both ends lets everything stand beside it.
    """
    return not is_tied(pattern) or _any(parse(pattern))


def _any(parsed: Any) -> bool:  # noqa: ANN401 - untyped
    return any(_lets_through(code, argument) for code, argument in parsed)


def _lets_through(code: Any, argument: Any) -> bool:  # noqa: ANN401 - untyped
    if code is codes.LITERAL:
        return bool(argument == 0)
    if code is codes.IN:
        return _has_nul(argument)
    if code in REPEATS:
        return _any(argument[2])
    if code is codes.SUBPATTERN:
        return _any(argument[3])
    return code is not codes.AT


def _has_nul(items: Any) -> bool:  # noqa: ANN401 - untyped
    """Say whether a class of characters has NUL in it."""
    found = any(
        (code is codes.LITERAL and argument == 0)
        or (code is codes.RANGE and argument[0] == 0)
        or (code is codes.CATEGORY and "NOT" in str(argument))
        for code, argument in items
    )
    return found != any(code is codes.NEGATE for code, _ in items)
