"""What a build was made of and what came out, each as one digest.

Neither a time, nor a folder, nor the machine is part of it: the same build elsewhere,
by the same builder, has the same digests, whether that is installed from a checkout or
from a wheel.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from petsage_builder import __version__
from petsage_builder.artifacts import Artifacts
from petsage_builder.blueprint import FOLDER
from petsage_builder.blueprint.backend import MAIN
from petsage_builder.digest import sha256, sha256_of_files, sha256_of_json
from petsage_builder.spec import Spec

PACKAGE = Path(__file__).parent


def identity(artifacts: Artifacts) -> dict[str, str]:
    """Return the digests of a build, and one of all of them.

    `payload` is that of the request in its canonical form, `blueprint` that of the
    templates and conventions, `builder` that of its modules and its version,
    `artifacts` that of the feature's own files: what `app/main.py` is beside its two
    lines is the backend's.
    """
    digests = {path: sha256(content) for path, content in artifacts.files.items()}
    return whole(
        {
            "payload": payload_digest(artifacts.plan.spec),
            "blueprint": blueprint_digest(),
            "builder": builder_digest(),
            "artifacts": artifacts_digest(digests),
        }
    )


def whole(parts: Mapping[str, str]) -> dict[str, str]:
    """Return digests, and that of all of them as `build`."""
    return {**parts, "build": sha256_of_json(parts)}


def payload_digest(spec: Spec) -> str:
    """Return the digest of what was asked for, however it was spelled."""
    return sha256_of_json(spec.canonical)


def artifacts_digest(digests: Mapping[str, str]) -> str:
    """Return the digest of a feature's files, given each one's by its path."""
    return sha256_of_json({p: d for p, d in digests.items() if p != MAIN})


@cache
def blueprint_digest() -> str:
    """Return the digest of what features are written from."""
    files = (path for path in _files(FOLDER) if path.suffix in {".jinja", ".toml"})
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
