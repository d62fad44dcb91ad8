"""How long the durations of a rule can be."""

from datetime import timedelta
from decimal import Decimal

from petsage_builder.spec.expressions import Calculate, Constant, Expression

# From the first day of the year 1 to the last one of the year 9999.
ALL_TIME = timedelta(days=3_652_060).total_seconds()
LONGEST = timedelta.max.total_seconds() / 2


def constant_duration(tree: Expression) -> timedelta | None:
    """Return a duration that stands in the rule; one too long is as long as can be."""
    match tree:
        case Constant(timedelta() as value, _):
            return value
        case Calculate("+" | "-" as sign, left, right, "duration"):
            one, other = constant_duration(left), constant_duration(right)
            if one is None or other is None:
                return None
            return _bounded(
                _seconds(one) + _seconds(other) * (1 if sign == "+" else -1)
            )
        case Calculate("*", left, right, "duration"):
            span, by = (left, right) if left.kind == "duration" else (right, left)
            length = constant_duration(span)
            if length is None or not isinstance(by, Constant):
                return None
            return _bounded(_seconds(length) * Decimal(str(by.value)))
    return None


def _seconds(span: timedelta) -> Decimal:
    return Decimal(span // timedelta(microseconds=1)) / 1_000_000


def _bounded(seconds: Decimal) -> timedelta:
    # The backend's clock ends there too: every duration has an opposite.
    longest = _seconds(-timedelta.min)
    bounded = max(-longest, min(longest, seconds))
    return timedelta(microseconds=round(bounded * 1_000_000))


def can_overflow(tree: Expression) -> bool:
    """Say whether a duration, or its opposite, may be more than Python can hold."""
    return not _most_seconds(tree) <= LONGEST  # nor is it if that is no number


def _most_seconds(tree: Expression) -> float:
    match tree:
        case Constant(timedelta() as value, _):
            return abs(value.total_seconds())
        case Constant(Decimal() as value, _):
            return float(abs(value))
        case Calculate("-", left, _, "duration") if left.kind != "duration":
            return ALL_TIME
        case Calculate("*", left, right, _):
            return _most_seconds(left) * _most_seconds(right)
        case Calculate("+" | "-", left, right, _):
            return _most_seconds(left) + _most_seconds(right)
    return float("inf")
