"""Source text in the making: what it needs, and when it stands in parentheses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, TypeAlias

Number: TypeAlias = Literal["integer", "decimal", "float"]


class CompileError(ValueError):
    """A rule cannot be said that way: why, and what could be."""

    def __init__(self, what: str, accepted: str) -> None:
        super().__init__(what)
        self.what = what
        self.accepted = accepted


@dataclass(frozen=True, slots=True)
class Attribute:
    """How one path of a rule's scope is spelled, and what it holds.

    `python` is an expression such as `visit.pet.species`, and `guards` are those that
    must not be None before it can be read, the outermost first: `visit.pet`. If none
    of them is, `optional` says whether it may still be None itself.

    In SQL, it is `column` of the class `table`, and `relations` lead there from the
    class of the row: () for its own, `("Visit.pet", "Pet.clinic")` for two levels.

    `enum` is a class whose members are spelled `VisitStatus.IN_PROGRESS` for the word
    `in_progress`, or `in-progress`.
    """

    python: str
    table: str
    column: str
    relations: tuple[str, ...]
    optional: bool
    guards: tuple[str, ...]
    enum: str | None = None
    number: Number | None = None

    @property
    def gaps(self) -> tuple[str, ...]:
        """Return every expression that is None if this is empty."""
        return (*self.guards, self.python) if self.optional else self.guards

    @property
    def sql(self) -> str:
        """Return how the column is spelled."""
        return f"{self.table}.{self.column}"


Names: TypeAlias = Mapping[tuple[str, ...], Attribute]


@dataclass(frozen=True, slots=True)
class Code:
    """An expression, and the names that must be imported or bound where it stands."""

    text: str
    needs: frozenset[str]


class Level(IntEnum):
    """How tightly an expression holds together, the loosest first."""

    CHOICE = 0
    OR = 1
    AND = 2
    NOT = 3
    COMPARE = 4
    SUM = 5
    PRODUCT = 6
    SIGN = 7
    ATOM = 8


@dataclass(frozen=True, slots=True)
class Piece:
    """An expression that may become part of another."""

    text: str
    level: Level = Level.ATOM
    needs: frozenset[str] = frozenset()

    @property
    def code(self) -> Code:
        """Return it as a whole."""
        return Code(self.text, self.needs)

    def at(self, level: Level) -> str:
        """Return the text for a place that takes this level, or a tighter one."""
        return self.text if self.level >= level else f"({self.text})"


TRUE = Piece("True")
FALSE = Piece("False")
NONE = Piece("None")


def call(function: str, *arguments: Piece, needs: bool = True) -> Piece:
    """Return a call. The function is imported, unless it is a builtin or a method."""
    text = f"{function}({', '.join(argument.text for argument in arguments)})"
    names = needed(arguments)
    return Piece(text, Level.ATOM, names | {function} if needs else names)


def infix(left: Piece, sign: str, right: Piece, level: Level) -> Piece:
    """Return two operands and an operator that goes from left to right."""
    # Comparisons do not go on: a < (b < c).
    first = left.at(Level(level + 1) if level == Level.COMPARE else level)
    text = f"{first} {sign} {right.at(Level(level + 1))}"
    return Piece(text, level, needed((left, right)))


def chain(word: Literal["and", "or"], pieces: tuple[Piece, ...]) -> Piece:
    """Return conditions of which all or any must hold; that of none, and of one."""
    neutral, decisive = (TRUE, FALSE) if word == "and" else (FALSE, TRUE)
    parts = tuple(dict.fromkeys(piece for piece in pieces if piece != neutral))
    if not parts or decisive in parts:
        return decisive if parts else neutral
    if len(parts) == 1:
        return parts[0]
    # `and` inside `or` needs no parentheses, but readers do.
    texts = [part.at(Level.NOT) for part in parts]
    level = Level.AND if word == "and" else Level.OR
    return Piece(f" {word} ".join(texts), level, needed(parts))


def listed(pieces: Iterable[Piece], brackets: Literal["()", "[]"]) -> Piece:
    """Return two values or more as a tuple, or as a list."""
    parts = tuple(pieces)
    text = ", ".join(part.text for part in parts)
    return Piece(f"{brackets[0]}{text}{brackets[1]}", Level.ATOM, needed(parts))


def needed(pieces: Iterable[Piece]) -> frozenset[str]:
    """Return what any of them needs."""
    return frozenset(name for piece in pieces for name in piece.needs)
