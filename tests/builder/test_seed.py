"""Tests that what is generated keeps the promises of the seed's transcript."""

import shutil
import subprocess
import sys
from pathlib import Path

from petsage_builder.build import Build
from tests.builder.conftest import PROJECT

SEED_TEST = PROJECT / "tests" / "data" / "seed" / "test_smoke_test.py.txt"


def test_the_seeds_own_test_passes_on_what_was_built(
    proven: tuple[Path, Build, object], tmp_path: Path
) -> None:
    root = Path(shutil.copytree(proven[0], tmp_path / "backend"))
    shutil.copy(SEED_TEST, root / "tests" / "test_seed.py")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-W", "error", "-q", "tests/test_seed.py"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "1 passed" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0


def test_generated_code_is_strictly_typed(proven: tuple[Path, Build, object]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir=/dev/null"],
        cwd=proven[0],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.startswith("Success: no issues found"), done.stdout
