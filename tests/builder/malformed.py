"""Payloads that must be refused, each with its place, and some in every good form."""

import base64
import gzip
import json
import zlib
from dataclasses import dataclass

from tests.builder.conftest import payload

SEED = payload("smoke_test")


@dataclass(frozen=True)
class Malformed:
    """A payload, and where its first problem is."""

    content: bytes
    where: str


def request(**parts: object) -> bytes:
    """Return the seed's payload with some parts replaced; `...` leaves one out."""
    whole: dict[str, object] = json.loads(SEED)
    whole.update(parts)
    return json.dumps({k: v for k, v in whole.items() if v is not ...}).encode()


def event(**parts: object) -> bytes:
    """Return a CloudEvent with the seed's payload, some attributes replaced."""
    whole: dict[str, object] = {
        "specversion": "1.0",
        "id": "1",
        "source": "/tests",
        "type": "petsage.payload",
        "data": json.loads(SEED),
    }
    whole.update(parts)
    return json.dumps({k: v for k, v in whole.items() if v is not ...}).encode()


def pushed(message: object) -> bytes:
    """Return what Pub/Sub pushes."""
    return json.dumps({"message": message, "subscription": "s"}).encode()


def base64_of(content: bytes) -> str:
    """Return base64, as text."""
    return base64.b64encode(content).decode()


def nested(depth: int) -> bytes:
    """Return a request whose requirements are nested."""
    return request(requirements=...)[:-1] + (
        b', "requirements": ' + b"[" * depth + b"]" * depth + b"}"
    )


def described(description: str) -> Malformed:
    """Return a request with another description, which says what cannot be built."""
    return Malformed(request(description=description), "description")


def named(feature: object) -> Malformed:
    """Return a request with another name, which cannot be one."""
    return Malformed(request(feature=feature), "feature")


def required(requirements: object) -> Malformed:
    """Return a request with requirements that cannot be built."""
    return Malformed(request(requirements=requirements), "requirements")


BOMB = gzip.compress(b" " * (1 << 26))

MALFORMED: dict[str, Malformed] = {
    # What is no document.
    "nothing": Malformed(b"", "payload"),
    "blanks": Malformed(b"  \t  ", "payload"),
    "a byte order mark alone": Malformed(b"\xef\xbb\xbf", "payload"),
    "a null byte": Malformed(b"\0", "payload, line 1, column 1"),
    "random bytes": Malformed(b"\x93\xfa\xce\x01\x99", "payload, byte 0"),
    "Latin-1": Malformed("{feature: ä}".encode("latin-1"), "payload, byte 10"),
    "half of UTF-16": Malformed(b"\xff\xfe{\0}", "payload, byte 2"),
    "UTF-16 without its mark": Malformed(
        SEED.decode().encode("utf-16-le"), "payload, line 1, column 2"
    ),
    "UTF-8 of a surrogate": Malformed(
        b'{"feature": "\xed\xa0\x80"}', "payload, byte 13"
    ),
    "a number": Malformed(b"42", "payload"),
    "a word": Malformed(b"smoke_test", "payload"),
    "null": Malformed(b"null", "payload"),
    "a list": Malformed(b"[1, 2]", "payload"),
    "a list of requests": Malformed(b"[" + SEED + b"]", "payload"),
    "a string": Malformed(b'"verify logs"', "payload"),
    "HTML": Malformed(b"<html><body>502</body></html>", "payload"),
    "too long": Malformed(b" " * (1 << 20) + SEED, "payload"),
    # What is no JSON.
    "cut off": Malformed(SEED[:-1], "payload, line 1, column 79"),
    "cut off in a string": Malformed(SEED[:20], "payload, line 1, column 13"),
    "one comma too many": Malformed(
        SEED.replace(b", ", b",, ", 1), "payload, line 1, column 26"
    ),
    "a comment": Malformed(SEED[:-1] + b"/* */}", "payload, line 1, column 79"),
    "single quotes": Malformed(
        SEED.replace(b'"smoke_test"', b"'smoke_test'"), "payload, line 1, column 13"
    ),
    "something behind the end": Malformed(
        SEED + b" again", "payload, line 1, column 81"
    ),
    "NaN": Malformed(request(requirements=float("nan")), "requirements"),
    "infinity": Malformed(request(requirements=[float("inf")]), "requirements[0]"),
    "a huge integer": Malformed(
        request(requirements=...)[:-1] + b', "requirements": 1' + b"0" * 5000 + b"}",
        "requirements",
    ),
    "a number that overflows": Malformed(
        request(requirements=...)[:-1] + b', "requirements": [1e999]}',
        "requirements[0]",
    ),
    "the same key twice": Malformed(b'{"feature": "a",' + SEED.lstrip(b"{"), "feature"),
    "the same key twice, further in": Malformed(
        request(requirements=...)[:-1] + b', "requirements": {"a": {"b": 1, "b": 2}}}',
        "requirements.a.b",
    ),
    "too deep": Malformed(nested(32), "payload, line 1"),
    "much too deep": Malformed(nested(100_000), "payload, line 1"),
    "an escaped lone surrogate": Malformed(
        SEED.replace(b"smoke", b"\\ud800"), "feature"
    ),
    "an unknown escape": Malformed(
        SEED.replace(b"smoke", b"\\x41"), "payload, line 1, column 14"
    ),
    "a control character in a string": Malformed(
        SEED.replace(b"verify logs", b"verify\x07logs"), "payload, line 1, column 49"
    ),
    # What is no YAML, or more than JSON's part of it.
    "YAML with a tab": Malformed(b"a: 1\n\tb: 2", "payload, line 2, column 1"),
    "YAML that is cut off": Malformed(b"{feature: [", "payload, line 2, column 1"),
    "YAML with a tag": Malformed(
        b"{feature: !!python/name:os.system x, description: verify logs, "
        b"requirements: none}",
        "payload, line 1, column 11",
    ),
    "YAML with an alias": Malformed(
        b"{feature: &a smoke_test, description: *a, requirements: none}",
        "payload, line 1, column 11",
    ),
    "YAML that laughs a billion times": Malformed(
        b"{a: &a [x, x], b: &b [*a, *a], c: &c [*b, *b], d: [*c, *c]}",
        "payload, line 1, column 5",
    ),
    "YAML with a merge key": Malformed(
        b"{<<: {feature: a}, description: verify logs, requirements: none}",
        "payload, line 1, column 2",
    ),
    "YAML with a key that is a number": Malformed(
        b"{1: x, feature: a, description: verify logs, requirements: none}",
        "payload, line 1, column 2",
    ),
    "YAML with a key that is a list": Malformed(
        b"{[a]: x, feature: a}", "payload, line 1, column 2"
    ),
    "YAML with the same key twice": Malformed(
        b"{feature: a, feature: b, description: verify logs, requirements: none}",
        "feature",
    ),
    "YAML with infinity": Malformed(
        b"{feature: .inf, description: verify logs, requirements: none}",
        "payload, line 1, column 11",
    ),
    "YAML with two documents": Malformed(
        b"--- {feature: a}\n--- {feature: b}", "payload, line 2, column 1"
    ),
    "YAML that is too deep": Malformed(
        b"{feature: " + b"[" * 64 + b"]" * 64 + b"}", "payload, line 1, column 42"
    ),
    "YAML with a control character": Malformed(
        b"{feature: a\x01}", "payload, line 1, column 12"
    ),
    "YAML with a boolean for a name": Malformed(
        b"{feature: true, description: verify logs, requirements: none}", "feature"
    ),
    # What is wrapped, but not well.
    "base64 of nothing that is known": Malformed(
        base64_of(b"\xff\x00\xfe\x01").encode(), "payload"
    ),
    "base64 that is cut off": Malformed(base64_of(SEED).encode()[:-7], "payload"),
    "base64 twice": Malformed(base64_of(base64_of(SEED).encode()).encode(), "payload"),
    "base64 of an incomplete request": Malformed(
        base64_of(b'{"feature": "a", "description": "verify logs"}').encode(),
        "requirements",
    ),
    "gzip that is cut off": Malformed(
        base64_of(gzip.compress(SEED)[:-9]).encode(), "payload"
    ),
    "gzip with another checksum": Malformed(
        base64_of(gzip.compress(SEED)[:-8] + b"\0" * 8).encode(), "payload"
    ),
    "gzip with something behind it": Malformed(
        base64_of(gzip.compress(SEED) + b"behind").encode(), "payload"
    ),
    "a gzip bomb": Malformed(base64_of(BOMB).encode(), "payload"),
    "zlib": Malformed(base64_of(zlib.compress(SEED)).encode(), "payload"),
    "a push message without data": Malformed(
        pushed({"messageId": "1"}), "message.data"
    ),
    "a push message that is a string": Malformed(pushed("hello"), "message"),
    "a push message that is null": Malformed(pushed(None), "message"),
    "a push message with data that is no base64": Malformed(
        pushed({"data": "{}"}), "message.data"
    ),
    "a push message with data that is empty": Malformed(
        pushed({"data": ""}), "payload"
    ),
    "a push message with a list": Malformed(
        pushed({"data": base64_of(b"[]")}), "payload"
    ),
    "an event of another version": Malformed(event(specversion="0.3"), "specversion"),
    "an event without an id": Malformed(event(id=...), "id"),
    "an event with an empty source": Malformed(event(source=""), "source"),
    "an event with a type that is a number": Malformed(event(type=1), "type"),
    "an event without data": Malformed(event(data=...), "data"),
    "an event with data twice": Malformed(event(data_base64=base64_of(SEED)), "data"),
    "an event with data that is no object": Malformed(event(data=17), "payload"),
    "an event with base64 that is none": Malformed(
        event(data=..., data_base64="?"), "data_base64"
    ),
    "an event with a lone surrogate": Malformed(event(data="\ud800"), "data"),
    "an event with a request beside its data": Malformed(
        event(feature="other", description="delete"), "description"
    ),
    "a push message with a request beside it": Malformed(
        json.dumps({"message": {"data": base64_of(SEED)}, "requirements": []}).encode(),
        "requirements",
    ),
    "a hundred thousand values": Malformed(
        b"{feature: [" + b"a," * 100_000 + b"]}", "payload, line 1, column 200006"
    ),
    "an event in an event, again and again": Malformed(
        event(
            data=json.loads(
                event(
                    data=json.loads(
                        event(
                            data=json.loads(
                                event(data=json.loads(event(data=json.loads(event()))))
                            )
                        )
                    )
                )
            )
        ),
        "payload",
    ),
    # What is a document, but no request.
    "an empty object": Malformed(b"{}", "feature"),
    "no feature": Malformed(request(feature=...), "feature"),
    "no description": Malformed(request(description=...), "description"),
    "no requirements": Malformed(request(requirements=...), "requirements"),
    "an unknown key": Malformed(request(owner="me"), "owner"),
    "a misspelled key": Malformed(
        SEED.replace(b"requirements", b"requirments"), "requirments"
    ),
    "a key in capitals": Malformed(SEED.replace(b"feature", b"Feature"), "Feature"),
    "an unknown key with a control character": Malformed(
        request(**{"a\u0007": 1}), "a\\x07"
    ),
    "a feature that is null": named(None),
    "a feature that is a number": named(7),
    "a feature that is a list": named(["a"]),
    "a feature that is empty": named(""),
    "a feature that is blank": named(" \t"),
    "a feature of a thousand characters": named("a" * 1000),
    "a description that is null": Malformed(request(description=None), "description"),
    "a description that is an object": Malformed(
        request(description={}), "description"
    ),
    "a description that is empty": described(""),
    "a description of five thousand characters": described("verify logs " * 417),
    "a description with a null byte": described("verify\0logs"),
    "a description with an escape sequence": described("\x1b[2Jverify logs"),
    "a description that reorders text": described("verify \u202elogs"),
    "a description with a noncharacter": described("verify logs\uffff"),
    "requirements that are a number": required(3),
    "requirements that are true": required(True),  # noqa: FBT003
    # What is a request, but nothing that can be built.
    "coffee": described("make coffee"),
    "more than logs": described("verify logs and delete old accounts"),
    "the contrary": described("do not verify logs"),
    "a noun": described("logs"),
    "a misspelling": described("verfy logs"),
    "a template": described("{{ 7 * 7 }}"),
    "code": described("verify logs\n\nimport os"),
    "requirements in English": required("a pet has a name"),
    "requirements in a list": required(["a pet has a name"]),
    "requirements in an object": Malformed(
        request(requirements={"resources": {}}), "requirements.resources"
    ),
    # What has no place in a backend.
    "a path": named("../../etc/passwd"),
    "a path with a separator": named("a/b"),
    "a path from the root": named("/tmp/x"),  # noqa: S108
    "a dotted name": named("a.b"),
    "a name in capitals": named("SmokeTest"),
    "a name with hyphens": named("smoke-test"),
    "a name with a space": named("smoke test"),
    "a name with an underscore at its end": named("smoke_"),
    "a name with two underscores": named("smoke__test"),
    "a private name": named("_smoke"),
    "a name that begins with a digit": named("1st"),
    "a name in another script": named("smоke_test"),  # noqa: RUF001
    "a name with a line break": named("smoke\ntest"),
    "a name of 41 characters": named("a" * 41),
    "a keyword": named("class"),
    "a soft keyword": named("match"),
    "a builtin": named("print"),
    "a builtin module": named("json"),
    "a name of the skeleton": named("health"),
    "the name of another part": named("main"),
}

GOOD: dict[str, bytes] = {
    "json": payload("smoke_test"),
    "yaml": b"{feature: log_one, description: verify logs, requirements: none}",
    "yaml of several lines": (
        b"feature: log_lines\ndescription: >-\n  verify\n  logs\nrequirements:\n"
    ),
    "base64+json": base64.b64encode(payload("log_two")),
    "base64url+json": base64.urlsafe_b64encode(
        b"\xef\xbb\xbf" + payload("log_three")
    ).rstrip(b"="),
    "base64+gzip+json": base64.b64encode(gzip.compress(payload("log_four"))),
    "base64+gzip+yaml": base64.b64encode(
        gzip.compress(
            b"feature: log_five\ndescription: verify logs\nrequirements: []\n"
        )
    ),
    "pubsub+base64+json": pushed({"data": base64_of(payload("log_six"))}),
    "pubsub+base64+gzip+json": pushed(
        {"data": base64_of(gzip.compress(payload("log_seven")))}
    ),
    "cloudevent+json": event(data=json.loads(payload("log_eight"))),
    "cloudevent+base64+json": event(
        data=..., data_base64=base64_of(payload("log_nine"))
    ),
    "json with a byte order mark": b"\xef\xbb\xbf" + payload("log_ten"),
}
