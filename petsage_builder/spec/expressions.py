"""What a rule says, as a typed tree. `analyze.expressions` makes it from text."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "number", "text", "boolean", "date", "time", "datetime", "duration", "id"
]
Comparison: TypeAlias = Literal["<", "<=", ">", ">=", "=", "!="]
Arithmetic: TypeAlias = Literal["+", "-", "*", "/"]
Junction: TypeAlias = Literal["and", "or"]


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that is written in the rule; a word of an enum is a text."""

    value: Decimal | str | bool | timedelta
    kind: Kind


@dataclass(frozen=True, slots=True)
class Moment:
    """What the clock says, in UTC."""

    name: Literal["now", "today"]
    kind: Literal["datetime", "date"]


@dataclass(frozen=True, slots=True)
class Caller:
    """The account of whoever calls."""

    kind: Literal["id"] = "id"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the row, or of a parent: the path goes from the row outwards."""

    path: tuple[str, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Negation:
    """True if the operand is false."""

    operand: "Expression"
    kind: Literal["boolean"] = "boolean"


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values of one kind, compared."""

    operator: Comparison
    left: "Expression"
    right: "Expression"
    kind: Literal["boolean"] = "boolean"


@dataclass(frozen=True, slots=True)
class Calculate:
    """Two values, and what they make."""

    operator: Arithmetic
    left: "Expression"
    right: "Expression"
    kind: Kind


@dataclass(frozen=True, slots=True)
class Join:
    """Conditions, of which all or any must hold."""

    operator: Junction
    operands: tuple["Expression", ...]
    kind: Literal["boolean"] = "boolean"


@dataclass(frozen=True, slots=True)
class Membership:
    """True if the operand is one of the options."""

    operand: "Expression"
    options: tuple["Expression", ...]
    kind: Literal["boolean"] = "boolean"


@dataclass(frozen=True, slots=True)
class Emptiness:
    """True if the operand has no value."""

    operand: "Expression"
    kind: Literal["boolean"] = "boolean"


Expression: TypeAlias = (
    Constant
    | Moment
    | Caller
    | Field
    | Negation
    | Compare
    | Calculate
    | Join
    | Membership
    | Emptiness
)
