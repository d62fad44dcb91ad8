"""A receipt names its build by digests, and can be held against a backend later."""

import base64
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from petsage_builder.align import align
from petsage_builder.analyze import analyze
from petsage_builder.artifacts import Artifacts
from petsage_builder.blueprint.backend import read_backend
from petsage_builder.decode import decode
from petsage_builder.generate import generate
from petsage_builder.identity import identity, whole
from petsage_builder.receipt import seal
from petsage_builder.receive import Payload
from petsage_builder.transaction import apply
from tests.builder.conftest import PROJECT, payload, tree
from tests.builder.test_cli import petsage

SMOKE_TEST = PROJECT / "payloads" / "smoke_test.json"
SERVICE = "app/features/smoke_test/service.py"
Values = dict[str, Any]
Built = tuple[Path, bytes]


def made(root: Path, content: bytes) -> Artifacts:
    """Return what a payload makes in a backend."""
    return generate(
        align(analyze(decode(Payload(content, "test"))), read_backend(root))
    )


@pytest.fixture(scope="module")
def built(skeleton: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build a probe, and give the backend and the receipt; no test writes into it."""
    root = Path(shutil.copytree(skeleton, tmp_path_factory.mktemp("built") / "backend"))
    done = petsage("build", SMOKE_TEST, "--into", root, "--format", "json")
    assert done.returncode == 0, done.stdout.decode()
    return root, done.stdout


@pytest.fixture
def own(built: Built, tmp_path: Path) -> Path:
    """Give a test a built backend of its own."""
    return Path(shutil.copytree(built[0], tmp_path / "backend"))


def verified(root: Path, receipt: bytes, *options: str) -> tuple[int, str, str]:
    """Hold a receipt against a backend."""
    done = petsage("verify-receipt", "-", "--into", root, *options, content=receipt)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def resealed(receipt: bytes, **changes: object) -> bytes:
    """Return a receipt that says something else, with the seal of that."""
    said = json.loads(receipt) | changes
    return json.dumps({**said, "seal": seal(said)}).encode()


def test_a_receipt_holds_beside_another_feature_and_nothing_is_written(
    built: Built, own: Path
) -> None:
    apply(own, made(own, payload("log_heartbeat")).changes)
    before = tree(own)

    status, text, _ = verified(own, built[1], "--format", "json")

    found = json.loads(text)
    assert (status, found["holds"]) == (0, True)
    assert found["files"] == {"missing": [], "changed": []}
    assert found["payload"] == {
        "same": True,
        "reproduced": True,
        "otherwise": [],
        "problems": [],
    }
    assert (found["builder"]["same"], found["blueprint"]["same"]) == (True, True)
    outcomes = {one["check"]: one["outcome"] for one in found["proof"]["evidence"]}
    assert outcomes.pop("migrations") == "skipped"
    assert set(outcomes.values()) == {"passed"}
    assert found["build"] == json.loads(built[1])["digest"]["build"]
    assert tree(own) == before


def test_an_edited_feature_is_named_and_proven_as_it_stands(
    built: Built, own: Path
) -> None:
    text = (own / SERVICE).read_text("utf-8")
    (own / SERVICE).write_text(
        text.replace("logging is active", "all is well"), "utf-8"
    )

    status, said, _ = verified(own, built[1])

    assert status == 3
    lines = said.splitlines()
    assert lines[0] == "smoke_test: the receipt does not hold any more"
    assert f"  files: {SERVICE} is not as it was" in lines
    assert "  payload: makes the same bytes" in lines
    assert "test_answers_that_service_and_logging_run" in said


def test_a_feature_that_was_undone_is_missing(built: Built, own: Path) -> None:
    assert petsage("undo", "smoke_test", "--into", own).returncode == 0

    status, said, _ = verified(own, built[1])

    assert status == 3
    assert f"  files: {SERVICE} is missing" in said
    assert "  files: app/main.py is not as it was" in said
    assert "  payload: makes the same bytes" in said
    assert "  proof: could not be run: files are missing" in said


def test_another_builder_is_named(built: Built, own: Path) -> None:
    assert petsage("undo", "smoke_test", "--into", own).returncode == 0
    digest = json.loads(built[1])["digest"] | {"builder": "0" * 64}
    parts = {name: part for name, part in digest.items() if name != "build"}

    receipt = resealed(built[1], builder="0.0.9", digest=whole(parts))

    status, said, _ = verified(own, receipt)

    assert status == 3
    assert "  builder: another: it was 0.0.9 (000000000000), and is " in said
    assert "  blueprint: the same" in said


def altered(receipt: bytes) -> bytes:
    """Return a receipt with another digest."""
    said: Values = json.loads(receipt)
    said["digest"]["builder"] = "0" * 64
    return json.dumps(said).encode()


def other_files(receipt: bytes) -> bytes:
    """Return a receipt that names another file than its digest does."""
    said: Values = json.loads(receipt)
    said["artifacts"][0]["sha256"] = "0" * 64
    return resealed(receipt, artifacts=said["artifacts"])


REFUSED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "altered digest": (altered, "was altered since it was printed"),
    "other files": (other_files, "names files that are not those of its digest"),
    "truncated": (lambda receipt: receipt[:-200], "is no JSON"),
    "empty": (lambda _: b"", "is no JSON"),
    "payload": (lambda _: SMOKE_TEST.read_bytes(), "is no receipt: it has no seal"),
    "list": (lambda _: b"[]", "is no receipt: it has no seal"),
    "dry run": (
        lambda receipt: resealed(receipt, dry_run=True, delivery=None),
        "is of a dry run, which delivers nothing",
    ),
    "no artifacts": (
        lambda receipt: resealed(receipt, artifacts=None),
        "does not say what was built",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_receipt_of_a_delivery_is_refused(built: Built, name: str) -> None:
    alter, what = REFUSED[name]

    status, said, error = verified(built[0], alter(built[1]))

    assert (status, said) == (2, "")
    assert f"petsage: standard input: {what}" in error
    assert "accepted: what `petsage build --format json` printed" in error


@pytest.mark.parametrize(
    ("content", "ended"),
    [(b"{}", "refused"), (SMOKE_TEST.read_bytes(), "unchanged")],
)
def test_the_receipt_of_a_build_that_delivered_nothing_is_refused(
    built: Built, content: bytes, ended: str
) -> None:
    options = ("--into", built[0], "--format", "json")
    receipt = petsage("build", "-", *options, content=content).stdout

    status, _, error = verified(built[0], receipt)

    assert status == 2
    assert f"is of a build that was {ended}" in error


def test_a_receipt_traces_each_part_and_is_sealed(built: Built) -> None:
    receipt: Values = json.loads(built[1])

    assert [one["part"] for one in receipt["trace"]] == ["feature", "description"]
    assert all(one["tests"] and one["symbols"] for one in receipt["trace"])
    assert {one["check"] for one in receipt["trace"]} == {"tests"}
    assert receipt["untested"] == []
    assert receipt["seal"] == seal(receipt)


def test_the_same_build_elsewhere_has_the_same_digests(
    built: Built, skeleton: Path, whole: Path
) -> None:
    content = SMOKE_TEST.read_bytes()

    here = identity(made(skeleton, content))

    assert here == json.loads(built[1])["digest"]
    assert identity(made(whole, base64.b64encode(content))) == here
    other = identity(made(whole, payload("smoke_test", "check that logging works")))
    assert {name for name in here if here[name] != other[name]} == {
        *("payload", "artifacts", "build")
    }


def test_a_copy_of_the_builder_has_the_same_digests(tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns("__pycache__")
    package = PROJECT / "petsage_builder"
    shutil.copytree(package, tmp_path / "petsage_builder", ignore=ignored)
    program = (
        "from petsage_builder import circumstances as c;"
        "print(c.PACKAGE.parent, c.builder_digest(), c.blueprint_digest(), sep='\\n')"
    )

    said = [
        subprocess.run(
            [sys.executable, "-c", program], cwd=folder, capture_output=True, check=True
        )
        .stdout.decode()
        .splitlines()
        for folder in (tmp_path, PROJECT)
    ]

    assert said[0][0] != said[1][0]
    assert said[0][1:] == said[1][1:]
