"""Tests of changing several files of a folder: all of them, or none."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from petsage_builder.errors import ConflictError, RefusedError
from petsage_builder.transaction import DELIVERY as FOLDER
from petsage_builder.transaction import Change, apply, locked
from tests.builder.conftest import tree
from tests.builder.kill_points import deliver, dies_at, look

MAIN = "app/main.py"
OLD = {
    MAIN: b"main\n",
    "app/features/__init__.py": b"",
    "app/features/old/router.py": b"old\n",
    "README.md": b"read me\n",
}
DELIVERY = [
    Change(MAIN, b"main\n", b"main, wired\n"),
    Change("README.md", b"read me\n", b"read me again\n"),
    Change("app/features/old/router.py", b"old\n", None),
    *(
        Change(f"app/features/new/{name}", None, name.encode() * 1000)
        for name in ("__init__.py", "models.py", "router.py", "service.py", "README.md")
    ),
    Change("tests/test_new.py", None, b""),
    Change(".petsage/new.json", None, b"{}\n"),
]
UNDO = [Change(change.path, change.after, change.before) for change in DELIVERY]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a folder to be changed."""
    folder = tmp_path / "backend"
    for path, content in OLD.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    (folder / "README.md").chmod(0o755)
    return folder


def state(root: Path) -> dict[str, tuple[bytes | None, int]]:
    """Return content and mode of every path below `root`."""
    return {
        path: (content, (root / path).stat().st_mode)
        for path, content in tree(root).items()
    }


@pytest.mark.parametrize("changes", [DELIVERY, UNDO], ids=["delivery", "undo"])
def test_a_process_killed_at_any_point_leaves_before_or_after(
    root: Path, tmp_path: Path, changes: list[Change]
) -> None:
    if changes is UNDO:
        deliver(root, DELIVERY)
    before = state(root)
    finished = Path(shutil.copytree(root, tmp_path / "finished"))
    deliver(finished, changes)
    after = state(finished)
    outcomes = []

    for point in range(1, 1000):
        work = Path(shutil.copytree(root, tmp_path / f"work{point}"))
        killed = dies_at(point, partial(deliver, work, changes))
        look(work)
        outcomes.append(state(work) == after)
        assert state(work) in (before, after)
        shutil.rmtree(work)
        if not killed:
            break

    assert len(outcomes) > 30
    assert outcomes == sorted(outcomes)
    assert set(outcomes) == {False, True}


def test_a_recovery_that_is_killed_is_finished_by_the_next(
    root: Path, tmp_path: Path
) -> None:
    before = state(root)
    finished = Path(shutil.copytree(root, tmp_path / "finished"))
    deliver(finished, DELIVERY)
    after = state(finished)

    for first in range(30, 80, 7):
        for second in range(1, 40, 6):
            work = Path(shutil.copytree(root, tmp_path / "work"))
            dies_at(first, partial(deliver, work, DELIVERY))
            dies_at(second, partial(look, work))
            look(work)
            assert state(work) in (before, after)
            shutil.rmtree(work)


def test_a_file_keeps_its_mode(root: Path) -> None:
    deliver(root, DELIVERY)

    assert (root / "README.md").stat().st_mode & 0o777 == 0o755


def test_every_file_that_is_not_as_it_was_read_is_named_and_nothing_is_written(
    root: Path,
) -> None:
    (root / MAIN).write_text("edited")
    (root / "tests").mkdir()
    (root / "tests/test_new.py").write_text("mine")
    before = state(root)

    with pytest.raises(ConflictError) as caught:
        deliver(root, DELIVERY)

    assert [p.where for p in caught.value.problems] == [MAIN, "tests/test_new.py"]
    assert state(root) == before


def test_a_file_edited_after_a_crash_is_kept_and_decides(
    root: Path, tmp_path: Path
) -> None:
    before, edited = state(root), b"edited\n"
    finished = Path(shutil.copytree(root, tmp_path / "finished"))
    deliver(finished, DELIVERY)
    after = state(finished)
    outcomes = set()

    for point in range(1, 1000):
        work = Path(shutil.copytree(root, tmp_path / "work"))
        killed = dies_at(point, partial(deliver, work, DELIVERY))
        (work / MAIN).write_bytes(edited)
        for _ in range(2):
            look(work)
            expected = [
                {**whole, MAIN: (edited, whole[MAIN][1])} for whole in (before, after)
            ]
            outcomes.add(expected.index(state(work)))
        shutil.rmtree(work)
        if not killed:
            break

    assert outcomes == {0, 1}


def test_turning_back_that_is_killed_is_finished_by_the_next(
    root: Path, tmp_path: Path
) -> None:
    expected = {**state(root), MAIN: (b"edited\n", state(root)[MAIN][1])}
    point = 1
    while True:
        work = Path(shutil.copytree(root, tmp_path / "work"))
        assert dies_at(point, partial(deliver, work, DELIVERY))
        if (work / FOLDER / "journal.json").exists():
            break
        shutil.rmtree(work)
        point += 1
    (work / MAIN).write_bytes(b"edited\n")

    for second in range(1, 100):
        again = Path(shutil.copytree(work, tmp_path / "again", copy_function=copy))
        killed = dies_at(second, partial(look, again))
        look(again)
        assert state(again) == expected
        shutil.rmtree(again)
        if not killed:
            return


def copy(source: str, target: str) -> str:
    return shutil.copy2(source, target)


def test_edits_that_contradict_each_other_are_named(root: Path, tmp_path: Path) -> None:
    for point in range(1, 1000):
        work = Path(shutil.copytree(root, tmp_path / f"work{point}"))
        assert dies_at(point, partial(deliver, work, DELIVERY))
        if (work / MAIN).read_bytes() != OLD[MAIN]:
            break
    (work / MAIN).write_text("edited")
    (work / "README.md").write_text("edited")
    before = state(work)

    with pytest.raises(ConflictError, match=r"README.md: was edited after a delivery"):
        look(work)
    assert state(work) == before


STEP = {"path": "x", "before": None, "after": "0" * 64, "kept": None}


@pytest.mark.parametrize(
    "journal",
    [
        "{",
        "5",
        "[5]",
        "[" * 100_000,
        json.dumps([{**STEP, "path": "../escaped", "staged": "after-0"}]),
        json.dumps([{**STEP, "path": "/tmp/escaped", "staged": "after-0"}]),  # noqa: S108
        json.dumps([{**STEP, "path": "link/escaped", "staged": "after-0"}]),
        json.dumps([{**STEP, "staged": "../../README.md"}]),
        json.dumps([{**STEP, "staged": 5}]),
    ],
)
def test_a_journal_of_somebody_else_is_refused_and_touches_nothing(
    root: Path, tmp_path: Path, journal: str
) -> None:
    (root / FOLDER).mkdir(parents=True)
    (root / FOLDER / "journal.json").write_text(journal)
    (root / FOLDER / "after-0").write_text("evil")
    (root / "link").symlink_to(tmp_path)
    before = tree(tmp_path)

    with pytest.raises(ConflictError, match="no journal of this builder"):
        look(root)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("link", [".petsage", ".petsage/delivery"])
def test_a_link_in_the_place_of_the_journal_is_not_followed(
    root: Path, tmp_path: Path, link: str
) -> None:
    (tmp_path / "victim/delivery").mkdir(parents=True)
    (tmp_path / "victim/delivery/precious").write_text("precious")
    (root / link).parent.mkdir(exist_ok=True)
    (root / link).symlink_to(tmp_path / "victim")

    with pytest.raises(ConflictError, match="is a symbolic link"):
        look(root)
    assert (tmp_path / "victim/delivery/precious").read_text() == "precious"


def test_a_folder_among_what_was_staged_is_kept_and_named(root: Path) -> None:
    (root / FOLDER / "mine").mkdir(parents=True)

    with pytest.raises(ConflictError, match="mine: is not of this builder"):
        look(root)


def test_a_write_that_fails_halfway_turns_everything_back(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(root)
    replace = Path.replace

    def refuse(path: Path, target: Path) -> Path:
        if target.name == "service.py":
            raise PermissionError(13, "Permission denied", str(target))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(RefusedError, match=r"service.py: cannot be used: Permission"):
        apply(root, DELIVERY)

    assert state(root) == before


@pytest.mark.parametrize("link", ["app/features", "app/features/new"])
def test_nothing_is_written_through_a_link(
    root: Path, tmp_path: Path, link: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    shutil.rmtree(root / link, ignore_errors=True)
    (root / link).symlink_to(outside)

    with pytest.raises(ConflictError, match="is a symbolic link"):
        deliver(root, [Change("app/features/new/router.py", None, b"x")])
    assert tree(outside) == {}


def test_a_file_where_a_folder_has_to_be_is_named(root: Path) -> None:
    (root / "tests").write_text("a file")

    with pytest.raises(ConflictError, match="tests is a file"):
        deliver(root, [Change("tests/test_new.py", None, b"x")])


@pytest.mark.parametrize("path", ["../x", "/x", "a/../../x", ""])
def test_a_path_that_leaves_the_folder_is_a_fault(root: Path, path: str) -> None:
    with pytest.raises(ValueError, match="leaves the folder"):
        deliver(root, [Change(path, None, b"x")])


def test_two_changes_to_one_path_are_a_fault(root: Path) -> None:
    with pytest.raises(ValueError, match="two changes to one path"):
        deliver(root, [Change("x", None, b"1"), Change("x", None, b"2")])


def test_no_change_writes_nothing(root: Path) -> None:
    before = state(root)

    deliver(root, [])
    deliver(root, [Change(MAIN, b"main\n", b"main\n")])

    assert state(root) == before


def test_a_disk_that_refuses_leaves_everything_as_it_was(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(root)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(RefusedError, match="No space left"):
        apply(root, DELIVERY)

    assert state(root) == before


HOLD = """
import sys, time
from pathlib import Path
from petsage_builder.transaction import locked
with locked(Path(sys.argv[1]), 10):
    print("held", flush=True)
    time.sleep(60)
"""


def test_one_process_at_a_time_and_a_killed_one_frees_the_lock(root: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(root)], stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout
        holder.stdout.readline()
        started = time.monotonic()
        with pytest.raises(ConflictError, match="another build is at work"):
            look_briefly(root)
        assert time.monotonic() - started < 5
        holder.send_signal(signal.SIGKILL)
    look(root)


def look_briefly(root: Path) -> None:
    with locked(root, 0.2):
        pass
