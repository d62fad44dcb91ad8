"""The check that a feature's migrations lead there and back, and that rows outlive it.

Old rows are looked at after the way there and after the way back. A step that is known
to cost rows, or cannot be judged, is refused by its text alone: the rows that are tried
here are not those of the database that will be migrated.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from petsage_builder.artifacts import Artifacts
from petsage_builder.evidence import Check
from petsage_builder.plan import ProbePlan
from petsage_builder.verify.commands import answer, conclude, sandboxed, tail
from petsage_builder.verify.destruction import destructive_steps
from petsage_builder.verify.sandbox import Sandbox

SEEN = (
    "up, as the tables say, down to what was before, and up again on {}; "
    "{} rows in {} tables that were there stayed"
)
DESTRUCTIVE = (
    "this may cost rows; accepted: steps that keep every row as it is, "
    "or --allow-destructive"
)


def check_migrations(sandbox: Sandbox, artifacts: Artifacts) -> Iterator[Check]:
    """Migrate a database with rows in it, on SQLite and on PostgreSQL."""
    plan = artifacts.plan
    if isinstance(plan, ProbePlan):
        yield Check("migrations", "", "skipped", 0.0, "no table changes")
        return
    address = sandbox.database("migrations")
    command = sandboxed("migrations", plan.names.migration, address)
    done = command.run(sandbox)
    found = answer(done)
    databases = found.get("databases", {})
    harmful = [*_harmful_steps(artifacts), *_told(databases, "lost")]
    wrong = [*([] if found else [tail(done)]), *_told(databases, "faults")]
    if harmful and not plan.allowances.destructive:
        wrong = [*harmful, DESTRUCTIVE, *wrong]
    seen = "; ".join(_seen(found, harmful))
    yield conclude("migrations", command, done, wrong, seen)


def _told(databases: Mapping[str, Any], what: str) -> list[str]:
    """Return what was found of one sort, each with its database."""
    return [
        f"{kind}: {text}" for kind, found in databases.items() for text in found[what]
    ]


def _seen(found: Mapping[str, Any], harmful: Sequence[str]) -> Iterator[str]:
    databases = " and ".join(found.get("databases", ()))
    yield SEEN.format(databases, found.get("rows"), found.get("tables"))
    if empty := found.get("empty"):
        yield f"no rows were there in {', '.join(empty)}"
    if harmful:
        yield f"allowed: {', '.join(harmful)}"


def _harmful_steps(artifacts: Artifacts) -> Iterator[str]:
    """Give each step of the feature's migrations that may cost rows."""
    for path, content in sorted(artifacts.own.items()):
        if path.startswith("migrations/"):
            for step in destructive_steps(content.decode()):
                yield f"{path} {step}"
