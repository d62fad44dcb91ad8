"""Tests of changing several files of a folder: all of them, or none."""

import os
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from petsage_builder.errors import ConflictError
from petsage_builder.transaction import Change, apply, locked, recover
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

    for first in range(20, 60, 3):
        for second in range(1, 40, 4):
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


def test_a_file_edited_after_a_crash_is_kept_and_named(root: Path) -> None:
    for point in range(1, 1000):
        assert dies_at(point, partial(deliver, root, DELIVERY))
        if (root / ".petsage/delivery/journal.json").exists():
            break
        look(root)
    (root / MAIN).write_text("edited")
    before = state(root)

    with pytest.raises(ConflictError, match="edited after a delivery had been"):
        recover(root)
    assert state(root) == before

    (root / MAIN).write_bytes(b"main\n")
    recover(root)
    assert (root / MAIN).read_bytes() == b"main, wired\n"


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
    with pytest.raises(OSError, match="No space left"):
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
