"""The two statements that make a feature part of `app/main.py`.

The syntax tree says where they go; the text around them is never touched.
"""

import ast
import re
from collections.abc import Iterator
from functools import total_ordering

from petsage_builder.syntax import parse

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


def unwire(source: str, *features: str) -> str:
    """Return `source` without the two statements of each of these features."""
    tree = _parse(source)
    imported, included = _imported(tree), _included(tree)
    gone = {
        line
        for nodes in (imported, included)
        for node in map(nodes.get, features)
        if node is not None
        for line in range(node.lineno, _end(node) + 1)
    }
    lines = enumerate(_lines(source), start=1)
    return "".join(line for number, line in lines if number not in gone)


def is_wired(source: str, feature: str) -> bool:
    """Say whether both statements stand in `source` as `wire` has them, and no other.

    Any further use of the feature, such as a second inclusion, would be left behind.
    """
    tree = _parse(source)
    nodes = (_imported(tree).get(feature), _included(tree).get(feature))
    if None in nodes:
        return False
    lines = _lines(source)
    texts = ["".join(lines[n.lineno - 1 : _end(n)]) for n in nodes if n is not None]
    written = [text.replace("\r\n", "\n") for text in texts]
    return written == [_import(feature), _include(feature)] and not _uses(
        unwire(source, feature), feature
    )


def _uses(source: str, feature: str) -> bool:
    """Say whether a name or an import of `feature` stands anywhere in `source`."""
    for node in ast.walk(_parse(source)):
        match node:
            case ast.Name(name) | ast.alias(name) if name == _router(feature):
                return True
            case ast.alias(name) if name == feature or _is_of(name, feature):
                return True
            case ast.ImportFrom(module=str(module)) if _is_of(module, feature):
                return True
    return False


def _is_of(module: str, feature: str) -> bool:
    package = f"app.features.{feature}"
    return module == package or module.startswith(f"{package}.")


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
    if re.search(r"\r(?!\n)", source):
        raise UneditableError("it has a carriage return that ends no line")
    try:
        return parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
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
    key = _Natural(f"app.features.{feature}.router")
    before = [
        node
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("app.")
        and _Natural(node.module or "") < key
    ]
    if not before:
        raise UneditableError("it imports nothing from `app.core`")
    return _alone(tree, before[-1])


def _include_anchor(tree: ast.Module, feature: str) -> ast.stmt:
    included = _included(tree)
    before = [name for name in included if _Natural(name) < _Natural(feature)]
    if before:
        return _alone(tree, included[max(before, key=lambda n: included[n].lineno)])
    for node in tree.body:
        match node:
            case ast.Assign([ast.Name("app")], ast.Call(made)) | ast.AnnAssign(
                ast.Name("app"), _, ast.Call(made)
            ) if ast.unparse(made).rpartition(".")[2] == "FastAPI":
                return _alone(tree, node)
    raise UneditableError("it has no top-level `app = FastAPI(...)`")


def _alone(tree: ast.Module, anchor: ast.stmt) -> ast.stmt:
    if any(n.lineno == _end(anchor) for n in tree.body if n is not anchor):
        raise UneditableError(f"line {_end(anchor)} holds two statements")
    return anchor


@total_ordering
class _Natural:
    """Text in the order of ruff's isort: digits count as a number, unless 0 leads."""

    def __init__(self, text: str) -> None:
        self._parts = re.findall(r"\d+|\D", text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Natural) and self._parts == other._parts

    def __hash__(self) -> int:
        return hash(tuple(self._parts))

    def __lt__(self, other: "_Natural") -> bool:
        for one, another in zip(self._parts, other._parts, strict=False):
            if one != another:
                return _is_before(one, another)
        return len(self._parts) < len(other._parts)


def _is_before(one: str, another: str) -> bool:
    numbers = one.isdigit() and another.isdigit()
    if numbers and not one.startswith("0") and not another.startswith("0"):
        return int(one) < int(another)
    return one < another


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
