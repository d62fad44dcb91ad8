"""Whether a field takes a value: as `analyze.values` asks, and as the API asks more."""

import math
import re
from datetime import date, time, timedelta
from urllib.parse import urlsplit

from pydantic_core import SchemaError

from petsage_builder.analyze.values import refusal
from petsage_builder.decode import JsonValue
from petsage_builder.solver.samples import FromNow, FromToday, Person, Value
from petsage_builder.solver.worlds import WORLDS, World, read, sent
from petsage_builder.spec.fields import (
    AddressField,
    AnyField,
    Bounded,
    IntegerField,
    ListField,
    StringField,
    TextField,
    Timed,
)

EMAIL = re.compile(r"[!-?A-~]+@[!-?A-~]+")
LONGEST_EMAIL = 254
LONGEST_URL = 2000
LONGEST_ITEM = 200
LONGEST_DURATION = timedelta(days=36500)
NUL = "\0"
BREAKS = frozenset("\r\n")
DAY = len("2026-01-31")


def accepts(field: AnyField, value: Value) -> bool:
    """Say whether the API takes a value, whenever the test runs."""
    return why_refused(field, value) is None


def refuses(field: AnyField, value: Value) -> bool:
    """Say whether the API refuses a value, whenever the test runs."""
    return all(refused_in(world, field, value) is not None for world in WORLDS)


def why_refused(field: AnyField, value: Value) -> str | None:
    """Return why the API may refuse a value; None if it never does."""
    reasons = (refused_in(world, field, value) for world in WORLDS)
    return next((reason for reason in reasons if reason is not None), None)


def refused_in(world: World, field: AnyField, value: Value) -> str | None:
    """Return why the API refuses a value in a world; None if it does not."""
    try:
        found = sent(value, world)
    except OverflowError:
        return "no day of the calendar"
    if isinstance(found, FromToday | FromNow | Person):
        return "not written out"
    try:
        wrong = refusal(field, found)
    except SchemaError:
        return "the pattern is not one that Pydantic knows"
    return wrong[0] if wrong else stricter(field, found, world)


def stricter(field: AnyField, value: JsonValue, world: World) -> str | None:
    """Return why the API refuses what `refusal` lets pass; None if it does not.

    A line does not break, no text is blank unless it may be empty, none holds NUL, an
    email is ASCII, a URL has 2000 characters at most, JSON's true is no number and its
    numbers no texts, a day is no midnight, a time has no zone, a span of time lies
    between 0 and 36500 days, and limits may depend on the clock.
    """
    match value:
        case None:
            return None
        case str():
            return _wrong_text(field, value) or _wrong_moment(field, value, world)
        case list() if isinstance(field, ListField):
            texts = (item for item in value if isinstance(item, str))
            is_line = field.items == "string"
            return next((w for t in texts if (w := _wrong_item(t, is_line))), None)
        case bool() if isinstance(field, Bounded):
            return "a boolean"
        case float() if not math.isfinite(value):
            return "not finite"
    return None


def _wrong_item(text: str, is_line: bool) -> str | None:  # noqa: FBT001
    if is_line and {*text} & BREAKS:
        return "two lines"
    if is_line and len(text) > LONGEST_ITEM:
        return "longer than 200"
    return "NUL" if NUL in text else None


def _wrong_text(field: AnyField, text: str) -> str | None:
    if field.kind == "text" and NUL in text:
        return "NUL"
    if isinstance(field, StringField | TextField):
        return _wrong_words(field, text)
    if isinstance(field, AddressField):
        return _wrong_address(field, text)
    if isinstance(field, Bounded) and not re.fullmatch(r"-?\d+(\.\d+)?", text):
        return "no number"
    if isinstance(field, IntegerField):
        return "a text"
    return None


def _wrong_words(field: StringField | TextField, text: str) -> str | None:
    if field.min_length and not text.strip():
        return "blank"
    is_line = isinstance(field, StringField) and field.pattern is None
    return "two lines" if is_line and {*text} & BREAKS else None


def _wrong_address(field: AddressField, text: str) -> str | None:
    match field.type:
        case "email" if not EMAIL.fullmatch(text) or len(text) > LONGEST_EMAIL:
            return "no email address"
        case "url" if len(text) > LONGEST_URL:
            return "too long"
        case "url" if not urlsplit(text).netloc:
            return "no host"
    return None


def _wrong_moment(field: AnyField, text: str, world: World) -> str | None:
    if field.kind == "date" and len(text) != DAY:
        return "no day"
    if isinstance(field, Timed):
        return _out_of_time(field, text, world)
    if field.kind == "time" and time.fromisoformat(text).tzinfo:
        return "a zone"
    if field.kind == "duration":
        span = read(text, "duration", world)
        if isinstance(span, timedelta) and not (
            timedelta() <= span <= LONGEST_DURATION
        ):
            return "not between 0 and 36500 days"
    return None


def _out_of_time(field: Timed, text: str, world: World) -> str | None:
    found = read(text, field.kind, world)
    clock = {"today": world.today, "now": world.now}
    first, last = clock.get(field.not_before or ""), clock.get(field.not_after or "")
    if isinstance(found, date):
        if first is not None and found < first:
            return f"before {field.not_before}"
        if last is not None and found > last:
            return f"after {field.not_after}"
    return None
