"""The checks that ask the running API: served, compatibility, contract."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from petsage_builder.artifacts import Artifacts
from petsage_builder.evidence import Check
from petsage_builder.verify.commands import answer, conclude, load, sandboxed, tail
from petsage_builder.verify.compatibility import additions, broken_promises
from petsage_builder.verify.readme import (
    Example,
    read_examples,
    read_log_lines,
    read_statuses,
)
from petsage_builder.verify.sandbox import Sandbox

CONTRACT_EXAMPLES = 50
LOG_FILE = "served.log"


def check_served(sandbox: Sandbox, artifacts: Artifacts) -> Iterator[Check]:
    """Serve the API on a socket, make the README's requests, and read the log.

    What it then offers is compared with what the backend offered before.
    """
    readme = artifacts.own[f"{artifacts.plan.names.package}/README.md"].decode()
    examples, lines = read_examples(readme), read_log_lines(readme)
    work = json.dumps({"examples": [example.request for example in examples]})
    served = sandboxed("served", work)
    log = sandbox.work / LOG_FILE
    done = served.run(
        sandbox, LOG_FILE=str(log), DATABASE_URL=sandbox.database("served")
    )
    found = answer(done)
    logged = log.read_text("utf-8").splitlines() if log.is_file() else []
    wrong = [
        *([] if found else [tail(done)]),
        *([] if examples and lines else ["the README has no example, or no log line"]),
        *_undocumented(read_statuses(readme), artifacts, found.get("document", {})),
        *_wrong_answers(examples, found.get("responses", [])),
        *(f"the log does not show: {line}" for line in _missing(lines, logged)),
    ]
    seen = f"README examples answered: {len(examples)}; log lines found: {len(lines)}"
    yield conclude("served", served, done, wrong, seen)
    yield _compare(sandbox, artifacts, found.get("document"))


def _wrong_answers(
    examples: list[Example], responses: list[dict[str, Any]]
) -> Iterator[str]:
    if len(responses) < len(examples):
        yield f"{len(responses)} of {len(examples)} README examples were answered"
    for example, response in zip(examples, responses, strict=False):
        expected = (example.status, example.answer)
        if (response["status"], load(response["body"])) != expected:
            yield (
                f"{example.method} {example.target} answers {response['status']} "
                f"{response['body']}, and not {example.status} as the README says"
            )


def _undocumented(
    statuses: list[int], artifacts: Artifacts, document: Mapping[str, Any]
) -> Iterator[str]:
    """Give each status that the README tells of, and no operation."""
    prefix = f"{artifacts.plan.names.prefix}/"
    known = {
        status
        for path, operations in document.get("paths", {}).items()
        if path.startswith(prefix)
        for operation in operations.values()
        for status in operation.get("responses", {})
    }
    for status in statuses:
        if str(status) not in known:
            yield f"no operation answers {status}, as the README says"


def _missing(lines: list[str], logged: list[str]) -> Iterator[str]:
    """Give each line that no logged line is, up to the fields that follow it."""
    for line in lines:
        if not any(f"{found} ".startswith(f"{line} ") for found in logged):
            yield line


def _compare(
    sandbox: Sandbox, artifacts: Artifacts, after: Mapping[str, Any] | None
) -> Check:
    plan = artifacts.plan
    command = sandboxed("document", plan.route)
    done = command.run(sandbox, "before")
    found = answer(done)
    if not found or not after:
        which = "before" if not found else "with the feature"
        wrong = [f"the backend {which} shows no OpenAPI document"]
        wrong += [] if found else [tail(done)]
        return conclude("compatibility", command, done, wrong, "")
    before, is_new = found["document"], plan.names.feature not in plan.backend.built
    taken = [f"{path} answers GET {plan.route} already" for path in found["taken"]]
    added = ", ".join(additions(before, after)) or "nothing"
    return conclude(
        "compatibility",
        command,
        done,
        [*broken_promises(before, after), *(taken if is_new else ())],
        f"nothing that was offered has changed; added: {added}",
    )


def check_contract(sandbox: Sandbox, artifacts: Artifacts) -> Iterator[Check]:
    """Fuzz the feature's operations, and hold each answer against OpenAPI."""
    contract = sandboxed(
        "contract", f"{artifacts.plan.names.prefix}/", str(CONTRACT_EXAMPLES)
    )
    done = contract.run(sandbox, DATABASE_URL=sandbox.database("contract"))
    found = answer(done)
    operations = found.get("operations", {})
    wrong = list(found.get("failures", ()))
    if not operations:
        wrong += ["no operation was tried", tail(done)]
    seen = "; ".join(
        f"{label} answered {', '.join(map(str, found['statuses'][label]))} "
        f"to {cases} different requests, and 405 to every other method"
        for label, cases in operations.items()
    )
    yield conclude("contract", contract, done, wrong, seen)
