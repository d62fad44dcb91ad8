"""Tests of which tests a build may leave out, since an earlier proof holds for them."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from petsage_builder.blueprint.backend import MAIN, read_backend
from petsage_builder.build import Build
from petsage_builder.verify.apart import touched
from petsage_builder.verify.earlier import Earlier, Proofs
from petsage_builder.verify.kept import Kept
from petsage_builder.verify.parts import BASE, Part, divide
from petsage_builder.verify.tested import read_results
from tests.builder.conftest import PROJECT, build_into, payload, what_failed

HARMLESS = b"""
import logging
from app.core.models import Output
from fastapi import APIRouter, Depends
from pydantic import Field

from .tables import Pet

router = APIRouter(prefix="/pets")
logger = logging.getLogger(__name__)
MOST: int = 5


class PetRead(Output):
    name: str = Field(max_length=MOST)

    @property
    def length(self) -> int:
        return len(self.name)


@router.get("/")
async def read(pet: Pet = Depends(Pet)) -> PetRead:
    logger.setLevel(10)
    return pet
"""
# What a line does to others, and what is said of it.
HARMFUL = {
    "logging.disable(50)": "does more than to define a name",
    "x = logging.disable(50)": "calls logging.disable, of which nothing is known",
    "logger.disabled = True": "does more than to define a name",
    "import app.core.clock as clock\nclock.now = None": "does more than",
    "from app.core.clock import now\nx = [now() for _ in '1']": "calls app.core.clock",
    "if True:\n    pass": "does more than to define a name",
    "@logging.Filter\ndef f(): pass": "decorates with something",
    "@router.middleware('http')\ndef f(): pass": "decorates with something",
    "class A(Output, metaclass=B): pass": "does more than to define a name",
    "class A(make()): pass": "calls make, of which nothing is known",
    "class A(Output):\n    Output.x = 1": "does more than to define a name",
    "def f(x=make()): pass": "calls make, of which nothing is known",
    "x = (y := 1)": "does more than to make a value",
    "from sqlalchemy.orm import relationship as r\nx = r(backref='y')": "the other",
    "def f(:": "it is no Python",
}
MIGRATION = """
import sqlalchemy as sa
from alembic import op

def upgrade() -> None:
    op.create_table("pets", sa.Column("id", sa.Uuid))
    op.create_index("ix_pets_id", "pets", ["id"])
    {}

def downgrade() -> None:
    op.drop_table("pets")
"""
STATEMENTS = {
    'op.drop_table("accounts")': "drop_table of a table that is not its own",
    'op.create_index("ix", "accounts", ["id"])': "create_index of a table",
    'op.add_column("accounts", sa.Column("x", sa.Uuid))': "add_column of a table",
    'op.execute("DELETE FROM accounts")': "runs a statement that is not known",
    'op.get_bind().execute("x")': "calls alembic.op.get_bind().execute",
    'open("x", "w")': "calls open",
}


def test_a_feature_that_only_defines_names_leaves_the_rest_alone() -> None:
    files = {
        "app/features/pets/router.py": HARMLESS,
        "migrations/versions/pets_1.py": MIGRATION.format("pass").encode(),
        "tests/test_pets.py": b"import logging\nlogging.disable(50)",
        "app/features/pets/README.md": b"# Pets",
    }

    assert [*touched(files)] == []


@pytest.mark.parametrize("line", HARMFUL)
def test_what_a_module_may_do_to_others_is_told(line: str) -> None:
    found = [*touched({"app/features/pets/x.py": HARMLESS + line.encode()})]

    assert len(found) == 1
    assert HARMFUL[line] in found[0]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_what_a_migration_may_do_to_others_is_told(statement: str) -> None:
    text = MIGRATION.format(statement).encode()

    found = [*touched({"migrations/versions/pets_1.py": text})]

    assert STATEMENTS[statement] in found[0]


def test_the_features_of_this_backend_leave_each_other_alone() -> None:
    backend = read_backend(PROJECT)

    for manifest in backend.built.values():
        own = {path: backend.files[path] for path in manifest.artifacts}
        assert [*touched(own)] == []


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    built = read_backend(PROJECT).built
    parts = divide(files, built)
    assert parts is not None
    return {name: part.sha256 for name, part in parts.items()}


def test_a_part_has_another_digest_if_anything_that_it_rests_on_has() -> None:
    files = dict(read_backend(PROJECT).files)
    before = digests(files)
    for path, changed in (
        ("app/features/smoke_test/service.py", {"smoke_test"}),
        ("tests/test_smoke_test.py", {"smoke_test"}),
        (
            "app/features/pet_management/tables.py",
            {"pet_management", "appointments", "health_records"},
        ),
        ("app/core/clock.py", before.keys()),
        ("requirements.txt", before.keys()),
        ("payloads/smoke_test.json", set()),
    ):
        after = digests({**files, path: files[path] + b"\n"})

        assert {name for name in before if before[name] != after[name]} == changed, path


def test_a_new_feature_changes_no_other_part() -> None:
    backend = read_backend(PROJECT)
    before = digests(backend.files)
    own = {*backend.built["smoke_test"].artifacts, backend.built["smoke_test"].path}
    files = {path: text for path, text in backend.files.items() if path not in own}
    built = {name: m for name, m in backend.built.items() if name != "smoke_test"}
    lines = files[MAIN].decode().splitlines(keepends=True)
    main = "".join(line for line in lines if "smoke_test" not in line)

    parts = divide({**files, MAIN: main.encode()}, built)

    assert parts is not None
    assert {n: p.sha256 for n, p in parts.items()} == {
        name: digest for name, digest in before.items() if name != "smoke_test"
    }
    assert BASE in parts


def test_what_is_kept_is_found_only_in_the_same_circumstances(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "kept", "here")
    kept.keep("part", {"a::b"})
    kept.keep("part", {"a::c"})

    assert kept.passed("part") == frozenset({"a::b", "a::c"})
    assert kept.passed("another") is None
    assert replace(kept, circumstances="elsewhere").passed("part") is None


@pytest.mark.parametrize("text", ["", "{}", "[1]", "[", '["a"'])
def test_what_cannot_be_read_is_as_if_nothing_was_kept(
    tmp_path: Path, text: str
) -> None:
    kept = Kept(tmp_path, "here")
    kept.keep("part", {"a::b"})
    (entry,) = tmp_path.iterdir()
    entry.write_text(text)

    assert kept.passed("part") is None


def test_a_folder_that_cannot_be_written_fails_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    kept = Kept(tmp_path / "file", "here")

    kept.keep("part", {"a::b"})

    assert kept.passed("part") is None


CONTRACT, HEALTH = "tests/test_contract.py", "tests/test_health.py"
OF_PETS, OF_ACCOUNTS, OF_NOBODY, ALIVE = (
    "tests.test_contract::test_an_answer[GET /pets/]",
    "tests.test_contract::test_an_answer[GET /accounts/]",
    "tests.test_contract::test_an_answer[GET /gone/]",
    "tests.test_health::test_alive",
)


def proofs(folder: Path, *, base: str = "1", pets: str = "1") -> Proofs:
    """Return those of a backend with two features, one of which is new."""
    parts = {
        BASE: Part(BASE, (CONTRACT, HEALTH), frozenset({BASE}), base),
        "pets": Part("pets", (), frozenset({BASE, "pets"}), f"{base} {pets}"),
        "new": Part("new", (), frozenset({BASE, "new"}), f"{base} new"),
    }
    before = {name: part for name, part in parts.items() if name != "new"}
    return Proofs(Kept(folder, ""), "new", before, parts, frozenset({CONTRACT}))


def test_a_test_of_an_operation_rests_on_its_feature(tmp_path: Path) -> None:
    passed = {OF_PETS: "pets", OF_ACCOUNTS: "accounts", OF_NOBODY: "?", ALIVE: None}
    nothing = proofs(tmp_path).look_up(one_database=False)
    proofs(tmp_path).add(passed, (), one_database=False)

    same = proofs(tmp_path).look_up(one_database=False)
    other_pets = proofs(tmp_path, pets="2").look_up(one_database=False)
    other_base = proofs(tmp_path, base="2").look_up(one_database=False)

    assert nothing == other_base == Earlier()
    assert same == Earlier(
        frozenset({OF_PETS, OF_ACCOUNTS, ALIVE}),
        (HEALTH,),
        ("new",),
        frozenset({OF_PETS, OF_ACCOUNTS}),
    )
    assert other_pets.features == ("new", "pets")
    assert other_pets.untried == {OF_ACCOUNTS}


def run_pytest(*arguments: str, **environment: str) -> list[str]:
    """Run tests of this backend with the plugins of a proof; return what was said."""
    plugins: tuple[str, ...] = ("-p", "petsage_builder.sandboxed.stated")
    if environment:
        plugins += ("-p", "petsage_builder.sandboxed.chosen")
    done = subprocess.run(
        (sys.executable, "-m", "pytest", *plugins, "-q", *arguments),
        cwd=PROJECT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout.splitlines()


def test_a_run_says_whose_operation_each_test_has_tried(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    which = "served or smoke-test or alive_and_ready"

    run_pytest("-k", which, f"--junit-xml={report}", CONTRACT, HEALTH)

    found = {result.name: result.feature for result in read_results(report)}
    assert found.pop("test_the_document_is_served") == "?"
    tried = {name: f for name, f in found.items() if "[GET /smoke-test/]" in name}
    assert set(tried.values()) == {"smoke_test"}
    assert {f for name, f in found.items() if name not in tried} == {None}
    assert found.keys() > tried.keys()


def test_what_the_contract_check_tries_is_tried_on_no_sqlite(tmp_path: Path) -> None:
    known = tmp_path / "known.json"
    known.write_text('{"passed": [], "ignored": []}')

    def names(checked: str) -> list[str]:
        said = run_pytest(
            *("-p", "no:randomly", "--co", CONTRACT),
            PETSAGE_KNOWN=str(known),
            PETSAGE_OUT=str(tmp_path / "out.json"),
            PETSAGE_CHECKED=checked,
            CONTRACT_FEATURES="smoke_test",
        )
        return [line for line in said if "::" in line]

    everything, others = names("user_profile"), names("smoke_test")

    on_sqlite = [name for name in everything if "/smoke-test/][sqlite]" in name]
    assert len(on_sqlite) == 2  # as somebody, and as nobody
    assert [name for name in everything if name not in on_sqlite] == others
    assert any("/smoke-test/][postgresql]" in name for name in others)


def test_what_passed_on_one_database_says_nothing_of_others(tmp_path: Path) -> None:
    proofs(tmp_path).add({OF_PETS: "pets", ALIVE: None}, (), one_database=True)

    assert proofs(tmp_path).look_up(one_database=True).features == ("new",)
    assert proofs(tmp_path).look_up(one_database=False).features == ()
    assert proofs(tmp_path).look_up(one_database=False).ignored == ()


def test_types_are_known_of_parts_that_are_the_same(tmp_path: Path) -> None:
    assert proofs(tmp_path).typed() == frozenset()

    proofs(tmp_path).add_typed()

    assert proofs(tmp_path).typed() == {BASE, "pets"}
    assert proofs(tmp_path, pets="2").typed() == {BASE}
    assert proofs(tmp_path, base="2").typed() == frozenset()


EARLIER = "in an earlier proof: nothing that they rest on has changed"


def regression(build: Build) -> str:
    """Return what the check saw of tests that are not the feature's own."""
    assert build.status == "complete", what_failed(build)
    assert build.evidence
    return next(c.detail for c in build.evidence.checks if c.check == "regression")


def test_only_what_may_have_changed_is_run_again(backend: Path) -> None:
    by_hand = backend / "tests" / "test_by_hand.py"
    by_hand.write_text('"""Mine."""\n\n\ndef test_one() -> None:\n    assert __doc__\n')

    first = regression(build_into(backend, payload("log_one")))
    second = regression(build_into(backend, payload("log_two")))

    assert EARLIER not in first
    total, _, known = second.partition(" passed, ")
    of_first = int(first.partition(" ")[0])
    assert known.startswith(f"{of_first - 1 + 6} of them {EARLIER}")
    assert int(total) == of_first + 6

    by_hand.write_text(by_hand.read_text().replace("__doc__", "not __doc__"))
    third = build_into(backend, payload("log_three"))

    assert third.status == "failed"
    assert "tests.test_by_hand::test_one" in what_failed(third)
    by_hand.unlink()

    build = build_into(backend, payload("log_three"), dry_run=True, afresh=True)
    assert EARLIER not in regression(build)

    core = backend / "app" / "core" / "clock.py"
    core.write_text(core.read_text() + "\n\nMORE = 1\n")
    assert EARLIER not in regression(build_into(backend, payload("log_three")))


def test_a_known_result_is_not_taken_for_a_broken_core(backend: Path) -> None:
    build_into(backend, payload("log_one"))
    health = backend / "app" / "core" / "health.py"
    health.write_text(health.read_text().replace("return", "return None  #", 1))

    build = build_into(backend, payload("log_two"))

    assert build.status == "failed"
