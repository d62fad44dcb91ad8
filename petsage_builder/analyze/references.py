"""What stands in braces in a scenario: a row that is given, a day or a moment."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from petsage_builder.decode import JsonValue
from petsage_builder.decode.values import PathPart, place, texts

Place = tuple[PathPart, ...]

IN_BRACES = re.compile(r"\{([^{}]*)\}")
CLOCK = re.compile(r"(today|now)(?: ([+-]) ([0-9]{1,5}) (day|hour|minute)s?)?")
REQUEST = re.compile(r"(GET|POST|PATCH|PUT|DELETE) (/[^\s?#]*)(\?\S*)?")


@dataclass(frozen=True, slots=True)
class Moment:
    """A day or a moment, counted from the time of a test."""

    is_day: bool
    after: timedelta


def reference(value: JsonValue) -> str | None:
    """Return what a text that is nothing else has in braces; None for other values."""
    found = IN_BRACES.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else None


def moment(text: str) -> Moment | None:
    """Return the time that `today`, `now - 2 hours` or the like stands for."""
    found = CLOCK.fullmatch(text)
    if found is None:
        return None
    word, sign, count, unit = found.groups()
    is_day = word == "today"
    if is_day and unit in {"hour", "minute"}:
        return None
    span = timedelta(**{f"{unit}s": int(count)}) if unit else timedelta()
    return Moment(is_day, -span if sign == "-" else span)


def references(value: JsonValue, path: Place) -> Iterator[tuple[str, str]]:
    """Give each reference in a JSON value that stands at `path`, after its place."""
    for where, text in texts(value, path):
        if (found := reference(text)) is not None:
            yield place(where), found


def references_of(request: str) -> list[str]:
    """Return what a request such as `GET /pets/{pet}` has in braces."""
    return IN_BRACES.findall(request)


def is_request(text: str) -> bool:
    """Say whether a text is a method and a path, with each brace closed."""
    plain = IN_BRACES.sub("", text)
    return bool(REQUEST.fullmatch(text)) and not {*plain} & {*"{}"}
