"""YAML as a plain notation of JSON values (the core schema of YAML 1.2, chapter 10.3).

Anchors, aliases, tags, merge keys and keys that are no strings are refused: they can
make a small text a large document, or say the same thing in ways that readers miss.
"""

import math
import re

import yaml

from petsage_builder.decode.values import (
    MAX_DEPTH,
    JsonValue,
    PathPart,
    integer,
    is_finite,
    place,
)
from petsage_builder.errors import MOST_PROBLEMS, Problem, RefusedError

INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
MAX_VALUES = 100_000
TOO_MANY = ("is one value too many", f"at most {MAX_VALUES} values")
WORDS: dict[str, JsonValue] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
# What a YAML text may be made of (YAML 1.2, production 1).
NO_TEXT = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)

Loader: type[yaml.SafeLoader] | type[yaml.CSafeLoader] = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)


def parse_yaml(text: str) -> JsonValue:
    """Return the value of a YAML text, or raise `RefusedError` with every problem."""
    if bad := NO_TEXT.search(text):
        line = text.count("\n", 0, bad.start()) + 1
        column = bad.start() - text.rfind("\n", 0, bad.start())
        where = f"payload, line {line}, column {column}"
        what = f"is the character U+{ord(bad[0]):04X}"
        raise RefusedError([Problem(where, what, "JSON or YAML, as text")])
    try:
        composer = _Composer(text)
        value = composer.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = f"is neither JSON nor YAML: {error.problem or error.context}"
        raise RefusedError([Problem(_where(mark), what, "JSON or YAML")]) from error
    except yaml.YAMLError as error:
        what = f"is neither JSON nor YAML: {error}".splitlines()[0]
        raise RefusedError([Problem("payload", what, "JSON or YAML")]) from error
    if composer.problems:
        raise RefusedError(composer.problems)
    return value


def _where(mark: yaml.error.Mark | yaml._yaml.Mark | None) -> str:
    if mark is None:
        return "payload"
    return f"payload, line {mark.line + 1}, column {mark.column + 1}"


class _Composer:
    """Makes values of the parser's events, and collects what is wrong with them."""

    def __init__(self, text: str) -> None:
        self._events = yaml.parse(text, Loader=Loader)
        self.problems: list[Problem] = []
        self._count = 0

    def document(self) -> JsonValue:
        """Return the value of the only document."""
        next(self._events)
        if isinstance(next(self._events), yaml.StreamEndEvent):
            raise RefusedError([Problem("payload", "is empty", "JSON or YAML")])
        value = self._value(next(self._events), (), 0)
        next(self._events)
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            self._refuse(after, "begins a second document", "one document")
        return value

    def _refuse(self, event: yaml.Event, what: str, accepted: str) -> None:
        self.problems.append(Problem(_where(event.start_mark), what, accepted))

    def _value(
        self, event: yaml.Event, path: tuple[PathPart, ...], depth: int
    ) -> JsonValue:
        self._count += 1
        if self._count > MAX_VALUES or len(self.problems) > MOST_PROBLEMS:
            problem = Problem(_where(event.start_mark), *TOO_MANY)
            raise RefusedError([*self.problems, problem])
        if depth >= MAX_DEPTH and isinstance(event, yaml.CollectionStartEvent):
            what, accepted = "is nested too deeply", f"at most {MAX_DEPTH} levels"
            raise RefusedError([Problem(_where(event.start_mark), what, accepted)])
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, "is an alias", "the value itself")
            return None
        if getattr(event, "anchor", None):
            self._refuse(event, "has an anchor", "a value without one")
        if getattr(event, "tag", None):
            self._refuse(event, "has a tag", "a value without one")
        match event:
            case yaml.MappingStartEvent():
                return self._mapping(path, depth)
            case yaml.SequenceStartEvent():
                return self._sequence(path, depth)
            case _:
                return self._scalar(event)

    def _mapping(self, path: tuple[PathPart, ...], depth: int) -> JsonValue:
        members: dict[str, JsonValue] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._value(event, path, depth + 1)
            if not isinstance(key, str) or (key == "<<" and _is_plain(event)):
                self._refuse(event, "is a key that is no string", "a string")
                key = str(key)
            here = (*path, key)
            if key in members:
                problem = Problem(place(here), "is given twice", "each name once")
                self.problems.append(problem)
            members[key] = self._value(next(self._events), here, depth + 1)
        return members

    def _sequence(self, path: tuple[PathPart, ...], depth: int) -> JsonValue:
        items: list[JsonValue] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items)), depth + 1))
        return items

    def _scalar(self, event: yaml.Event) -> JsonValue:
        text: str = getattr(event, "value", "")
        if not _is_plain(event):
            return text
        if text in WORDS:
            return WORDS[text]
        number = _number(text)
        if number is None:
            return text
        if not is_finite(number):
            self._refuse(event, "is no number that can be kept", "a finite one")
        return number


def _number(text: str) -> int | float | None:
    if INTEGER.fullmatch(text):
        return integer(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    if FLOAT.fullmatch(text):
        return float(text)
    return math.inf if NOT_FINITE.fullmatch(text) else None


def _is_plain(event: yaml.Event) -> bool:
    return isinstance(event, yaml.ScalarEvent) and not event.style
