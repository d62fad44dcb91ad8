"""The check that the feature's tests notice when the feature is wrong."""

from collections.abc import Iterator

from petsage_builder.artifacts import Artifacts
from petsage_builder.evidence import Check
from petsage_builder.verify.commands import (
    ALL_PASSED,
    SOME_FAILED,
    answer,
    conclude,
    sandboxed,
    tail,
)
from petsage_builder.verify.mutation import mutants
from petsage_builder.verify.sandbox import Sandbox, write_files


def check_sensitivity(sandbox: Sandbox, artifacts: Artifacts) -> Iterator[Check]:
    """Break the service in every way that we know, and run the tests each time.

    They must fail then, and pass on the service as it is.
    """
    names = artifacts.plan.names
    service = f"{names.package}/service.py"
    source = artifacts.own[service].decode()
    broken = [("as it is", source), *_mutants(source)]
    folders = [f"mutant-{number}" for number in range(len(broken))]
    whole = {
        path: content
        for path, content in artifacts.applied.items()
        if not path.startswith("tests/test_") or path == names.test
    }
    for folder, (_, text) in zip(folders, broken, strict=True):
        write_files(sandbox.work / folder, {**whole, service: text.encode()})
    command = sandboxed("mutants", names.test, *(f"../{name}" for name in folders))
    done = command.run(sandbox)
    statuses = answer(done).get("statuses", [])
    wrong = [
        f"the tests do not notice, {what}"
        for (what, _), status in zip(broken[1:], statuses[1:], strict=False)
        if status != SOME_FAILED
    ]
    if statuses[:1] != [ALL_PASSED]:
        wrong += ["the tests fail on the service as it is", tail(done)]
    if len(statuses) < len(broken) or len(broken) == 1:
        wrong += ["the service could not be broken on purpose", tail(done)]
    seen = f"the tests notice each of {len(broken) - 1} mutants of the service"
    yield conclude("mutants", command, done, wrong, seen)


def _mutants(source: str) -> list[tuple[str, str]]:
    try:
        return list(mutants(source))
    except SyntaxError:
        return []  # which the linter explains
