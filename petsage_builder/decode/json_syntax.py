"""JSON (RFC 8259), strictly: no duplicate names, no NaN, no bottomless nesting."""

import json
import re
from collections import Counter
from collections.abc import Iterator

from petsage_builder.decode.values import (
    MAX_DEPTH,
    JsonValue,
    PathPart,
    integer,
    is_finite,
    place,
)
from petsage_builder.errors import Problem, RefusedError

# The closing quote may be missing: a broken string must not be scanned twice.
STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


class _Members(dict[str, JsonValue]):
    """An object, and the names that it had twice."""

    repeated: tuple[str, ...] = ()


def parse_json(text: str) -> JsonValue:
    """Return the value of a JSON text, or raise `RefusedError` with every problem."""
    _refuse_depth(text)
    try:
        value: JsonValue = json.loads(
            text, object_pairs_hook=_members, parse_constant=float, parse_int=integer
        )
    except json.JSONDecodeError as error:
        where = f"payload, line {error.lineno}, column {error.colno}"
        problem = Problem(where, f"is no JSON: {error.msg}", "JSON as in RFC 8259")
        raise RefusedError([problem]) from error
    problems = list(_faults(value, ()))
    if problems:
        raise RefusedError(problems)
    return value


def _members(pairs: list[tuple[str, JsonValue]]) -> _Members:
    members = _Members(pairs)
    if len(members) < len(pairs):
        count = Counter(name for name, _ in pairs)
        members.repeated = tuple(name for name, times in count.items() if times > 1)
    return members


def _refuse_depth(text: str) -> None:
    depth = 0
    for match in STRING_OR_BRACKET.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match[0], 0)
        if depth > MAX_DEPTH:
            line = text.count("\n", 0, match.start()) + 1
            what, accepted = "is nested too deeply", f"at most {MAX_DEPTH} levels"
            raise RefusedError([Problem(f"payload, line {line}", what, accepted)])


def _faults(value: JsonValue, path: tuple[PathPart, ...]) -> Iterator[Problem]:
    match value:
        case dict():
            for name in value.repeated if isinstance(value, _Members) else ():
                yield Problem(place((*path, name)), "is given twice", "each name once")
            for name, item in value.items():
                yield from _faults(item, (*path, name))
        case list():
            for index, item in enumerate(value):
                yield from _faults(item, (*path, index))
        case _ if not is_finite(value):
            yield Problem(place(path), "is no number that can be kept", "a finite one")
