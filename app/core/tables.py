"""What tables are made of."""

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.sql.operators import OperatorType


def uuid7() -> UUID:
    """Return an id that sorts by time and cannot be guessed (RFC 9562, version 7)."""
    milliseconds = time.time_ns() // 1_000_000
    random = secrets.randbits(74)
    high = milliseconds << 16 | 0x7 << 12 | random >> 62
    low = 0b10 << 62 | random & (1 << 62) - 1
    return UUID(int=high << 64 | low)


def utc_now() -> datetime:
    """Return the current time."""
    return datetime.now(UTC)


def _as_created_at(context: DefaultExecutionContext) -> datetime:
    row: dict[str, Any] = context.get_current_parameters()  # type: ignore[no-untyped-call]
    created_at: datetime = row["created_at"]
    return created_at


class UtcDateTime(sa.TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets the time zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: sa.Dialect
    ) -> datetime | None:
        """Give the database UTC."""
        del dialect
        return value and value.astimezone(UTC)

    def process_result_value(
        self, value: datetime | None, dialect: sa.Dialect
    ) -> datetime | None:
        """Say that it is UTC."""
        del dialect
        return value and value.replace(tzinfo=UTC)


class ExactDecimal(sa.TypeDecorator[Decimal]):
    """A decimal of at most 15 digits. SQLite keeps a float, which these survive."""

    impl = sa.Numeric
    cache_ok = True

    def __init__(self, digits: int, places: int) -> None:
        super().__init__(digits, places)
        self.digits = digits
        self.places = places

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """Ask SQLite for floats: it has no decimals, and its driver says so."""
        if dialect.name == "sqlite":
            return sa.Numeric(self.digits, self.places, asdecimal=False)
        return sa.Numeric(self.digits, self.places)

    def coerce_compared_value(
        self, op: OperatorType | None, value: object
    ) -> sa.types.TypeEngine[Any]:
        """Compare with any number, of which PostgreSQL would lose digits else."""
        del op, value
        return sa.Numeric()

    def process_result_value(
        self, value: Decimal | float | None, dialect: sa.Dialect
    ) -> Decimal | None:
        """Return as many places as were declared."""
        del dialect
        return None if value is None else Decimal(f"{value:.{self.places}f}")


class ScalarList(sa.TypeDecorator[list[Any]]):
    """Some values of one type, in one column; JSON knows only some of the types."""

    impl = sa.JSON
    cache_ok = True

    def __init__(self, of: Callable[[str], Any]) -> None:
        super().__init__(none_as_null=True)
        self.of = of

    def process_bind_param(
        self, value: list[Any] | None, dialect: sa.Dialect
    ) -> list[Any] | None:
        """Write what JSON does not know as texts."""
        del dialect
        known = (str, int)
        return value and [v if isinstance(v, known) else str(v) for v in value]

    def process_result_value(
        self, value: list[Any] | None, dialect: sa.Dialect
    ) -> list[Any] | None:
        """Read them again."""
        del dialect
        return value and [self.of(v) for v in value]


class Base(DeclarativeBase):
    """What every table has: constraints with names that migrations can use."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - as SQLAlchemy declares it
        datetime: UtcDateTime,
        Enum: sa.Enum(
            Enum,
            native_enum=False,
            length=40,
            values_callable=lambda members: [member.value for member in members],
        ),
    }


class Record(Base):
    """A row with an id of its own that knows when it was written."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, sort_order=-1)
    created_at: Mapped[datetime] = mapped_column(default=utc_now, sort_order=1)
    updated_at: Mapped[datetime] = mapped_column(
        default=_as_created_at, onupdate=utc_now, sort_order=1
    )
    version: Mapped[int] = mapped_column(sort_order=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        """Refuse to overwrite what another request has written meanwhile."""
        return {"version_id_col": cls.version}
