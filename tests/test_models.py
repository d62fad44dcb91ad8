"""Tests of what the models of features are made of."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, ValidationError

from app.core.models import (
    UNCHANGED,
    Day,
    Flag,
    Input,
    Line,
    Moment,
    NumberOnly,
    PastDay,
    Patch,
    Secret,
    Text,
)

TODAY = datetime.now(UTC).date()


class Everything(Input):
    """One field of each type."""

    text: Text = ""
    line: Line = "x"
    secret: Secret = Field(default=..., max_length=10)
    flag: Flag = True
    pieces: Annotated[int, Field(ge=1, le=10), NumberOnly] = 1
    rating: Annotated[float, Field(allow_inf_nan=False), NumberOnly] = 1.0
    day: Day = TODAY
    past: PastDay = TODAY
    moment: Moment = datetime.now(UTC)


def read(**fields: Any) -> Any:  # noqa: ANN401 - as a caller sends it
    (name,) = fields
    return getattr(Everything.model_validate({"secret": "x"} | fields), name)


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("text", "", ""),
        ("text", "a\nb 🐈", "a\nb 🐈"),
        ("line", " x ", " x "),
        ("flag", False, False),
        ("pieces", 10.0, 10),
        ("rating", 3, 3.0),
        ("day", "0001-01-01", date(1, 1, 1)),
        ("past", TODAY.isoformat(), TODAY),
        (
            "moment",
            "2026-03-01T03:04:05+05:30",
            datetime(2026, 2, 28, 21, 34, 5, tzinfo=UTC),
        ),
    ],
)
def test_what_is_meant_is_accepted(name: str, given: object, expected: object) -> None:
    assert read(**{name: given}) == expected


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("text", "a\u0000b"),
        ("text", "\ud800"),
        ("text", 1),
        ("line", ""),
        ("line", " \n"),
        ("secret", "\ud800"),
        ("secret", "x" * 11),
        ("flag", "yes"),
        ("flag", 1),
        ("pieces", "5"),
        ("pieces", True),
        ("pieces", 5.5),
        ("pieces", 0),
        ("pieces", 11),
        ("rating", "1"),
        ("rating", float("nan")),
        ("day", 0),
        ("day", "2026-02-30"),
        ("past", (TODAY + timedelta(days=1)).isoformat()),
        ("moment", "2026-03-01T03:04:05"),
        ("moment", 0),
        ("moment", "0001-01-01T00:00:00+14:00"),
        ("mistyped", 1),
    ],
)
def test_what_may_be_meant_otherwise_is_refused(name: str, given: object) -> None:
    with pytest.raises(ValidationError) as refusal:
        read(**{name: given})

    assert [error["loc"] for error in refusal.value.errors()] == [(name,)]


def test_openapi_shows_the_limits() -> None:
    properties = Everything.model_json_schema()["properties"]

    assert properties["pieces"]["minimum"] == 1
    assert properties["pieces"]["maximum"] == 10
    assert properties["text"]["pattern"] == r"^[^\x00]*$"


class ToyPatch(Patch):
    """Changes to a toy."""

    name: Line = UNCHANGED
    price: int | None = UNCHANGED


class Toy(BaseModel):
    """What is changed."""

    name: str = "ball"
    price: int | None = 1


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ({}, Toy()),
        ({"name": "mouse"}, Toy(name="mouse")),
        ({"price": None}, Toy(price=None)),
    ],
)
def test_a_patch_changes_what_it_mentions(
    patch: dict[str, object], expected: Toy
) -> None:
    toy = Toy()

    ToyPatch.model_validate(patch).apply_to(toy)

    assert toy == expected


def test_a_patch_clears_only_what_may_be_null() -> None:
    with pytest.raises(ValidationError, match="name"):
        ToyPatch.model_validate({"name": None})


def test_openapi_shows_no_default_of_a_patch() -> None:
    schema = ToyPatch.model_json_schema()

    assert "required" not in schema
    assert not any("default" in field for field in schema["properties"].values())
