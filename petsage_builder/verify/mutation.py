"""Break code on purpose: each way, one mutant, that the tests have to notice."""

import ast
import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain, zip_longest
from pathlib import PurePosixPath

from petsage_builder.syntax import parse
from petsage_builder.verify.equivalence import changes_nothing
from petsage_builder.verify.operators import ANYWHERE
from petsage_builder.verify.slips import SLIPS, leaks
from petsage_builder.verify.weaknesses import PROBE, RESOURCE, Break, Weakness

TYPES = {"annotation", "returns"}
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
FEATURE = PurePosixPath("app/features/one")
MIGRATIONS = "migrations"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module that was broken in one place: what was done, and what came of it."""

    path: str
    kind: str
    what: str
    text: str
    place: "Place"


@dataclass(frozen=True, slots=True)
class Place:
    """A statement, by its lines, and the function whose body it is in, if it is in one.

    Of a statement that holds others, these are the lines before them.
    """

    function: str
    first: int
    last: int


def mutants(
    source: str, path: str = "service.py", weaknesses: tuple[Weakness, ...] = PROBE
) -> Iterator[Mutant]:
    """Give every mutant of a module that the weaknesses know.

    Raises `SyntaxError` for what is no Python.
    """
    tree = parse(source)
    places = dict(_places(tree, Place("", 1, 1), ()))
    seen = {ast.unparse(tree)}
    for index, node in enumerate(ast.walk(tree)):
        for weakness in weaknesses if node in places else ():
            if found := weakness(node):
                what, breaking = found
                text = _broken(tree, index, breaking)
                if text not in seen:
                    seen.add(text)
                    line = getattr(node, "lineno", 0)
                    said = f"line {line}: {what}"
                    yield Mutant(path, weakness.__name__, said, text, places[node])


def _places(
    node: ast.AST, place: Place, path: tuple[str, ...]
) -> Iterator[tuple[ast.AST, Place]]:
    """Give where a node is, and all that is in it; `path` are the classes around.

    What does nothing is left out: texts that explain, types, and the names of locks,
    for which any other would do.
    """
    if _does_nothing(node):
        return
    if isinstance(node, ast.stmt):
        inner = getattr(node, "body", None)
        last = inner[0].lineno - 1 if inner else node.end_lineno or node.lineno
        place = Place(place.function, node.lineno, max(last, node.lineno))
    yield node, place
    for name, value in ast.iter_fields(node):
        below, classes = place, path
        if name in TYPES:
            continue
        if name == "body" and isinstance(node, ast.ClassDef):
            classes = (*path, node.name)
        elif name == "body" and isinstance(node, FUNCTION) and not place.function:
            below = replace(place, function=".".join((*path, node.name)))
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _places(child, below, classes)


def _does_nothing(node: ast.AST) -> bool:
    match node:
        case ast.Expr(ast.Constant()):
            return True
        case ast.Expr(ast.Await(ast.Call(ast.Name("serialize")))):
            return True
        case ast.keyword("description" | "examples" | "json_schema_extra"):
            return True
    return False


def feature_mutants(modules: Mapping[str, str]) -> list[Mutant]:
    """Return every mutant of a feature's modules (path -> source) that can be made.

    They are those of its roles, and what mutation tools do to any code. Of a migration,
    what makes the tables is broken, and not what drops them.
    """
    kinds = {path: _kind(path) for path in modules}
    known = {p: s for p, s in modules.items() if kinds[p] in {"models", "tables"}}
    hidden = tuple(leaks(known))
    has_tables = "tables" in kinds.values()
    return [
        mutant
        for path, source in modules.items()
        for mutant in mutants(
            source, path, _ways(kinds[path], hidden, has_tables=has_tables)
        )
        if mutant.place.function != "downgrade" and _matters(mutant, modules)
    ]


def _ways(
    kind: str, hidden: tuple[Weakness, ...], *, has_tables: bool
) -> tuple[Weakness, ...]:
    probe = PROBE if kind == "service" and not has_tables else ()
    own = (*RESOURCE.get(kind, ()), *probe, *ANYWHERE.get(kind, ()))
    return (*own, *SLIPS.get(kind, ()), *(hidden if kind == "models" else ()))


def resource_mutants(modules: Mapping[str, str]) -> list[Mutant]:
    """Return the mutants of the modules (path -> source) of a feature with data.

    A module is known by its name, or by that of the package that it is a part of.
    """
    return [
        mutant
        for path, source in modules.items()
        for mutant in mutants(source, path, RESOURCE.get(_kind(path), ()))
        if _matters(mutant, modules)
    ]


def _matters(mutant: Mutant, modules: Mapping[str, str]) -> bool:
    """Say whether it is not known that a mutant answers every request as before."""
    function = mutant.place.function
    return (
        _kind(mutant.path) != "access"
        or "_to_" not in function
        or not changes_nothing(function, mutant.path, mutant.text, modules)
    )


def _kind(path: str) -> str:
    if path.startswith(f"{MIGRATIONS}/"):
        return MIGRATIONS
    return PurePosixPath(path).parts[len(FEATURE.parts)].removesuffix(".py")


def in_turn(found: list[Mutant]) -> list[Mutant]:
    """Return mutants in the order in which they are drawn: of each kind in turn."""
    kinds: dict[tuple[str, str], list[Mutant]] = {}
    for mutant in sorted(found, key=_rank):
        kinds.setdefault((mutant.path, mutant.kind), []).append(mutant)
    turns = chain.from_iterable(zip_longest(*kinds.values()))
    return [mutant for mutant in turns if mutant is not None]


def _rank(mutant: Mutant) -> str:
    return sha256(f"{mutant.path} {mutant.what}".encode()).hexdigest()


def _broken(tree: ast.Module, index: int, breaking: Break) -> str:
    mutant = copy.deepcopy(tree)
    breaking(list(ast.walk(mutant))[index])
    return ast.unparse(ast.fix_missing_locations(mutant))
