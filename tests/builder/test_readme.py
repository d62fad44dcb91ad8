"""Tests that the README of this project says what happens."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.config import Settings
from petsage_builder.align import align
from petsage_builder.analyze import analyze
from petsage_builder.blueprint.backend import read_backend
from petsage_builder.decode import decode
from petsage_builder.generate import generate
from petsage_builder.receive import Payload
from petsage_builder.verify.readme import BLOCK
from tests.builder.conftest import PROJECT

README = (PROJECT / "README.md").read_text("utf-8")
BLOCKS = [(block["language"], block["text"]) for block in BLOCK.finditer(README)]
SECONDS = re.compile(r"\| *\d+\.\d\d *\|")


@pytest.fixture
def shell(tmp_path: Path) -> Path:
    """Return a folder with the payloads in it."""
    shutil.copytree(PROJECT / "payloads", tmp_path / "payloads")
    return tmp_path


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a shell command that finds `petsage`."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_kind_of_block_is_tried() -> None:
    assert [language for language, _ in BLOCKS] == [
        "bash",
        "console",
        "text",
        "bash",
        "yaml",
        "yaml",
    ]


def test_the_resources_that_are_shown_are_understood(whole: Path) -> None:
    payload = Payload(BLOCKS[4][1].encode(), "README.md")
    told = Payload((BLOCKS[4][1] + BLOCKS[5][1]).encode(), "README.md")

    assert analyze(decode(payload)).feature == "pet_management"
    tests = generate(align(analyze(decode(told)), read_backend(whole))).files
    assert tests["tests/test_pet_management.py"].count(b"Scenario(") == 2


def test_the_two_commands_are_there() -> None:
    commands = [line.split("#")[0].split() for line in BLOCKS[0][1].splitlines()]

    assert commands == [["make", "run"], ["make", "test"]]
    for command in commands:
        assert run(f"{' '.join(command)} --dry-run", PROJECT).returncode == 0


def test_the_run_is_real(
    shell: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))  # nobody has built before
    lines = BLOCKS[1][1].splitlines()
    commands = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
    shown = [line for line in lines if not line.startswith("$ ")]

    done = run("\n".join(commands).replace("| grep", "| tee report | grep"), shell)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == shown
    report = (shell / "report").read_text("utf-8").splitlines()
    tables = [
        [SECONDS.sub("| s |", line) for line in text if line.startswith("|")]
        for text in (README.splitlines(), report[report.index(HEAD) :])
    ]
    evidence = tables[1][: tables[1].index("| compatibility " + LAST) + 1]
    assert evidence == tables[0][: len(evidence)]


HEAD = "### **6. Evidence**"
LAST = "| passed | s | nothing that was offered breaks; added: GET /smoke-test/ |"


def test_the_manual_names_each_command_of_the_readme(shell: Path) -> None:
    named = set(re.findall(r"^petsage ([\w-]+)", BLOCKS[2][1], re.MULTILINE))

    assert named == {
        "new",
        "build",
        "explain",
        "check",
        "audit",
        "undo",
        "listen",
        "serve",
        "schema",
        "verify-receipt",
    }
    for command in named:
        assert run(f"petsage {command} --help", shell).returncode == 0
    for option in re.findall(r"--[a-z-]+", BLOCKS[2][1]):
        assert option in run("petsage build --help", shell).stdout


def test_every_setting_of_the_api_is_described() -> None:
    described = README.partition("## Settings of the API")[2].partition("\n## ")[0]

    assert set(re.findall(r"`([A-Z_]{4,})`", described)) - VALUES == {
        name.upper() for name in Settings.model_fields
    }


VALUES = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}


def test_the_refusal_is_refused_as_it_says(shell: Path) -> None:
    done = run(BLOCKS[3][1], shell)

    assert done.returncode == 0, done.stderr
    assert "description: has words that are not understood: 'verfy'" in done.stderr
    assert done.stderr.strip().endswith("did you mean: verify logs")
    assert "`did you mean: verify logs`" in README
