"""Give functions of modules that are imported other code, such as one that tells.

Functions are named as their code is: `list_pets`, `Actor.has`.
"""

import ast
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pytest

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Note: TypeAlias = Callable[[Sequence[int]], None]

NOTE = "__petsage_note__"


def exchange(path: str, code: types.CodeType, name: str) -> bool:
    """Give a function of the module at `path` its code in `code`, that of a module.

    Say whether it was found: one that is wrapped is not.
    """
    module = sys.modules.get(".".join(Path(path).with_suffix("").parts))
    inner = _inner(code, name.split("."))
    function: Any = module
    for part in name.split("."):
        function = getattr(function, part, None)
    if not isinstance(function, types.FunctionType) or inner is None:
        return False
    if function.__code__.co_qualname != name:
        return False  # something wraps it
    function.__code__ = inner
    return True


def _inner(code: types.CodeType, names: Sequence[str]) -> types.CodeType | None:
    for name in names:
        inner = (c for c in code.co_consts if isinstance(c, types.CodeType))
        found = next((c for c in inner if c.co_name == name), None)
        if found is None:
            return None
        code = found
    return code


class Lines:
    """A plugin of pytest that notes which lines of some files each test goes through.

    It sees those of functions, of a statement all that come before the statements in
    it, whether or not Python gets as far. That costs these functions little, and
    nothing else anything; to trace each line with Python costs three times the tests.
    """

    def __init__(self, paths: Sequence[str]) -> None:
        """Let the functions of these modules tell, as far as they can be exchanged."""
        self.seen: dict[str, dict[str, list[int]]] = {}
        self._now: dict[str, set[int]] = {path: set() for path in paths}
        for path, lines in self._now.items():
            _let_tell(path, lines.update)

    def take(self, path: str) -> set[int]:
        """Return the lines of a module since this was asked last."""
        found = {*self._now[path]}
        self._now[path].clear()
        return found

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Note what one test goes through."""
        result = yield
        found = {path: sorted(self.take(path)) for path in self._now}
        self.seen[item.nodeid] = {path: lines for path, lines in found.items() if lines}
        return result


def _let_tell(path: str, note: Note) -> None:
    """Let the functions of a module call `note` with the lines of each statement."""
    module = sys.modules.get(".".join(Path(path).with_suffix("").parts))
    if module is None:
        return
    tree = ast.parse(Path(path).read_text("utf-8"))
    functions = [*_functions(tree)]
    for _, function in functions:
        _tell_first(function)
    code = compile(ast.fix_missing_locations(tree), path, "exec")
    vars(module)[NOTE] = note
    for name, _ in functions:
        exchange(path, code, name)


def _functions(tree: ast.AST, inside: str = "") -> Iterator[tuple[str, Function]]:
    """Give each function that is in no other one, with its name."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield f"{inside}{name}", node
            case ast.ClassDef(name=name):
                yield from _functions(node, f"{inside}{name}.")


def _tell_first(function: Function) -> None:
    """Let each statement of a function, and of what is in that, be told before it."""
    for node in [*ast.walk(function)]:
        for block, statements in _blocks(node):
            told = ((_telling(one), one) for one in statements)
            setattr(node, block, [part for pair in told for part in pair if part])


def _blocks(node: ast.AST) -> Iterator[tuple[str, list[ast.stmt]]]:
    """Give the statements that are in something, by the fields that hold them."""
    for block in ("body", "orelse", "finalbody"):
        statements = getattr(node, block, None)
        if isinstance(statements, list):
            yield block, statements


def _telling(statement: ast.stmt) -> ast.stmt | None:
    """Return a call with the lines of a statement; none for what does nothing."""
    if _is_idle(statement):
        return None
    lines = ast.Tuple([ast.Constant(n) for n in sorted(_lines(statement))], ast.Load())
    call = ast.Call(ast.Name(NOTE, ast.Load()), [lines], [])
    return ast.copy_location(ast.Expr(call), statement)


def _is_idle(statement: ast.stmt) -> bool:
    """Say whether it is a docstring, before which nothing may come, or like one."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _lines(statement: ast.stmt) -> set[int]:
    """Return the lines of a statement without those of what is told by itself."""
    decorators = getattr(statement, "decorator_list", ())
    first = min(one.lineno for one in (statement, *decorators))
    found = {*range(first, (statement.end_lineno or 0) + 1)}
    for node in ast.walk(statement):
        if isinstance(node, ast.stmt) and node is not statement and not _is_idle(node):
            found.difference_update(range(node.lineno, (node.end_lineno or 0) + 1))
    return found | {statement.lineno}
