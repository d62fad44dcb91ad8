"""Tests that the tests of the builder notice when one of its stages is wrong.

Each defect is planted in a copy of the project, and the tests that are named for it
run there: they must fail in it, and pass without it.
"""

import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest

from tests.builder.conftest import PROJECT
from tests.builder.planted import PLANTED

FORKS = Path(__file__).with_name("forks.py")
PARTS = (".petsage", "app", "migrations", "payloads", "petsage_builder", "tests")
OPTIONS = ("-q", "--tb=no", "-rfE", "-p", "no:cacheprovider", "-W", "error")
PASSED, FAILED = 0, 1  # as pytest says it by its exit status
# What runs in a sandbox would find the builder that is installed.
SANDBOX = "petsage_builder/verify/sandbox.py"
PASSED_ON = '\nPASSED_ON = ("LANG",'
ASK = """
from pathlib import Path
import petsage_builder
from petsage_builder.verify.sandbox import open_sandbox

def test_where():
    root = Path(__file__).parents[2]
    assert Path(petsage_builder.__file__).is_relative_to(root)
    asks = b"import petsage_builder; print(petsage_builder.__file__)"
    with open_sandbox(backend={"where.py": asks}) as place:
        for arguments in (("-m", "where"), ("where.py",)):
            done = place.run_python(arguments, seconds=60)
            assert done.stdout.strip() == petsage_builder.__file__
"""


def edit(path: Path, old: str, new: str) -> None:
    """Replace the one text `old` of a file, which others may share."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{path} has it {text.count(old)} times: {old}"
    edited = text.replace(old, new)
    if path.suffix == ".py":
        ast.parse(edited)
    path.unlink()
    path.write_text(edited, "utf-8")


@dataclass(frozen=True)
class Forks:
    """The process that runs tests in copies of the project."""

    process: subprocess.Popen[str]

    def run(self, root: Path, *tests: str) -> tuple[int, str]:
        """Run tests in a copy; return the exit status, and what was printed.

        Those of the builder do without the fixtures of the app.
        """
        files = [PurePosixPath(test.partition("::")[0]).parent for test in tests]
        beside, output = root.parent / "tmp", root.parent / "output"
        options = (f"--confcutdir={os.path.commonpath(files)}", f"--basetemp={beside}")
        asked = {
            "root": str(root),
            "output": str(output),
            "arguments": [*OPTIONS, *options, *tests],
        }
        assert self.process.stdin
        assert self.process.stdout
        print(json.dumps(asked), file=self.process.stdin, flush=True)
        return int(self.process.stdout.readline()), output.read_text("utf-8")


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    """Start the process, and end it."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    with subprocess.Popen(
        [sys.executable, "-P", FORKS],
        env={**kept, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Forks(process)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the project, so that what runs in a sandbox is the copy too."""
    root = tmp_path_factory.mktemp("sound") / "copy"
    for part in PARTS:
        shutil.copytree(PROJECT / part, root / part)
    for path in PROJECT.iterdir():
        if path.suffix in {".toml", ".txt"}:
            shutil.copy2(path, root)
    edit(root / SANDBOX, PASSED_ON, f'{PASSED_ON} "PYTHONPATH",')
    return root


def test_what_runs_is_the_copy_in_the_sandbox_too(sound: Path, forks: Forks) -> None:
    (sound / "tests/builder/test_where.py").write_text(ASK, "utf-8")

    status, printed = forks.run(sound, "tests/builder/test_where.py")

    assert status == PASSED, printed


def test_the_tests_pass_where_nothing_is_planted(sound: Path, forks: Forks) -> None:
    every = dict.fromkeys(test for one in PLANTED.values() for test in one.tests)

    for folder in ("tests/builder/", "tests/test_"):
        tests = [test for test in every if test.startswith(folder)]
        status, printed = forks.run(sound, *tests)

        assert status == PASSED, printed


@pytest.mark.parametrize("name", PLANTED)
def test_what_is_planted_is_noticed(
    sound: Path, forks: Forks, tmp_path: Path, name: str
) -> None:
    planted = PLANTED[name]
    root = Path(shutil.copytree(sound, tmp_path / "copy", copy_function=os.link))
    edit(root / "petsage_builder" / planted.path, planted.old, planted.new)

    status, printed = forks.run(root, *planted.tests)

    assert status == FAILED, printed
    assert "\nERROR " not in printed
    for test in planted.tests:
        assert f"\nFAILED {test}" in printed, printed
