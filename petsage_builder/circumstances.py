"""What a proof rests on beside a backend: the builder, Python, and packages."""

import platform
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

from petsage_builder import __version__
from petsage_builder.digest import sha256, sha256_of_files

PACKAGE = Path(__file__).parent
BLUEPRINT = PACKAGE / "blueprint"


@cache
def circumstances() -> str:
    """Return a digest of all of these, as they were when this process began."""
    found = {(d.metadata["Name"], d.version) for d in distributions()}
    packages = "\n".join(sorted(f"{name} {version}" for name, version in found))
    python = f"{sys.version} {sys.prefix} {platform.platform()}"
    builder = f"{builder_digest()} {blueprint_digest()}"
    return sha256(f"{python}\n{packages}\n{builder}".encode())


@cache
def blueprint_digest() -> str:
    """Return the digest of what features are written from."""
    files = (path for path in _files(BLUEPRINT) if path.suffix in {".jinja", ".toml"})
    return sha256_of_files(_read(files))


@cache
def builder_digest() -> str:
    """Return the digest of the builder's modules and version."""
    modules = _read(path for path in _files(PACKAGE) if path.suffix == ".py")
    return sha256_of_files({**modules, "version": __version__.encode()})


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _read(paths: Iterator[Path]) -> dict[str, bytes]:
    return {path.relative_to(PACKAGE).as_posix(): path.read_bytes() for path in paths}
