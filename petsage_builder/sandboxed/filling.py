"""Rows for every table of a database, so that a migration has something to lose."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeAlias
from uuid import UUID

import sqlalchemy as sa

Row: TypeAlias = Mapping[str, Any]

LONG_AGO = datetime(2024, 5, 4, 9, 30, tzinfo=UTC)
ROWS = 3
TEXT = 40


def fill(connection: sa.Connection, metadata: sa.MetaData) -> None:
    """Store some rows in each table that is there and has a place in `metadata`.

    What the database does not take, such as a second row where only one may be, is
    left out.
    """
    known = set(sa.inspect(connection).get_table_names())
    stored: dict[str, list[Row]] = {}
    for table in metadata.sorted_tables:
        if table.name in known:
            stored[table.name] = list(_stored(connection, table, stored))


def _stored(
    connection: sa.Connection, table: sa.Table, others: Mapping[str, list[Row]]
) -> Iterator[Row]:
    """Store rows in one table, and give those that it has taken."""
    for number in range(1, ROWS + 1):
        row = _row(table, number, others)
        try:
            with connection.begin_nested():
                connection.execute(sa.insert(table), row)
        except sa.exc.SQLAlchemyError:
            continue
        yield row


def _row(table: sa.Table, number: int, others: Mapping[str, list[Row]]) -> Row:
    """Return a row, in which every column has a value that other rows do not have."""
    row = {column.name: _value(column, number) for column in table.columns}
    for key in table.foreign_keys:
        target = key.column.table.name
        rows = [row] if target == table.name else others.get(target, [])
        if rows:
            referred = rows[(number - 1) % len(rows)]
            row[key.parent.name] = referred[key.column.name]
    return row


def _value(column: sa.Column[Any], number: int) -> object:
    kind = column.type
    if isinstance(kind, sa.TypeDecorator):
        kind = kind.impl_instance
    match kind:
        case sa.Enum():
            members = list(kind.enum_class or kind.enums)
            return members[number % len(members)]
        case sa.String(length=length):
            return f"{number} {column.name}"[: length or TEXT]
    return next(
        (value for known, value in _values(number) if isinstance(kind, known)), None
    )


def _values(number: int) -> Iterator[tuple[type[Any], object]]:
    """Give a value for each kind of column."""
    yield sa.Uuid, UUID(int=number)
    yield sa.Boolean, True
    yield sa.Numeric, number
    yield sa.Integer, number
    yield sa.DateTime, LONG_AGO
    yield sa.Date, date(2024, 5, number)
    yield sa.Time, time(number)
    yield sa.Interval, timedelta(number)
    yield sa.JSON, []
    yield sa.LargeBinary, bytes([number])
