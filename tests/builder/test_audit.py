"""Tests that an audit tells good tests from weak ones."""

import json
import shutil
from pathlib import Path

import pytest

from petsage_builder.audit import Audit, Survivor, audit
from petsage_builder.errors import RefusedError
from petsage_builder.receive import Payload
from tests.builder.conftest import payload, tree
from tests.builder.test_cli import petsage
from tests.builder.test_pipeline import Proven

TEST = "tests/test_smoke_test.py"
WEAK = """from fastapi.testclient import TestClient


def test_it_answers(client: TestClient) -> None:
    client.get("/smoke-test/")
"""


@pytest.fixture
def built(proven: Proven, tmp_path: Path) -> Path:
    """Give a backend with a built feature."""
    return Path(shutil.copytree(proven[0], tmp_path / "built"))


def test_good_tests_notice_every_mutant(built: Path) -> None:
    before = tree(built)

    done = petsage("audit", "smoke_test", "--into", built, "--format", "json")

    found = json.loads(done.stdout)
    assert (done.returncode, found["kill_rate"], found["survivors"]) == (0, 100.0, [])
    assert found["mutants"] >= 7
    assert found["tests"] == 6
    assert tree(built) == before


def test_tests_that_assert_nothing_score_low(built: Path) -> None:
    (built / TEST).write_text(WEAK, "utf-8")

    done = petsage("audit", "smoke_test", "--into", built)

    said = done.stdout.decode()
    assert done.returncode == 3
    assert said.startswith("smoke_test: 0 of 7 mutants noticed, 0.0 % (1 test, ")
    assert "service.py line" in said
    assert "nothing is logged" in said
    assert "\n-        logger.info(" in said
    found = audit(built, "smoke_test")
    assert found.kill_rate < 50
    assert all(survivor.tests == 1 for survivor in found.survivors)


def test_a_payload_is_audited_and_not_built(backend: Path) -> None:
    before = tree(backend)

    found = audit(backend, "x", Payload(payload("log_pulse"), "x.json"))

    assert (found.feature, found.kill_rate) == ("log_pulse", 100.0)
    assert tree(backend) == before


def test_no_test_at_all_goes_through_what_is_not_called(built: Path) -> None:
    path = built / "app/features/smoke_test/service.py"
    added = "\n\ndef forgotten() -> int:\n    return 7\n"
    path.write_text(path.read_text("utf-8") + added, "utf-8")

    survivors = audit(built, "smoke_test").survivors

    assert {(s.what.partition(": ")[2], s.tests) for s in survivors} == {
        ("7 is not returned", 0),
        ("8, and not 7", 0),
    }


@pytest.mark.parametrize("target", ["nothing", "health"])
def test_what_is_no_feature_with_tests_is_refused(built: Path, target: str) -> None:
    done = petsage("audit", target, "--into", built)

    assert done.returncode == 2
    assert b"accepted: a payload's file, or a feature of the backend:" in done.stderr


def test_tests_that_fail_anyway_are_named(built: Path) -> None:
    failing = f"{WEAK}\n\ndef test_it_fails() -> None:\n    assert False\n"
    (built / TEST).write_text(failing, "utf-8")

    with pytest.raises(RefusedError, match=r"fail on the code as it is.*test_it_fails"):
        audit(built, "smoke_test")


def test_a_survivor_is_shown_as_a_diff_with_how_many_tests_went_there() -> None:
    survivors = (
        Survivor("a.py", "no_log", "line 2: no log", 0, "-x\n+None"),
        Survivor("b.py", "no_log", "line 3: no log", 4, "-y\n+None"),
    )

    text = Audit("pets", 9, 40, 1, survivors, 12.0).as_text()

    assert text.splitlines() == [
        "pets: 38 of 40 mutants noticed, 95.0 % (9 tests, 12 s)",
        "",
        "a.py line 2: no log (no test there)",
        "-x",
        "+None",
        "",
        "b.py line 3: no log (4 tests there)",
        "-y",
        "+None",
    ]
