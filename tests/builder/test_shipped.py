"""Tests that this project's features are what its payloads make, file by file."""

from pathlib import Path

import pytest

from petsage_builder.align import align
from petsage_builder.analyze import analyze
from petsage_builder.blueprint.backend import read_backend
from petsage_builder.decode import decode
from petsage_builder.generate import generate
from petsage_builder.receive import Payload
from tests.builder.conftest import PROJECT

PAYLOADS = {path.stem: path for path in sorted((PROJECT / "payloads").iterdir())}


@pytest.mark.parametrize("path", PAYLOADS.values(), ids=PAYLOADS)
def test_a_payload_gives_its_feature_to_the_byte(path: Path) -> None:
    spec = analyze(decode(Payload(path.read_bytes(), path.name)))

    artifacts = generate(align(spec, read_backend(PROJECT)))

    assert [change.path for change in artifacts.changes] == []
