"""What a backend already holds, read as text: nothing of it is imported or run."""

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from petsage_builder.blueprint import Blueprint, load_blueprint
from petsage_builder.digest import sha256_of_files
from petsage_builder.errors import Problem, RefusedError
from petsage_builder.manifest import Manifest, is_manifest, read_manifest
from petsage_builder.transaction import locked, unusable

MAIN = "app/main.py"
FEATURES = PurePosixPath("app/features")


@dataclass(frozen=True, slots=True)
class Backend:
    """The files of one backend (path -> content), as they were when it was read."""

    root: Path
    files: Mapping[str, bytes]
    built: Mapping[str, Manifest] = field(default_factory=dict)
    links: tuple[str, ...] = ()

    @property
    def features(self) -> frozenset[str]:
        """Return the names of the packages below `app/features`."""
        return frozenset(
            path.parts[2]
            for path in map(PurePosixPath, self.files)
            if len(path.parts) > len(FEATURES.parts) + 1
            and path.is_relative_to(FEATURES)
        )

    @property
    def sha256(self) -> str:
        """Return a digest of every path and content."""
        return sha256_of_files(self.files)

    @property
    def settings(self) -> Mapping[str, bytes]:
        """Return the files in the root, which tell tools what to do."""
        return {path: file for path, file in self.files.items() if "/" not in path}

    def modules(self) -> Iterator[tuple[str, str]]:
        """Give the path and the text of each Python file."""
        for path, content in self.files.items():
            if path.endswith(".py"):
                yield path, content.decode("utf-8", "replace")


@contextmanager
def backend_at(root: Path, wait_seconds: float = 300.0) -> Iterator[Backend]:
    """Hold the backend in the folder `root` for one build, and read it.

    What a killed build has left is settled first. Raises `RefusedError` if there is
    no such folder, or it holds no backend; `ConflictError` if another build is still
    at work after `wait_seconds`.
    """
    if not root.is_dir():
        raise _no_backend(root)
    with locked(root, wait_seconds):
        yield read_backend(root)


def _no_backend(root: Path) -> RefusedError:
    what = "this folder holds no backend: it has no app/main.py"
    problem = Problem(str(root), what, "a folder made by `petsage new`")
    return RefusedError([problem])


def read_backend(root: Path) -> Backend:
    """Read the backend in the folder `root`, or raise `RefusedError`."""
    if not (root / MAIN).is_file():
        raise _no_backend(root)
    try:
        files, links = _read_files(root)
    except OSError as error:
        raise unusable(error, root) from error
    return Backend(root, files, _read_manifests(files), links)


def _read_files(root: Path) -> tuple[dict[str, bytes], tuple[str, ...]]:
    blueprint = load_blueprint()
    ignored = (*blueprint.ignored, *_excluded(root))
    files: dict[str, bytes] = {}
    links: list[str] = []
    for part in (*blueprint.parts, *_own_parts(root, blueprint)):
        for path in _walk(root, root / part, ignored):
            name = path.relative_to(root).as_posix()
            if not name.isprintable():
                what = f"{name!a} has a name that is no text"
                raise RefusedError([Problem(str(root), what, "names in UTF-8")])
            if path.is_symlink():
                links.append(name)
            else:
                files[name] = path.read_bytes()
    return files, tuple(links)


def _own_parts(root: Path, blueprint: Blueprint) -> Iterator[str]:
    """Give the settings of tools and the packages that stand beside `app`."""
    for path in sorted(root.iterdir()):
        if path.name not in blueprint.parts and (
            any(fnmatch(path.name, pattern) for pattern in blueprint.settings)
            if path.is_file()
            else (path / "__init__.py").is_file()
        ):
            yield path.name


def _excluded(root: Path) -> tuple[str, ...]:
    """Return what the backend's own `[tool.petsage] exclude` leaves out."""
    try:
        tables = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
        return tuple(map(str, tables["tool"]["petsage"]["exclude"]))
    except (OSError, ValueError, KeyError, TypeError):
        return ()  # a file that is missing or broken is a problem of conformity


def _walk(root: Path, path: Path, ignored: tuple[str, ...]) -> Iterator[Path]:
    name = path.relative_to(root).as_posix()
    if any(fnmatch(path.name, item) or name == item for item in ignored):
        return
    if path.is_symlink() or path.is_file():
        yield path
    elif path.is_dir():
        for child in sorted(path.iterdir()):
            yield from _walk(root, child, ignored)


def _read_manifests(files: Mapping[str, bytes]) -> dict[str, Manifest]:
    manifests = {}
    for path, content in files.items():
        if is_manifest(path):
            try:
                manifest = read_manifest(content)
            except ValueError:
                continue  # `conformity` names it
            manifests[manifest.feature] = manifest
    return manifests


def conformity(backend: Backend) -> list[Problem]:
    """Return in which points the backend does not follow the blueprint."""
    blueprint = load_blueprint()
    return [
        *_missing(backend, blueprint),
        *(
            Problem(path, "is a symbolic link", "a file or a folder of its own")
            for path in backend.links
        ),
        *(
            Problem(path, "is no manifest that this builder can read")
            for path in backend.files
            if is_manifest(path) and PurePosixPath(path).stem not in backend.built
        ),
    ]


def _missing(backend: Backend, blueprint: Blueprint) -> Iterator[Problem]:
    for path in blueprint.required:
        if path not in backend.files and path not in backend.links:
            yield Problem(path, "is missing", "the file that `petsage new` makes")
