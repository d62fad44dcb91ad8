"""Ways to break any code, whatever it is for: those that mutation tools have.

They find what nobody has thought of; `weaknesses` knows what features are made of.
"""

import ast
from collections.abc import Mapping

from petsage_builder.verify.weaknesses import WRONG, Break, Weakness

OPERATIONS: Mapping[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}


def other_junction(node: ast.AST) -> tuple[str, Break] | None:
    """Take `and` for `or`, and `or` for `and`."""

    def turn(node: ast.BoolOp) -> None:
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()

    match node:
        case ast.BoolOp():
            return f"{ast.unparse(node)} is joined the other way", turn
    return None


def other_operation(node: ast.AST) -> tuple[str, Break] | None:
    """Subtract what is to be added, and so on."""

    def turn(node: ast.BinOp) -> None:
        node.op = OPERATIONS[type(node.op)]()

    match node:
        case ast.BinOp(op=operator) if type(operator) in OPERATIONS:
            return f"{ast.unparse(node)} has another operator", turn
    return None


def no_negation(node: ast.AST) -> tuple[str, Break] | None:
    """Leave out a `not`."""

    def agree(node: ast.UnaryOp) -> None:
        node.op = ast.UAdd()
        node.operand = ast.Call(ast.Name("bool"), [node.operand], [])

    match node:
        case ast.UnaryOp(ast.Not(), operand):
            return f"{ast.unparse(operand)} is not negated", agree
    return None


def other_branch(node: ast.AST) -> tuple[str, Break] | None:
    """Take the other branch of a condition that is no comparison."""

    def turn(node: ast.If | ast.IfExp) -> None:
        node.test = ast.UnaryOp(ast.Not(), node.test)

    match node:
        case ast.If(test) | ast.IfExp(test) if not isinstance(
            test, ast.Compare | ast.UnaryOp
        ):
            return f"{ast.unparse(test)} decides the other way", turn
    return None


def other_number(node: ast.AST) -> tuple[str, Break] | None:
    """Take one more than a number."""

    def add(node: ast.Constant) -> None:
        assert isinstance(node.value, int)  # noqa: S101 - as it was matched
        node.value += 1

    match node:
        case ast.Constant(int(number)) if not isinstance(number, bool):
            return f"{number + 1}, and not {number}", add
    return None


def other_word(node: ast.AST) -> tuple[str, Break] | None:
    """Take another text, or the other truth value."""

    def replace(node: ast.Constant) -> None:
        node.value = WRONG if isinstance(node.value, str) else not node.value

    match node:
        case ast.Constant(bool(value)):
            return f"{not value}, and not {value}", replace
        case ast.Constant(str(text)) if text:
            return f"another text than {text!r}", replace
    return None


def no_result(node: ast.AST) -> tuple[str, Break] | None:
    """Return nothing."""

    def forget(node: ast.Return) -> None:
        node.value = None

    match node:
        case ast.Return(ast.expr() as value) if not _is_none(value):
            return f"{ast.unparse(value)} is not returned", forget
    return None


def no_effect(node: ast.AST) -> tuple[str, Break] | None:
    """Leave out a call, or the setting of an attribute."""

    def leave_out(node: ast.Expr | ast.Assign | ast.AugAssign) -> None:
        node.value = ast.Constant(None)
        if isinstance(node, ast.Assign):
            node.targets = [ast.Name("_", ast.Store())]

    match node:
        case ast.Expr(ast.Call() | ast.Await()):
            return f"no {ast.unparse(node)}", leave_out
        case ast.Assign([ast.Attribute() | ast.Subscript()]):
            return f"no {ast.unparse(node)}", leave_out
    return None


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


GENERAL: tuple[Weakness, ...] = (
    other_junction,
    other_operation,
    no_negation,
    other_branch,
    other_number,
    other_word,
    no_result,
    no_effect,
)
# Which of them make sense where: a table is known to the tests as its migration made
# it, and what a router says beside its answers stands in the OpenAPI document alone.
ANYWHERE: Mapping[str, tuple[Weakness, ...]] = {
    "service": GENERAL,
    "access": GENERAL,
    "models": (other_number, other_word),
    "router": (no_result,),
}
