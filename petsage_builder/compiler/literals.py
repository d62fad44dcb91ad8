"""Constants as Python."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from petsage_builder.compiler.pieces import Level, Piece, call
from petsage_builder.python_text import string
from petsage_builder.wording import member

UNITS: Mapping[str, timedelta] = {
    "days": timedelta(days=1),
    "hours": timedelta(hours=1),
    "minutes": timedelta(minutes=1),
    "seconds": timedelta(seconds=1),
    "milliseconds": timedelta(milliseconds=1),
    "microseconds": timedelta(microseconds=1),
}
ZERO = timedelta()


def number_literal(value: Decimal, *, floating: bool) -> Piece:
    """Return a number as it stands beside others: beside floats, or not."""
    level = Level.SIGN if value < 0 else Level.ATOM
    if value == value.to_integral_value():
        return Piece(str(int(value)), level)
    if floating:
        return Piece(repr(float(value)), level)
    return call("Decimal", Piece(f'"{value:f}"'))


def duration_literal(value: timedelta) -> Piece:
    """Return a duration in the largest unit of which it is a whole number."""
    if value == ZERO:
        return call("timedelta")
    unit = next(unit for unit, length in UNITS.items() if value % length == ZERO)
    made = call("timedelta", Piece(f"{unit}={abs(value // UNITS[unit])}"))
    return made if value > ZERO else Piece(f"-{made.text}", Level.SIGN, made.needs)


def text_literal(value: str, enum: str | None = None) -> Piece:
    """Return a text, or a member of an enum."""
    if enum is None:
        return Piece(string(value, 0))
    return Piece(f"{enum}.{member(value)}", needs=frozenset({enum}))
