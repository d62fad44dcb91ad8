"""The conventions of a backend: `blueprint.toml`, typed, and the templates."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
# In a checkout the skeleton is the project itself; a wheel carries it along.
PROJECT = Path(__file__).parents[2]
SOURCE = (
    PROJECT if (PROJECT / "app" / "main.py").is_file() else PROJECT / "petsage_skeleton"
)


@dataclass(frozen=True, slots=True)
class Blueprint:
    """What every backend has in common.

    `parts` and `skeleton` are paths below a backend's root, `settings` are the names
    of files beside them, `ignored` are names or paths (all shell patterns) that belong
    to nobody, `reserved` are feature names, and
    `routes` are paths that the framework answers itself.
    """

    parts: tuple[str, ...]
    settings: tuple[str, ...]
    ignored: tuple[str, ...]
    required: tuple[str, ...]
    skeleton: tuple[str, ...]
    skeleton_ignored: tuple[str, ...]
    skeleton_features: tuple[str, ...]
    longest_name: int
    reserved: frozenset[str]
    routes: tuple[str, ...]


@cache
def load_blueprint() -> Blueprint:
    """Read the blueprint that this builder ships."""
    tables = tomllib.loads((FOLDER / "blueprint.toml").read_text("utf-8"))
    backend, skeleton, names = tables["backend"], tables["skeleton"], tables["names"]
    return Blueprint(
        parts=tuple(backend["parts"]),
        settings=tuple(backend["settings"]),
        ignored=tuple(backend["ignored"]),
        required=tuple(backend["required"]),
        skeleton=tuple(skeleton["parts"]),
        skeleton_ignored=tuple(skeleton["ignored"]),
        skeleton_features=tuple(skeleton["features"]),
        longest_name=names["longest"],
        reserved=frozenset(names["reserved"]),
        routes=tuple(names["routes"]),
    )


def is_of_skeleton(path: str, content: bytes) -> bool:
    """Say whether a file of a backend is as this builder's skeleton has it."""
    source = SOURCE / path
    return source.is_file() and source.read_bytes() == content
