"""Values that a field may have, the likeliest first, as far as the field alone says."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal

from petsage_builder.analyze.values import moment
from petsage_builder.decode import JsonValue
from petsage_builder.solver import numerals, regex, words
from petsage_builder.solver.samples import FromNow, FromToday, Value
from petsage_builder.solver.spelling import as_answered
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
    FloatField,
    IntegerField,
    ListField,
    MoneyField,
    SlugField,
    StringField,
    TextField,
    Timed,
    TimeField,
    UuidField,
)

DAYS = ("2024-05-04", "2023-11-20", "2022-08-17", "2020-02-29")
MOMENTS = ("2024-05-04T09:30:00Z", "2023-11-20T14:00:00Z", "2022-08-17T16:15:00Z")
TIMES = ("09:30:00", "14:00:00", "17:45:00")
DURATIONS = ("PT30M", "PT1H", "PT45M", "P1D", "P14D", "PT0S")
COUNTS = ("3", "2", "5", "1", "12", "40", "0", "100")
AMOUNTS = ("4.20", "12.50", "7.00", "1.00", "49.90", "120.00", "0.50", "0")
PRICES = ("49.90", "12.50", "120.00", "5.00", "1.00", "0.50", "0")
FACTS: tuple[JsonValue, ...] = (
    {"colour": "black"},
    {"colour": "white"},
    {"colour": "ginger"},
)
LISTS: dict[str, tuple[list[JsonValue], ...]] = {
    "string": (["calm", "indoor"], ["shy"], ["young"]),
    "integer": ([1, 2], [3], [5]),
    "uuid": tuple([one] for one in words.UUIDS),
    "date": tuple([one] for one in DAYS[:3]),
}
AHEAD = (7, 14, 21, 1, 0)


def likely(
    resource: str, name: str, field: AnyField, *, clock: bool
) -> Iterator[Value]:
    """Give values that `field` may or may not take; None is not among them.

    With `clock`, days and moments are given relative to the test, too.
    """
    if field.example is not None:
        yield as_answered(field, field.example)
    if isinstance(field.default, str) and field.default in ("now", "today"):
        yield FromNow(timedelta()) if field.default == "now" else FromToday(0)
    elif field.default is not None and not _is_magic(field):
        yield as_answered(field, field.default)
    yield from _typed(resource, name, field, clock=clock)


def _is_magic(field: AnyField) -> bool:
    return isinstance(field, UuidField) and field.default in ("new", "caller")


def _typed(  # noqa: C901, PLR0912 - one branch for each type of field
    resource: str, name: str, field: AnyField, *, clock: bool
) -> Iterable[Value]:
    match field:
        case StringField() | TextField():
            yield from _texts(resource, name, field)
        case SlugField():
            yield from (one[: field.max_length].strip("-") for one in words.SLUGS)
            yield from ("h", "g", "m")
        case AddressField():
            yield from words.ADDRESSES[field.type]
        case UuidField():
            yield from words.UUIDS
        case BooleanField():
            yield from (True, False)
        case EnumField():
            yield from field.values
        case DateField():
            yield from _days(field, clock=clock or field.not_before == "today")
        case DatetimeField():
            yield from _moments(field, clock=clock or field.not_before == "now")
        case TimeField():
            yield from TIMES
        case DurationField():
            yield from DURATIONS
        case ListField():
            yield from (one[: field.max_items] for one in LISTS[field.items])
        case Bounded():
            yield from _numbers(field)
        case _:
            yield from FACTS


def _texts(resource: str, name: str, field: StringField | TextField) -> Iterator[str]:
    low, high = max(field.min_length, 1), field.max_length
    for text in words.words_for(resource, name):
        fit = words.as_long_as(text, low, high)
        yield words.in_the_case_of(str(field.example or text), fit)
    if isinstance(field, StringField) and field.pattern is not None:
        for core in regex.matching(field.pattern, low, high):
            yield core
            yield core + "m" * (low - len(core))
    yield from (letter * low for letter in "MBPHGR")


def _numbers(field: Bounded) -> Iterator[Value]:
    low, high = numerals.lowest(field), numerals.highest(field)
    for number in _usual_numbers(field):
        yield numerals.written(field, number)
    if low is not None and high is not None:
        yield numerals.written(field, (low + high) / 2)
        yield from _between(field)
    unit = numerals.step(field)
    for start, direction in ((low, unit), (high, -unit)):
        if start is not None:
            yield from (
                numerals.written(field, start + n * direction) for n in (1, 2, 0)
            )


def _between(field: Bounded) -> Iterator[Value]:
    """Give the middle of bounds that are closer than a step."""
    low = field.ge if field.ge is not None else field.gt
    high = field.le if field.le is not None else field.lt
    if isinstance(field, FloatField) and low is not None and high is not None:
        yield from (float(low + (high - low) * part / 4) for part in (2, 1, 3))


def _usual_numbers(field: Bounded) -> Iterator[Decimal]:
    usual: tuple[str, ...] = AMOUNTS
    if isinstance(field, IntegerField):
        usual = COUNTS
    elif isinstance(field, MoneyField):
        usual = PRICES
    yield from map(Decimal, usual)


def _days(field: DateField, *, clock: bool) -> Iterator[Value]:
    yield from DAYS
    for near in _near_limits(field):
        yield near.isoformat()
    if clock:
        yield from (FromToday(sign * days) for sign in (1, -1) for days in AHEAD)


def _moments(field: DatetimeField, *, clock: bool) -> Iterator[Value]:
    yield from MOMENTS
    for near in _near_limits(field):
        if isinstance(near, datetime):
            yield written_moment(near)
    if clock:
        for sign in (1, -1):
            yield from (FromNow(sign * timedelta(days=days)) for days in AHEAD)


def _near_limits(field: Timed) -> Iterator[date]:
    for limit, sign in ((field.not_before, 1), (field.not_after, -1)):
        found = moment(limit)
        if found is None:
            continue
        for days in AHEAD:
            with suppress(OverflowError):  # the calendar ends
                yield found + timedelta(days=sign * days)
