"""Tests of a feature that is built again from another payload."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from petsage_builder.align import align
from petsage_builder.allowances import Allowances
from petsage_builder.analyze import analyze
from petsage_builder.blueprint.backend import read_backend
from petsage_builder.conformance import check_backend
from petsage_builder.decode import decode
from petsage_builder.errors import RefusedError
from petsage_builder.generate import generate
from petsage_builder.receive import Payload
from petsage_builder.transaction import apply
from petsage_builder.verify import verify
from petsage_builder.verify.behaviour import check_served
from tests.builder.conftest import build_into, payload, what_failed

STEPS = {"up_to": {"type": "integer", "ge": 1, "le": 1000}}
TITLE = {"title": {"type": "string", "max_length": 80}}
NOTE = {"note": {"type": "string", "max_length": 200, "optional": True}}


def goals(fields: dict[str, Any], **more: object) -> bytes:
    """Return the payload of a feature with one resource."""
    goal = {
        "owned_by": "user",
        "fields": fields,
        "access": {"create": ["user"], "get": ["owner"], "update": ["owner"]},
        **more,
    }
    request = {
        "feature": "goals",
        "description": "Owners set themselves goals.",
        "requirements": {"resources": {"goal": goal}},
    }
    return json.dumps(request).encode()


BUILT = goals({**TITLE, **STEPS, **NOTE})


@pytest.fixture(scope="session")
def with_goals(skeleton: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a backend that has the feature."""
    root = Path(shutil.copytree(skeleton, tmp_path_factory.mktemp("goals") / "backend"))
    spec = analyze(decode(Payload(BUILT, "test")))
    apply(root, generate(align(spec, read_backend(root))).changes)
    return root


NARROWED = goals({**TITLE, "up_to": {**STEPS["up_to"], "le": 500}, **NOTE})


def test_a_rebuild_that_breaks_clients_does_not_hold(with_goals: Path) -> None:
    spec = analyze(decode(Payload(NARROWED, "test")))
    artifacts = generate(align(spec, read_backend(with_goals)))

    found = verify(artifacts, lambda _: None, [check_served])

    (failure,) = found.failures
    assert failure.check == "compatibility"
    assert failure.detail.splitlines() == [
        "PATCH /goals/{goal_id}, body, up_to: maximum 1000 -> maximum 500",
        "POST /goals/, body, up_to: maximum 1000 -> maximum 500",
        "this breaks clients; accepted: what they use as it was, or --allow-breaking",
    ]


def test_a_field_goes_if_that_is_allowed_and_it_is_told(
    with_goals: Path, tmp_path: Path
) -> None:
    root = Path(shutil.copytree(with_goals, tmp_path / "backend"))
    everything = Allowances(breaking=True, destructive=True)
    without = goals({**TITLE, **STEPS})

    build = build_into(root, without, allowances=everything)

    assert build.status == "complete", what_failed(build)
    assert build.evidence is not None
    details = {check.check: check.detail for check in build.evidence.checks}
    assert details["compatibility"] == (
        "allowed: GET /goals/{goal_id}, 200, note: is gone; "
        "PATCH /goals/{goal_id}, body, note: is gone; "
        "PATCH /goals/{goal_id}, 200, note: is gone; "
        "POST /goals/, body, note: is gone; POST /goals/, 201, note: is gone; "
        "added: nothing"
    )
    assert check_backend(root) == (["goals"], [])


TEXT = "sa.String({}), nullable=False"
NEW = "would be new, and is not in a database that was migrated already"
FOR_ALL = {"create": ["admin"], "get": ["user"], "update": ["admin"]}
STORED: dict[str, tuple[bytes, str]] = {
    "a column that goes": (
        goals({**TITLE, **STEPS}),
        "the column goals.note would go",
    ),
    "a column that takes less": (
        goals({"title": {**TITLE["title"], "max_length": 40}, **STEPS, **NOTE}),
        f"the column goals.title would change: {TEXT.format(80)} -> {TEXT.format(40)}",
    ),
    "a column that is new": (
        goals({**TITLE, **STEPS, **NOTE, "n": {"type": "integer"}}),
        f"the column goals.n {NEW}",
    ),
    "a constraint that is new": (
        goals({"title": {**TITLE["title"], "unique": True}, **STEPS, **NOTE}),
        f"the constraint uq_goals_title {NEW}",
    ),
    "an index that is new": (
        goals(
            {**TITLE, **STEPS, **NOTE},
            access={"create": ["user"], "get": ["owner"], "list": ["owner"]},
            list={"sort": ["up_to"]},
        ),
        f"the index ix_goals_owner_id_up_to_id {NEW}",
    ),
    "a table of another name": (
        goals({**TITLE, **STEPS, **NOTE}, plural="aims"),
        "the table goals would go",
    ),
    "rows from the beginning": (
        goals(
            {**TITLE, **STEPS, **NOTE},
            seed=[{"title": "Walk", "up_to": 5}],
            owned_by=None,
            access=FOR_ALL,
        ),
        f"what goals begins with {NEW}",
    ),
    "no table at all": (payload("goals"), "the table goals would go"),
}


@pytest.mark.parametrize("name", STORED)
def test_what_is_stored_is_not_made_otherwise_unless_that_is_allowed(
    with_goals: Path, name: str
) -> None:
    content, what = STORED[name]
    spec = analyze(decode(Payload(content, "test")))

    with pytest.raises(RefusedError) as refused:
        align(spec, read_backend(with_goals))

    problems = refused.value.problems
    assert what in [problem.what for problem in problems]
    assert all("--allow-destructive" in problem.accepted for problem in problems)
    align(spec, read_backend(with_goals), Allowances(destructive=True))


def test_what_is_not_stored_may_be_another(with_goals: Path) -> None:
    spec = analyze(decode(Payload(NARROWED, "test")))

    assert not align(spec, read_backend(with_goals)).allowances.destructive
