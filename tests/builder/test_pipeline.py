"""Tests of a payload's whole way, on real backends."""

import random
import re
import shutil
from pathlib import Path

import pytest

from petsage_builder.align import align
from petsage_builder.analyze import analyze
from petsage_builder.blueprint.backend import backend_at, read_backend
from petsage_builder.build import Build
from petsage_builder.decode import decode
from petsage_builder.errors import RefusedError
from petsage_builder.evidence import OPTIONAL, REQUIRED, Check
from petsage_builder.generate import generate
from petsage_builder.journal import Change, stage
from petsage_builder.receive import Payload
from petsage_builder.skeleton import new
from petsage_builder.status import Announcement, Status
from petsage_builder.transaction import apply
from petsage_builder.undo import undo
from tests.builder.conftest import PROJECT, build_into, payload, tree, what_failed

SEED = PROJECT / "tests" / "data" / "seed" / "transcript_status_lines.md"

Proven = tuple[Path, Build, list[Announcement]]


def test_the_status_lines_are_the_seeds_with_verifying_added(proven: Proven) -> None:
    lines = [str(heard) for heard in proven[2] if isinstance(heard, Status)]

    seed = SEED.read_text("utf-8").splitlines()
    generating = next(i for i, line in enumerate(seed) if "GENERATING" in line)
    verifying = seed[generating].replace("GENERATING", "VERIFYING")
    assert lines == [*seed[: generating + 1], verifying, *seed[generating + 1 :]]


def test_every_check_leaves_evidence(proven: Proven) -> None:
    _, build, heard = proven

    assert build.status == "complete"
    assert build.evidence is not None
    assert [check.check for check in build.evidence.checks] == list(REQUIRED)
    for check in build.evidence.checks:
        assert check.detail
        if check.outcome == "skipped":
            assert check.check in OPTIONAL
            continue
        assert (check.outcome, check.command != "") == ("passed", True)
        assert check.seconds > 0
    told = [check for check in heard if isinstance(check, Check)]
    assert sorted(told, key=lambda c: c.check) == sorted(
        build.evidence.checks, key=lambda c: c.check
    )


def features(folder: Path) -> dict[str, bytes | None]:
    """Return what belongs to the features of a backend, and to its core."""
    return {
        path: content
        for path, content in tree(folder).items()
        if re.match(r"(app|migrations|\.petsage)/|tests/[^/]*$", path)
        and "__pycache__" not in path
        and path != "tests/data"
        and not path.startswith("tests/builder")
    }


@pytest.mark.parametrize("seed", range(3))
def test_payloads_in_any_order_give_this_projects_features(
    whole: Path, tmp_path: Path, seed: int
) -> None:
    root = Path(shutil.copytree(whole, tmp_path / "backend"))
    due = sorted((PROJECT / "payloads").iterdir())
    random.Random(seed).shuffle(due)  # noqa: S311 - an order, and no secret

    rounds = 0
    while due:
        due = [path for path in due if not written(path, root)]
        rounds += 1
        assert rounds <= 3, due  # what one refers to is there after its own round

    assert features(root) == features(PROJECT)


def written(path: Path, root: Path) -> bool:
    """Write a payload's feature down; no if it needs another one first."""
    spec = analyze(decode(Payload(path.read_bytes(), path.name)))
    try:
        artifacts = generate(align(spec, read_backend(root)))
    except RefusedError as error:
        if all("is not built here" in problem.what for problem in error.problems):
            return False
        raise
    apply(root, artifacts.changes)
    return True


def test_a_feature_with_data_is_proven_and_undone(backend: Path) -> None:
    before = tree(backend)
    content = (PROJECT / "payloads" / "user_profile.json").read_bytes()

    build = build_into(backend, content)

    assert build.evidence is not None
    assert {c.check: c.outcome for c in build.evidence.checks} == dict.fromkeys(
        REQUIRED, "passed"
    ), what_failed(build)
    assert build.status == "complete"
    undo(backend, "user_profile")
    assert tree(backend) == before


def test_a_then_b_equals_b_then_a_and_undoing_both_leaves_nothing(
    skeleton: Path, tmp_path: Path
) -> None:
    first, second = (
        Path(shutil.copytree(skeleton, tmp_path / name)) for name in ("1", "2")
    )
    order = ["smoke_test", "log_heartbeat"]
    for feature in order:
        assert build_into(first, payload(feature)).status == "complete"
    for feature in reversed(order):
        assert build_into(second, payload(feature)).status == "complete"

    assert tree(first) == tree(second)
    for feature in order:
        undo(first, feature)
    assert tree(first) == tree(skeleton)


def test_the_same_payload_again_changes_nothing_and_says_so(proven: Proven) -> None:
    root, first, _ = proven
    before = tree(root)
    assert first.payload is not None
    heard: list[Announcement] = []

    again = build_into(root, first.payload.content, heard.append)

    assert again.status == "unchanged"
    assert again.evidence is None
    assert str(Status("FEATURE UNCHANGED. NOTHING TO DELIVER.")) in map(str, heard)
    assert tree(root) == before


def test_a_dry_run_proves_and_delivers_nothing(backend: Path) -> None:
    before = tree(backend)

    build = build_into(backend, payload("smoke_test"), dry_run=True)

    assert (build.status, build.delivery) == ("complete", None)
    assert build.evidence is not None
    assert build.evidence.holds
    assert tree(backend) == before


@pytest.mark.parametrize(
    "feature", ["x", "log_2", "a_feature_with_a_name_of_forty_letters_x"]
)
def test_a_probe_of_any_name_is_proven(backend: Path, feature: str) -> None:
    build = build_into(
        backend, payload(feature, "prove the logging pipeline end to end")
    )

    assert build.evidence is not None
    assert build.evidence.failures == ()
    assert build.status == "complete"


def test_another_payload_for_a_built_feature_replaces_it(proven: Proven) -> None:
    root, *_ = proven
    copy = Path(shutil.copytree(root, root.parent / "replaced"))

    build = build_into(copy, payload("smoke_test", "check that logging works"))

    assert build.status == "complete"
    assert build.delivery is not None
    assert build.delivery.written == (".petsage/smoke_test.json",)


def test_an_edited_feature_is_a_conflict_that_names_the_file(proven: Proven) -> None:
    root, first, _ = proven
    copy = Path(shutil.copytree(root, root.parent / "edited"))
    edited = copy / "app/features/smoke_test/service.py"
    edited.write_text(edited.read_text() + "\n# mine\n")
    assert first.payload is not None

    build = build_into(copy, first.payload.content)

    assert build.status == "conflict"
    assert [p.where for p in build.problems] == ["app/features/smoke_test/service.py"]
    assert edited.read_text().endswith("# mine\n")


def test_a_folder_without_a_backend_is_refused(tmp_path: Path) -> None:
    build = build_into(tmp_path, payload("smoke_test"))

    assert build.status == "refused"
    assert [p.what for p in build.problems] == [
        "this folder holds no backend: it has no app/main.py"
    ]
    assert tree(tmp_path) == {}


def test_a_fresh_backend_is_not_made_over_files(tmp_path: Path) -> None:
    from petsage_builder.errors import RefusedError  # noqa: PLC0415

    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(RefusedError, match="is not empty"):
        new(tmp_path)
    assert tree(tmp_path) == {"mine.txt": b"mine"}


def test_a_fresh_backend_that_was_interrupted_is_finished_by_the_first_build(
    skeleton: Path, tmp_path: Path
) -> None:
    files = {path: content for path, content in tree(skeleton).items() if content}
    stage(tmp_path, [Change(path, None, content) for path, content in files.items()])

    with backend_at(tmp_path) as backend:
        assert "app/main.py" in backend.files
