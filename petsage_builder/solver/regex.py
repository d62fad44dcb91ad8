"""Strings that match a pattern, made from what the pattern says."""

import string
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from petsage_builder.regular import codes, parse

PRINTABLE = "".join(chr(code) for code in range(0x20, 0x7F))
CATEGORIES = {
    codes.CATEGORY_DIGIT: string.digits,
    codes.CATEGORY_NOT_DIGIT: "".join(c for c in PRINTABLE if not c.isdigit()),
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_NOT_SPACE: PRINTABLE[1:],
    codes.CATEGORY_WORD: string.ascii_letters + string.digits + "_",
    codes.CATEGORY_NOT_WORD: "".join(c for c in PRINTABLE if not c.isalnum()),
}
# Which characters are the likeliest, where several may stand.
LIKELY = (string.ascii_lowercase, string.ascii_uppercase, string.digits, PRINTABLE[1:])
REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
VARIANTS = 6
STRIDE = 7
USUAL = 5


@dataclass(frozen=True, slots=True)
class Choice:
    """What is taken where a pattern leaves a choice.

    `seed` chooses characters and branches; each repeat is done `more` times more often
    than it must be, and the first `once` of them once more still.
    """

    seed: int
    more: int = 0
    once: int = 0


@lru_cache(maxsize=64)
def matching(pattern: str, low: int, high: int) -> tuple[str, ...]:
    """Return strings that may match: short, long and in between, within the limits."""
    return tuple(dict.fromkeys(_matching(pattern, low, high)))


def _matching(pattern: str, low: int, high: int) -> Iterator[str]:
    parsed = parse(pattern)
    enough = _first(low, lambda more: len(_write(parsed, high, more)) >= low)
    most = max(_first(high, lambda more: len(_write(parsed, high, more)) > high) - 1, 0)
    for more in dict.fromkeys((max(enough, min(most, USUAL)), enough, most)):
        for seed in range(VARIANTS):
            yield _write(parsed, high, more, seed)
    for once in range(1, VARIANTS):
        yield _write(parsed, high, most, once=once)


def _first(most: int, holds: Callable[[int], bool]) -> int:
    """Return the first number for which a condition holds that then always holds."""
    return bisect_left(range(most + 1), True, key=holds)  # noqa: FBT003 - what is found


def _write(
    parsed: Any,  # noqa: ANN401 - untyped
    high: int,
    more: int,
    seed: int = 0,
    *,
    once: int = 0,
) -> str:
    return _Writer(Choice(seed, more, once), high).write(parsed)


class _Writer:
    """Writes one string; it counts characters and repeats as it goes."""

    def __init__(self, choice: Choice, high: int) -> None:
        self._choice = choice
        self._high = high
        self._written = 0
        self._repeats = 0
        self._known: dict[tuple[int, int], Sequence[str]] = {}

    def write(self, parsed: Any) -> str:  # noqa: ANN401 - untyped
        """Return a string for a part of a pattern."""
        return "".join(self._part(code, argument) for code, argument in parsed)

    def _part(self, code: Any, argument: Any) -> str:  # noqa: ANN401 - untyped
        if code in REPEATS:
            return self._repeat(*argument)
        if code is codes.SUBPATTERN:
            return self.write(argument[3])
        if code is codes.ATOMIC_GROUP:
            return self.write(argument)
        if code is codes.BRANCH:
            branches = argument[1]
            return self.write(branches[self._choice.seed % len(branches)])
        return self._character(code, argument)

    def _repeat(self, low: int, high: int, part: Any) -> str:  # noqa: ANN401
        self._repeats += 1
        more = self._choice.more + (self._repeats <= self._choice.once)
        found = []
        for _ in range(min(low + more, high)):
            if self._written > self._high:
                break  # it is too long already
            found.append(self.write(part))
        return "".join(found)

    def _character(self, code: Any, argument: Any) -> str:  # noqa: ANN401 - untyped
        if code is codes.AT:
            return ""
        key = id(code), id(argument)  # the parsed pattern outlives the writer
        if key not in self._known:
            self._known[key] = _likely(_allowed(code, argument))
        allowed = self._known[key]
        if not allowed:
            return ""
        place = self._choice.seed * STRIDE + self._written
        self._written += 1
        return allowed[place % len(allowed)]


def _allowed(code: Any, argument: Any) -> Sequence[str]:  # noqa: ANN401 - untyped
    """Return the characters that may stand there, or some of them."""
    if code is codes.LITERAL:
        return chr(argument)
    if code is codes.NOT_LITERAL:
        return PRINTABLE.replace(chr(argument), "")
    if code is codes.ANY:
        return PRINTABLE
    if code is codes.RANGE:
        return [chr(one) for one in range(argument[0], argument[1] + 1)][:200]
    if code is codes.CATEGORY:
        return CATEGORIES.get(argument, "")
    return _in_class(argument) if code is codes.IN else ""


def _in_class(parts: Any) -> Sequence[str]:  # noqa: ANN401 - untyped
    found = [c for part in parts for c in _allowed(*part)]
    if parts[0][0] is codes.NEGATE:
        return [c for c in PRINTABLE if c not in found]
    return found


def _likely(allowed: Sequence[str]) -> Sequence[str]:
    for favourites in LIKELY:
        if found := [c for c in favourites if c in allowed]:
            return found
    return allowed
