"""Tests that undo takes out a feature, and nothing that somebody else wrote."""

import shutil
from pathlib import Path

import pytest

from petsage_builder.conformance import check_backend
from petsage_builder.errors import ConflictError
from petsage_builder.undo import undo
from tests.builder.conftest import tree

MAIN = "app/main.py"
SERVICE = "app.features.smoke_test.service"


@pytest.fixture
def built(proven: tuple[Path, object, object], tmp_path: Path) -> Path:
    """Give a test a backend with the smoke test in it."""
    return Path(shutil.copytree(proven[0], tmp_path / "built"))


def refused(root: Path) -> list[str]:
    """Return the places that undo names; it must not have touched anything."""
    before = tree(root)
    with pytest.raises(ConflictError) as conflict:
        undo(root, "smoke_test")
    assert tree(root) == before
    return [problem.where for problem in conflict.value.problems]


@pytest.mark.parametrize(
    "text",
    [
        "from app.features import (\n    smoke_test,\n)\n",
        f"import os, {SERVICE}\n",
        f"import os; import {SERVICE}\n",
        "from .features.smoke_test import service\n",
        "from .features import smoke_test as other\n",
        "from app import features\n\nfeatures.smoke_test.service\n",
        "import app.features\n\napp.features.smoke_test.service\n",
        f"import importlib\n\nimportlib.import_module('{SERVICE}')\n",
        "def f():\n    from app.features.smoke_test import service\n",
        "smoke_test = (\n",
    ],
)
def test_a_module_that_depends_on_the_feature_is_named(built: Path, text: str) -> None:
    (built / "app/mine.py").write_text(text)

    assert refused(built) == ["app/mine.py"]


@pytest.mark.parametrize(
    "text",
    [
        "from app.features.smoke_test_two import service\n",
        "import app.features.smoke\n",
        "smoke_test = 1\n",
        "from .smoke_test import x\n",
    ],
)
def test_a_module_of_another_name_is_none(built: Path, text: str) -> None:
    (built / "app/mine.py").write_text(text)

    assert "app/features/smoke_test/router.py" in undo(built, "smoke_test").removed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "\nv1 = smoke_test_router.prefix\n"),
        ("", "\nfrom app.features.smoke_test import service as s\n"),
        ("", "\napp.include_router(smoke_test_router)\n"),
        ("(smoke_test_router)\n", "(smoke_test_router)  # KEEP: ticket 42\n"),
        ("as smoke_test_router\n", "as smoke_test_router; FLAG = True\n"),
        ("app.include_router(smoke_test_router)\n", ""),
    ],
)
def test_what_was_written_in_main_is_not_lost(built: Path, old: str, new: str) -> None:
    main = built / MAIN
    text = main.read_text()
    main.write_text(text.replace(old, new) if old else text + new)

    assert refused(built) == [MAIN]


def test_a_file_that_was_added_to_the_feature_is_named(built: Path) -> None:
    added = "app/features/smoke_test/extra.py"
    (built / added).write_text("X = 1\n")

    assert refused(built) == [added]
    assert [problem.where for problem in check_backend(built)[1]] == [added]


def test_a_manifest_that_names_nothing_is_no_manifest(built: Path) -> None:
    manifest = built / ".petsage/smoke_test.json"
    for text in ('{"artifacts": {}}', "[" * 100_000, "5", '{"feature": {}}'):
        manifest.write_text(text)

        problems = check_backend(built)[1]

        assert problems[0].where == ".petsage/smoke_test.json"
        assert problems[0].what == "is no manifest that this builder can read"
