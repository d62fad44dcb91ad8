"""Write a plan down: templates in, formatted files out, nothing delivered yet."""

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import assert_never

from petsage_builder import __version__
from petsage_builder.artifacts import Artifacts
from petsage_builder.digest import sha256
from petsage_builder.errors import Problem, RefusedError
from petsage_builder.layout import write_resources
from petsage_builder.long_lines import divided
from petsage_builder.manifest import Manifest
from petsage_builder.plan import Plan, ProbePlan, ResourcesPlan
from petsage_builder.templates import render

RUFF = Path(sys.executable).with_name("ruff")
# Templates import whatever their parts may need; what none needs goes, then the rest
# is sorted.
OURS = 'lint.isort.known-first-party=["app", "tests"]'
TIDY = ("check", "--select", "F401,I001", "--fix-only", "--config", OURS)
FORMAT = ("format",)


def generate(plan: Plan) -> Artifacts:
    """Return the files of `plan`, formatted as the backend's own settings say.

    The same plan gives the same bytes. Raises `RefusedError` if the formatter does not
    understand those settings.
    """
    match plan:
        case ProbePlan():
            own = _format(_render("probe", plan), plan.backend.settings)
        case ResourcesPlan():
            own = write_resources(
                plan, partial(_format, settings=plan.backend.settings)
            )
        case _:
            assert_never(plan)
    manifest = Manifest(
        feature=plan.names.feature,
        request=plan.spec.canonical,
        builder=__version__,
        artifacts={path: sha256(content) for path, content in sorted(own.items())},
        left_out=tuple(plan.unstated) if isinstance(plan, ResourcesPlan) else (),
        found=tuple(one.model_dump(mode="json") for one in plan.told_apart)
        if isinstance(plan, ResourcesPlan)
        else (),
    )
    return Artifacts(plan, own, plan.main.encode(), manifest.to_bytes())


def _render(kind: str, plan: Plan) -> dict[str, str]:
    context = plan.context
    return {
        path: render(f"{kind}/{_template_name(path)}", **context) for path in plan.files
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
        _run_ruff(root, *TIDY)
        _run_ruff(root, *FORMAT)
        if _divide(root, texts):
            _run_ruff(root, *FORMAT)
        return {path: (root / path).read_bytes() for path in texts}


def _divide(root: Path, paths: Iterable[str]) -> bool:
    """Divide texts of modules that are too long for a line; say whether any was."""
    found = False
    for path in paths:
        if path.endswith(".py"):
            text = (root / path).read_text("utf-8")
            if (new := divided(text)) != text:
                (root / path).write_text(new, "utf-8", newline="")
                found = True
    return found


def _run_ruff(root: Path, *command: str) -> None:
    done = subprocess.run(  # noqa: S603
        [str(RUFF), *command, "--quiet", "--no-cache", "."],
        cwd=root,
        check=False,
        capture_output=True,
    )
    if done.returncode:
        said = " ".join((done.stderr + done.stdout).decode(errors="replace").split())
        what = f"cannot be used by ruff: {said.replace(f'{root}/', '')}"
        raise RefusedError([Problem("pyproject.toml", what, "valid settings")])
