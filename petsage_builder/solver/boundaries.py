"""Values at the edges of what a field takes: at one, and one step beyond it."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

from petsage_builder.analyze.values import moment
from petsage_builder.decode import JsonValue
from petsage_builder.solver import numerals, regex
from petsage_builder.solver.acceptance import LONGEST_ITEM, accepts
from petsage_builder.solver.samples import FromNow, FromToday, Value
from petsage_builder.solver.spans import written_duration
from petsage_builder.solver.worlds import written_moment
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
    Timed,
    TimeField,
)

Edge: TypeAlias = tuple[Value, Value, str]
FILL = "m"
END = "too many digits"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
CENTURY = timedelta(days=36500)


def edges(field: AnyField) -> Iterator[Edge]:
    """Give what is just accepted, what is just not, and why not."""
    match field:
        case StringField() | TextField() | SlugField():
            yield from _lengths(field)
        case AddressField():
            yield from _address_lengths(field)
        case Bounded():
            yield from _bounds(field)
        case Timed():
            yield from _limits(field)
        case DurationField():
            yield "PT0S", "-PT1S", "negative"
            beyond = written_duration(CENTURY + timedelta(seconds=1))
            yield written_duration(CENTURY), beyond, "longer than 36500 days"
        case ListField():
            full = items(field, field.max_items + 1)
            yield full[:-1], full, f"more than {field.max_items} items"
            if field.items == "string":
                longest = FILL * LONGEST_ITEM
                yield [longest], [longest + FILL], "an item longer than 200"


def inside(field: AnyField) -> Iterator[Value]:
    """Give what is accepted beside the edges: each word, both flags, midnight, zero."""
    match field:
        case EnumField():
            yield from field.values
        case BooleanField():
            yield from (True, False)
        case TimeField():
            yield from ("00:00:00", "23:59:59")
        case ListField():
            yield []
        case StringField() if field.pattern is not None:
            found = regex.matching(field.pattern, field.min_length, field.max_length)
            texts = sorted((text for text in found if accepts(field, text)), key=len)
            yield from (*texts[:1], *texts[-1:])
        case Bounded() if not isinstance(field, IntegerField):
            yield numerals.written(field, Decimal(7))
            yield numerals.written(field, Decimal(7) + numerals.step(field))
            yield numerals.written(field, Decimal(0))
    if field.optional:
        yield None


def _lengths(field: StringField | TextField | SlugField) -> Iterator[Edge]:
    low, high = getattr(field, "min_length", 1), field.max_length
    if isinstance(field, StringField) and field.pattern is not None:
        yield from _pattern_lengths(field, field.pattern)
    else:
        if low:
            yield FILL * low, FILL * (low - 1), f"shorter than {low}"
        yield FILL * high, FILL * (high + 1), f"longer than {high}"


def _pattern_lengths(field: StringField, pattern: str) -> Iterator[Edge]:
    """Give texts like the pattern that are just long enough, and just too long."""
    low, high = field.min_length, field.max_length
    limits = {"min_length": max(low - 1, 0), "max_length": high + 1}
    wider = field.model_copy(update=limits)
    for end, beyond, word in ((low, low - 1, "shorter"), (high, high + 1, "longer")):
        right = _of_length(end, field, regex.matching(pattern, end, end))
        wrong = _of_length(beyond, wider, regex.matching(pattern, beyond, beyond))
        if right and wrong:
            yield right, wrong, f"{word} than {end}"


def _of_length(length: int, field: StringField, texts: Iterable[str]) -> str | None:
    padded = (text + FILL * (length - len(text)) for text in texts)
    fitting = (text for text in padded if len(text) == length > 0)
    return next((text for text in fitting if accepts(field, text)), None)


def _address_lengths(field: AddressField) -> Iterator[Edge]:
    match field.type:
        case "email":
            tail = "@example.com"
            full = FILL * (254 - len(tail)) + tail
            yield full, FILL + full, "longer than 254"
        case "url":
            head = "https://example.com/"
            full = head + FILL * (2000 - len(head))
            yield full, full + FILL, "longer than 2000"
        case "phone":
            yield "+1415555", "+141555", "shorter than 7 digits"
            yield "+141555501000000", "+1415555010000000", "longer than 15 digits"


def _bounds(field: Bounded) -> Iterator[Edge]:
    unit = numerals.step(field)
    least, most = numerals.lowest(field), numerals.highest(field)
    below = f">= {field.ge}" if field.ge is not None else f"> {field.gt}"
    above = f"<= {field.le}" if field.le is not None else f"< {field.lt}"
    for bound, end, beyond, range_ in (
        (least, numerals.floor(field), -unit, below),
        (most, numerals.ceiling(field), unit, above),
    ):
        inner = _inner(bound, end, beyond)
        if inner is not None:
            reason = f"not {range_}" if inner == bound else END
            outside = numerals.written(field, inner + beyond)
            yield numerals.written(field, inner), outside, reason


def _inner(
    bound: Decimal | None, end: Decimal | None, outwards: Decimal
) -> Decimal | None:
    """Return whichever of the bound and the end of the type is nearer."""
    given = [one for one in (bound, end) if one is not None]
    if not given:
        return None
    return max(given) if outwards < 0 else min(given)


def _limits(field: Timed) -> Iterator[Edge]:
    sides = ((field.not_before, -1, "before"), (field.not_after, 1, "after"))
    for limit, sign, word in sides:
        if limit is None:
            continue
        reason = f"{word} {limit}"
        with suppress(OverflowError):  # nothing lies beyond the calendar
            if isinstance(field, DateField):
                yield _day(limit, 0), _day(limit, sign), reason
            elif isinstance(field, DatetimeField):
                ahead = limit == "now" and word == "before"
                yield _moment(limit, int(ahead)), _moment(limit, sign), reason


def _day(limit: str, days: int) -> Value:
    found = moment(limit)
    if not isinstance(found, date):
        return FromToday(days)
    return (found + days * DAY).isoformat()


def _moment(limit: str, steps: int) -> Value:
    """Return the limit, some seconds after it, or some minutes after now."""
    found = moment(limit)
    if not isinstance(found, datetime):
        return FromNow(steps * MINUTE)
    return written_moment(found + timedelta(seconds=steps))


def items(field: ListField, count: int) -> list[JsonValue]:
    """Return a list of so many items, each another."""
    first = date(2024, 1, 1)
    match field.items:
        case "integer":
            return list(range(1, count + 1))
        case "date":
            return [(first + n * DAY).isoformat() for n in range(count)]
        case "uuid":
            return [f"{n:08x}-0000-4000-8000-000000000000" for n in range(count)]
        case "string":
            return [f"item {n}" for n in range(1, count + 1)]
