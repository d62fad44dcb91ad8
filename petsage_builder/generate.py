"""Write a plan down: templates in, formatted files out, nothing delivered yet."""

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import assert_never

from petsage_builder import __version__
from petsage_builder.artifacts import Artifacts
from petsage_builder.digest import sha256
from petsage_builder.errors import Problem, RefusedError
from petsage_builder.manifest import Manifest
from petsage_builder.plan import Plan, ProbePlan
from petsage_builder.templates import render

RUFF = Path(sys.executable).with_name("ruff")


def generate(plan: Plan) -> Artifacts:
    """Return the files of `plan`, formatted as the backend's own settings say.

    The same plan gives the same bytes. Raises `RefusedError` if the formatter does not
    understand those settings.
    """
    match plan:
        case ProbePlan():
            texts = _render("probe", plan)
        case _:
            assert_never(plan)
    own = _format(texts, plan.backend.settings)
    manifest = Manifest(
        feature=plan.names.feature,
        request=plan.spec.canonical,
        builder=__version__,
        artifacts={path: sha256(content) for path, content in sorted(own.items())},
    )
    return Artifacts(plan, own, plan.main.encode(), manifest.to_bytes())


def _render(kind: str, plan: Plan) -> dict[str, str]:
    return {
        path: render(f"{kind}/{_template_name(path)}", **plan.context)
        for path in plan.files
    }


def _template_name(path: str) -> str:
    return "test.py" if path.startswith("tests/") else Path(path).name


def _format(
    texts: Mapping[str, str], settings: Mapping[str, bytes]
) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory(prefix="petsage-generate-") as folder:
        root = Path(folder)
        for path, content in settings.items():
            (root / path).write_bytes(content)
        for path, text in texts.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, "utf-8", newline="")
        command = [str(RUFF), "format", "--quiet", "--no-cache", "."]
        done = subprocess.run(command, cwd=root, check=False, capture_output=True)  # noqa: S603
        if done.returncode:
            said = " ".join(done.stderr.decode(errors="replace").split())
            what = f"cannot be used by ruff: {said.replace(folder + '/', '')}"
            raise RefusedError([Problem("pyproject.toml", what, "valid settings")])
        return {path: (root / path).read_bytes() for path in texts}
