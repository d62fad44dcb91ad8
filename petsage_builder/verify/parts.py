"""A backend in parts: each feature that was built, and the rest, its base."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from petsage_builder.blueprint.backend import MAIN
from petsage_builder.digest import sha256, sha256_of_files
from petsage_builder.manifest import Manifest
from petsage_builder.wiring import UneditableError, unwire

BASE = ""
WORD = re.compile(r"[A-Za-z_]\w*")
# How the name of a feature stands in those of its tests and its migrations.
DERIVED = re.compile(r"(?:test_)?(\w+?)(?:_\d+|_router)?")
TESTS = re.compile(r"tests/test_\w+\.py")
PAYLOADS = "payloads/"  # which no part of a backend reads


@dataclass(frozen=True, slots=True)
class Part:
    """A part, the parts that it needs, and a digest of all of their files."""

    name: str
    tests: tuple[str, ...]
    needs: frozenset[str]
    sha256: str


def divide(
    files: Mapping[str, bytes], built: Mapping[str, Manifest]
) -> dict[str, Part] | None:
    """Return the parts of a backend (path -> content) by name.

    The base is what no manifest names, with `app/main.py` as it would be without the
    features; every feature rests on it, and on the features that its files speak of.
    Nothing is returned if `app/main.py` cannot be read.
    """
    owners = {p: name for name, m in built.items() for p in (m.path, *m.artifacts)}
    own: dict[str, dict[str, bytes]] = {name: {} for name in (BASE, *built)}
    for path, content in files.items():
        if not path.startswith(PAYLOADS):
            own[owners.get(path, BASE)][path] = content
    try:
        own[BASE][MAIN] = unwire(files[MAIN].decode(), *built).encode()
    except (UneditableError, UnicodeDecodeError):
        return None
    digests = {name: sha256_of_files(part) for name, part in own.items()}
    rest = {name: set(_mentioned(part, built)) for name, part in own.items()}
    needs = {name: _needed(name, rest) for name in own}
    return {
        name: Part(
            name,
            tuple(sorted(filter(TESTS.fullmatch, part))),
            needs[name],
            _digest(digests, needs[name]),
        )
        for name, part in own.items()
    }


def _mentioned(
    part: Mapping[str, bytes], built: Mapping[str, Manifest]
) -> Iterator[str]:
    """Give the features whose names stand in the code of a part."""
    for path, content in part.items():
        if path.endswith(".py"):
            for word in set(WORD.findall(content.decode("utf-8", "replace"))):
                derived = DERIVED.fullmatch(word)
                names = (word, derived[1] if derived else word)
                yield from built.keys() & names


def _needed(name: str, rest: Mapping[str, set[str]]) -> frozenset[str]:
    """Return a part, the base, and all that they rest on."""
    needed, waiting = {BASE, name}, [name]
    while waiting:
        more = rest[waiting.pop()] - needed
        needed |= more
        waiting += more
    return frozenset(needed)


def _digest(digests: Mapping[str, str], needed: frozenset[str]) -> str:
    return sha256("\n".join(f"{n} {digests[n]}" for n in sorted(needed)).encode())
