"""Tests that a broken feature with data is found by the check that is meant for it."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from petsage_builder.align import align
from petsage_builder.allowances import Allowances
from petsage_builder.analyze import analyze
from petsage_builder.artifacts import Artifacts
from petsage_builder.blueprint.backend import read_backend
from petsage_builder.decode import decode
from petsage_builder.generate import generate
from petsage_builder.plan import ResourcesPlan
from petsage_builder.receive import Payload
from petsage_builder.verify import Probe, verify
from petsage_builder.verify.behaviour import check_contract, check_served
from petsage_builder.verify.history import check_migrations

CASE = Path(__file__).parent / "cases" / "pet_management.yaml"
PACKAGE = "app/features/pet_management"
SERVICE, ROUTER = f"{PACKAGE}/service.py", f"{PACKAGE}/router.py"
TABLES, README = f"{PACKAGE}/tables.py", f"{PACKAGE}/README.md"
MIGRATION = "migrations/versions/pet_management_1.py"


@dataclass(frozen=True)
class Defect:
    """A text of one artifact replaced by another, and what must come of it."""

    path: str
    old: str
    new: str
    probe: Probe
    says: str


DEFECTS = {
    "a downgrade that forgets a table": Defect(
        MIGRATION,
        '    op.drop_table("pets")\n',
        "",
        check_migrations,
        "the downgrade leaves the table pets",
    ),
    "a downgrade that takes too much": Defect(
        MIGRATION,
        '    op.drop_table("visits")\n',
        '    op.drop_table("visits")\n    op.execute("DELETE FROM grants")\n',
        check_migrations,
        "rows of grants are gone",
    ),
    "an upgrade that takes rows": Defect(
        MIGRATION,
        "def upgrade() -> None:\n",
        'def upgrade() -> None:\n    op.execute("DELETE FROM sign_ins")\n',
        check_migrations,
        "after the upgrade, 3 rows of sign_ins are gone",
    ),
    "an upgrade that changes rows": Defect(
        MIGRATION,
        "def upgrade() -> None:\n",
        "def upgrade() -> None:\n"
        "    op.execute(\"UPDATE accounts SET email = '1' || email\")\n",
        check_migrations,
        "after the upgrade, 3 rows of accounts are gone, or not as they were",
    ),
    "an upgrade that drops a table of another feature": Defect(
        MIGRATION,
        "def upgrade() -> None:\n",
        'def upgrade() -> None:\n    op.drop_table("sign_ins")\n',
        check_migrations,
        "SQLite: the upgrade removes the table sign_ins",
    ),
    "an upgrade that drops a column of another feature": Defect(
        MIGRATION,
        "def upgrade() -> None:\n",
        'def upgrade() -> None:\n    op.drop_column("accounts", "email")\n',
        check_migrations,
        "pet_management_1.py line 13 drops the column accounts.email",
    ),
    "a column that is not as the table says": Defect(
        MIGRATION,
        'sa.Column("name", sa.String(80), nullable=False)',
        'sa.Column("name", sa.String(80))',
        check_migrations,
        "modify_nullable",
    ),
    "a migration that does not run": Defect(
        MIGRATION,
        '"visits",\n        sa.Column("id"',
        '"pets",\n        sa.Column("id"',
        check_migrations,
        "already exists",
    ),
    "an answer that is not documented": Defect(
        ROUTER,
        "responses={status.HTTP_404_NOT_FOUND: {}}",
        "responses={}",
        check_contract,
        "Undocumented status code",
    ),
    "a request that makes the service fail": Defect(
        SERVICE,
        "    visit.status = VisitStatus.CONFIRMED\n",
        "    visit.status = VisitStatus.CONFIRMED\n    visit.ends_at = None\n",
        check_contract,
        "500",
    ),
    "a sample that is refused": Defect(
        SERVICE,
        "visit.ends_at <= visit.starts_at",
        "visit.ends_at >= visit.starts_at",
        check_contract,
        "POST /visits/ answers 422 to a sample",
    ),
    "a README that shows another answer": Defect(
        README,
        '"status": "requested"',
        '"status": "confirmed"',
        check_served,
        "not 201 as the README says",
    ),
    "a README whose command fails": Defect(
        README, '/visits/$VISIT_ID"', '/visits/$VISITS_ID"', check_served, "VISITS_ID"
    ),
    "a README with other words for a rule": Defect(
        README,
        "says: A visit ends after",
        "says: A visit ends before",
        check_served,
        "not 422 as the README says",
    ),
    "a README with an event that nobody logs": Defect(
        README,
        "service:visit.confirmed",
        "service:visit.approved",
        check_served,
        "does not show: INFO:app.features.pet_management.service:visit.approved",
    ),
}


@pytest.fixture(scope="session")
def pets(skeleton: Path) -> Artifacts:
    """Generate a feature with data."""
    spec = analyze(decode(Payload(CASE.read_bytes(), "test")))
    return generate(align(spec, read_backend(skeleton)))


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_found(pets: Artifacts, name: str) -> None:
    defect = DEFECTS[name]
    text = pets.own[defect.path].decode()
    assert defect.old in text
    content = text.replace(defect.old, defect.new).encode()
    artifacts = replace(pets, own={**pets.own, defect.path: content})

    found = verify(artifacts, lambda _: None, [defect.probe])

    assert defect.says in "\n".join(check.detail for check in found.failures)


def test_what_costs_rows_passes_if_that_is_allowed_and_is_told(
    pets: Artifacts,
) -> None:
    defect = DEFECTS["an upgrade that takes rows"]
    text = pets.own[MIGRATION].decode().replace(defect.old, defect.new)
    assert isinstance(pets.plan, ResourcesPlan)
    plan = replace(pets.plan, allowances=Allowances(destructive=True))
    artifacts = replace(pets, plan=plan, own={**pets.own, MIGRATION: text.encode()})

    found = verify(artifacts, lambda _: None, [check_migrations])

    assert [check.outcome for check in found.checks] == ["passed"]
    allowed = found.checks[0].detail.partition("; allowed: ")[2].split(", ")
    assert allowed[0].startswith(f"{MIGRATION} line 13 executes DELETE FROM")


def test_what_is_generated_passes(pets: Artifacts) -> None:
    found = verify(
        pets, lambda _: None, [check_contract, check_served, check_migrations]
    )

    assert [check.check for check in found.failures] == []
    details = {check.check: check.detail for check in found.checks}
    assert "SQLite and PostgreSQL; 14 rows in 4 tables" in details["migrations"]
    assert "POST /visits/ answered 201, 401, 403, 404, 422" in details["contract"]
    callers = "with every role, as the owner, as admin, as vet, as a plain user"
    assert f"; asked {callers}, as nobody; not seen: " in details["contract"]
    assert re.search(r"; [\d, ]*503 of GET /pets/;", details["contract"])
    assert details["served"] == "README examples answered: 11; log lines found: 6"
