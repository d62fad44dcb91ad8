"""The routes of a backend, as its source spells them."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from petsage_builder.blueprint import load_blueprint
from petsage_builder.blueprint.backend import Backend

METHODS = frozenset(
    {"delete", "get", "head", "options", "patch", "post", "put", "trace", "api_route"}
)


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
    own = f"app/features/{feature}/"
    framework = (Route(route, "FastAPI") for route in load_blueprint().routes)
    for route in chain(framework, read_routes(backend)):
        if route.matches(path) and not route.file.startswith(own):
            return f"{route.path} of {route.file}"
    return None


def read_routes(backend: Backend) -> Iterator[Route]:
    """Give each route that a decorator in `app` declares with a literal path."""
    for file, text in backend.modules():
        if file.startswith("app/"):
            try:
                tree = ast.parse(text)
            except (SyntaxError, ValueError):
                continue
            yield from _declared(file, tree)


def _declared(file: str, tree: ast.Module) -> Iterator[Route]:
    prefixes = dict(_prefixes(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                match decorator:
                    case ast.Call(
                        ast.Attribute(ast.Name(owner), method),
                        [ast.Constant(str(path)), *_],
                    ) if method in METHODS:
                        yield Route(prefixes.get(owner, "") + path, file)


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
