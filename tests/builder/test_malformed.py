"""Tests that each malformed payload is refused where it is wrong."""

from pathlib import Path

import pytest

from petsage_builder.build import Build
from tests.builder.conftest import build_into, tree
from tests.builder.malformed import MALFORMED


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_payload_is_refused_at_its_place(skeleton: Path, name: str) -> None:
    build: Build = build_into(skeleton, MALFORMED[name].content)

    assert build.status == "refused"
    assert build.problems[0].where == MALFORMED[name].where
    for problem in build.problems:
        assert problem.what
        assert problem.accepted


def test_refusals_write_nothing(skeleton: Path) -> None:
    before = tree(skeleton)

    for malformed in MALFORMED.values():
        build_into(skeleton, malformed.content)

    assert tree(skeleton) == before
