"""Every case is proven: all that is generated passes every check, and its own tests."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from petsage_builder.align import align
from petsage_builder.blueprint.backend import backend_at
from petsage_builder.generate import generate
from petsage_builder.spec import Resources
from petsage_builder.verify import verify
from petsage_builder.verify.behaviour import check_contract, check_served
from petsage_builder.verify.tested import read_results
from tests.builder.test_cases import CASES, needs, spec_of

BIN = Path(sys.executable).parent
# Tests of a backend with all features take longer each, and two run at once.
BACKENDS, AT_ONCE = 4, 2
STATIC = {
    "format": ("ruff", "format", "--check", "."),
    "lint": ("ruff", "check", "."),
    "types": ("ty", "check", "."),
    "imports": ("lint-imports", "--no-cache", "--no-logo"),
}
SERVED = (check_served, check_contract)
LEAST = 8  # tests of a case that has nothing but a list
SHOWN = 10_000  # letters of what failing tests say


@dataclass
class Group:
    """A backend with some cases in it, and with all that these refer to."""

    root: Path
    names: list[str] = field(default_factory=list)
    said: str = ""
    faults: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str) -> None:
        """Build a case."""
        if name in self.names:
            return
        for other in sorted(needs(name)):
            self.add(other)
        self.write(spec_of(name))
        self.names.append(name)

    def write(self, spec: Resources) -> None:
        """Write the files of a feature."""
        with backend_at(self.root) as backend:
            files = generate(align(spec, backend)).files
        for path, content in files.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_bytes(content)

    def run(
        self, program: str, *arguments: str, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a tool in the backend."""
        return subprocess.run(
            [BIN / program, *arguments],
            cwd=self.root,
            env=os.environ | environment,
            check=False,
            capture_output=True,
            text=True,
        )

    def prove(self) -> None:
        """Run the tests, follow each README, and send requests of all kinds."""
        self.said = self.test()
        self.faults = {name: self.serve(name) for name in self.names}

    def serve(self, name: str) -> list[str]:
        """Return what is wrong with a case while it is served."""
        with backend_at(self.root) as backend:
            artifacts = generate(align(spec_of(name), backend))
        evidence = verify(artifacts, lambda _: None, SERVED)
        return [f"{check.check}: {check.detail}" for check in evidence.failures]

    @property
    def results(self) -> Path:
        """Return where its tests write what came of them."""
        return self.root.parent / f"{self.root.name}.xml"

    def test(self) -> str:
        """Run the tests of the cases and of the migrations; return what they say."""
        files = [f"tests/test_{name}.py" for name in (*self.names, "migrations")]
        report = f"--junitxml={self.results}"
        return self.run("pytest", "-q", "-W", "error", report, *files).stdout

    def outcomes(self, module: str) -> dict[str, str]:
        """Return what came of each test of a module."""
        results = read_results(self.results)
        return {r.name: r.outcome for r in results if r.is_in(f"tests.{module}")}


@pytest.fixture(scope="module")
def groups(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Group]:
    """Build every case into one of some backends, and run their tests."""
    folder = tmp_path_factory.mktemp("cases")
    found = [Group(folder / f"backend{number}") for number in range(BACKENDS)]
    for group in found:
        shutil.copytree(whole, group.root)
    for number, name in enumerate(CASES):
        near = (g for g in found if name in g.names or needs(name) & {*g.names})
        next(near, found[number % BACKENDS]).add(name)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(Group.prove, found))
    return found


def assert_all_pass(group: Group, name: str) -> None:
    """Require that a module has tests, and that all of them pass."""
    outcomes = group.outcomes(f"test_{name}")
    wrong = {test for test, outcome in outcomes.items() if outcome != "passed"}

    assert not wrong, group.said[-SHOWN:]
    assert len(outcomes) >= LEAST


@pytest.mark.parametrize("name", CASES)
def test_the_tests_of_a_case_pass(groups: list[Group], name: str) -> None:
    assert_all_pass(next(group for group in groups if name in group.names), name)


@pytest.mark.parametrize("name", CASES)
def test_a_case_does_what_its_readme_and_document_say(
    groups: list[Group], name: str
) -> None:
    group = next(group for group in groups if name in group.names)

    assert group.faults[name] == []


def test_the_operations_of_a_divided_feature_are_tried_by_its_contract(
    groups: list[Group],
) -> None:
    group, name = next(
        (group, name)
        for group in groups
        for name in group.names
        if (group.root / f"app/features/{name}/router").is_dir()
    )

    done = group.run(
        "pytest", "-q", "-W", "error", "tests/test_contract.py", CONTRACT_FEATURES=name
    )

    assert done.returncode == 0, done.stdout[-SHOWN:]


def test_the_migrations_of_the_cases_go_up_and_down(groups: list[Group]) -> None:
    for group in groups:
        assert_all_pass(group, "migrations")


@pytest.mark.parametrize("check", STATIC)
def test_what_is_generated_passes_a_check(groups: list[Group], check: str) -> None:
    for group in groups:
        done = group.run(*STATIC[check])

        assert done.returncode == 0, done.stdout + done.stderr
