"""The checks that read the code: format, lint, types, imports."""

import sys
from collections.abc import Iterator

from petsage_builder.artifacts import Artifacts
from petsage_builder.evidence import Check
from petsage_builder.verify.commands import Command, conclude, tail, tool
from petsage_builder.verify.sandbox import Sandbox

FORMAT = tool("ruff", "format", "--check", "--no-cache", ".")
LINT = tool("ruff", "check", "--no-cache", "--quiet", ".")
IMPORTS = tool("lint-imports", "--no-cache", "--no-logo")


def check_style(sandbox: Sandbox, _: Artifacts) -> Iterator[Check]:
    """Ask the formatter and the linter."""
    yield _judge("format", FORMAT, sandbox)
    yield _judge("lint", LINT, sandbox)


def check_types(sandbox: Sandbox, _: Artifacts) -> Iterator[Check]:
    """Ask the type checker, for which a warning is an error."""
    options = ("--error-on-warning", "--no-progress", "--python", sys.prefix)
    yield _judge("types", tool("ty", "check", *options, "app", "tests"), sandbox)


def check_imports(sandbox: Sandbox, _: Artifacts) -> Iterator[Check]:
    """Ask whether the imports keep to the backend's contracts."""
    yield _judge("imports", IMPORTS, sandbox)


def _judge(check: str, command: Command, sandbox: Sandbox) -> Check:
    done = command.run(sandbox)
    wrong = [] if done.status == 0 else [tail(done)]
    return conclude(check, command, done, wrong, "nothing found")
