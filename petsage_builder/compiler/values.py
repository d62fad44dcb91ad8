"""Values as Python: numbers, moments, durations, words."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal

from petsage_builder.compiler.durations import can_overflow, constant_duration
from petsage_builder.compiler.literals import (
    duration_literal,
    number_literal,
    text_literal,
)
from petsage_builder.compiler.pieces import (
    FALSE,
    TRUE,
    CompileError,
    Level,
    Names,
    Number,
    Piece,
    call,
    infix,
)
from petsage_builder.spec.expressions import (
    Calculate,
    Caller,
    Constant,
    Expression,
    Field,
    Moment,
)

LEVELS = {"+": Level.SUM, "-": Level.SUM, "*": Level.PRODUCT, "/": Level.PRODUCT}
# An integer of at most this many bits has a float that is near it.
FLOAT_BITS = 1_000
FIELD_BITS = 64


def number_of(tree: Expression, names: Names) -> Number | None:
    """Return which number a rule makes, if it makes one."""
    match tree:
        case Field():
            return names[tree.path].number
        case Constant(Decimal() as value, _):
            return "integer" if value == value.to_integral_value() else "decimal"
        case Calculate(operator, left, right, "number"):
            made = wider((left, right), names)
            return "decimal" if operator == "/" and made == "integer" else made
    return None


def wider(trees: Iterable[Expression], names: Names) -> Number:
    """Return the number that all of some numbers can be turned into."""
    numbers = {number_of(tree, names) for tree in trees}
    if "float" in numbers:
        return "float"
    return "decimal" if "decimal" in numbers else "integer"


def together(trees: Sequence[Expression], names: Names) -> list[Piece]:
    """Return values as they stand beside each other in Python."""
    floating = wider(trees, names) == "float"
    kinds = {names[t.path].enum for t in trees if isinstance(t, Field)}
    # Beside a text that is free, a word may be a member of nothing.
    enum = next(iter(kinds)) if len(kinds) == 1 else None
    pieces = [spelled(tree, names, floating=floating, enum=enum) for tree in trees]
    if len(kinds - {None}) < 2:  # noqa: PLR2004 - two enums share words, not members
        return pieces
    return [
        _word(tree, piece, names) for tree, piece in zip(trees, pieces, strict=True)
    ]


def _word(tree: Expression, piece: Piece, names: Names) -> Piece:
    is_member = isinstance(tree, Field) and names[tree.path].enum
    return Piece(f"{piece.text}.value") if is_member else piece


def spelled(
    tree: Expression, names: Names, *, floating: bool = False, enum: str | None = None
) -> Piece:
    """Return a value as Python, in which no field is empty.

    It stands beside a float if it is `floating`, and beside a member of `enum`.
    """
    match tree:
        case Field():
            piece = Piece(names[tree.path].python)
        case Calculate(_, _, _, "number"):
            piece = _number(tree, names)
        case Calculate():
            return _in_time(tree, names)
        case _:
            return without_fields(tree, floating=floating, enum=enum)
    return _as_float(piece, tree, names) if floating else piece


def without_fields(
    tree: Expression, *, floating: bool = False, enum: str | None = None
) -> Piece:
    """Return a constant, or what the clock says, or who calls."""
    match tree:
        case Constant(bool() as value, _):
            return TRUE if value else FALSE
        case Constant(Decimal() as value, _):
            return number_literal(value, floating=floating)
        case Constant(timedelta() as value, _):
            return duration_literal(value)
        case Constant(str() as value, _):
            return text_literal(value, enum)
        case Moment(name):
            now = call("utc_now")
            return (
                Piece(f"{now.text}.date()", needs=now.needs) if name == "today" else now
            )
        case Caller():
            return Piece("actor.id", needs=frozenset({"actor"}))
    raise CompileError("takes a condition for a value", "numbers, moments and texts")


def _as_float(piece: Piece, tree: Expression, names: Names) -> Piece:
    number = number_of(tree, names)
    if number == "integer" and _bits(tree) > FLOAT_BITS:
        return call("float", call("Decimal", piece), needs=False)
    return call("float", piece, needs=False) if number == "decimal" else piece


def _bits(tree: Expression) -> int:
    """Return how long an integer can be."""
    match tree:
        case Constant(Decimal() as value, _):
            return int(value).bit_length()
        case Calculate("*", left, right, _):
            return _bits(left) + _bits(right)
        case Calculate(_, left, right, _):
            return max(_bits(left), _bits(right)) + 1
    return FIELD_BITS


def _number(tree: Calculate, names: Names) -> Piece:
    floating = number_of(tree, names) == "float"
    left = spelled(tree.left, names, floating=floating)
    right = spelled(tree.right, names, floating=floating)
    if tree.operator == "/" and wider((tree.left, tree.right), names) == "integer":
        left = call("Decimal", left)
    return infix(left, tree.operator, right, LEVELS[tree.operator])


def _in_time(tree: Calculate, names: Names) -> Piece:
    """Return a moment or a duration; one that is too far away is as far as can be."""
    length = constant_duration(tree)
    if length is not None:
        return duration_literal(length)
    if tree.operator == "*":
        return _scaled(tree, names)
    left = spelled(tree.left, names)
    if tree.kind == "duration" and not can_overflow(tree):
        return infix(left, tree.operator, spelled(tree.right, names), Level.SUM)
    by = (spelled if tree.operator == "+" else _opposite)(tree.right, names)
    return call("shift", left, by)


def _scaled(tree: Calculate, names: Names) -> Piece:
    is_span = tree.left.kind == "duration"
    span, by = (tree.left, tree.right) if is_span else (tree.right, tree.left)
    pieces = spelled(span, names), spelled(by, names, floating=True)
    if can_overflow(tree):
        return call("scale", *pieces)
    return infix(pieces[0], "*", pieces[1], Level.PRODUCT)


def _opposite(tree: Expression, names: Names) -> Piece:
    """Return a duration that leads back; the greatest one has none."""
    length = constant_duration(tree)
    if length is not None:
        return duration_literal(-min(length, -timedelta.min))
    piece = spelled(tree, names)
    if can_overflow(tree):
        return call("scale", piece, Piece("-1", Level.SIGN))
    return Piece(f"-{piece.at(Level.SIGN)}", Level.SIGN, piece.needs)
