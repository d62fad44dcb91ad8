"""Tests of the second reading of a request: it agrees with what is right, alone."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from petsage_builder.align import align
from petsage_builder.artifacts import Artifacts
from petsage_builder.blueprint.backend import read_backend
from petsage_builder.conformance import check_backend
from petsage_builder.evidence import Check, Ran
from petsage_builder.generate import generate
from petsage_builder.manifest import read_manifest
from petsage_builder.plan import feature
from petsage_builder.plan.facts import facts_of_all
from petsage_builder.plan.facts.fact import Fact
from petsage_builder.receipt import receipt_text
from petsage_builder.receive import Payload
from petsage_builder.reproof import prove_again, read_receipt
from petsage_builder.status import Announcement, Report
from petsage_builder.verdict import as_text
from petsage_builder.verify import verify
from petsage_builder.verify.mutation import feature_mutants, in_turn
from petsage_builder.verify.refuting import upheld
from petsage_builder.verify.tested import check_tests, read_results
from tests.builder.conftest import build_into, what_failed
from tests.builder.test_case_proofs import Group
from tests.builder.test_cases import CASES, payload, spec_of

# Between them they have rules, some of new rows alone, states, links, children,
# overlaps, limits and computed fields, and parents in other features.
READ_TWICE = ("car_sharing", "library_loans", "polls", "recipes", "room_rentals")
# In these, something else than requests makes the service do what it does.
BESIDE_REQUESTS = {"OVERTAKEN", "ISSUED", "QUOTAS"}
# Wrong queries, pages after the first, a hundred and one values, endless numbers, what
# the database does not take.
NOT_READ = {"WRONG_QUERIES", "SORTED", "MANY", "NESTED", "ENDLESS", "APART"}
MUTANTS = 6
NOTICES = CASES["notices"]
Facts = dict[str, tuple[Fact, ...]]
Plant = Callable[..., None]


@dataclass(frozen=True)
class Read:
    """What was read in the tests of a backend's features, by JUnit's names for them."""

    told: dict[str, dict[str, Any]]
    tests: dict[Ran, str]

    def __getitem__(self, test: Ran) -> dict[str, Any]:
        """Return what was read in a test."""
        return self.told[self.tests[test]]

    def upheld(self) -> list[list[str]]:
        """Return for each test that failed why it may be right."""
        failed = (test for test in self.tests if self[test]["failed"])
        return [[*upheld(test, self.told)] for test in failed]


def read_twice(group: Group, *options: str) -> Read:
    """Run the tests of a backend's features on one database, and read them twice."""
    told, results = (group.root.parent / name for name in ("told.json", "results.xml"))
    plugins = ("stated", "refereed")
    loaded = [o for p in plugins for o in ("-p", f"petsage_builder.sandboxed.{p}")]
    files = [f"tests/test_{name}.py" for name in group.names]
    options = ("-q", "--tb=no", "-k", "not postgresql", *options)
    report = f"--junitxml={results}"
    group.run("pytest", *options, report, *loaded, *files, PETSAGE_REFEREED=str(told))
    tests = {}
    for result in read_results(results):
        _, name, *classes = result.module.split(".")
        test = "::".join((f"tests/{name}.py", *classes, result.name))
        tests[Ran(test, result.fact)] = result.key
    return Read(json.loads(told.read_text("utf-8")), tests)


@pytest.fixture(scope="module")
def read(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Build some cases into a backend, and read their requests twice."""
    group = Group(tmp_path_factory.mktemp("read") / "backend")
    shutil.copytree(whole, group.root)
    for name in READ_TWICE:
        group.add(name)
    return read_twice(group)


def table(test: Ran) -> str:
    """Return the table of the fact for which a test ran."""
    return test.fact.partition(" ")[0]


def test_the_service_answers_as_the_request_says(read: Read) -> None:
    otherwise = {
        test.test: read[test]["wrong"]
        for test in read.tests
        if read[test]["wrong"] and table(test) not in BESIDE_REQUESTS
    }

    assert otherwise == {}
    assert sum(told["requests"] for told in read.told.values()) > 2000


def test_nearly_every_request_is_read(read: Read) -> None:
    unsaid = {table(test) for test in read.tests if read[test]["unsaid"]}

    assert unsaid <= NOT_READ


def test_what_requests_do_not_do_is_seen(read: Read) -> None:
    seen = {table(test) for test in read.tests if read[test]["wrong"]}

    assert seen >= {"OVERTAKEN", "QUOTAS"}


def test_no_test_is_refuted_that_notices_a_defect(whole: Path, tmp_path: Path) -> None:
    group = Group(tmp_path / "backend")
    shutil.copytree(whole, group.root)
    group.add("bookmarks")
    folder = group.root / "app/features/bookmarks"
    modules = {
        path.relative_to(group.root).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.glob("*.py"))
    }
    for mutant in in_turn(feature_mutants(modules))[:MUTANTS]:
        (group.root / mutant.path).write_text(mutant.text, "utf-8")
        reasons = read_twice(group, "-p", "no:randomly").upheld()
        (group.root / mutant.path).write_text(modules[mutant.path], "utf-8")

        assert reasons, f"no test notices it: {mutant.what}"
        assert any(reasons), mutant.what


# A test that expects what the request does not say.


@pytest.fixture
def plan_wrongly(monkeypatch: pytest.MonkeyPatch) -> Plant:
    """Return how to let a fact be planned wrongly."""

    def plan(name: str, part: str, old: str, new: str) -> None:
        def planned(testing: Any) -> Facts:  # noqa: ANN401 - pytest collects its type
            return {many: tuple(map(wrong, f)) for many, f in whole(testing).items()}

        def wrong(fact: Fact) -> Fact:
            if fact.table == name and part in fact.row:
                assert fact.row.count(old), fact.row
                return replace(fact, row=fact.row.replace(old, new))
            return fact

        monkeypatch.setattr(feature, "facts_of_all", planned)

    whole = facts_of_all
    return plan


def checked(backend: Path, edited: Mapping[str, tuple[str, str]]) -> Check:
    """Return what the check of notices' own tests says, of a service that is edited."""
    made = generate(align(spec_of("notices"), read_backend(backend)))
    own = dict(made.own)
    for path, (old, new) in edited.items():
        text = own[path].decode()
        assert old in text
        own[path] = text.replace(old, new).encode()
    artifacts = Artifacts(made.plan, own, made.main, made.manifest)
    evidence = verify(artifacts, lambda _: None, (check_tests,))
    return next(check for check in evidence.checks if check.check == "tests")


def test_a_test_that_the_request_refutes_is_left_out_by_name(
    backend: Path, plan_wrongly: Plant
) -> None:
    plan_wrongly("ACCESS", '{}, [], "DELETE"', "403", "404")
    heard: list[Announcement] = []

    build = build_into(backend, NOTICES.read_bytes(), heard.append)

    assert build.status == "complete", what_failed(build)
    said = [str(one) for one in heard]
    assert any("LEAVING OUT 2 TESTS THAT THE REQUEST REFUTES" in one for one in said)
    manifest = read_manifest((backend / ".petsage/notices.json").read_bytes())
    [(many, name, row)] = manifest.left_out
    assert build.left_out == [(many, name, row)]
    assert (many, name) == ("notices", "ACCESS")
    report = next(str(one) for one in heard if isinstance(one, Report))
    assert f"- `notices`, `ACCESS`: `{row}`" in report
    text = receipt_text(build)
    told = {"rows": "notices", "table": "ACCESS", "row": row}
    assert json.loads(text)["left_out"] == [told]
    assert '{}, [], "DELETE"' in row
    assert row not in (backend / "tests/test_notices.py").read_text("utf-8")

    again = build_into(backend, NOTICES.read_bytes())
    features, problems = check_backend(backend)
    verdict = prove_again(
        backend, read_receipt(Payload(text.encode(), "test")), lambda _: None
    )

    assert again.status == "unchanged"
    assert features == ["notices (1 test left out)"]
    assert not [p for p in problems if "notices" in p.where]
    assert verdict.reproduced
    assert verdict.holds
    assert f"left out of the tests: notices, ACCESS: {row}" in as_text(verdict)

    # What somebody adds to the manifest is found out by the next build.
    path = backend / ".petsage/notices.json"
    forged = json.loads(path.read_text("utf-8"))
    forged["left_out"] += [["notices", "CREATED", "NOTICE, 0"]]
    path.write_text(json.dumps(forged), "utf-8")

    mended = build_into(backend, NOTICES.read_bytes())

    assert mended.status == "complete", what_failed(mended)
    assert mended.left_out == [(many, name, row)]
    assert read_manifest(path.read_bytes()) == manifest


def test_no_part_of_a_request_is_left_without_its_only_test(
    backend: Path, plan_wrongly: Plant
) -> None:
    plan_wrongly("DEFAULTS", "NOTICE", '"published": False', '"published": True')

    build = build_into(backend, NOTICES.read_bytes(), dry_run=True)

    assert build.status == "failed"
    failed = what_failed(build)
    assert "left without a test" in failed
    assert "requirements.resources.notice.fields.published.default" in failed


def test_no_test_is_left_out_where_the_service_is_wrong_too(
    backend: Path, plan_wrongly: Plant
) -> None:
    plan_wrongly("ACCESS", '{}, [], "DELETE"', "403", "404")
    access = "app/features/notices/access.py"

    check = checked(backend, {access: ('actor.has("admin")', 'actor.has("vet")')})

    assert check.outcome == "failed"
    assert check.refuted == ()


def test_what_the_service_does_otherwise_is_said_of_the_request(backend: Path) -> None:
    access = "app/features/notices/access.py"
    edited = {access: ("Notice.owner_id == actor.id", "Notice.owner_id != actor.id")}

    check = checked(backend, edited)

    assert check.outcome == "failed"
    assert check.refuted == ()
    assert "a second reading of the request says" in check.detail
    assert "answers 403 You may not do this., and not 200" in check.detail


def test_a_scenario_is_never_left_out(backend: Path) -> None:
    said = payload("notices")
    scenario = {
        "name": "Nobody else deletes a notice",
        "given": [{"notice": {}, "as": "owner"}],
        "as": "other",
        "when": "DELETE /notices/{notice}",
        "then": {"status": 404},
    }
    said["requirements"]["scenarios"] = [scenario]

    build = build_into(backend, json.dumps(said).encode())

    assert build.status == "failed"
    assert build.left_out == []
    assert "what the scenario does not: see tests/test_notices.py" in what_failed(build)


def test_a_test_that_passes_when_it_runs_again_is_not_refuted() -> None:
    test = Ran("tests/test_notices.py::TestNotice::test_it[sqlite]", "ACCESS 0")
    name = "tests.test_notices.TestNotice::test_it[sqlite]"
    read: dict[str, Any] = {"wrong": [], "unsaid": [], "requests": 3, "refused": False}

    assert not [*upheld(test, {name: read | {"failed": True}})]
    assert [*upheld(test, {name: read | {"failed": False}})] == [
        f"that {test.test} passes when it runs again"
    ]
