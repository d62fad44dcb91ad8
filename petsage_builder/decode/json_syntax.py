"""JSON (RFC 8259), strictly: no duplicate names, no NaN, no bottomless nesting."""

import json
import re
from collections.abc import Iterator
from typing import NoReturn

from petsage_builder.decode.values import MAX_DEPTH, JsonValue, PathPart, place
from petsage_builder.errors import Problem, RefusedError

STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


class _Members(dict[str, JsonValue]):
    """An object, and the names that it had twice."""

    repeated: tuple[str, ...] = ()


def parse_json(text: str) -> JsonValue:
    """Return the value of a JSON text, or raise `RefusedError` with every problem."""
    _refuse_depth(text)
    try:
        value: JsonValue = json.loads(
            text, object_pairs_hook=_members, parse_constant=_refuse_constant
        )
    except json.JSONDecodeError as error:
        where = f"payload, line {error.lineno}, column {error.colno}"
        problem = Problem(where, f"is no JSON: {error.msg}", "JSON as in RFC 8259")
        raise RefusedError([problem]) from error
    except ValueError as error:
        what = "has an integer with too many digits"
        raise RefusedError([Problem("payload", what, "fewer than 4300")]) from error
    problems = list(_repetitions(value, ()))
    if problems:
        raise RefusedError(problems)
    return value


def _members(pairs: list[tuple[str, JsonValue]]) -> _Members:
    members = _Members(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        members.repeated = tuple(sorted({n for n in names if names.count(n) > 1}))
    return members


def _refuse_constant(name: str) -> NoReturn:
    what = f"holds {name}, which is no JSON value"
    raise RefusedError([Problem("payload", what, "a finite number")])


def _refuse_depth(text: str) -> None:
    depth = 0
    for match in STRING_OR_BRACKET.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match[0], 0)
        if depth > MAX_DEPTH:
            raise too_deep(text, match.start())


def too_deep(text: str, position: int) -> RefusedError:
    """Return the refusal of a document that is nested too deeply at `position`."""
    line = text.count("\n", 0, position) + 1
    what, accepted = "is nested too deeply", f"at most {MAX_DEPTH} levels"
    return RefusedError([Problem(f"payload, line {line}", what, accepted)])


def _repetitions(value: JsonValue, path: tuple[PathPart, ...]) -> Iterator[Problem]:
    match value:
        case dict():
            for name in value.repeated if isinstance(value, _Members) else ():
                yield Problem(place((*path, name)), "is given twice", "each name once")
            for name, item in value.items():
                yield from _repetitions(item, (*path, name))
        case list():
            for index, item in enumerate(value):
                yield from _repetitions(item, (*path, index))
