"""Tests of the rows that a migration could lose."""

import sqlalchemy as sa

import app.main  # noqa: F401 - it knows every table
from app.core.tables import Base
from petsage_builder.sandboxed.filling import ROWS, fill


def stored(*left_out: str) -> dict[str, int]:
    """Fill a database that lacks some tables, and return how many rows each has."""
    engine = sa.create_engine("sqlite://")
    every = Base.metadata.sorted_tables
    with engine.begin() as connection:
        made = [table for table in every if table.name not in left_out]
        Base.metadata.create_all(connection, made)
        fill(connection, Base.metadata)
        counts = {
            table.name: connection.scalar(sa.select(sa.func.count()).select_from(table))
            for table in made
        }
    engine.dispose()
    return {name: count or 0 for name, count in counts.items()}


def test_every_table_of_every_feature_gets_rows() -> None:
    assert stored() == dict.fromkeys(Base.metadata.tables, ROWS)


def test_a_table_that_is_not_there_is_left_out() -> None:
    assert "visits" not in stored("visits")
