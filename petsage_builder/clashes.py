"""Names that would mean two things in a module that is to be written."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping

from petsage_builder.errors import Problem
from petsage_builder.syntax import parse

ACCEPTED = "another name for the resource, its plural, a relation, field or transition"


def clashes(texts: Mapping[str, str]) -> Iterator[Problem]:
    """Give each name that a module has twice, or that a function would hide."""
    said = set()
    for path, text in texts.items():
        if path.startswith("app/") and path.endswith(".py"):
            for name, what in _clashes(parse(text)):
                if name not in said:
                    said.add(name)
                    where = f"{name!r} would be {what} in {path.rpartition('/')[2]}"
                    yield Problem("requirements.resources", where, ACCEPTED)


def _clashes(tree: ast.Module) -> Iterator[tuple[str, str]]:
    bound = Counter(name for node in tree.body for name in _bound(node))
    for name, times in bound.items():
        if times > 1:
            yield name, "two things"
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for name in sorted(_local(node) & bound.keys()):
                yield name, "a variable and something else"
        elif isinstance(node, ast.ClassDef):
            own = Counter(name for part in node.body for name in _bound(part))
            used = _used(node)
            for name, times in own.items():
                if name in bound and name in used:
                    yield name, "an attribute and something else"
                elif times > 1:
                    yield name, "two attributes"


def _bound(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.Import(names) | ast.ImportFrom(names=names):
            yield from (name.asname or name.name for name in names)
        case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
            yield name
        case ast.Assign([ast.Name(name)]) | ast.AnnAssign(ast.Name(name)):
            yield name


def _used(node: ast.ClassDef) -> set[str]:
    """Return the names that a class speaks of, to which its own could be nearer."""
    parts = ast.walk(node)
    return {
        part.id
        for part in parts
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)
    }


def _local(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    arguments = {argument.arg for argument in node.args.args}
    stored = {
        part.id
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }
    return arguments | stored
