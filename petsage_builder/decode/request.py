"""The three parts of a request, checked all at once."""

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from petsage_builder.decode.text import bad_character
from petsage_builder.decode.values import JsonValue, place, texts
from petsage_builder.errors import Problem, RefusedError

KEYS = ("feature", "description", "requirements")
LONGEST = {"feature": 200, "description": 4000}
CUTOFF = 75


@dataclass(frozen=True, slots=True)
class Request:
    """What was said, and the way from the outside in on which it was found.

    `encoding` is such as `json`, `base64url+gzip+yaml` or `pubsub+base64+json`.
    """

    feature: str
    description: str
    requirements: JsonValue
    encoding: str

    def as_json(self) -> str:
        """Return the three parts as JSON, on one line that holds nothing unseen."""
        parts = {key: getattr(self, key) for key in KEYS}
        return "".join(map(_visible, json.dumps(parts, ensure_ascii=False)))


def _visible(character: str) -> str:
    if unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp", "Cs", "Cn", "Co"}:
        return json.dumps(character)[1:-1]
    return character


def check_request(value: JsonValue, encoding: str) -> Request:
    """Return the request that a document makes, or raise `RefusedError`."""
    if not isinstance(value, dict):
        accepted = "an object with feature, description and requirements"
        raise RefusedError([Problem("payload", "is no object", accepted)])
    problems = [*_keys(value), *_parts(value), *_characters(value)]
    if problems:
        raise RefusedError(problems)
    return Request(
        feature=str(value["feature"]),
        description=str(value["description"]),
        requirements=value["requirements"],
        encoding=encoding,
    )


def _keys(value: dict[str, JsonValue]) -> Iterator[Problem]:
    for key in value:
        if key not in KEYS:
            near = process.extractOne(key, KEYS, scorer=fuzz.ratio, score_cutoff=CUTOFF)
            accepted = "feature, description and requirements"
            where = place((key,))
            yield Problem(where, "is not known", accepted, near[0] if near else "")
    for key in KEYS:
        if key not in value:
            yield Problem(key, "is missing", "feature, description and requirements")


def _parts(value: dict[str, JsonValue]) -> Iterator[Problem]:
    for key, longest in LONGEST.items():
        part = value.get(key, "x")
        if not isinstance(part, str):
            yield Problem(key, f"is {_kind(part)}", "a string")
        elif not part.strip():
            yield Problem(key, "is empty", "a text")
        elif len(part) > longest:
            yield Problem(key, "is too long", f"at most {longest} characters")
    requirements = value.get("requirements")
    if isinstance(requirements, bool | int | float):
        accepted = 'a string such as "none", a list, an object or null'
        yield Problem("requirements", f"is {_kind(requirements)}", accepted)


def _characters(value: dict[str, JsonValue]) -> Iterator[Problem]:
    for path, text in texts(value):
        if found := bad_character(text):
            what = f"holds the character {found}"
            yield Problem(place(path), what, "text without control characters")


def _kind(value: JsonValue) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case list():
            return "a list"
        case _:
            return "an object"
