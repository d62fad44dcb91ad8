"""Run pytest in forks of one process, which has imported what no copy changes.

Each line of standard input is `{"root": folder, "output": file, "arguments": [text]}`;
each line of standard output is the exit status of a run in that folder.
"""

import json
import os
import sys
from importlib import import_module

import pytest

IMPORTED = (
    "hypothesis",
    "jinja2",
    "pydantic",
    "rapidfuzz",
    "rich.console",
    "sqlalchemy.orm",
    "typer.testing",
    "yaml",
)


def main() -> None:
    """Answer each line in turn."""
    for name in IMPORTED:
        import_module(name)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            os._exit(run(**json.loads(line)))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201 - an answer


def run(root: str, output: str, arguments: list[str]) -> int:
    """Run pytest in a folder, with the modules that are there, here and below."""
    printed = os.open(output, os.O_WRONLY | os.O_CREAT)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(printed, stream.fileno())
    os.chdir(root)
    os.environ["PYTHONPATH"] = root
    sys.path.insert(0, root)
    status = pytest.main(arguments)
    sys.stdout.flush()
    return int(status)


if __name__ == "__main__":
    main()
