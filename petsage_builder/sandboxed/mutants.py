"""Run a feature's tests in folders that hold a mutant each.

The arguments are the path of the tests and the folders. The answer is `{"statuses":
[status]}`: how pytest ended in each, in their order. Everything that the mutants have
in common is imported once; each folder gets a fork of that.
"""

import json
import os
import sys
from contextlib import suppress
from importlib import import_module

import pytest

SHARED = (
    "alembic.command",
    "aiosqlite",
    "asyncpg",
    "fastapi.testclient",
    "joserfc.jwt",
    "limits",
    "pwdlib.hashers.argon2",
    "pydantic_settings",
    "sqlalchemy.ext.asyncio",
    "structlog.stdlib",
    "uvicorn",
    "opentelemetry.exporter.otlp.proto.http._log_exporter",
    "opentelemetry.instrumentation.logging.handler",
)
OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:schemathesis")
# What is imported already cannot be rewritten by pytest, and need not be.
WARNINGS = ("-W", "error", "-W", "ignore::pytest.PytestAssertRewriteWarning")


def main() -> None:
    """Run, and print how each run ended."""
    tests, *folders = sys.argv[1:]
    for module in SHARED:
        with suppress(ImportError):
            import_module(module)
    print(json.dumps({"statuses": [_run(folder, tests) for folder in folders]}))


def _run(folder: str, tests: str) -> int:
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.chdir(folder)
        sys.path.insert(0, os.getcwd())  # noqa: PTH109
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        os._exit(pytest.main([*OPTIONS, *WARNINGS, tests]))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


main()
