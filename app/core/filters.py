"""What a list is asked for, as conditions on its rows."""

from collections.abc import Callable, Mapping
from operator import ge, gt, le, lt
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, or_
from sqlalchemy.orm import InstrumentedAttribute, QueryableAttribute

from app.core.models import Input
from app.core.tables import Record

Row = TypeVar("Row", bound=Record)
Column = QueryableAttribute[Any] | InstrumentedAttribute[Any]


def _is_null(column: Column, value: bool) -> ColumnElement[bool]:  # noqa: FBT001
    return column.is_(None) if value else column.is_not(None)


def _contains(column: Column, value: str) -> ColumnElement[bool]:
    return column.icontains(value, autoescape=True)


# What the name of a parameter ends in, and what that asks of a column.
OPERATORS: Mapping[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "_lt": lt,
    "_le": le,
    "_gt": gt,
    "_ge": ge,
    "_contains": _contains,
    "_is_null": _is_null,
}


def narrow(
    rows: Select[Row], query: Input, columns: Mapping[str, Column]
) -> Select[Row]:
    """Return the rows that fulfil every parameter of `query` about a column.

    A parameter is named as the column, then one value or any of some is equal to it,
    or it ends in an operator, such as `born_on_ge` or `name_contains`.
    """
    for name, column in columns.items():
        asked = getattr(query, name, None)
        if isinstance(asked, list):
            rows = rows.where(column.in_(asked)) if asked else rows
        elif asked is not None:
            rows = rows.where(column == asked)
        for suffix, operator in OPERATORS.items():
            value = getattr(query, f"{name}{suffix}", None)
            if value is not None:
                rows = rows.where(operator(column, value))
    return rows


def search(rows: Select[Row], text: str | None, *columns: Column) -> Select[Row]:
    """Return the rows that hold `text` in any of the columns, in either case."""
    if text is None:
        return rows
    return rows.where(or_(*(_contains(column, text) for column in columns)))
