"""Which features a module depends on, as its source spells them."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from petsage_builder.syntax import parse

FEATURES = "app.features"


def names_feature(path: str, text: str, feature: str) -> bool:
    """Say whether a module imports a feature, or names it as modules are named.

    A module that cannot be read might: it counts as one that does if it holds the name.
    """
    try:
        tree = parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return feature in text
    wanted = f"{FEATURES}.{feature}"
    return any(f"{name}.".startswith(f"{wanted}.") for name in _named(path, tree))


def _named(path: str, tree: ast.Module) -> Iterator[str]:
    """Give every dotted name that a module imports, attributes and texts included."""
    imported = list(_aliases(path, tree))
    yield from (meaning for _, meaning in imported)
    aliases = dict(imported)
    for node in ast.walk(tree):
        match node:
            case ast.Constant(str(text)):
                yield text
            case ast.Attribute():
                head, _, rest = ast.unparse(node).partition(".")
                if head in aliases:
                    yield f"{aliases[head]}.{rest}"


def _aliases(path: str, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Give the name and the meaning of everything that is imported."""
    package = PurePosixPath(path).parent.parts
    for node in ast.walk(tree):
        match node:
            case ast.Import(names):
                for name in names:
                    head = name.name if name.asname else name.name.partition(".")[0]
                    yield name.asname or head, head
                    yield name.name, name.name
            case ast.ImportFrom(module, names, level):
                base = package[: len(package) - (level or 1) + 1] if level else ()
                start = ".".join([*base, *(module or "").split(".")]).strip(".")
                for name in names:
                    yield name.asname or name.name, f"{start}.{name.name}"
