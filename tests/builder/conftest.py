"""A fresh backend for each test, and builds into it."""

import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from petsage_builder.build import Build
from petsage_builder.pipeline import build
from petsage_builder.receive import Payload
from petsage_builder.skeleton import new
from petsage_builder.status import Announcement

Builder = Callable[..., Build]
PROJECT = Path(__file__).parents[2]


def payload(feature: str, description: str = "verify logs") -> bytes:
    """Return the payload of a log probe."""
    request = {"feature": feature, "description": description, "requirements": "none"}
    return json.dumps(request).encode()


def build_into(
    root: Path,
    content: bytes,
    announce: Callable[[Announcement], None] = lambda _: None,
    *,
    dry_run: bool = False,
) -> Build:
    """Build a payload into the backend at `root`."""
    receive = partial(Payload, content, "test")
    return build(receive, root, announce, dry_run=dry_run)


def tree(root: Path) -> dict[str, bytes | None]:
    """Return every path below `root`: a file's content, or None for a folder."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes() if path.is_file() else None
        for path in root.rglob("*")
    }


@pytest.fixture(scope="session")
def skeleton(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a fresh backend once; no test writes into it."""
    root = tmp_path_factory.mktemp("skeleton") / "backend"
    new(root)
    return root


@pytest.fixture
def backend(skeleton: Path, tmp_path: Path) -> Path:
    """Give a test a fresh backend of its own."""
    return Path(shutil.copytree(skeleton, tmp_path / "backend"))


@pytest.fixture(scope="session")
def proven(
    skeleton: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Build, list[Announcement]]:
    """Build the seed's payload once, for all the tests that look at a good build."""
    root = tmp_path_factory.mktemp("proven") / "backend"
    shutil.copytree(skeleton, root)
    heard: list[Announcement] = []
    content = (PROJECT / "payloads" / "smoke_test.json").read_bytes()
    return root, build_into(root, content, heard.append), heard
