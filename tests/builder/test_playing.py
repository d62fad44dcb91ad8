"""Tests of the search for requests that tell a mutant from the code as it is."""

import json
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from petsage_builder.align import align
from petsage_builder.artifacts import Artifacts
from petsage_builder.blueprint.backend import read_backend
from petsage_builder.conformance import check_backend
from petsage_builder.decode import JsonValue
from petsage_builder.generate import generate
from petsage_builder.manifest import read_manifest
from petsage_builder.plan import Found, ResourcesPlan, feature
from petsage_builder.plan.facts import facts_of_all
from petsage_builder.plan.found import read_found
from petsage_builder.receipt import receipt_text
from petsage_builder.receive import Payload
from petsage_builder.reproof import prove_again, read_receipt
from petsage_builder.status import Announcement, Report
from petsage_builder.verdict import as_text
from petsage_builder.verify import playing, sensitivity
from petsage_builder.verify.commands import Command
from petsage_builder.verify.mutation import Mutant, Place, resource_mutants
from petsage_builder.verify.sandbox import Completed, open_sandbox
from petsage_builder.verify.trial import Outcome, Trial, try_mutants
from tests.builder.conftest import build_into, what_failed
from tests.builder.test_cases import CASES, spec_of

SECONDS = 15  # for what is not found
LONGER = 60  # for what is, long before that, unless the machine is busy
BOOKMARKS = CASES["bookmarks"]
SERVICE = "app/features/bookmarks/service.py"
# What tests of bookmarks look at who may do what.
OF_ACCESS = {"ACCESS", "SEEN"}
DELETED: dict[str, JsonValue] = {
    "drawn": 12,
    "before": [
        {
            "who": "owner",
            "method": "POST",
            "path": "/bookmarks/",
            "body": {"url": "https://a.example/", "title": "A"},
            "called": "bookmark_1",
        }
    ],
    "ask": {"who": "other", "method": "DELETE", "path": "/bookmarks/{bookmark_1}"},
    "status": 404,
    "message": "Bookmark {bookmark_1} not found.",
}


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look no longer than it takes."""
    monkeypatch.setattr(playing, "SECONDS", SECONDS)


def made_without(backend: Path, tables: Collection[str]) -> Artifacts:
    """Generate bookmarks without some tables of its tests."""
    plan = align(spec_of("bookmarks"), read_backend(backend))
    assert isinstance(plan, ResourcesPlan)
    gone = (
        (many, fact.table, fact.row)
        for many, facts in plan.facts.items()
        for fact in facts
        if fact.table in tables
    )
    return generate(plan.without(gone))


def mutants_of(artifacts: Artifacts, what: str) -> list[Mutant]:
    """Return the mutants of the service of which something is said."""
    sources = {
        path: content.decode()
        for path, content in artifacts.own.items()
        if path.startswith("app/") and path.endswith(".py")
    }
    return [mutant for mutant in resource_mutants(sources) if what in mutant.what]


def edited(artifacts: Artifacts, path: str, old: str, new: str) -> Artifacts:
    """Return artifacts of which a text in a file is another one."""
    text = artifacts.own[path].decode()
    assert old in text
    own = {**artifacts.own, path: text.replace(old, new).encode()}
    return Artifacts(artifacts.plan, own, artifacts.main, artifacts.manifest)


def play(artifacts: Artifacts, mutants: list[Mutant]) -> list[playing.Played]:
    """Look for what tells some mutants apart."""
    with open_sandbox(backend=artifacts.applied) as sandbox:
        return playing.play(sandbox, artifacts, mutants, 12)


def test_a_request_is_found_that_a_mutant_answers_otherwise(
    backend: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playing, "SECONDS", LONGER)
    artifacts = made_without(backend, OF_ACCESS)
    mutants = mutants_of(artifacts, "visible does not ask own_bookmarks(actor)")
    plan = artifacts.plan
    assert isinstance(plan, ResourcesPlan)

    played = play(artifacts, mutants)

    found = [one.found for one in played if one.found]
    assert len(found) == len(mutants)
    assert {one.status for one in found} == {404}
    assert {one.ask.method for one in found} <= {"GET", "PATCH", "DELETE"}
    assert all(one.tried > 0 for one in played)

    # They are tests now, and the mutants are noticed.
    told = generate(plan.telling(found))
    with open_sandbox(backend=told.applied) as sandbox:
        trial = try_mutants(sandbox, plan.names.test, mutants)
    assert not trial.faults
    assert all(outcome.noticed for _, outcome in trial.outcomes)
    text = told.own["tests/test_bookmarks.py"].decode()
    assert text.count("Scenario(") == len(found)


def test_nothing_is_found_of_a_mutant_that_answers_the_same(backend: Path) -> None:
    artifacts = made_without(backend, OF_ACCESS)
    (silent, *_) = mutants_of(artifacts, "nothing is logged")
    same = replace(silent, kind="equal", text=artifacts.own[SERVICE].decode())

    unplayed, played = play(artifacts, [silent, same])

    assert unplayed == playing.Played(None, 0)
    assert played.found is None
    assert played.tried > 0


def test_no_test_comes_of_a_service_that_is_wrong(backend: Path) -> None:
    """Code that shows what it must not is broken so that it does not."""
    right = made_without(backend, OF_ACCESS)
    asks = "return Bookmark.owner_id == actor.id"
    access = "app/features/bookmarks/access.py"
    wrong = edited(right, access, asks, "return Bookmark.owner_id != actor.id")
    place = mutants_of(right, "every row, and not Bookmark.owner_id")[0].place
    mended = right.own[access].decode()
    mutant = Mutant(access, "own_is_all", "as it should be", mended, place)

    (played,) = play(wrong, [mutant])

    assert played.tried > 0
    assert played.found is None


@pytest.fixture
def plan_without(monkeypatch: pytest.MonkeyPatch) -> Callable[[Collection[str]], None]:
    """Return how to let tables of the tests not be planned."""

    def plan(tables: Collection[str]) -> None:
        def planned(testing: Any) -> Any:  # noqa: ANN401 - facts by what they are about
            return {
                many: tuple(fact for fact in facts if fact.table not in tables)
                for many, facts in facts_of_all(testing).items()
            }

        monkeypatch.setattr(feature, "facts_of_all", planned)

    return plan


def test_what_was_found_becomes_a_part_of_the_feature(
    backend: Path,
    plan_without: Callable[[Collection[str]], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(playing, "SECONDS", LONGER)
    plan_without(OF_ACCESS)
    heard: list[Announcement] = []

    build = build_into(backend, BOOKMARKS.read_bytes(), heard.append)

    assert build.status == "complete", what_failed(build)
    assert build.found
    said = [str(one) for one in heard]
    assert any("THAT TELL BROKEN CODE APART. VERIFYING AGAIN." in one for one in said)
    report = next(str(one) for one in heard if isinstance(one, Report))
    assert all(f"- `{one.said}`" in report for one in build.found)
    assert "Tests that are added" in report
    manifest = read_manifest((backend / ".petsage/bookmarks.json").read_bytes())
    assert read_found(manifest.found) == tuple(build.found)
    text = receipt_text(build)
    assert len(json.loads(text)["found"]) == len(build.found)
    # Those that were drawn when the last was found are tried again.
    drawn = max(one.drawn for one in build.found)
    mutants = next(c for c in build.evidence.checks if c.check == "mutants")  # type: ignore[union-attr]
    assert f"the tests notice each of {drawn} mutants of the code" in mutants.detail

    again = build_into(backend, BOOKMARKS.read_bytes())
    features, problems = check_backend(backend)
    receipt = read_receipt(Payload(text.encode(), "test"))
    verdict = prove_again(backend, receipt, lambda _: None)

    assert again.status == "unchanged"
    number = len(build.found)
    assert features == [f"bookmarks ({number} test{'s' * (number > 1)} added)"]
    assert not [p for p in problems if "bookmarks" in p.where]
    assert verdict.reproduced
    assert verdict.holds
    assert f"added to the tests: {build.found[0].said}" in as_text(verdict)

    # What somebody spoils in the manifest is found out by the next build.
    path = backend / ".petsage/bookmarks.json"
    spoiled = json.loads(path.read_text("utf-8"))
    spoiled["found"][0]["status"] = "none"
    path.write_text(json.dumps(spoiled), "utf-8")

    planned = align(spec_of("bookmarks"), read_backend(backend))

    assert isinstance(planned, ResourcesPlan)
    assert planned.found == ()
    assert generate(planned).changes


def test_what_was_found_reads_like_a_scenario(backend: Path) -> None:
    artifacts = made_without(backend, ())
    plan = artifacts.plan
    assert isinstance(plan, ResourcesPlan)

    told = generate(plan.telling([Found.model_validate(DELETED)]))

    text = " ".join(told.own["tests/test_bookmarks.py"].decode().split())
    assert 'name="other: DELETE /bookmarks/{bookmark_1} after a step"' in text
    assert 'Asked( "owner", "POST /bookmarks/", body={' in text
    assert 'called="bookmark_1"' in text
    assert 'status=404, message="Bookmark {bookmark_1} not found."' in text
    assert told.manifest != artifacts.manifest
    assert generate(plan.telling(())).manifest == artifacts.manifest


def otherwise(**parts: JsonValue) -> Found:
    """Return what was found, but for some parts."""
    return Found.model_validate(DELETED | parts)


@pytest.mark.parametrize(
    "spoiled",
    [
        otherwise(ask={"who": "owner", "method": "GET", "path": "/pets/"}),
        otherwise(before=[{"table": "pets", "row": "{pet_1}", "values": {}}]),
        otherwise(shown={"created_at": {"$moment": 1e300}}),
    ],
    ids=["another feature", "no table", "no time"],
)
def test_what_cannot_be_told_of_a_feature_is_neither_kept_nor_counted(
    backend: Path, spoiled: Found
) -> None:
    artifacts = made_without(backend, ())
    plan = artifacts.plan
    assert isinstance(plan, ResourcesPlan)
    right = otherwise()

    told = generate(plan.telling([spoiled, right]))

    assert read_found(read_manifest(told.manifest).found) == (right,)
    assert generate(plan.telling([spoiled])).manifest == artifacts.manifest


@pytest.mark.parametrize(
    "spoiled",
    [
        DELETED | {"status": "gone"},
        DELETED | {"more": 1},
        DELETED | {"ask": {}},
        "DELETE /bookmarks/",
    ],
)
def test_what_was_spoiled_is_not_remembered(spoiled: JsonValue) -> None:
    assert read_found([DELETED]) == (Found.model_validate(DELETED),)
    assert read_found([DELETED, spoiled]) == ()


# How many mutants are drawn.


class Draw:
    """Trials in which some mutants are not noticed, by their place in the order."""

    def __init__(self, missed: Collection[int], found: Collection[int]) -> None:
        """Take which no test notices, and of which something is found."""
        self.missed, self.found = missed, found
        self.tried: list[int] = []

    def try_mutants(self, _: object, __: str, mutants: list[Mutant]) -> Trial:
        """Say which of a batch are noticed."""
        first = sum(self.tried)
        self.tried.append(len(mutants))
        outcomes = [
            (mutant, Outcome("passed" if number in self.missed else "failed", None, 1))
            for number, mutant in enumerate(mutants, first)
        ]
        done = Completed(0, "", "", 0.1)
        return Trial(Command("python", ()), done, 6, tuple(outcomes), ())

    def play(
        self, _: object, __: object, mutants: list[Mutant], drawn: int
    ) -> list[playing.Played]:
        """Say what is found of those that were not noticed."""
        numbers = [n for n in self.missed if drawn - self.tried[-1] <= n < drawn]
        assert len(numbers) == len(mutants)
        one = Found.model_validate(DELETED)
        found = (one.model_copy(update={"status": 400 + n}) for n in numbers)
        return [
            playing.Played(story if n in self.found else None, 900)
            for n, story in zip(numbers, found, strict=True)
        ]


@pytest.mark.parametrize(
    ("draw", "tried", "told"),
    [
        (Draw([], []), [12], []),
        (Draw([3], [3]), [12, 12], [403]),
        (Draw([3, 14], [3, 14]), [12, 12, 12], [403, 414]),
        (Draw([3, 14], [3]), [12, 12], []),
        (Draw([3], []), [12], []),
        (Draw([3, 4], [4]), [12], []),
        (Draw(range(0, 72, 9), range(0, 72, 9)), [12] * 6, [*range(400, 472, 9)]),
    ],
    ids=["none", "one", "two", "half", "nothing", "beside", "many"],
)
def test_a_dozen_more_is_drawn_until_each_is_noticed(
    backend: Path,
    monkeypatch: pytest.MonkeyPatch,
    draw: Draw,
    tried: list[int],
    told: list[int],
) -> None:
    missed = draw.missed
    monkeypatch.setattr(sensitivity, "try_mutants", draw.try_mutants)
    monkeypatch.setattr(sensitivity, "play", draw.play)
    place = Place("", 1, 1)
    mutants = [Mutant("a/service.py", "no_log", f"{n}", "", place) for n in range(90)]
    monkeypatch.setattr(sensitivity, "in_turn", lambda _: mutants)
    artifacts = made_without(backend, ())

    with open_sandbox(backend={}) as sandbox:
        (check,) = sensitivity.check_sensitivity(sandbox, artifacts)

    assert draw.tried == tried
    assert [one.status for one in check.found] == told
    assert {one.drawn for one in check.found} <= {sum(tried)}
    assert check.outcome == ("failed" if missed else "passed")
    if missed and not told:
        assert "nothing is answered otherwise, of 900 ways" in check.detail


def test_all_that_were_drawn_are_tried_with_what_was_found(
    backend: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = Draw([], [])
    monkeypatch.setattr(sensitivity, "try_mutants", draw.try_mutants)
    plan = made_without(backend, ()).plan
    assert isinstance(plan, ResourcesPlan)
    found = [Found.model_validate(DELETED | {"drawn": drawn}) for drawn in (24, 36)]

    with open_sandbox(backend={}) as sandbox:
        (check,) = sensitivity.check_sensitivity(sandbox, generate(plan.telling(found)))

    assert draw.tried == [min(36, len(mutants_of(made_without(backend, ()), "")))]
    assert check.outcome == "passed"
