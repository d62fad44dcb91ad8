"""The two statements that make a feature part of `app/main.py`.

The syntax tree says where they go; the text around them is never touched.
"""

import ast
import re
from collections.abc import Iterator

MODULE = re.compile(r"app\.features\.(\w+)\.router")
LINE_LENGTH = 88


class UneditableError(Exception):
    """The source has no place for a feature, and why."""


def wire(source: str, feature: str) -> str:
    """Return `source` with `feature` imported and included, in sorted order.

    What is already there stays as it is, so wiring twice equals wiring once.
    Raises `UneditableError`.
    """
    tree = _parse(source)
    missing: list[tuple[int, str]] = []
    if feature not in _imported(tree):
        missing.append((_end(_import_anchor(tree, feature)), _import(feature)))
    if feature not in _included(tree):
        missing.append((_end(_include_anchor(tree, feature)), _include(feature)))
    return _insert(source, missing)


def unwire(source: str, feature: str) -> str:
    """Return `source` without the two statements of `feature`."""
    tree = _parse(source)
    lines = _lines(source)
    nodes = (_imported(tree).get(feature), _included(tree).get(feature))
    for node in sorted(filter(None, nodes), key=lambda n: n.lineno, reverse=True):
        del lines[node.lineno - 1 : _end(node)]
    return "".join(lines)


def is_wired(source: str, feature: str) -> bool:
    """Say whether both statements of `feature` stand in `source` as `wire` has them."""
    tree = _parse(source)
    return feature in _imported(tree) and feature in _included(tree)


def _router(feature: str) -> str:
    return f"{feature}_router"


def _import(feature: str) -> str:
    start = f"from app.features.{feature}.router import"
    line = f"{start} router as {_router(feature)}"
    if len(line) <= LINE_LENGTH:
        return f"{line}\n"
    return f"{start} (\n    router as {_router(feature)},\n)\n"


def _include(feature: str) -> str:
    return f"app.include_router({_router(feature)})\n"


def _parse(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError) as error:
        raise UneditableError(f"it is not valid Python ({error})") from error


def _imported(tree: ast.Module) -> dict[str, ast.stmt]:
    return {
        match[1]: node
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        and (match := MODULE.fullmatch(node.module or ""))
        and [(n.name, n.asname) for n in node.names] == [("router", _router(match[1]))]
    }


def _included(tree: ast.Module) -> dict[str, ast.stmt]:
    return dict(_inclusions(tree))


def _inclusions(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    for node in tree.body:
        match node:
            case ast.Expr(
                ast.Call(
                    ast.Attribute(ast.Name("app"), "include_router"),
                    [ast.Name(name)],
                    [],
                )
            ) if name.endswith("_router"):
                yield name.removesuffix("_router"), node


def _import_anchor(tree: ast.Module, feature: str) -> ast.stmt:
    """Return the import after which the new one stands, in the linter's order."""
    key = _natural(f"app.features.{feature}.router")
    before = [
        node
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("app.")
        and _natural(node.module or "") < key
    ]
    if not before:
        raise UneditableError("it imports nothing from `app.core`")
    return _alone(tree, before[-1])


def _include_anchor(tree: ast.Module, feature: str) -> ast.stmt:
    included = _included(tree)
    before = [name for name in included if _natural(name) < _natural(feature)]
    if before:
        return _alone(tree, included[max(before, key=lambda n: included[n].lineno)])
    for node in tree.body:
        match node:
            case ast.Assign([ast.Name("app")], ast.Call(ast.Name("FastAPI"))):
                return _alone(tree, node)
    raise UneditableError("it has no top-level `app = FastAPI(...)`")


def _alone(tree: ast.Module, anchor: ast.stmt) -> ast.stmt:
    if any(n.lineno == _end(anchor) for n in tree.body if n is not anchor):
        raise UneditableError(f"line {_end(anchor)} holds two statements")
    return anchor


def _natural(name: str) -> list[tuple[int, int, str]]:
    """Order text as ruff's isort does: digits count as numbers."""
    return [
        (1, int(part), "") if part.isdigit() else (0 if part < "0" else 2, 0, part)
        for part in re.findall(r"\d+|\D", name)
    ]


def _insert(source: str, missing: list[tuple[int, str]]) -> str:
    """Put each text after the line of that number."""
    if missing and not source.endswith("\n"):
        raise UneditableError("its last line has no end")
    lines = _lines(source)
    for line, text in sorted(missing, reverse=True):
        lines.insert(line, text.replace("\n", "\r\n") if "\r\n" in source else text)
    return "".join(lines)


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _lines(source: str) -> list[str]:
    """Split as Python's parser does; `str.splitlines` knows more line ends."""
    return re.findall(r"[^\n]*\n|[^\n]+", source)
