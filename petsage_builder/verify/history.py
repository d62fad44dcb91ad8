"""The check that a feature's migrations lead there, back, and there again."""

from collections.abc import Iterator

from petsage_builder.artifacts import Artifacts
from petsage_builder.evidence import Check
from petsage_builder.plan import ProbePlan
from petsage_builder.verify.commands import answer, conclude, sandboxed, tail
from petsage_builder.verify.sandbox import Sandbox

SEEN = (
    "up, as the tables say, down to what was before, and up again on {}; "
    "{} rows that were there stayed"
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
    wrong = [
        *([] if found else [tail(done)]),
        *(f"{kind}: {fault}" for kind, faults in databases.items() for fault in faults),
    ]
    seen = SEEN.format(" and ".join(databases), found.get("rows", 0))
    yield conclude("migrations", command, done, wrong, seen)
