"""What a backend remembers of a feature that was built into it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath

from petsage_builder.decode import JsonValue

FOLDER = ".petsage"
LEFT_OUT = 3  # texts that name a test which is left out


@dataclass(frozen=True, slots=True)
class Manifest:
    """Which request made a feature, and the SHA-256 of each file it made.

    It holds no time and no figure of a run: the same request gives the same bytes.
    `left_out` are tests that were planned, and that the request was found to refute:
    the resource's plural, the table, and the row of each. `found` are requests that
    have become tests since they tell the feature from a broken one.
    """

    feature: str
    request: Mapping[str, JsonValue]
    builder: str
    artifacts: Mapping[str, str]
    left_out: tuple[tuple[str, str, str], ...] = ()
    found: tuple[JsonValue, ...] = ()

    @property
    def path(self) -> str:
        """Return where it stands in the backend."""
        return manifest_path(self.feature)

    def to_bytes(self) -> bytes:
        """Return the file's content."""
        values = asdict(self)
        for name in ("left_out", "found"):
            if not values[name]:
                del values[name]
        return (json.dumps(values, indent=2, ensure_ascii=False) + "\n").encode()


def manifest_path(feature: str) -> str:
    """Return where the manifest of `feature` stands."""
    return f"{FOLDER}/{feature}.json"


def is_manifest(path: str) -> bool:
    """Say whether a backend's file is a manifest."""
    parts = PurePosixPath(path)
    return str(parts.parent) == FOLDER and parts.suffix == ".json"


def read_manifest(content: bytes) -> Manifest:
    """Return what `content` says, or raise `ValueError`."""
    try:
        values = json.loads(content)
        left_out = values.pop("left_out", [])
        found = tuple(values.pop("found", []))
        left = tuple(map(tuple, left_out))
        manifest = Manifest(**values, left_out=left, found=found)
    except (AttributeError, TypeError, RecursionError) as error:
        raise ValueError(str(error)) from error
    texts = (manifest.feature, manifest.builder)
    if not (
        all(isinstance(text, str) for text in texts)
        and isinstance(manifest.request, dict)
        and manifest.request.keys() == {"feature", "description", "requirements"}
        and manifest.request["feature"] == manifest.feature
        and isinstance(manifest.request["description"], str)
        and isinstance(manifest.artifacts, dict)
        and manifest.artifacts
        and all(isinstance(digest, str) for digest in manifest.artifacts.values())
        and all(isinstance(r, list) and len(r) == LEFT_OUT for r in left_out)
        and all(isinstance(part, str) for row in left_out for part in row)
    ):
        raise ValueError("it does not say what was built")
    return manifest
