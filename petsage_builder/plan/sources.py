"""Sample values as the source of tests."""

import itertools
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from petsage_builder.python_text import literal
from petsage_builder.solver import FromNow, FromToday, Person

LONG_RUN = 12
UNITS = (("days", 86_400), ("hours", 3_600), ("minutes", 60))


def source(value: object) -> str:  # noqa: PLR0911 - one branch for each type
    """Return a sample value as Python source."""
    match value:
        case FromToday():
            return f"today({value.days or ''})"
        case FromNow():
            return f"now({span(value.delta)})"
        case Person():
            return f"account({text(value.name)})"
        case Mapping():
            parts = (f"{text(name)}: {source(part)}" for name, part in value.items())
            return f"{{{', '.join(parts)}}}"
        case list() | tuple():
            return listed(map(source, value))
        case str():
            return text(value)
        case _:
            return repr(value)


def listed(sources: Iterable[str]) -> str:
    """Return the source of a list of what has these sources."""
    return f"[{', '.join(sources)}]"


def change(who: str, changes: Mapping[str, Any], column: str = "") -> str:
    """Return the step that somebody, or time, changes a row or what it belongs to."""
    parts = [text(who), source(changes), *([text(column)] if column else [])]
    return f"({', '.join(parts)})"


def text(value: str) -> str:
    """Return a text as a literal; a long run of one letter is counted."""
    runs = [(letter, len(list(run))) for letter, run in itertools.groupby(value)]
    if not any(count > LONG_RUN for _, count in runs):
        return literal(value)
    parts: list[str] = []
    plain = ""
    for letter, count in runs:
        if count <= LONG_RUN:
            plain += letter * count
            continue
        if plain:
            parts.append(literal(plain))
        parts.append(f"{literal(letter)} * {count}")
        plain = ""
    return " + ".join([*parts, literal(plain)] if plain else parts)


def span(delta: timedelta) -> str:
    """Return a span of time as the arguments of `timedelta`."""
    seconds = delta.total_seconds()
    if seconds == 0:
        return ""
    for unit, size in UNITS:
        if seconds % size == 0:
            return f"{unit}={int(seconds // size)}"
    return f"seconds={seconds:g}"
