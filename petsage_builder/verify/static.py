"""The checks that read the code: format, lint, types, imports."""

import sys
from collections.abc import Iterator

from petsage_builder.artifacts import Artifacts
from petsage_builder.blueprint.backend import MAIN
from petsage_builder.evidence import Check
from petsage_builder.verify.commands import Command, conclude, tail, tool
from petsage_builder.verify.earlier import NOTHING, Proofs
from petsage_builder.verify.parts import BASE
from petsage_builder.verify.sandbox import Sandbox

FORMAT = tool("ruff", "format", "--check", "--no-cache", ".")
LINT = tool("ruff", "check", "--no-cache", "--quiet", ".")
TY = ("--error-on-warning", "--no-progress", "--python", sys.prefix)
PY = ".py"
IMPORTS = tool("lint-imports", "--no-cache", "--no-logo")


def check_style(sandbox: Sandbox, _: Artifacts) -> Iterator[Check]:
    """Ask the formatter and the linter."""
    yield _judge("format", FORMAT, sandbox)
    yield _judge("lint", LINT, sandbox)


def check_types(
    sandbox: Sandbox, artifacts: Artifacts, proofs: Proofs = NOTHING
) -> Iterator[Check]:
    """Ask the type checker, for which a warning is an error.

    Parts of the backend that it has found nothing in are left out if they are the same.
    """
    known = proofs.typed()
    if BASE in known:
        built = artifacts.plan.backend.built
        new = [path for n in built.keys() - known for path in built[n].artifacts]
        new += [MAIN, *artifacts.own]
        paths = sorted(p for p in {*new} & artifacts.applied.keys() if p.endswith(PY))
        seen = f"nothing found; {len(known)} parts of the backend in an earlier proof"
    else:
        paths, seen = ["app", "tests"], "nothing found"
    check = _judge("types", tool("ty", "check", *TY, *paths), sandbox, seen)
    if check.outcome == "passed":
        proofs.add_typed()
    yield check


def check_imports(sandbox: Sandbox, _: Artifacts) -> Iterator[Check]:
    """Ask whether the imports keep to the backend's contracts."""
    yield _judge("imports", IMPORTS, sandbox)


def _judge(
    check: str, command: Command, sandbox: Sandbox, seen: str = "nothing found"
) -> Check:
    done = command.run(sandbox)
    wrong = [] if done.status == 0 else [tail(done)]
    return conclude(check, command, done, wrong, seen)
