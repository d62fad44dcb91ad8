"""Tests of what is found in bytes."""

import base64
import gzip
import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from petsage_builder.analyze import analyze
from petsage_builder.decode import Request, decode
from petsage_builder.decode.values import JsonValue
from petsage_builder.errors import Problem, RefusedError
from petsage_builder.receive import MAX_RECEIVED, Payload, receive, receive_lines
from tests.builder.conftest import payload
from tests.builder.malformed import (
    GOOD,
    MALFORMED,
    SEED,
    base64_of,
    event,
    nested,
    pushed,
    request,
)


def decoded(content: bytes) -> Request:
    """Decode bytes as they stand."""
    return decode(Payload(content, "test"))


@pytest.mark.parametrize("name", GOOD)
def test_a_good_payload_is_decoded_and_its_encoding_told(name: str) -> None:
    found = decoded(GOOD[name])

    assert found.encoding == name.partition(" ")[0]
    assert found.feature.startswith(("smoke", "log"))
    assert found.description == "verify logs"
    analyze(found)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (SEED.decode().encode("utf-16"), "json"),
        (SEED.decode().encode("utf-32"), "json"),
        (SEED.replace(b", ", b",\r\n"), "json"),
        (b"\n\n" + SEED + b"\n", "json"),
        (gzip.compress(SEED, mtime=0), "gzip+json"),
        (gzip.compress(SEED[:9], mtime=0) + gzip.compress(SEED[9:]), "gzip+json"),
        (base64.b64encode(SEED).rstrip(b"="), "base64+json"),
        (base64.encodebytes(SEED), "base64+json"),
        (event(data=SEED.decode()), "cloudevent+json"),
        (event(data=base64_of(SEED)), "cloudevent+base64+json"),
        (event(data=json.loads(event())), "cloudevent+cloudevent+json"),
        (pushed({"data": base64_of(event())}), "pubsub+base64+cloudevent+json"),
        (event(subject="x", extension="y"), "cloudevent+json"),
        (b"%YAML 1.2\n---\n" + SEED, "yaml"),
    ],
)
def test_the_seed_is_found_in_every_wrapping(content: bytes, encoding: str) -> None:
    found = decoded(content)

    assert found.encoding == encoding
    assert json.loads(found.as_json()) == json.loads(SEED)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[1, -2, +3, 007, 0o17, 0x1F]", [1, -2, 3, 7, 15, 31]),
        ("[1.5, 1e3, .5]", [1.5, 1000.0, 0.5]),
        ("[yes, no, on, off, 1:30, 2026-01-01]", "same"),
        ("[true, False, null, ~, ]", [True, False, None, None]),
        ("['1', \"true\", '']", ["1", "true", ""]),
        ("{a: {b: [c]}}", {"a": {"b": ["c"]}}),
    ],
)
def test_yaml_means_what_yaml_1_2_says(text: str, value: JsonValue) -> None:
    if value == "same":
        value = list(text.strip("[]").split(", "))
    content = f"{{feature: a, description: b, requirements: {text}}}"

    assert decoded(content.encode()).requirements == value


def test_the_status_line_shows_the_seeds_payload_to_the_letter() -> None:
    spaced = json.dumps(json.loads(SEED), indent=4).encode()

    assert decoded(spaced).as_json() == (
        '{"feature": "smoke_test", "description": "verify logs", '
        '"requirements": "none"}'
    )


def test_everything_that_is_wrong_with_a_request_is_said_at_once() -> None:
    content = b'{"feature": 1, "description": "", "requirement": "none"}'

    with pytest.raises(RefusedError) as refused:
        decoded(content)

    problems = {problem.where: problem for problem in refused.value.problems}
    assert set(problems) == {"feature", "description", "requirement", "requirements"}
    assert problems["requirement"].nearest == "requirements"


@pytest.mark.parametrize(
    "name",
    ["the same key twice", "something behind the end", "gzip with something behind it"],
)
def test_nothing_is_overlooked(name: str) -> None:
    with pytest.raises(RefusedError):
        decoded(MALFORMED[name].content)


def test_the_limits_are_the_limits() -> None:
    assert decoded(nested(31)).feature == "smoke_test"
    longest = SEED + b" " * (MAX_RECEIVED - len(SEED))
    assert receive(io.BytesIO(longest), "test").content == longest
    with pytest.raises(RefusedError, match="payload: is too long; accepted: at most 1"):
        receive(io.BytesIO(longest + b" "), "test")
    with pytest.raises(RefusedError, match="too long once it is unpacked"):
        decoded(gzip.compress(b" " * ((4 << 20) + 1)))
    assert decoded(gzip.compress(SEED + b" " * ((4 << 20) - len(SEED)))).feature


def test_lines_are_read_one_by_one_and_a_long_one_costs_only_itself() -> None:
    lines = [SEED, b"x" * (MAX_RECEIVED * 2), payload("b") + b"\r", b""]

    received = list(receive_lines(io.BytesIO(b"\n".join(lines) + b"\n")))

    assert [isinstance(r, Payload) for r in received] == [True, False, True, True]
    assert str(received[1]).startswith("payload, line 2: is too long")
    assert isinstance(received[2], Payload)
    assert received[2].content == payload("b")
    assert list(receive_lines(io.BytesIO(SEED))) == [
        Payload(SEED, "standard input, line 1")
    ]


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.one_of(
        st.binary(),
        st.text().map(str.encode)
        if False
        else st.text(st.characters(codec="utf-8")).map(str.encode),
        st.binary().map(base64.b64encode),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        ).map(lambda value: json.dumps(value).encode()),
        st.text(alphabet='{}[]:,"-&*!|> \nabc01', max_size=80).map(str.encode),
    )
)
def test_any_bytes_are_a_request_or_refused_with_a_place(content: bytes) -> None:
    refused: tuple[Problem, ...] = ()
    try:
        decoded(content)
    except RefusedError as error:
        refused = error.problems
    for problem in refused:
        assert problem.where.isprintable()
        assert problem.what
        assert problem.accepted


@settings(max_examples=100, deadline=None)
@given(
    feature=st.text(min_size=1, max_size=20),
    description=st.text(min_size=1, max_size=40),
    requirements=st.none() | st.text(max_size=20) | st.lists(st.text(max_size=9)),
)
def test_a_request_is_decoded_as_it_was_said_or_refused(
    feature: str, description: str, requirements: JsonValue
) -> None:
    said = {
        "feature": feature,
        "description": description,
        "requirements": requirements,
    }
    try:
        found = decoded(json.dumps(said).encode())
    except RefusedError:
        return

    assert json.loads(found.as_json()) == said
    assert len(found.as_json().splitlines()) == 1


def test_what_cannot_be_seen_is_escaped_where_it_is_shown() -> None:
    shown = decoded(request(description="verify logs \u200b \U000e0041")).as_json()

    assert "verify logs \\u200b \\udb40\\udc41" in shown
