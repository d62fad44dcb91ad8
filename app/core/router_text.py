"""The paths of a router, as its text declares them."""

import re
from pathlib import Path

MADE = re.compile(
    r'^router = APIRouter\(\s*(?:prefix="((?:/[^"\\{/]+)*)",?\s*)?'
    r'(?:tags=\["[^"\\]*"\],?\s*)?\)$',
    re.MULTILINE,
)
ROUTE = re.compile(r'^@router\.[a-z]+\(\s*"((?:/[^"\\]*)?)"(?=\s*[,)])', re.MULTILINE)
INCLUDED = re.compile(r"^router\.include_router\((\w+)\.router\)$", re.MULTILINE)
MENTIONED = re.compile(r"\brouter\b")


def read_paths(file: Path) -> list[str] | None:
    """Return the path of each route, or nothing if the text may mean others too.

    `file` is a module, or the `__init__` of a package with a module for each router.
    """
    text = file.read_text("utf-8")
    prefixes = MADE.findall(text)
    rest = text
    for known in (MADE, ROUTE, INCLUDED):
        rest = known.sub("", rest)
    if len(prefixes) != 1 or MENTIONED.search(rest):
        return None
    paths: list[str] = ROUTE.findall(text)
    for name in INCLUDED.findall(text):
        module = file.with_name(f"{name}.py")
        included = read_paths(module) if module.is_file() else None
        if included is None:
            return None
        paths += included
    return [prefixes[0] + path for path in paths]
