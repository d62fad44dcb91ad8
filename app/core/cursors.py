"""Cursors: where a page ended, signed, so that only our own values come back."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, TypeAlias
from uuid import UUID

from app.core.signatures import seal, unseal

Value: TypeAlias = (
    str | bool | int | float | Decimal | date | datetime | time | timedelta | UUID
)

PURPOSE = "cursor"

# How each kind of value is written, and read. A subclass stands before its class.
KINDS: dict[type, tuple[Callable[[Any], Any], Callable[[Any], Value]]] = {
    str: (str, str),
    bool: (bool, bool),
    int: (int, int),
    float: (float, float),
    Decimal: (str, Decimal),
    datetime: (datetime.isoformat, datetime.fromisoformat),
    date: (date.isoformat, date.fromisoformat),
    time: (time.isoformat, time.fromisoformat),
    timedelta: (
        lambda delta: delta / timedelta(microseconds=1),
        lambda number: timedelta(microseconds=number),
    ),
    UUID: (str, UUID),
}
NAMES = {kind.__name__: kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Position:
    """The sort key and the id of the last row of a page, in one order of one list."""

    order: str
    value: Value | None
    id: UUID

    def write(self) -> str:
        """Return the cursor."""
        kind, written = _write(self.value)
        content = json.dumps([self.order, kind, written, self.id.hex])
        return seal(PURPOSE, content.encode())


def read_cursor(cursor: str, order: str) -> Position | None:
    """Return the position that a page in this order has given out, or None."""
    content = unseal(PURPOSE, cursor)
    if content is None:
        return None
    its_order, kind, written, row_id = json.loads(content)
    if its_order != order:
        return None
    value = None if kind is None else KINDS[NAMES[kind]][1](written)
    return Position(order, value, UUID(row_id))


def _write(value: Value | Enum | None) -> tuple[str | None, object]:
    if isinstance(value, Enum):
        value = value.value
    for kind, (write, _) in KINDS.items():
        if isinstance(value, kind):
            return kind.__name__, write(value)
    return None, None
