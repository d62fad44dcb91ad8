"""Ways in which code can be wrong: what to break at a node of its tree, and how."""

import ast
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from petsage_builder.syntax import parse_expression

Break: TypeAlias = Callable[[Any], None]
Weakness: TypeAlias = Callable[[ast.AST], tuple[str, Break] | None]

CLOCK = "utc_now()"
WRONG = "mutated"
OPPOSITES: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
AT_THE_EDGE: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
STATUSES = {"HTTP_201_CREATED": "HTTP_200_OK", "HTTP_204_NO_CONTENT": "HTTP_200_OK"}


def all_shown(node: ast.AST) -> tuple[str, Break] | None:
    """Show all of what is shown within a row."""
    match node:
        case ast.Assign([ast.Attribute(ast.Name("shown"), name)], value) if (
            "show_" in ast.unparse(value)
        ):
            return f"{name} is shown to everybody", _as_it_is
    return None


def no_log(node: ast.AST) -> tuple[str, Break] | None:
    """Log nothing."""
    match node:
        case ast.Expr(ast.Call(ast.Attribute(ast.Name("logger")))):
            return "nothing is logged", _nothing
        case ast.Expr(ast.Call(ast.Name("log_event"))):
            return "nothing is logged", _nothing
    return None


def no_context(node: ast.AST) -> tuple[str, Break] | None:
    """Leave a context manager out."""

    def leave_out(node: ast.With) -> None:
        empty = "__import__('contextlib').nullcontext()"
        node.items = [ast.withitem(parse_expression(empty))]

    match node:
        case ast.AsyncWith() | ast.With():
            return f"no {ast.unparse(node.items[0])}", leave_out
    return None


def another_text(node: ast.AST) -> tuple[str, Break] | None:
    """Return another text."""

    def replace(node: ast.keyword) -> None:
        node.value = ast.Constant(WRONG)

    match node:
        case ast.keyword(str(name), ast.Constant(str(text))) if text:
            return f"another {name}", replace
    return None


def all_visible(node: ast.AST) -> tuple[str, Break] | None:
    """Let everybody see every row, or do to it what they want."""
    match node:
        case ast.keyword("visible" | "permitted" as name, value) if not _is_true(value):
            return f"{name} does not ask {ast.unparse(value)}", _true_value
    return None


def all_listed(node: ast.AST) -> tuple[str, Break] | None:
    """Leave out which rows are meant."""

    def drop(node: ast.Call) -> None:
        node.args = []

    match node:
        case ast.Call(ast.Attribute(_, "where"), [_, *_]):
            return f"no {ast.unparse(node)[-60:]}", drop
    return None


def no_guard(node: ast.AST) -> tuple[str, Break] | None:
    """Forbid nothing, or check nothing, and let nobody wait for another."""
    match node:
        case ast.Expr(ast.Call(ast.Name(name)) as call) if (
            name == "forbid_unless" or name.startswith("_check_")
        ):
            return f"no {ast.unparse(call)}", _nothing
        case ast.Expr(ast.Await(ast.Call(ast.Name(name)) as call)) if name.startswith(
            "_check_"
        ):
            return f"no {ast.unparse(call)}", _nothing
    return None


def no_refusal(node: ast.AST) -> tuple[str, Break] | None:
    """Refuse nothing."""

    def never(node: ast.If) -> None:
        node.test = ast.Constant(value=False)

    match node:
        case ast.If(test, [ast.Raise()]):
            return f"{ast.unparse(test)} is not refused", never
    return None


def wrong_way_round(node: ast.AST) -> tuple[str, Break] | None:
    """Compare the wrong way round."""

    def turn(node: ast.Compare) -> None:
        node.ops = [OPPOSITES[type(node.ops[0])]()]

    match node:
        case ast.Compare(ops=[operator]) if type(operator) in OPPOSITES:
            return f"{ast.unparse(node)} is the wrong way round", turn
    return None


def off_by_one(node: ast.AST) -> tuple[str, Break] | None:
    """Miss the edge of a comparison."""

    def move(node: ast.Compare) -> None:
        node.ops = [AT_THE_EDGE[type(node.ops[0])]()]

    match node:
        case ast.Compare() if CLOCK in ast.unparse(node):
            return None  # no test can meet that instant
        case ast.Compare(ops=[operator]) if type(operator) in AT_THE_EDGE:
            return f"{ast.unparse(node)} is off by one", move
    return None


def not_removed(node: ast.AST) -> tuple[str, Break] | None:
    """Keep the row that was to be deleted, or its old values."""
    match node:
        case ast.Expr(ast.Await(ast.Call(ast.Attribute(_, "delete")))):
            return "nothing is deleted", _nothing
        case ast.Expr(ast.Call(ast.Attribute(_, "apply_to"))):
            return "nothing is changed", _nothing
    return None


def own_is_all(node: ast.AST) -> tuple[str, Break] | None:
    """Take what belongs to anybody for the actor's own."""

    def all_rows(node: ast.Return) -> None:
        node.value = _true()

    match node:
        case ast.Return(ast.expr() as value) if not _is_true(value):
            return f"every row, and not {ast.unparse(value)}", all_rows
    return None


def all_may(node: ast.AST) -> tuple[str, Break] | None:
    """Let no role matter."""

    def always(node: ast.If) -> None:
        node.test = ast.Constant(value=True)

    match node:
        case ast.If(test, [ast.Return() | ast.Expr()]):
            return f"{ast.unparse(test)} is not asked", always
    return None


def no_constraint(node: ast.AST) -> tuple[str, Break] | None:
    """Let rows be alike."""

    def drop(node: ast.Tuple) -> None:
        node.elts = [e for e in node.elts if not _is_unique(e)]

    match node:
        case ast.Tuple(elts) if any(map(_is_unique, elts)):
            return "rows may be alike", drop
    return None


def other_limit(node: ast.AST) -> tuple[str, Break] | None:
    """Take one more or one less than a limit of a field that is sent."""

    def move(node: ast.Call) -> None:
        limit = next(filter(_is_limit, node.keywords))
        step = -1 if limit.arg in {"max_length", "le", "lt"} else 1
        limit.value = ast.Constant(limit.value.value + step)  # type: ignore[attr-defined]

    match node:
        case ast.Call(ast.Name("Field"), keywords=keywords):
            limit = next(filter(_is_limit, keywords), None)
            if limit and not any("default" in str(word.arg) for word in keywords):
                return f"not {ast.unparse(limit)}", move
    return None


def other_status(node: ast.AST) -> tuple[str, Break] | None:
    """Answer with another status."""

    def replace(node: ast.Attribute) -> None:
        node.attr = STATUSES[node.attr]

    match node:
        case ast.Attribute(ast.Name("status"), name) if name in STATUSES:
            return f"the status is not {name}", replace
    return None


def _as_it_is(node: ast.Assign) -> None:
    node.value = parse_expression(ast.unparse(node.targets[0]))


def _nothing(node: ast.Expr) -> None:
    node.value = ast.Constant(None)


def _true_value(node: ast.keyword) -> None:
    node.value = _true()


def _true() -> ast.expr:
    return parse_expression("__import__('sqlalchemy').true()")


def _is_true(value: ast.expr) -> bool:
    return ast.unparse(value) in {"true()", "false()"}


def _is_limit(word: ast.keyword) -> bool:
    match word:
        case ast.keyword(
            "max_length" | "min_length" | "ge" | "le" | "gt" | "lt",
            ast.Constant(int(n)),
        ):
            return bool(n)
    return False


def _is_unique(node: ast.expr) -> bool:
    return "UniqueConstraint(" in ast.unparse(node)


PROBE: tuple[Weakness, ...] = (no_log, no_context, another_text)
RESOURCE: Mapping[str, tuple[Weakness, ...]] = {
    "service": (
        all_visible,
        all_listed,
        no_guard,
        no_refusal,
        wrong_way_round,
        off_by_one,
        not_removed,
        no_log,
        all_shown,
    ),
    "access": (own_is_all, all_may),
    "tables": (no_constraint,),
    "models": (other_limit,),
    "router": (other_status,),
}
