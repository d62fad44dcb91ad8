"""The parts of a rule, one after the other."""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

TOKEN = re.compile(
    r"""(?P<number>\d+(?:\.\d+)?)|"(?P<text>[^"\n]*)"|(?P<word>[^\W\d]\w*(?:\.[^\W\d]\w*)*)
    |(?P<sign><=|>=|!=|==|[-+*/<>=(),])|(?P<wrong>\S)""",
    re.VERBOSE,
)
UNITS = {
    **dict.fromkeys(("minute", "minutes"), timedelta(minutes=1)),
    **dict.fromkeys(("hour", "hours"), timedelta(hours=1)),
    **dict.fromkeys(("day", "days"), timedelta(days=1)),
    **dict.fromkeys(("week", "weeks"), timedelta(weeks=1)),
}
MAX_PARTS = 200
MAX_DIGITS = 38
RESERVED = {"and", "or", "not", "in", "is", "empty"}


@dataclass(frozen=True, slots=True)
class Token:
    """A part of a rule, and where it begins; the first character is 1."""

    type: str
    text: str
    at: int


class ExpressionError(ValueError):
    """A rule cannot be understood: why, what would be, and which word was meant."""

    def __init__(self, what: str, accepted: str, said: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.accepted = accepted
        self.said = said


def tokens_of(text: str) -> list[Token]:
    """Return the parts of a rule; what cannot be one has the type `wrong`."""
    tokens = [
        Token(match.lastgroup or "", match[match.lastgroup or 0], match.start() + 1)
        for match in TOKEN.finditer(text)
    ]
    if len(tokens) > MAX_PARTS:
        raise ExpressionError("is too long", f"at most {MAX_PARTS} parts")
    if any(token.type == "number" and len(token.text) > MAX_DIGITS for token in tokens):
        raise ExpressionError("has too long a number", f"at most {MAX_DIGITS} digits")
    return tokens


def duration(number: Decimal, unit: str) -> timedelta:
    """Return so many of a unit, or raise `ExpressionError`."""
    try:
        return UNITS[unit] * float(number)
    except OverflowError:
        longest = f"at most {timedelta.max.days} days"
        raise ExpressionError("has too long a duration", longest) from None
