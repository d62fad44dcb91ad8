"""Decimals: never a float on their way, and a string in JSON."""

import re
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

# A number as JSON spells it. In a query, a number is such a text too.
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Exact:
    """A decimal of at most `digits` digits, `places` of them after the point.

    `Annotated[Decimal, Exact(5, 2, gt=0)]` takes JSON strings and numbers, and gives
    strings with exactly that many places. What is a `Decimal` already comes from a
    row, and is not checked again.
    """

    digits: int
    places: int
    gt: Decimal | int | None = None
    ge: Decimal | int | None = None
    lt: Decimal | int | None = None
    le: Decimal | int | None = None

    @property
    def most(self) -> Decimal:
        """Return the greatest number of so many digits."""
        return Decimal(f"{10**self.digits - 1}e-{self.places}")

    @property
    def _bounds(self) -> tuple[Decimal, Decimal]:
        """Return the least and the greatest number, both included."""
        least = self.most.copy_negate()
        return (
            least if self.ge is None else max(Decimal(self.ge), least),
            self.most if self.le is None else min(Decimal(self.le), self.most),
        )

    def read(self, value: object) -> Decimal:
        """Return the decimal that is meant. Raise `ValueError`."""
        if isinstance(value, Decimal):
            return value
        number = _parse(value)
        least, most = self._bounds
        for holds, text in (
            (self.gt is None or number > self.gt, f"above {self.gt}"),
            (number >= least, f"at least {least:f}"),
            (self.lt is None or number < self.lt, f"below {self.lt}"),
            (number <= most, f"at most {most:f}"),
        ):
            if not holds:
                raise ValueError(f"must be {text}")
        if _places(number) > self.places:
            raise ValueError(f"must have at most {self.places} decimal places")
        return Decimal(self.write(number))

    def write(self, value: Decimal) -> str:
        """Return the decimal with all of its places, and zero without a sign."""
        return f"{value:z.{self.places}f}"

    def __get_pydantic_core_schema__(
        self, _: object, __: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Read and write JSON."""
        return core_schema.no_info_plain_validator_function(
            self.read,
            serialization=core_schema.plain_serializer_function_ser_schema(
                self.write, when_used="json"
            ),
        )

    def __get_pydantic_json_schema__(
        self, _: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Say all of this but the limits of a string, and the places of a number."""
        whole = self.digits - self.places
        units = f"(0|[1-9][0-9]{{0,{whole - 1}}})" if whole else "0"
        least, most = self._bounds
        sign = "-?" if least < 0 and (self.gt is None or self.gt < 0) else ""
        if handler.mode == "serialization":
            places = f"\\.[0-9]{{{self.places}}}" if self.places else ""
            return {"type": "string", "pattern": f"^{sign}{units}{places}$"}
        places = f"(\\.[0-9]{{1,{self.places}}})?" if self.places else ""
        limits = {
            "minimum": None if self.gt is not None and self.gt >= least else least,
            "maximum": None if self.lt is not None and self.lt <= most else most,
            "exclusiveMinimum": self.gt,
            "exclusiveMaximum": self.lt,
        }
        given = {k: _as_json(v) for k, v in limits.items() if v is not None}
        text = {"type": "string", "pattern": f"^{sign}{units}{places}$"}
        return {"anyOf": [text, {"type": "number"} | given]}


def _parse(value: object) -> Decimal:
    """Return the decimal that looks like the number, or like the text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, float) and isfinite(value):
        return Decimal(str(value))
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return Decimal(value)
    raise ValueError("must be a decimal number, such as 1 or -2.50")


def _places(number: Decimal) -> int:
    return -int(number.as_tuple().exponent)


def _as_json(number: Decimal | int) -> int | float:
    return int(number) if number == int(number) else float(number)
