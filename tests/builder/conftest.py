"""A fresh backend for each test, and builds into it."""

import json
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest

from petsage_builder.align import align
from petsage_builder.allowances import NOTHING, Allowances
from petsage_builder.analyze import analyze
from petsage_builder.artifacts import Artifacts
from petsage_builder.blueprint.backend import read_backend
from petsage_builder.build import Build
from petsage_builder.decode import decode
from petsage_builder.generate import generate
from petsage_builder.pipeline import build
from petsage_builder.receive import Payload, receive
from petsage_builder.skeleton import new
from petsage_builder.status import Announcement
from petsage_builder.verify.sandbox import new_slot
from petsage_builder.verify.slots import Slot, lend, take_back

Builder = Callable[..., Build]
PROJECT = Path(__file__).parents[2]
KEPT_TESTS = {"test_health.py"}


@pytest.fixture(scope="session", autouse=True)
def _to_itself(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Use neither what other builds have kept, nor a warm builder."""
    with pytest.MonkeyPatch.context() as environment:
        cache = tmp_path_factory.mktemp("cache")
        environment.setenv("XDG_CACHE_HOME", str(cache))
        environment.setenv("PETSAGE_WARM", "off")
        yield


@pytest.fixture(scope="session")
def _places() -> Iterator[list[Slot]]:
    """Hold the place that sandboxes use, and end it."""
    places: list[Slot] = []
    yield places
    for slot in places:
        take_back(slot)
        slot.give_up()


@pytest.fixture(scope="module", autouse=True)
def _a_place(_places: list[Slot], request: pytest.FixtureRequest) -> Iterator[None]:
    """Let builds use one place after each other, unless a module wants new ones."""
    if getattr(request.module, "NEW_PLACES", False):
        yield
        return
    if not _places or not _places[-1].is_clean:
        _places.append(new_slot())
    lend(_places[-1])
    yield
    take_back(_places[-1])


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
    allowances: Allowances = NOTHING,
    afresh: bool = False,
) -> Build:
    """Build a payload into the backend at `root`."""
    received = partial(receive, BytesIO(content), "test")
    how = {"dry_run": dry_run, "afresh": afresh}
    return build(received, root, announce, allowances=allowances, **how)


def tree(root: Path) -> dict[str, bytes | None]:
    """Return every path below `root`: a file's content, or None for a folder."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes() if path.is_file() else None
        for path in root.rglob("*")
    }


def what_failed(build: Build) -> str:
    """Return the whole of what the checks that failed have to say."""
    failures = build.evidence.failures if build.evidence else ()
    return "\n\n".join(
        f"{failure.check}: {failure.command}\n{failure.detail}" for failure in failures
    )


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a fresh backend once; no test writes into it."""
    root = tmp_path_factory.mktemp("whole") / "backend"
    new(root)
    return root


@pytest.fixture(scope="session")
def skeleton(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the same with few tests of its core, so that a build takes little time."""
    root = Path(shutil.copytree(whole, tmp_path_factory.mktemp("thin") / "backend"))
    for path in (root / "tests").glob("test_*.py"):
        if path.name not in KEPT_TESTS:
            path.unlink()
    return root


@pytest.fixture(scope="session")
def good(skeleton: Path) -> Artifacts:
    """Generate the artifacts of the seed's payload."""
    spec = analyze(decode(Payload(payload("smoke_test"), "test")))
    return generate(align(spec, read_backend(skeleton)))


@pytest.fixture
def backend(skeleton: Path, tmp_path: Path) -> Path:
    """Give a test a backend of its own."""
    return Path(shutil.copytree(skeleton, tmp_path / "backend"))


@pytest.fixture(scope="session")
def proven(
    whole: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Build, list[Announcement]]:
    """Build the seed's payload once, for all the tests that look at a good build."""
    root = tmp_path_factory.mktemp("proven") / "backend"
    shutil.copytree(whole, root)
    heard: list[Announcement] = []
    content = (PROJECT / "payloads" / "smoke_test.json").read_bytes()
    build = build_into(root, content, heard.append)
    assert build.status == "complete", what_failed(build)
    return root, build, heard
