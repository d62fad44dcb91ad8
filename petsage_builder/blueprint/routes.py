"""The routes of a backend, as its source spells them."""

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from petsage_builder.blueprint import load_blueprint
from petsage_builder.blueprint.backend import Backend
from petsage_builder.syntax import parse

DECORATING = frozenset(
    {"delete", "get", "head", "options", "patch", "post", "put", "trace"}
    | {"api_route", "route"}
)
ADDING = frozenset({"add_api_route", "add_route", "mount"})
MODULES = 1_024  # that are not read anew with each build, while they stay as they are
# How a text begins that could be a path: most modules have none, and need no parsing.
PATH = re.compile(r"""["'](/|\\)""")


@dataclass(frozen=True, slots=True)
class Route:
    """A path template, and the file that declares it."""

    path: str
    file: str

    def matches(self, path: str) -> bool:
        """Say whether a request for `path` gets here, whatever its last slash."""
        parts = re.split(r"\{[^}:]*(:path)?\}", self.path.rstrip("/"))
        pattern = "".join(
            (".*" if part == ":path" else "[^/]+") if odd else re.escape(part)
            for odd, part in _alternate(parts)
        )
        return bool(re.fullmatch(pattern, path.rstrip("/")))


def clashing_route(backend: Backend, feature: str, path: str) -> str | None:
    """Return the route that already answers `path`, unless `feature` itself has it."""
    return next((taken for _, taken in clashing_routes(backend, feature, [path])), None)


def clashing_routes(
    backend: Backend, feature: str, paths: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Give each path that a route answers already, unless it is of `feature` itself."""
    own = f"app/features/{feature}/"
    framework = (Route(route, "FastAPI") for route in load_blueprint().routes)
    for route in chain(framework, read_routes(backend)):
        for path in paths:
            if route.matches(path) and not route.file.startswith(own):
                yield path, f"{route.path} of {route.file}"


def read_routes(backend: Backend) -> Iterator[Route]:
    """Give each route that a call in `app` declares with a literal path."""
    for file, text in backend.modules():
        if file.startswith("app/") and PATH.search(text):
            yield from _routes_in(file, text)


@lru_cache(MODULES)
def _routes_in(file: str, text: str) -> tuple[Route, ...]:
    """Return the routes of a module, none if nobody can read it."""
    try:
        return tuple(_declared(file, parse(text)))
    except (SyntaxError, ValueError):
        return ()


def _declared(file: str, tree: ast.Module) -> Iterator[Route]:
    prefixes = dict(_prefixes(tree))
    for call, known in _calls(tree):
        match call:
            case ast.Call(ast.Attribute(ast.Name(owner), name)) if name in known:
                path = _path(call)
                if path is not None:
                    yield Route(prefixes.get(owner, "") + path, file)


def _calls(tree: ast.Module) -> Iterator[tuple[ast.AST, frozenset[str]]]:
    """Give each call, or decorator, with the names that would make it a route."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                yield decorator, DECORATING
        else:
            yield node, ADDING


def _path(call: ast.Call) -> str | None:
    """Return the path that a call declares, if it is written there."""
    named = (word.value for word in call.keywords if word.arg == "path")
    match next(iter((*call.args[:1], *named)), None):
        case ast.Constant(str(path)) if path.startswith("/"):
            return path
        case _:
            return None


def _prefixes(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        match node:
            case ast.Assign([ast.Name(name)], ast.Call(keywords=keywords)):
                for word in keywords:
                    match word:
                        case ast.keyword("prefix", ast.Constant(str(prefix))):
                            yield name, prefix


def _alternate(parts: list[str | None]) -> Iterator[tuple[bool, str]]:
    for index, part in enumerate(parts):
        yield bool(index % 2), part or ""
