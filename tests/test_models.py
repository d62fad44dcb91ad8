"""Tests of what the models of features are made of."""

import json
import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any

import pytest
import schemathesis
from fastapi import FastAPI, Query
from hypothesis import HealthCheck, settings
from pydantic import BaseModel, Field, ValidationError
from schemathesis import Case

from app.core.application import install
from app.core.config import Settings
from app.core.decimals import Exact
from app.core.json_values import Json
from app.core.models import (
    INT64_MAX,
    INT64_MIN,
    UNCHANGED,
    UNSTATED,
    Day,
    Email,
    Flag,
    FutureDay,
    FutureMoment,
    Input,
    Integer,
    Line,
    Moment,
    NoNul,
    NumberOnly,
    PastDay,
    PastMoment,
    Patch,
    Phone,
    Secret,
    Slug,
    Text,
    TextOrEmpty,
    TimeOfDay,
    WebAddress,
    not_after,
    not_before,
)
from app.core.spans import SIGNED_PATTERN, Span, write_span

NOW = datetime.now(UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
DEEP = "[" * 20 + "]" * 20


class Everything(Input):
    """One field of each type."""

    text: TextOrEmpty = ""
    words: Text = "x"
    line: Line = "x"
    secret: Secret = Field(default=..., max_length=10)
    flag: Flag = True
    pieces: Annotated[int, Field(ge=1, le=10), NumberOnly] = 1
    rating: Annotated[float, Field(allow_inf_nan=False), NumberOnly] = 1.0
    day: Day = TODAY
    past: PastDay = TODAY
    in_twenties: Annotated[
        Day, not_before(date(2020, 1, 1)), not_after(date(2029, 12, 31))
    ] = date(2024, 5, 4)
    until: Annotated[Moment, not_after(datetime(2030, 1, 1, tzinfo=UTC))] = NOW
    future: FutureDay = TODAY
    moment: Moment = NOW
    been: PastMoment = NOW
    to_come: FutureMoment = NOW
    email: Email = ""
    website: WebAddress = ""
    phone: Phone = ""
    slug: Slug = ""
    code: Annotated[str, Field(pattern="^[^-]+$"), NoNul] = ""
    opens_at: TimeOfDay = time(9)
    lasts: Span = MINUTE
    serial: Integer = 0
    weight: Annotated[Decimal, Exact(5, 2, gt=0)] = Decimal(1)
    change: Annotated[Decimal, Exact(5, 2, ge=-1, lt=Decimal("2.5"))] = Decimal(1)
    dose: Annotated[Decimal, Exact(38, 18, le=7)] = Decimal(1)
    share: Annotated[Decimal, Exact(2, 2)] = Decimal(0)
    whole: Annotated[Decimal, Exact(3, 0)] = Decimal(0)
    anything: Json | None = None
    something: Json = 0


def read(**fields: Any) -> Any:
    (name,) = fields
    return getattr(Everything.model_validate({"secret": "x"} | fields), name)


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("text", "", ""),
        ("text", "a\nb 🐈", "a\nb 🐈"),
        ("words", " a\nb ", " a\nb "),
        ("line", " x ", " x "),
        ("flag", False, False),
        ("pieces", 10.0, 10),
        ("rating", 3, 3.0),
        ("day", "0001-01-01", date(1, 1, 1)),
        pytest.param("past", TODAY.isoformat(), TODAY, id="past"),
        (
            "moment",
            "2026-03-01T03:04:05+05:30",
            datetime(2026, 2, 28, 21, 34, 5, tzinfo=UTC),
        ),
        (
            "moment",
            "2026-03-01t03:04:05.5z",
            datetime(2026, 3, 1, 3, 4, 5, 500_000, UTC),
        ),
        pytest.param("future", TODAY.isoformat(), TODAY, id="future"),
        pytest.param("been", (NOW - MINUTE).isoformat(), NOW - MINUTE, id="been"),
        pytest.param("to_come", (NOW + DAY).isoformat(), NOW + DAY, id="to_come"),
        ("email", "Ada@Example.com", "ada@example.com"),
        ("opens_at", "23:59", time(23, 59)),
        ("lasts", "P2W", timedelta(days=14)),
        ("lasts", "P1DT90M", timedelta(days=1, minutes=90)),
        ("lasts", "PT0000.5S", timedelta(microseconds=500_000)),
        ("serial", 3.0, 3),
        ("weight", 4, Decimal(4)),
        ("weight", 4.2, Decimal("4.20")),
        ("weight", "1e2", Decimal(100)),
        ("change", -0.0, Decimal(0)),
    ],
)
def test_what_is_meant_is_accepted(name: str, given: object, expected: object) -> None:
    assert read(**{name: given}) == expected


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("text", "a\u0000b"),
        ("something", None),
        ("text", "\ud800"),
        ("text", 1),
        ("words", ""),
        ("words", " \n"),
        ("words", "a\0"),
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
        ("day", "2026-02-03T00:00:00Z"),
        ("day", "2026-02-03 00:00"),
        ("day", "1770076800"),
        pytest.param("past", (TODAY + timedelta(days=1)).isoformat(), id="past"),
        ("moment", "2026-03-01T03:04:05"),
        ("moment", 0),
        ("moment", "1770076800"),
        ("moment", "2026-03-01"),
        ("moment", "2026-03-01 03:04Z"),
        ("moment", "2026-03-01_03:04:05Z"),
        ("moment", "2026-03-01T03:04:05+0100"),
        ("moment", "0001-01-01T00:00:00+14:00"),
        ("mistyped", 1),
        ("email", "ada"),
        ("email", "a\u0000@example.com"),
        ("website", "example.com"),
        ("website", "ftp://example.com"),
        ("website", "javascript:alert(1)"),
        ("website", "https://"),
        ("website", "https:///a"),
        ("website", "https://example.com/a b"),
        ("website", "https://example.com/\u0000"),
        ("website", "https://example.com/é"),
        ("website", "https://example.com/\n"),
        ("website", "https://example.com/" + "a" * 1981),
        ("phone", "0316123456"),
        ("phone", "+0316123456"),
        ("phone", "+43 316 123456"),
        ("phone", "+123456"),
        ("phone", "+1234567890123456"),
        ("phone", "+43316123456\n"),
        ("phone", "+٤٣٣١٦١٢٣٤٥٦"),
        ("slug", ""),
        ("slug", "Vet"),
        ("slug", "-vet"),
        ("slug", "vet--clinic"),
        ("slug", "vet-clinic\n"),
        ("opens_at", "24:00"),
        ("opens_at", "9:00"),
        ("opens_at", "09:00Z"),
        ("opens_at", "09:00:00+02:00"),
        ("opens_at", "09:00:00.1234567"),
        ("opens_at", "09:00\n"),
        ("opens_at", 9),
        ("lasts", 60),
        ("lasts", "60"),
        ("lasts", "1:00:00"),
        ("lasts", "P1Y"),
        ("lasts", "P1M"),
        ("lasts", "-P1D"),
        ("lasts", "P"),
        ("lasts", "P1DT"),
        ("lasts", "PT1.5H"),
        ("lasts", "PT0.1234567S"),
        ("lasts", "PT1S\n"),
        ("serial", "1"),
        ("serial", True),
        ("serial", INT64_MAX + 1),
        ("serial", INT64_MIN - 1),
        ("weight", "NaN"),
        ("weight", "Infinity"),
        ("weight", float("nan")),
        ("weight", float("inf")),
        ("weight", True),
        ("weight", None),
        *(
            ("weight", text)
            for text in (
                "",
                "+1",
                "1.",
                ".5",
                "01",
                " 1 ",
                "1_0",
                "\uff11",
                "1\n",
                "0x1",
            )
        ),
        ("anything", [NOW]),
    ],
)
def test_what_may_be_meant_otherwise_is_refused(name: str, given: object) -> None:
    with pytest.raises(ValidationError) as refusal:
        read(**{name: given})

    assert [error["loc"] for error in refusal.value.errors()] == [(name,)]


@pytest.mark.parametrize(
    ("name", "given", "detail"),
    [
        pytest.param(
            "past", (TODAY + DAY).isoformat(), "must not be in the future", id="past"
        ),
        ("in_twenties", "2019-12-31", "must be at least 2020-01-01"),
        ("in_twenties", "2030-01-01", "must be at most 2029-12-31"),
        ("until", "2030-01-01T00:00:01Z", "must be at most 2030-01-01T00:00:00Z"),
        pytest.param(
            "future", (TODAY - DAY).isoformat(), "must not be in the past", id="future"
        ),
        pytest.param(
            "been", (NOW + DAY).isoformat(), "must not be in the future", id="been"
        ),
        pytest.param(
            "to_come",
            (NOW - MINUTE).isoformat(),
            "must not be in the past",
            id="to_come",
        ),
        (
            "moment",
            "0001-01-01T00:00:00+14:00",
            "must be between the years 1 and 9999 in UTC",
        ),
        ("code", "a\u0000b", "must not hold NUL"),
        ("secret", "\ud800", "must be Unicode"),
        ("lasts", "P36500DT0.000001S", "must be at most 36500 days"),
        ("lasts", "P999999W", "must be at most 36500 days"),
        ("lasts", "PT999999999H", "must be at most 36500 days"),
        ("weight", "0.00", "must be above 0"),
        ("weight", 0, "must be above 0"),
        ("weight", -0.01, "must be above 0"),
        ("weight", "1000", "must be at most 999.99"),
        ("weight", "1e999", "must be at most 999.99"),
        ("weight", int("9" * 400), "must be at most 999.99"),
        ("weight", "1.001", "must have at most 2 decimal places"),
        ("weight", 0.1 + 0.2, "must have at most 2 decimal places"),
        ("weight", 1e-05, "must have at most 2 decimal places"),
        ("change", "-1.01", "must be at least -1"),
        ("change", "2.5", "must be below 2.5"),
        ("dose", "7.000000000000000001", "must be at most 7"),
        ("share", "1", "must be at most 0.99"),
        ("whole", "1000", "must be at most 999"),
        ("whole", "1.0", "must have at most 0 decimal places"),
        ("anything", json.loads(f"[{DEEP}]"), "must have at most 20 levels"),
        ("anything", "a" * 16_383, "must have at most 16384 bytes as JSON"),
        ("anything", "é" * 8_192, "must have at most 16384 bytes as JSON"),
        ("anything", [{"a": "\u0000"}], "must not hold NUL"),
        ("anything", {"\u0000": 1}, "must not hold NUL"),
        ("anything", {"a": ["\ud800"]}, "must be Unicode"),
        ("anything", {"\ud800": 1}, "must be Unicode"),
        ("anything", [2**63], "must not hold a number beyond 64 bits"),
        ("anything", -(2**63) - 1, "must not hold a number beyond 64 bits"),
        ("anything", 1e19, "must not hold a number beyond 64 bits"),
        ("anything", float("inf"), "must not hold a number beyond 64 bits"),
        ("anything", float("nan"), "must not hold a number beyond 64 bits"),
    ],
)
def test_a_rule_that_no_schema_can_state_has_a_text(
    name: str, given: object, detail: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        read(**{name: given})

    details = [error["msg"] for error in refusal.value.errors()]
    assert details == [f"Value error, {detail}"]
    assert UNSTATED.fullmatch(detail)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("email", "ada@example.com"),
        ("website", "https://example.com/clinics?city=Graz#map"),
        ("website", "http://[::1]:8000"),
        ("website", "https://example.com/" + "a" * 1980),
        ("phone", "+1234567"),
        ("phone", "+123456789012345"),
        ("slug", "vet-clinic-24"),
        ("code", "a"),
        ("opens_at", "00:00:00"),
        ("opens_at", "23:59:59.000001"),
        ("lasts", "PT0S"),
        ("lasts", "PT1H1S"),
        ("lasts", "P1DT1H30M0.000001S"),
        ("lasts", "PT1M0.5S"),
        ("lasts", "PT1H30M"),
        ("lasts", "P400D"),
        ("lasts", "P36500D"),
        ("serial", INT64_MAX),
        ("serial", INT64_MIN),
        ("weight", "0.01"),
        ("weight", "4.20"),
        ("weight", "999.99"),
        ("change", "-1.00"),
        ("change", "2.49"),
        ("dose", "-99999999999999999999.999999999999999999"),
        ("share", "-0.99"),
        ("whole", "999"),
        ("anything", None),
        ("anything", json.loads(DEEP)),
        ("anything", "a" * 16_382),
        (
            "anything",
            {"né 🐈": [1, 1.5, -0.25, True, None, "a\nb", INT64_MAX, INT64_MIN]},
        ),
    ],
)
def test_what_is_written_as_we_write_it_comes_back_the_same(
    name: str, given: object
) -> None:
    everything = Everything.model_validate({"secret": "x", name: given})

    assert json.loads(everything.model_dump_json(include={name})) == {name: given}


def test_what_a_row_holds_is_not_checked_again() -> None:
    heavy = Everything(secret="x", weight=Decimal("-12345.6"), lasts=-400 * DAY)  # type: ignore[arg-type] # noqa: S106

    assert json.loads(heavy.model_dump_json(include={"weight", "lasts"})) == {
        "weight": "-12345.60",
        "lasts": "-P400D",
    }


def test_openapi_shows_the_limits() -> None:
    properties = Everything.model_json_schema()["properties"]

    assert properties["pieces"]["minimum"] == 1
    assert properties["pieces"]["maximum"] == 10
    assert properties["text"]["pattern"] == r"^[^\x00]*$"
    assert properties["words"]["pattern"] == r"^[^\x00]*[^\s\x00][^\x00]*$"
    assert properties["serial"]["minimum"] == INT64_MIN
    assert properties["serial"]["maximum"] == INT64_MAX
    assert properties["website"]["maxLength"] == 2000
    assert "format" not in properties["opens_at"]
    assert properties["weight"]["anyOf"] == [
        {"type": "string", "pattern": r"^(0|[1-9][0-9]{0,2})(\.[0-9]{1,2})?$"},
        {"type": "number", "maximum": 999.99, "exclusiveMinimum": 0},
    ]
    assert properties["change"]["anyOf"] == [
        {"type": "string", "pattern": r"^-?(0|[1-9][0-9]{0,2})(\.[0-9]{1,2})?$"},
        {"type": "number", "minimum": -1, "exclusiveMaximum": 2.5},
    ]
    assert properties["share"]["anyOf"][0]["pattern"] == r"^-?0(\.[0-9]{1,2})?$"
    assert properties["whole"]["anyOf"][0]["pattern"] == r"^-?(0|[1-9][0-9]{0,2})$"


def test_every_span_that_is_computed_looks_as_openapi_shows() -> None:
    century, least = date(2100, 1, 1) - date(2000, 1, 1), timedelta(microseconds=1)
    between = date.max - date.min

    spans = timedelta(0), least, century, between, -least, -century, -between
    for span in (*spans, timedelta.max, timedelta.min):
        assert re.fullmatch(SIGNED_PATTERN, write_span(span)), span


def test_openapi_shows_what_a_decimal_looks_like() -> None:
    schema = Everything.model_json_schema(mode="serialization")

    assert schema["properties"]["weight"]["pattern"] == (
        r"^(0|[1-9][0-9]{0,2})\.[0-9]{2}$"
    )


shop = FastAPI()
install(shop, Settings())


@shop.post("/")
async def buy(data: Everything) -> Everything:
    """Accept everything."""
    return data


class Filters(Input):
    """What a filter may be."""

    weight: Annotated[Decimal, Exact(20, 2, ge=0)]
    lasts: Span
    opens_at: TimeOfDay
    to_come: FutureMoment


@shop.get("/")
async def look(filters: Annotated[Filters, Query()]) -> None:
    """Accept nothing else."""


def test_the_limits_of_an_integer_reach_the_document() -> None:
    schemas = shop.openapi()["components"]["schemas"]

    serial = schemas["Everything-Input"]["properties"]["serial"]
    assert json.dumps([serial["minimum"], serial["maximum"]]) == (
        "[-9223372036854775808, 9223372036854775807]"
    )


api = schemathesis.openapi.from_asgi("/openapi.json", shop).include(path="/")


@api.parametrize()
@settings(
    max_examples=50,
    deadline=None,
    database=None,
    derandomize=True,  # a proof is the same each time
    suppress_health_check=[HealthCheck.too_slow],
)
def test_what_openapi_allows_is_accepted_but_for_those_rules(case: Case[Any]) -> None:
    answer = case.call()

    if case.meta and case.meta.generation.mode.is_negative:
        # A list of no value, or of one, is wrong, and looks in a URL as what is right.
        query = case.query or {}
        sent = {name for name, value in query.items() if value != []}
        lists = [value for value in query.values() if isinstance(value, list)]
        is_short = any(len(value) < 2 for value in lists)
        can_be_right = is_short and sent <= Filters.model_fields.keys()
        assert answer.status_code in ((200, 405, 422) if can_be_right else (405, 422))
    elif answer.status_code != 200:
        assert answer.status_code == 422
        parts = answer.json()["errors"]
        assert [p for p in parts if not UNSTATED.fullmatch(p["detail"])] == []


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
