"""The checks that ask the running API: served, compatibility, contract."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from petsage_builder.artifacts import Artifacts
from petsage_builder.evidence import Check
from petsage_builder.plan import Plan, ProbePlan
from petsage_builder.plan.contract import refusals, roles, rows
from petsage_builder.verify.commands import answer, conclude, sandboxed, tail
from petsage_builder.verify.compatibility import differences, operations_at
from petsage_builder.verify.readme import (
    Example,
    read_examples,
    read_log_lines,
    read_statuses,
)
from petsage_builder.verify.sandbox import Sandbox

CONTRACT_REQUESTS = 600
CONTRACT = "contract.json"
EXAMPLES = "examples.json"
LOG_FILE = "served.log"
BREAKING = "this breaks clients; accepted: what they use as it was, or --allow-breaking"


def check_served(sandbox: Sandbox, artifacts: Artifacts) -> Iterator[Check]:
    """Serve the API on a socket, run the README's commands, and read the log.

    What it then offers is compared with what the backend offered before.
    """
    readme = artifacts.own[f"{artifacts.plan.names.package}/README.md"].decode()
    examples, lines = read_examples(readme), read_log_lines(readme)
    promised = sum(example.status is not None for example in examples)
    scripts = json.dumps([example.script for example in examples])
    (sandbox.work / EXAMPLES).write_text(scripts, "utf-8")
    served = sandboxed("served", f"../{EXAMPLES}")
    log = sandbox.work / LOG_FILE
    done = served.run(
        sandbox, LOG_FILE=str(log), DATABASE_URL=sandbox.database("served")
    )
    found = answer(done)
    logged = log.read_text("utf-8").splitlines() if log.is_file() else []
    wrong = [
        *([] if found else [tail(done)]),
        *([] if promised else ["the README has no example"]),
        *([] if lines or not artifacts.plan.logs else ["the README has no log line"]),
        *(_wrong_answers(examples, found["answers"]) if found else ()),
        *filter(None, [found.get("said")]),
        *(_undocumented(readme, artifacts, found["document"]) if found else ()),
        *(f"the log does not show: {line}" for line in _missing(lines, logged)),
    ]
    seen = f"README examples answered: {promised}; log lines found: {len(lines)}"
    yield conclude("served", served, done, wrong, seen)
    yield _compare(sandbox, artifacts, found.get("document"))


def _wrong_answers(
    examples: list[Example], answers: list[dict[str, Any]]
) -> Iterator[str]:
    """Give each example whose last answer is missing, or not as the README says."""
    last = {found["example"]: found for found in answers}
    for number, example in enumerate(examples):
        found = last.get(number)
        if found is None:
            if "curl" in example.script:
                yield f"this README example was not answered: {example.script}"
        elif not example.keeps_to(found["status"], found["body"]):
            yield (
                f"{found['request']} answers {found['status']} {found['body']}, "
                f"and not {example.status} as the README says"
            )


def _undocumented(
    readme: str, artifacts: Artifacts, document: Mapping[str, Any]
) -> Iterator[str]:
    """Give each status that the README tells of, and no operation."""
    known = {
        status
        for path, operations in document.get("paths", {}).items()
        if path in artifacts.plan.routes
        for operation in operations.values()
        for status in operation.get("responses", {})
    }
    for status in read_statuses(readme):
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
    added = operations_at(after or {}, plan.routes)
    command = sandboxed("document", *added)
    done = command.run(sandbox, "before")
    found = answer(done)
    if not found or not after:
        which = "before" if not found else "with the feature"
        wrong = [f"the backend {which} shows no OpenAPI document"]
        wrong += [] if found else [tail(done)]
        return conclude("compatibility", command, done, wrong, "")
    before, is_new = found["document"], plan.names.feature not in plan.backend.built
    taken = [
        f"{route} answers {operation} already"
        for operation, routes in found["taken"].items()
        for route in routes
    ]
    changes = list(differences(before, after))
    broken = [str(change) for change in changes if change.breaks]
    new = "; ".join(str(change) for change in changes if not change.breaks)
    wrong = list(taken if is_new else ())
    if broken and not plan.allowances.breaking:
        wrong += [*broken, BREAKING]
    kept = (
        f"allowed: {'; '.join(broken)}" if broken else "nothing that was offered breaks"
    )
    seen = f"{kept}; added: {new or 'nothing'}"
    return conclude("compatibility", command, done, wrong, seen)


def check_contract(sandbox: Sandbox, artifacts: Artifacts) -> Iterator[Check]:
    """Fuzz the feature's operations, and hold each answer against OpenAPI."""
    work = sandbox.work / CONTRACT
    work.write_text(json.dumps(_contract(artifacts.plan)), "utf-8")
    contract = sandboxed("contract", f"../{CONTRACT}")
    done = contract.run(sandbox, DATABASE_URL=sandbox.database("contract"))
    found = answer(done)
    operations = found.get("operations", {})
    wrong = list(found.get("failures", ()))
    if not operations:
        wrong += ["no operation was tried", tail(done)]
    seen = "; ".join(
        f"{label} answered {', '.join(map(str, found['statuses'][label]))} "
        f"to {cases} request{'s' * (cases > 1)}"
        for label, cases in operations.items()
    )
    told = f"{seen}, and 405 to every other method; {_limits(found)}"
    yield conclude("contract", contract, done, wrong, told)


def _limits(found: Mapping[str, Any]) -> str:
    """Say who has asked, and which documented statuses nobody has seen."""
    callers = f"asked {', '.join(found.get('callers', ()))}"
    unseen = [
        f"{', '.join(statuses)} of {label}"
        for label, statuses in found.get("unseen", {}).items()
        if statuses
    ]
    return f"{callers}; not seen: {'; '.join(unseen) or 'nothing'}"


def _contract(plan: Plan) -> dict[str, Any]:
    """Return what `sandboxed/contract.py` takes."""
    work: dict[str, Any] = {"routes": plan.routes, "requests": CONTRACT_REQUESTS}
    if isinstance(plan, ProbePlan):
        return {**work, "rows": [], "refusals": [], "roles": []}
    return {
        **work,
        "rows": rows(plan.readme.walkthrough),
        "refusals": refusals(plan.views),
        "roles": roles(plan.views),
    }
