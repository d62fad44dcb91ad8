"""Tests that what runs in the sandbox does no harm outside it."""

import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from petsage_builder.verify import sandbox as module
from petsage_builder.verify.sandbox import (
    UNCLAIMED_SECONDS,
    Completed,
    Sandbox,
    StoppedError,
    open_sandbox,
)
from petsage_builder.verify.slots import MARK

NEW_PLACES = True


@pytest.fixture(params=[True, False], ids=["bubblewrap", "limits alone"])
def place(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Sandbox]:
    """Make a sandbox of both kinds, as far as this machine can."""
    if request.param and not module.bubblewrap_works():
        pytest.skip("there is no bubblewrap here; the receipt would say so")
    if not request.param:
        monkeypatch.setattr(module, "bubblewrap_works", lambda: False)
    with open_sandbox(backend={"a/b.txt": b"content"}) as made:
        yield made


def run(place: Sandbox, program: str, seconds: float = 20) -> Completed:
    """Run a Python program."""
    return place.run((sys.executable, "-c", program), seconds=seconds)


def test_a_program_sees_the_copy_and_its_end_is_told(place: Sandbox) -> None:
    done = run(place, "print(open('a/b.txt').read()); raise SystemExit(3)")

    assert (done.status, done.stdout.strip()) == (3, "content")


def test_a_program_out_of_time_is_ended_with_its_children(place: Sandbox) -> None:
    program = (
        "import subprocess, sys, time\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "time.sleep(60)"
    )
    started = time.monotonic()

    done = run(place, program, seconds=0.5)

    assert done.status is None
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("program", "says"),
    [
        ("bytearray(8 << 30)", "MemoryError"),
        ("open('big', 'wb').write(bytes(300 << 20))", "File too large"),
        ("files = [open('a/b.txt') for _ in range(2000)]", "Too many open files"),
    ],
)
def test_a_program_stays_within_its_limits(
    place: Sandbox, program: str, says: str
) -> None:
    done = run(
        place,
        f"import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n{program}",
    )

    assert done.status == 1
    assert says in done.stderr


def test_the_environment_keeps_no_secret(
    place: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")

    assert "hunter2" not in run(place, "import os; print(os.environ)").stdout


def test_root_can_make_the_user_that_postgresql_needs(place: Sandbox) -> None:
    found = run(place, "import shutil; print(shutil.which('useradd'))").stdout.strip()

    assert found == str(shutil.which("useradd", path=f"{os.defpath}:/usr/sbin:/sbin"))


def test_nothing_outside_can_be_written(place: Sandbox, tmp_path: Path) -> None:
    target = tmp_path / "written"
    done = run(place, f"open({str(target)!r}, 'w')")

    assert target.exists() == (not place.isolated)
    assert done.status == (1 if place.isolated else 0)
    assert ("no writes outside" in place.isolation) == place.isolated


def test_only_loopback_can_be_reached(place: Sandbox) -> None:
    if not place.isolated:
        assert "no bubblewrap on this machine" in place.isolation
        return
    done = run(
        place,
        "import socket\n"
        "socket.create_server(('127.0.0.1', 0))\n"
        "print([name for _, name in socket.if_nameindex()])",
    )

    assert done.stdout.strip() == "['lo']"


def test_a_daemon_is_ended_and_not_waited_for(place: Sandbox) -> None:
    program = (
        "import subprocess\n"
        "child = subprocess.Popen(['sleep', '60'], start_new_session=True)\n"
        "print(child.pid)"
    )
    started = time.monotonic()

    done = run(place, program)

    assert time.monotonic() - started < 10
    if not place.isolated:
        time.sleep(0.1)
        stat = Path(f"/proc/{done.stdout.strip()}/stat")
        assert not stat.exists() or stat.read_text().split()[2] == "Z"


def test_a_program_that_ends_leaves_those_beside_it_alone(place: Sandbox) -> None:
    with ThreadPoolExecutor() as pool:
        longer = pool.submit(run, place, "import time; time.sleep(1.5); print('done')")
        while not longer.running():
            time.sleep(0.01)
        time.sleep(0.5)
        assert run(place, "print()").status == 0
        assert not longer.done()

    assert (longer.result().status, longer.result().stdout.strip()) == (0, "done")


def test_a_socket_outside_cannot_be_reached(place: Sandbox) -> None:
    if not place.isolated:
        return
    home = Path(__file__).parents[1]

    assert run(place, f"open({str(home / 'conftest.py')!r})").status == 1
    assert run(place, "import os; print(os.listdir('/var'))").status == 1


def test_output_without_end_is_cut(place: Sandbox) -> None:
    done = run(place, "print('x' * 9_000_000)")

    assert len(done.stdout) == module.OUTPUT_LIMIT


def test_stopping_ends_what_runs(place: Sandbox) -> None:
    timer = threading.Timer(0.3, place.stop)
    timer.start()
    started = time.monotonic()

    with pytest.raises(StoppedError):
        run(place, "import time; time.sleep(60)")
    with pytest.raises(StoppedError):
        run(place, "print()")

    assert time.monotonic() - started < 5


def test_what_a_killed_builder_has_left_is_removed_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left, fresh = tmp_path / "petsage-verify-left", tmp_path / "petsage-verify-fresh"
    notes = tmp_path / "petsage-verify-notes"
    (left / "backend").mkdir(parents=True)
    (left / MARK).touch()
    fresh.mkdir()
    notes.mkdir()
    old = time.time() - UNCLAIMED_SECONDS - 1
    os.utime(left, (old, old))
    os.utime(notes, (old, old))

    with open_sandbox() as used:
        os.utime(used.work, (old, old))
        with open_sandbox():
            assert not left.exists()
            assert used.work.exists()
            assert fresh.exists()

    assert sorted(tmp_path.iterdir()) == [fresh, notes]
