"""Tests of the two statements that make a feature part of `app/main.py`."""

import ast
from itertools import permutations

import pytest

from petsage_builder.wiring import UneditableError, is_wired, unwire, wire

MAIN = '''"""The PetSage API."""

from fastapi import FastAPI

from app.core.config import settings
from app.core.setup import install

app = FastAPI(title="PetSage API")
install(app)
'''

# What people leave in a main.py; none of it may move.
LIVED_IN = '''"""The PetSage API."""
import logging; import os  # by hand

from fastapi import FastAPI

from app.core.config import settings
# pets first
from app.features.pets.router import router as pets_router
from app.features.hand import router as something_else

app = FastAPI(
    title="PetSage API",  # a comment
)
# the pets
app.include_router(pets_router)
app.include_router(something_else, prefix="/v1")


@app.get("/")
async def read_root() -> str:
    return "form\x0cfeed"
'''

LONG = "a_feature_with_a_name_of_forty_letters_x"


def test_a_feature_is_imported_and_included() -> None:
    assert wire(MAIN, "smoke_test") == MAIN.replace(
        "import install\n",
        "import install\n"
        "from app.features.smoke_test.router import router as smoke_test_router\n",
    ).replace('API")\n', 'API")\napp.include_router(smoke_test_router)\n')


@pytest.mark.parametrize(
    "order", list(permutations(["a", "log_2", "log_10", "log_heartbeat"]))
)
def test_the_order_of_builds_does_not_matter(order: tuple[str, ...]) -> None:
    main = MAIN
    for feature in order:
        main = wire(main, feature)

    found = [line for line in main.splitlines() if "include_router" in line]
    assert found == [
        "app.include_router(a_router)",
        "app.include_router(log_2_router)",
        "app.include_router(log_10_router)",
        "app.include_router(log_heartbeat_router)",
    ]
    expected = wire(wire(wire(wire(MAIN, "a"), "log_2"), "log_10"), "log_heartbeat")
    assert main == expected


@pytest.mark.parametrize("source", [MAIN, LIVED_IN, MAIN.replace("\n", "\r\n")])
@pytest.mark.parametrize("feature", ["aa", "smoke_test", "zz", LONG])
def test_wiring_twice_is_wiring_once_and_unwiring_takes_all_of_it_back(
    source: str, feature: str
) -> None:
    wired = wire(source, feature)

    ast.parse(wired)
    assert is_wired(wired, feature)
    assert not is_wired(source, feature)
    assert wire(wired, feature) == wired
    assert unwire(wired, feature) == source


def test_lines_that_people_wrote_stay_where_they_are() -> None:
    wired = wire(LIVED_IN, "log_heartbeat")

    kept = [line for line in wired.split("\n") if "log_heartbeat" not in line]
    assert kept == LIVED_IN.split("\n")


def test_a_long_name_stays_within_the_line() -> None:
    assert max(map(len, wire(MAIN, LONG).splitlines())) <= 88


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("def", "it is not valid Python"),
        (MAIN.replace("app = FastAPI", "api = FastAPI"), "no top-level `app = FastAPI"),
        ("app = 1\n", "imports nothing from `app.core`"),
        (MAIN.replace('API")\n', 'API"); x = 1\n'), "line 8 holds two statements"),
        (MAIN.rstrip("\n"), "its last line has no end"),
    ],
)
def test_a_source_without_a_place_is_refused_with_the_reason(
    source: str, reason: str
) -> None:
    with pytest.raises(UneditableError, match=reason.replace("(", r"\(")):
        wire(source, "smoke_test")


@pytest.mark.parametrize(
    ("first", "second"),
    [("log_1", "log_01"), ("log_01", "log_1"), ("a01", "a1"), ("x_9", "x_10")],
)
def test_leading_zeros_have_their_place_too(first: str, second: str) -> None:
    one, other = wire(wire(MAIN, first), second), wire(wire(MAIN, second), first)

    assert one == other
    assert unwire(unwire(one, first), second) == MAIN
