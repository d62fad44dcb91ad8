"""Fields in words: what they are, and what they take."""

import json
from collections.abc import Iterator

from petsage_builder.decode import JsonValue
from petsage_builder.spec.fields import (
    AnyField,
    DecimalField,
    EnumField,
    ListField,
    MoneyField,
    SlugField,
    StringField,
    TextField,
)
from petsage_builder.wording import joined, label

SIZES = {"min_length", "max_length"}
TYPES = {
    "string": "a line of text",
    "text": "text",
    "slug": "words such as `vet-clinic`",
    "email": "an email address",
    "url": "a web address",
    "phone": "a phone number (E.164)",
    "uuid": "UUID",
    "integer": "a whole number",
    "decimal": "a number, as a text",
    "money": "an amount, as a text",
    "float": "a number",
    "boolean": "true or false",
    "date": "a day",
    "time": "a time of day",
    "datetime": "a moment, with its zone",
    "duration": "a span of time (ISO 8601)",
    "enum": "a word",
    "json": "any JSON",
}
BOUNDS = {
    "ge": "at least",
    "gt": "more than",
    "le": "at most",
    "lt": "less than",
    "not_before": "not before",
    "not_after": "not after",
}


def type_of(field: AnyField) -> str:
    """Return what a field is."""
    if isinstance(field, ListField):
        return f"a list of {label(field.items)}s"
    return TYPES[field.type]  # type: ignore[attr-defined]


def limits_of(field: AnyField) -> Iterator[str]:
    """Give what a field takes, and how it behaves."""
    if field.description:
        yield field.description.rstrip(".")
    yield from _size(field)
    if isinstance(field, StringField) and field.pattern:
        yield f"matches `{field.pattern}`"
    for name, words in BOUNDS.items():
        bound = getattr(field, name, None)
        if bound is not None:
            yield f"{words} {bound}"
    yield from _behaviour(field)


def _size(field: AnyField) -> Iterator[str]:
    match field:
        case EnumField():
            yield joined([f"`{word}`" for word in field.values], "or")
        case StringField() if field.pattern and not SIZES & field.model_fields_set:
            return  # the pattern says it
        case StringField() | TextField():
            yield f"{field.min_length} to {field.max_length} characters"
        case SlugField():
            yield f"at most {field.max_length} characters"
        case ListField():
            yield f"at most {field.max_items}"
        case MoneyField():
            yield f"in {field.currency}"
        case DecimalField():
            digits, places = field.max_digits, field.decimal_places
            yield f"at most {digits} digits, {places} of them decimals"


def _json(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False)


def _behaviour(field: AnyField) -> Iterator[str]:
    if field.optional:
        yield "may be null"
    if field.default is not None:
        said = field.default if isinstance(field.default, str) else _json(field.default)
        yield f"`{said}` at first"
    if field.default_from or field.default_expression:
        yield f"`{field.default_from or field.default_expression}` at first"
    if field.unique:
        yield "unique"
    if field.immutable:
        yield "never changes"
    if field.write_only:
        yield "never shown"
    if field.sensitive:
        yield "not shown in lists"
    if field.read is not None:
        yield f"shown to {joined([label(who) for who in field.read], 'or')}"
