"""Rules as SQLAlchemy, for rows that are searched for."""

from collections.abc import Iterable
from decimal import Decimal

from petsage_builder.compiler.moments import IN_TIME, in_search
from petsage_builder.compiler.pieces import (
    Attribute,
    Code,
    CompileError,
    Level,
    Names,
    Piece,
    call,
    infix,
    listed,
)
from petsage_builder.compiler.trees import fields_in, fields_of, settled
from petsage_builder.compiler.values import LEVELS, number_of, spelled
from petsage_builder.spec.expressions import (
    Calculate,
    Compare,
    Constant,
    Emptiness,
    Expression,
    Field,
    Join,
    Membership,
    Negation,
)

LARGEST = 2**63 - 1


def criterion(tree: Expression, names: Names) -> Code:
    """Return an SQLAlchemy condition that is true exactly if the rule is true.

    Raises:
        CompileError: A database cannot search for that.

    """
    return _criterion(settled(tree, wanted=True), names).code


def _criterion(rule: Expression, names: Names) -> Piece:
    match rule:
        case Join(operator, operands):
            parts = [_criterion(operand, names) for operand in operands]
            return call(f"{operator}_", *parts)
        case Negation(Membership(operand, options)):
            return _membership(operand, options, names, wanted=False)
        case Membership(operand, options):
            return _membership(operand, options, names, wanted=True)
        case Compare():
            return _comparison(rule, names)
        case _:
            return _of_field(rule, names)


def _of_field(rule: Expression, names: Names) -> Piece:
    """Return a condition on what one field holds, or that it holds something."""
    match rule:
        case Emptiness(Field(path)):
            return _emptiness(names[path])
        case Negation(Emptiness(Field(path))):
            return _within(_is_not(names[path]), [names[path]])
        case Field(path):
            return _within(_is(names[path], "True"), [names[path]])
        case Negation(Field(path)):
            return _within(_is(names[path], "False"), [names[path]])
    raise CompileError("is the same for every row", "a condition on a field")


def _is(attribute: Attribute, what: str) -> Piece:
    return Piece(f"{attribute.sql}.is_({what})", needs=frozenset({attribute.table}))


def _is_not(attribute: Attribute) -> Piece:
    return Piece(f"{attribute.sql}.is_not(None)", needs=frozenset({attribute.table}))


def _emptiness(attribute: Attribute) -> Piece:
    """Search for what is empty; a field of a parent is, too, without the parent."""
    if attribute.relations and attribute.guards:
        return call("not_", _within(_is_not(attribute), [attribute]))
    return _within(_is(attribute, "None"), [attribute])


def _comparison(rule: Compare, names: Names) -> Piece:
    if not fields_of(rule):
        raise CompileError("compares no field", "a condition on a field")
    found = in_search(rule) if rule.left.kind in IN_TIME else rule
    operator = {"=": "=="}.get(found.operator, found.operator)
    left = _operand(found.left, found.right, names)
    right = _operand(found.right, found.left, names)
    return _within(
        infix(left, operator, right, Level.COMPARE), _attributes(rule, names)
    )


def _membership(
    operand: Expression, options: tuple[Expression, ...], names: Names, *, wanted: bool
) -> Piece:
    """Compare at once with what has one type, and is no field."""
    in_time = operand.kind in IN_TIME and not isinstance(operand, Field)
    is_mixed = len({number_of(option, names) for option in options}) > 1
    if in_time or is_mixed or any(map(fields_of, options)):
        equal = [
            Compare("=" if wanted else "!=", operand, option) for option in options
        ]
        parts = [_comparison(part, names) for part in equal]
        return call("or_" if wanted else "and_", *parts)
    values = [_operand(option, operand, names) for option in options]
    method = "in_" if wanted else "not_in"
    one, others = _operand(operand, options[0], names), listed(values, "[]")
    text = f"{one.at(Level.ATOM)}.{method}({others.text})"
    found = Piece(text, needs=one.needs | others.needs)
    return _within(found, _attributes(operand, names))


def _operand(tree: Expression, beside: Expression, names: Names) -> Piece:
    match tree:
        case Field(path):
            return Piece(names[path].sql, needs=frozenset({names[path].table}))
        case Calculate(_, _, _, "number"):
            return _number(tree, names) if fields_of(tree) else _constant(tree, names)
        case Constant(Decimal() as value, _) if abs(value) > LARGEST:
            raise CompileError("has a number of more than 64 bits", "a smaller one")
    floating = number_of(beside, names) == "float"
    enum = names[beside.path].enum if isinstance(beside, Field) else None
    return spelled(tree, names, floating=floating, enum=enum)


def _constant(tree: Expression, names: Names) -> Piece:
    """Calculate in Python, and hand over what no driver finds too large."""
    piece = spelled(tree, names)
    is_integer = number_of(tree, names) == "integer"
    return call("Decimal", piece) if is_integer else piece


def _number(tree: Calculate, names: Names) -> Piece:
    """Calculate exactly: a product of integers may be larger than any of them."""
    if number_of(tree, names) == "float":
        raise CompileError(
            "calculates with floats in a search", "decimals, or a field alone"
        )
    left = _operand(tree.left, tree.right, names)
    right = _operand(tree.right, tree.left, names)
    if number_of(tree, names) == "integer":
        if isinstance(tree.left, Field):
            left = _exact(left)
        elif isinstance(tree.right, Field) and not fields_of(tree.left):
            right = _exact(right)
    return infix(left, tree.operator, right, LEVELS[tree.operator])


def _exact(piece: Piece) -> Piece:
    cast = call("cast", piece, Piece("Numeric"))
    return Piece(cast.text, needs=cast.needs | {"Numeric"})


def _attributes(rule: Expression, names: Names) -> list[Attribute]:
    return [names[field.path] for field in fields_in(rule)]


def _within(piece: Piece, attributes: Iterable[Attribute]) -> Piece:
    """Return a condition on parents' columns as one on the row: there is such a parent.

    No class may come twice: nobody could tell which of the two a column belongs to.
    """
    tables: list[str] = []
    targets: dict[str, str] = {}
    for attribute in attributes:
        starts = [relation.partition(".")[0] for relation in attribute.relations]
        tables = [*starts, attribute.table]
        targets |= zip(attribute.relations, tables[1:], strict=True)
    reached = [*tables[:1], *targets.values()]
    if len(set(reached)) < len(reached):
        twice = next(table for table in reached if reached.count(table) > 1)
        what = f"comes by {twice} twice"
        raise CompileError(what, "fields of the row, or of one parent of another kind")
    for relation in reversed(targets):
        needs = piece.needs | {relation.partition(".")[0]}
        piece = Piece(f"{relation}.has({piece.text})", needs=needs)
    return piece
