"""The programs that a check runs, and how their end becomes an outcome."""

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from petsage_builder.evidence import Check
from petsage_builder.verify.sandbox import Completed, Sandbox

PROGRAMS = Path(sys.executable).parent
SECONDS = 900.0
LAST_LINES = 30
# What is as good as the program, and need not start.
MODULES = {"lint-imports": "petsage_builder.sandboxed.imports"}
# What is imported already cannot be rewritten by pytest, and need not be.
WARM = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
ALL_PASSED, SOME_FAILED = 0, 1  # as pytest says it by its exit status


@dataclass(frozen=True, slots=True)
class Command:
    """A program that is installed beside this Python, and its arguments."""

    program: str
    arguments: tuple[str, ...]

    def __str__(self) -> str:
        """Return it as a reader would type it, on any machine."""
        words = (word if word != sys.prefix else ".venv" for word in self.arguments)
        return " ".join((self.program, *words))

    def run(
        self,
        sandbox: Sandbox,
        folder: str = "backend",
        seconds: float = SECONDS,
        **environment: str,
    ) -> Completed:
        """Run it in a folder of the sandbox, with these variables set."""
        module = MODULES.get(self.program)
        if self.program == "python" or module:
            arguments = ("-m", module, *self.arguments) if module else self.arguments
            return sandbox.run_python(
                arguments, seconds=seconds, folder=folder, environment=environment
            )
        return sandbox.run(
            (str(PROGRAMS / self.program), *self.arguments),
            seconds=seconds,
            folder=folder,
            environment=environment,
        )


def tool(program: str, *arguments: str) -> Command:
    """Return the command of a tool."""
    return Command(program, arguments)


def sandboxed(name: str, *arguments: str) -> Command:
    """Return the command of a program of `petsage_builder.sandboxed`."""
    module = f"petsage_builder.sandboxed.{name}"
    return Command("python", ("-W", "error", "-m", module, *arguments))


def conclude(
    check: str, command: Command | str, done: Completed, wrong: Iterable[str], seen: str
) -> Check:
    """Return the check: failed if anything is `wrong`, else passed, having `seen`."""
    faults = list(wrong)
    if done.status is None:
        faults.insert(0, f"did not end within {SECONDS:.0f} s")
    return Check(
        check=check,
        command=str(command),
        outcome="failed" if faults else "passed",
        seconds=done.seconds,
        detail="\n".join(faults) or seen,
    )


def answer(done: Completed) -> dict[str, Any]:
    """Return the JSON object that a sandboxed program printed last, if any."""
    lines = done.stdout.strip().splitlines()
    found = load(lines[-1]) if done.status == 0 and lines else None
    return found if isinstance(found, dict) else {}


def load(text: str) -> Any:  # noqa: ANN401 - JSON is any value
    """Return the value of a JSON text, or None."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def tail(done: Completed) -> str:
    """Return the last lines of what a program printed, or how it ended."""
    lines = done.output.strip().splitlines()[-LAST_LINES:]
    return "\n".join(lines) or f"exit status {done.status}"
