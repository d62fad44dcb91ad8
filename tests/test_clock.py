"""Tests of calculations in time, and of where they end."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from app.core.clock import LONGEST, SHORTEST, scale, shift

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)
DAY = date(2026, 3, 14)


@pytest.mark.parametrize(
    ("moment", "by", "then"),
    [
        (NOON, timedelta(hours=2), datetime(2026, 3, 14, 14, tzinfo=UTC)),
        (NOON, -timedelta(days=14), datetime(2026, 2, 28, 12, tzinfo=UTC)),
        (LAST, timedelta(microseconds=1), LAST),
        (FIRST, -timedelta(microseconds=1), FIRST),
        (NOON, timedelta.max, LAST),
        (NOON, timedelta.min, FIRST),
        (LAST, timedelta(), LAST),
    ],
)
def test_a_moment_is_shifted_as_far_as_there_are_moments(
    moment: datetime, by: timedelta, then: datetime
) -> None:
    assert shift(moment, by) == then


def test_a_moment_keeps_its_time_zone() -> None:
    zone = timezone(timedelta(hours=5))

    assert shift(NOON.astimezone(zone), timedelta.max).tzinfo is zone
    assert shift(NOON, timedelta.min).tzinfo is UTC


@pytest.mark.parametrize(
    ("by", "then"),
    [
        (timedelta(days=365), date(2027, 3, 14)),
        (timedelta(hours=36), date(2026, 3, 15)),
        (-timedelta(hours=36), date(2026, 3, 13)),
        (timedelta(hours=23), DAY),
        (-timedelta(hours=23), DAY),
        (timedelta.max, date.max),
        (timedelta.min, date.min),
    ],
)
def test_a_date_is_shifted_by_whole_days(by: timedelta, then: date) -> None:
    assert shift(DAY, by) == then


@pytest.mark.parametrize(
    ("span", "by", "then"),
    [
        (timedelta(hours=1), -timedelta(minutes=15), timedelta(minutes=45)),
        (LONGEST, timedelta(hours=1), LONGEST),
        (timedelta.max, timedelta(days=1), LONGEST),
        (SHORTEST, -timedelta(hours=1), SHORTEST),
    ],
)
def test_a_span_becomes_as_long_as_there_are_spans(
    span: timedelta, by: timedelta, then: timedelta
) -> None:
    assert shift(span, by) == then


@pytest.mark.parametrize(
    ("span", "by", "then"),
    [
        (timedelta(hours=1), 3, timedelta(hours=3)),
        (timedelta(hours=1), -0.5, -timedelta(minutes=30)),
        (timedelta(hours=1), 2**63, LONGEST),
        (timedelta(hours=1), -(2**63), SHORTEST),
        (-timedelta(hours=1), float("inf"), SHORTEST),
        (-timedelta(hours=1), float("-inf"), LONGEST),
        (timedelta(), float("inf"), timedelta()),
        (timedelta.max, -1, SHORTEST),
        (timedelta(hours=1), float("nan"), timedelta()),
    ],
)
def test_a_span_is_scaled_as_far_as_there_are_spans(
    span: timedelta, by: float, then: timedelta
) -> None:
    assert scale(span, by) == then


@pytest.mark.parametrize("span", [LONGEST, SHORTEST, timedelta(hours=-1)])
def test_a_span_has_an_opposite(span: timedelta) -> None:
    assert scale(scale(span, -1), -1) == span
