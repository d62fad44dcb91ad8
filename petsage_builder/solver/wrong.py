"""Values that a field refuses, each wrong in one way and by as little as can be."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeAlias

from petsage_builder.decode import JsonValue
from petsage_builder.solver.acceptance import NUL, accepts, refuses
from petsage_builder.solver.boundaries import edges
from petsage_builder.solver.samples import Refused, Value
from petsage_builder.spec.fields import (
    AddressField,
    AnyField,
    BooleanField,
    Bounded,
    DateField,
    DatetimeField,
    DurationField,
    EnumField,
    IntegerField,
    ListField,
    SlugField,
    StringField,
    TextField,
    TimeField,
    UuidField,
)

Wrong: TypeAlias = tuple[Value, str]
# One of each kind of character, to put where it does not belong.
STRANGERS = "x1A-! "
ADDRESSES: dict[str, tuple[Wrong, ...]] = {
    "email": (
        ("miso", "no @"),
        ("miso@", "no domain"),
        ("mísó@example.com", "no ASCII"),
    ),
    "url": (("miso", "no URL"), ("ftp://example.com/", "neither http nor https")),
    "phone": (("4915112345678", "no +"), ("+0151123456", "a country code of 0")),
}
ITEMS: dict[str, JsonValue] = {"string": 7, "integer": "x", "uuid": "x", "date": "x"}


def refused(name: str, field: AnyField, example: Value) -> Iterator[Refused]:
    """Give wrong values for a field that takes `example`."""
    seen: list[str] = []
    for value, reason in _wrong(field, example):
        if repr(value) not in seen and refuses(field, value):
            seen.append(repr(value))
            yield Refused(name, value, reason)


def _wrong(field: AnyField, example: Value) -> Iterator[Wrong]:
    if not field.optional:
        yield None, "null"
    yield from ((value, reason) for _, value, reason in edges(field))
    yield from _of_another_type(field, example)
    if isinstance(field, StringField) and field.pattern is not None:
        yield from _unlike_the_pattern(field, str(example))
    if isinstance(field, StringField | TextField):
        yield from _with(NUL, "NUL", field, str(example))
    if isinstance(field, StringField) and field.pattern is None:
        yield from _with("\n", "two lines", field, str(example))


def _of_another_type(field: AnyField, example: Value) -> Iterator[Wrong]:
    match field:
        case StringField() | TextField():
            yield 7, "a number"
            yield " " * max(field.min_length, 1), "blank"
        case SlugField():
            yield from (("Miso", "a capital"), ("a--b", "two hyphens"), (7, "a number"))
        case AddressField():
            yield from ADDRESSES[field.type]
            yield 7, "a number"
        case UuidField():
            yield from (("miso", "no UUID"), (7, "a number"))
        case BooleanField():
            yield from (("maybe", "a text"), ("true", "a text"), (1, "a number"))
        case EnumField():
            yield from (("unheard_of", "no such word"), (7, "a number"))
        case ListField():
            yield "miso", "no list"
            yield [ITEMS[field.items]], "a wrong item"
            yield [None], "a null item"
        case Bounded():
            yield from _no_number(field, example)
        case _:
            yield from _no_moment(field)


def _no_number(field: Bounded, example: Value) -> Iterator[Wrong]:
    yield "many", "a text"
    yield True, "a boolean"
    if isinstance(field, IntegerField):
        yield 1.5, "no whole number"
        return
    if isinstance(example, str):
        dot = "" if "." in example else "."
        yield f"{example}{dot}1", "too many decimals"


def _no_moment(field: AnyField) -> Iterator[Wrong]:
    match field:
        case DateField():
            yield "2023-02-29", "no day"
            yield "2024-05-04T00:00:00Z", "a midnight"
            yield 19847, "a number"
        case DatetimeField():
            yield "2024-05-04T09:30:00", "no zone"
            yield "2024-05-04", "a day"
            yield "2024-05-04 09:30Z", "no seconds"
            yield 1714815000, "a number"
        case TimeField():
            yield from (("24:00:00", "no time"), (930, "a number"))
            yield "09:30:00Z", "a zone"
        case DurationField():
            yield from (("half an hour", "no duration"), (1800, "a number"))


def _unlike_the_pattern(field: StringField, right: str) -> Iterator[Wrong]:
    """Give texts that are like a right one, and break the pattern alone.

    One differs in one place, one is longer, and one shorter, as far as there are such.
    """
    free = field.model_copy(update={"pattern": None})

    def first(texts: Iterable[str]) -> list[str]:
        wrong = (t for t in texts if accepts(free, t) and refuses(field, t))
        return list(islice(wrong, 1))

    one_each = [
        *first(_changed(right)),
        *first(_longer(right)),
        *first(_shorter(right)),
    ]
    for text in one_each or first(_others(right)):
        yield text, f"not like {field.pattern}"


def _changed(right: str) -> Iterator[str]:
    """Give texts that differ from a right one in one place."""
    for index in reversed(range(min(len(right), 50))):
        for stranger in STRANGERS:
            yield right[:index] + stranger + right[index + 1 :]


def _longer(right: str) -> Iterator[str]:
    """Give texts that have one character more: first one that is there already."""
    yield right + right[-1:]
    yield right[:1] + right
    for stranger in STRANGERS:
        yield right + stranger
        yield stranger + right


def _shorter(right: str) -> Iterator[str]:
    yield from (right[:-1], right[1:])


def _others(right: str) -> Iterator[str]:
    """Give texts that differ from a right one in every place."""
    yield right.swapcase()
    yield from (stranger * len(right) for stranger in STRANGERS)
    yield from (f"{stranger} {stranger}" for stranger in STRANGERS)


def _with(
    stranger: str, reason: str, field: StringField | TextField, right: str
) -> Iterator[Wrong]:
    """Give a text whose only fault is one character, if there can be one."""
    replaced = f"{right[:-1]}{stranger}"
    if len(replaced) > max(field.min_length, 1) - 1:
        yield replaced, reason
