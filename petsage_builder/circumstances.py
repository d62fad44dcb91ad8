"""What a proof rests on beside a backend: the builder, Python, and packages."""

import platform
import sys
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

from petsage_builder.digest import sha256, sha256_of_files

PACKAGE = Path(__file__).parent


@cache
def circumstances() -> str:
    """Return a digest of all of these, as they were when this process began."""
    found = {(d.metadata["Name"], d.version) for d in distributions()}
    packages = "\n".join(sorted(f"{name} {version}" for name, version in found))
    python = f"{sys.version} {sys.prefix} {platform.platform()}"
    return sha256(f"{python}\n{packages}\n{_builder()}".encode())


def _builder() -> str:
    files = (path for path in PACKAGE.rglob("*") if path.is_file())
    own = (path for path in files if path.suffix != ".pyc")
    return sha256_of_files({str(p.relative_to(PACKAGE)): p.read_bytes() for p in own})
