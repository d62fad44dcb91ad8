"""Tests that a module in a fork of the warm process runs as if it had been started."""

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from petsage_builder.verify import sandbox as module
from petsage_builder.verify.sandbox import (
    Completed,
    Sandbox,
    StoppedError,
    open_sandbox,
)

NEW_PLACES = True
SHOWS = """
import os, sys, warnings
print(__name__, sys.argv[1:], os.getcwd().endswith("backend"), os.environ["SAID"])
print("HOME" in os.environ, sorted(name for name in os.environ if "SECRET" in name))
print(repr(sys.stdin.read()))
raise SystemExit(3)
"""
PROGRAMS = {
    "shows.py": SHOWS,
    "warns.py": "import warnings; warnings.warn('old')",
    "sleeps.py": "import time; print('begun', flush=True); time.sleep(60)",
    "waits.py": "import time; time.sleep(1.5); print('done')",
    "leaves.py": (
        "import os, subprocess\n"
        "child = subprocess.Popen(['sleep', '60'], start_new_session=True)\n"
        "print(child.pid)"
    ),
    "changes.py": "import json, sys; json.dumps = None; sys.path.clear()",
    "counts.py": "import json; print(json.dumps([1]))",
    "exits.py": "import atexit; atexit.register(print, 'at last'); print('first')",
}


@pytest.fixture(params=[True, False], ids=["bubblewrap", "limits alone"])
def place(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Sandbox]:
    """Make a sandbox of both kinds, as far as this machine can."""
    if request.param and not module.bubblewrap_works():
        pytest.skip("there is no bubblewrap here; the receipt would say so")
    if not request.param:
        monkeypatch.setattr(module, "bubblewrap_works", lambda: False)
    monkeypatch.setenv("MY_SECRET", "hunter2")
    files = {path: text.encode() for path, text in PROGRAMS.items()}
    with open_sandbox(backend=files) as made:
        yield made


def run(place: Sandbox, *arguments: str, seconds: float = 30) -> Completed:
    """Run Python with these arguments."""
    return place.run_python(arguments, seconds=seconds, environment={"SAID": "ä"})


def test_it_runs_as_a_process_of_its_own_would(place: Sandbox) -> None:
    warm = run(place, "-m", "shows", "a", "b c")
    cold = place.run(
        (sys.executable, "-m", "shows", "a", "b c"),
        seconds=30,
        environment={"SAID": "ä"},
    )

    assert (warm.status, warm.stderr) == (3, "")
    assert warm.stdout == cold.stdout
    assert "__main__ ['a', 'b c'] True ä" in warm.stdout


def test_warnings_are_errors_if_that_is_asked_for(place: Sandbox) -> None:
    assert run(place, "-m", "warns").status == 0
    done = run(place, "-W", "error", "-m", "warns")

    assert done.status == 1
    assert done.stderr.strip().endswith("UserWarning: old")


def test_what_one_changes_the_next_does_not_see(place: Sandbox) -> None:
    assert run(place, "-m", "changes").status == 0

    assert run(place, "-m", "counts").stdout.strip() == "[1]"


def test_what_is_due_at_the_end_is_done(place: Sandbox) -> None:
    assert run(place, "-m", "exits").stdout.split("\n")[:2] == ["first", "at last"]


def test_one_out_of_time_is_ended_and_those_beside_it_are_not(place: Sandbox) -> None:
    with ThreadPoolExecutor() as pool:
        beside = pool.submit(run, place, "-m", "waits")
        late = run(place, "-m", "sleeps", seconds=1)

    assert (late.status, late.stdout.strip()) == (None, "begun")
    assert (beside.result().status, beside.result().stdout.strip()) == (0, "done")


def test_what_one_leaves_behind_is_ended(place: Sandbox) -> None:
    done = run(place, "-m", "leaves")

    assert done.status == 0
    if not place.isolated:
        time.sleep(0.1)
        stat = Path(f"/proc/{done.stdout.strip()}/stat")
        assert not stat.exists() or stat.read_text().split()[2] == "Z"


def test_a_module_that_is_not_there_is_said(place: Sandbox) -> None:
    done = run(place, "-m", "missing")

    assert done.status == 1
    assert "No module named missing" in done.stderr


def test_stopping_ends_what_runs(place: Sandbox) -> None:
    run(place, "-m", "counts")
    with ThreadPoolExecutor() as pool:
        running = pool.submit(run, place, "-m", "sleeps")
        time.sleep(0.5)
        place.stop()

        with pytest.raises(StoppedError):
            running.result(timeout=10)
    with pytest.raises(StoppedError):
        run(place, "-m", "counts")


def test_a_process_that_is_killed_is_a_failure_and_no_wait(place: Sandbox) -> None:
    assert run(place, "-m", "counts").status == 0
    with ThreadPoolExecutor() as pool:
        running = pool.submit(run, place, "-m", "sleeps")
        time.sleep(0.5)
        place.nurseries[0].stop()

        assert running.result(timeout=10).status == -9
    assert run(place, "-m", "counts").stdout.strip() == "[1]"
