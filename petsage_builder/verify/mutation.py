"""Break a service on purpose: each way, one mutant, that the tests have to notice."""

import ast
import copy
from collections.abc import Iterator

WRONG = "mutated"


def mutants(source: str) -> Iterator[tuple[str, str]]:
    """Give what was broken, with its line, and the module that came of it.

    A log call is dropped, a context manager is left out, a text that is returned is
    another one.
    """
    tree = ast.parse(source)
    for index, node in enumerate(ast.walk(tree)):
        if what := _weakness(node):
            mutant = copy.deepcopy(tree)
            _break(list(ast.walk(mutant))[index])
            line = getattr(node, "lineno", 0)
            yield f"line {line}: {what}", ast.unparse(ast.fix_missing_locations(mutant))


def _weakness(node: ast.AST) -> str:
    match node:
        case ast.Expr(ast.Call(ast.Attribute(ast.Name("logger")))):
            return "nothing is logged"
        case ast.AsyncWith() | ast.With():
            return f"no {ast.unparse(node.items[0])}"
        case ast.keyword(str(name), ast.Constant(str(text))) if text:
            return f"another {name}"
        case _:
            return ""


def _break(node: ast.AST) -> None:
    match node:
        case ast.Expr():
            node.value = ast.Constant(None)
        case ast.AsyncWith() | ast.With():
            node.items = [ast.withitem(_nothing())]
        case ast.keyword():
            node.value = ast.Constant(WRONG)


def _nothing() -> ast.expr:
    """Return a context manager, of both kinds, that does nothing."""
    return ast.parse("__import__('contextlib').nullcontext()", mode="eval").body
