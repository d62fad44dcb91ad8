"""A fresh backend: this project's own, without the features that were built into it."""

import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from petsage_builder.blueprint import SOURCE, Blueprint, load_blueprint
from petsage_builder.blueprint.backend import MAIN
from petsage_builder.errors import Problem, RefusedError
from petsage_builder.templates import render
from petsage_builder.transaction import Change, apply, locked
from petsage_builder.wiring import unwire

TOOLS = "[tool.ruff]"


def new(root: Path) -> tuple[str, ...]:
    """Make a backend in the folder `root`, and return the paths of its files.

    Raises `RefusedError` if there is something in that folder, or it is a file.
    """
    if root.exists() and not root.is_dir():
        raise RefusedError(
            [Problem(str(root), "is a file", "a folder, or a free name")]
        )
    files = skeleton_files()
    try:
        root.mkdir(parents=True, exist_ok=True)
        with locked(root, wait_seconds=10):
            if any(root.iterdir()):
                raise RefusedError(
                    [
                        Problem(
                            str(root), "is not empty", "an empty folder, or a free name"
                        )
                    ]
                )
            apply(root, [Change(path, None, text) for path, text in files.items()])
    except OSError as error:
        problem = Problem(str(root), f"cannot be written: {error.strerror}")
        raise RefusedError([problem]) from error
    return tuple(files)


def skeleton_files() -> dict[str, bytes]:
    """Return path and content of each file of a fresh backend."""
    blueprint = load_blueprint()
    features = SOURCE / "app" / "features"
    built = {path.name for path in features.iterdir() if path.is_dir()} - {
        *blueprint.skeleton_features,
        "__pycache__",
    }
    files = dict(_walk(blueprint, built))
    return {
        **files,
        MAIN: unwire(files[MAIN].decode(), *built).encode(),
        ".gitignore": render("skeleton/gitignore").encode(),
        "README.md": render("skeleton/README.md").encode(),
        "pyproject.toml": _pyproject().encode(),
    }


def _walk(blueprint: Blueprint, built: set[str]) -> Iterator[tuple[str, bytes]]:
    theirs = {
        *(f"app/features/{feature}" for feature in built),
        *(f"tests/test_{feature}.py" for feature in built),
        *(f"tests/facts/{feature}" for feature in built),
        *(f"{feature}_[0-9]*.py" for feature in built),  # its migrations
        *blueprint.skeleton_ignored,
        *blueprint.ignored,
    }
    for part in blueprint.skeleton:
        path = SOURCE / part
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            name = file.relative_to(SOURCE).as_posix()
            if file.is_file() and not _is_below(name, theirs):
                yield name, file.read_bytes()


def _is_below(name: str, patterns: set[str]) -> bool:
    """Say whether a path, or a folder that it is in, is among `patterns`."""
    parts = name.split("/")
    return any(
        fnmatch(parts[depth], pattern) or "/".join(parts[: depth + 1]) == pattern
        for depth in range(len(parts))
        for pattern in patterns
    )


def _pyproject() -> str:
    text = (SOURCE / "pyproject.toml").read_text("utf-8")
    groups = tomllib.loads(text)["dependency-groups"]
    tools = text[text.index(TOOLS) :].rstrip("\n")
    return render(
        "skeleton/pyproject.toml",
        api=groups["api"],
        checks=groups["checks"],
        tools=tools,
    )
