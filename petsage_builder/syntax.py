"""Python's own parser, for threads."""

import ast
from threading import Lock

_LOCK = Lock()


def parse(source: str | bytes) -> ast.Module:
    """Return the syntax tree of a module. Raise `SyntaxError`, or `ValueError`.

    Two threads that parse at once can make Python 3.11 raise `SystemError: AST
    constructor recursion depth mismatch`: the depth is counted for both together.
    """
    with _LOCK:
        return ast.parse(source)


def parse_expression(source: str) -> ast.expr:
    """Return the syntax tree of an expression. Raise as `parse` does."""
    with _LOCK:
        return ast.parse(source, mode="eval").body
