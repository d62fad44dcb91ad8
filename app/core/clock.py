"""Calculations in time that end at the first and the last of what there is."""

from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from typing import overload

DAY = timedelta(days=1)
NOTHING = timedelta()
SHORTEST = timedelta.min
# A little longer ones have no opposite.
LONGEST = -timedelta.min


@overload
def shift(time: datetime, by: timedelta) -> datetime: ...
@overload
def shift(time: date, by: timedelta) -> date: ...
@overload
def shift(time: timedelta, by: timedelta) -> timedelta: ...
def shift(time: date | timedelta, by: timedelta) -> date | timedelta:
    """Return what is `by` later, or longer. A date counts whole days alone."""
    try:
        if isinstance(time, timedelta):
            return max(SHORTEST, min(LONGEST, time + by))
        return time + (by if isinstance(time, datetime) else _whole_days(by))
    except OverflowError:
        return _furthest(time, by)


def scale(span: timedelta, by: float) -> timedelta:
    """Return a span that is so many times as long; it is none if `by` is no number."""
    try:
        return max(SHORTEST, min(LONGEST, span * by))
    except OverflowError:
        if span == NOTHING:
            return NOTHING
        return LONGEST if (span > NOTHING) == (by > 0) else SHORTEST
    except ValueError:
        return NOTHING


def _whole_days(span: timedelta) -> timedelta:
    days = abs(span) // DAY
    return timedelta(days=-days if span < NOTHING else days)


def _furthest(time: date | timedelta, by: timedelta) -> date | timedelta:
    if isinstance(time, timedelta):
        return LONGEST if by > NOTHING else SHORTEST
    if isinstance(time, datetime):
        day = date.max if by > NOTHING else date.min
        clock = time_of_day.max if by > NOTHING else time_of_day.min
        return datetime.combine(day, clock, time.tzinfo)
    return date.max if by > NOTHING else date.min
