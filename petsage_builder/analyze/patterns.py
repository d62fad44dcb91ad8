"""Patterns: which are regular expressions, and cannot take for ever.

What is refused is what has no linear engine, or makes a backtracking one exponential
(https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS).
"""

import re
import warnings
from typing import Any

from petsage_builder.regular import codes, parse

REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT)
NESTED = "repeats what repeats itself, and can take for ever"
REFUSED = {
    codes.GROUPREF: "refers back to a group",
    codes.GROUPREF_EXISTS: "refers back to a group",
    codes.ASSERT: "looks ahead or behind",
    codes.ASSERT_NOT: "looks ahead or behind",
}


def fault(pattern: str) -> str | None:
    """Return what is wrong with a pattern, if anything is."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            parsed = parse(pattern)
    except (re.error, FutureWarning, OverflowError, RecursionError) as error:
        return f"is no regular expression: {error}"
    return _fault(parsed, repeated=False)


def _fault(parsed: Any, *, repeated: bool) -> str | None:  # noqa: ANN401 - untyped
    for code, argument in parsed:
        if code in REFUSED:
            return REFUSED[code]
        unbounded = code in REPEATS and argument[1] == codes.MAXREPEAT
        if repeated and (unbounded or code is codes.BRANCH):
            return NESTED
        for part in _parts(code, argument):
            if found := _fault(part, repeated=repeated or unbounded):
                return found
    return None


def _parts(code: Any, argument: Any) -> list[Any]:  # noqa: ANN401 - untyped
    if code in REPEATS or code is codes.POSSESSIVE_REPEAT:
        return [argument[2]]
    if code is codes.SUBPATTERN:
        return [argument[3]]
    if code is codes.ATOMIC_GROUP:
        return [argument]
    return list(argument[1]) if code is codes.BRANCH else []
