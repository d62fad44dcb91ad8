"""Tests of what counts as breaking between two OpenAPI documents, and what does not."""

import copy
from collections.abc import Mapping
from typing import Any, TypeAlias

import pytest

from petsage_builder.verify.compatibility import differences, operations_at
from petsage_builder.verify.references import Schema
from petsage_builder.verify.schemas import Comparison, Use

Json: TypeAlias = dict[str, Any]

TEXT: Json = {"type": "string"}
NULL: Json = {"type": "null"}
CAT: Json = {
    "type": "object",
    "title": "Cat",
    "properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}},
    "required": ["kind"],
}
DOG: Json = {
    "type": "object",
    "title": "Dog",
    "properties": {"kind": {"const": "dog"}, "tricks": {"type": "integer"}},
    "required": ["kind"],
}


def told(old: Schema, new: Schema, use: Use, **components: Json) -> list[str]:
    """Return the differences between two schemas; `!` comes before what breaks."""
    document = {"components": {"schemas": components}}
    found = Comparison(document, document, use).schemas(old, new, "x")
    return [f"{'!' if one.breaks else '+'}{one}" for one in found]


def field(schema: Json, *, required: bool = False) -> Json:
    """Return an object with one field."""
    return {
        "type": "object",
        "properties": {"name": schema},
        "required": ["name"] if required else [],
    }


# What is narrower, what is wider, and how the way from one to the other is told.
NARROWER: dict[str, tuple[Any, Any, str]] = {
    "maxLength": ({"maxLength": 50}, {"maxLength": 100}, "maxLength 50 -> 100"),
    "no maxLength": ({"maxLength": 50}, {}, "maxLength 50 -> none"),
    "minLength": ({"minLength": 2}, {"minLength": 1}, "minLength 2 -> 1"),
    "no minLength": ({"minLength": 2}, {}, "minLength 2 -> none"),
    "maxItems": ({"maxItems": 5}, {"maxItems": 6}, "maxItems 5 -> 6"),
    "minItems": ({"minItems": 5}, {"minItems": 4}, "minItems 5 -> 4"),
    "maxProperties": ({"maxProperties": 5}, {}, "maxProperties 5 -> none"),
    "minProperties": ({"minProperties": 5}, {}, "minProperties 5 -> none"),
    "uniqueItems": ({"uniqueItems": True}, {}, "uniqueItems true -> none"),
    "multipleOf": ({"multipleOf": 2}, {}, "multipleOf 2 -> none"),
    "pattern": ({"pattern": "^a$"}, {}, "pattern ^a$ -> none"),
    "format": ({"format": "date"}, {}, "format date -> none"),
    "enum": ({"enum": ["a"]}, {"enum": ["a", "b"]}, "enum a -> a, b"),
    "no enum": ({"enum": ["a", 1]}, {}, "enum a, 1 -> none"),
    "const": ({"const": "a"}, {"enum": ["a", "b"]}, "enum a -> a, b"),
    "minimum": ({"minimum": 1}, {"minimum": 0}, "minimum 1 -> minimum 0"),
    "no minimum": ({"minimum": 1}, {}, "minimum 1 -> no limit"),
    "exclusive minimum": (
        {"exclusiveMinimum": 0},
        {"minimum": 0},
        "exclusiveMinimum 0 -> minimum 0",
    ),
    "maximum": ({"maximum": 1}, {"maximum": 2}, "maximum 1 -> maximum 2"),
    "exclusive maximum": (
        {"exclusiveMaximum": 2},
        {"maximum": 2},
        "exclusiveMaximum 2 -> maximum 2",
    ),
    "type": (TEXT, {"type": ["string", "null"]}, "type string -> string or null"),
    "anyOf": (TEXT, {"anyOf": [TEXT, NULL]}, "type string -> string or null"),
    "any type": (TEXT, {}, "type string -> none"),
    "integer": (
        {"type": "integer"},
        {"type": "number"},
        "type integer -> number",
    ),
    "further fields": (
        {"type": "object", "additionalProperties": False},
        {"type": "object"},
        "further fields are taken now",
    ),
    "each further field": (
        {"type": "object", "additionalProperties": TEXT},
        {"type": "object", "additionalProperties": True},
        "further fields: type string -> none",
    ),
    "a required field": (
        field(TEXT, required=True),
        field(TEXT),
        "name: required -> optional",
    ),
    "a field": (
        field({**TEXT, "maxLength": 5}),
        field(TEXT),
        "name: maxLength 5 -> none",
    ),
    "each item": (
        {"type": "array", "items": TEXT},
        {"type": "array", "items": {"anyOf": [TEXT, NULL]}},
        "each: type string -> string or null",
    ),
    "any item": (
        {"type": "array", "items": TEXT},
        {"type": "array"},
        "each: type string -> none",
    ),
    "one object of two": (CAT, {"oneOf": [CAT, DOG]}, "type Cat -> Cat or Dog"),
    "nothing": (False, TEXT, "type nothing -> string"),
}


@pytest.mark.parametrize("name", NARROWER)
def test_an_input_may_be_widened_and_an_output_narrowed(name: str) -> None:
    narrow, wide, what = NARROWER[name]

    widened = told(narrow, wide, Use.INPUT)
    assert [line.replace("x: ", "x, ").split("x, ", 1)[1] for line in widened] == [what]
    assert widened[0].startswith("+")
    assert all(line.startswith("!") for line in told(wide, narrow, Use.INPUT))
    assert told(wide, narrow, Use.INPUT)
    assert [line[0] for line in told(narrow, wide, Use.OUTPUT)] == ["!"]
    assert told(wide, narrow, Use.OUTPUT) == []


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (TEXT, {"type": "integer"}, "!x: type string -> integer"),
        (
            {"anyOf": [TEXT, NULL]},
            {"anyOf": [{"type": "integer"}, NULL]},
            "!x: type string or null -> integer or null",
        ),
        ({"pattern": "^a$"}, {"pattern": "^b$"}, "!x: pattern ^a$ -> ^b$"),
        ({"format": "date"}, {"format": "time"}, "!x: format date -> time"),
        ({"enum": ["a", "b"]}, {"enum": ["b", "c"]}, "!x: enum a, b -> b, c"),
        (field(TEXT), {"type": "object"}, "!x, name: is gone"),
        (
            {"not": {"type": "null"}},
            {"not": TEXT},
            "!x: not has changed, which cannot be judged",
        ),
        ({}, {"contains": TEXT}, "!x: contains has changed, which cannot be judged"),
        (
            {"maxLength": 9, "anyOf": [{"maxLength": 3}]},
            {"maxLength": 9, "anyOf": [{"maxLength": 4}]},
            "!x: allOf has changed, which cannot be judged",
        ),
    ],
)
def test_what_is_neither_narrower_nor_wider_breaks(
    old: Json, new: Json, what: str
) -> None:
    for use in Use:
        found = told(old, new, use)
        assert any(line.startswith("!") for line in found), use
    assert what in told(old, new, Use.OUTPUT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"title": "A", "description": "a"}, {"examples": ["b"], "deprecated": True}),
        ({"type": ["string", "null"]}, {"anyOf": [NULL, TEXT]}),
        ({**TEXT, "anyOf": [{**TEXT, "maxLength": 3}]}, {**TEXT, "maxLength": 3}),
        ({"const": 1}, {"enum": [1]}),
        ({"anyOf": [CAT, DOG]}, {"oneOf": [DOG, CAT]}),
        ({"minimum": 1, "exclusiveMinimum": 1}, {"exclusiveMinimum": 1}),
        ({"uniqueItems": False}, {}),
        ({"additionalProperties": True}, {}),
        ({"minLength": 0}, {}),
        (True, {}),
    ],
)
def test_another_spelling_is_no_difference(old: Json, new: Json) -> None:
    for use in Use:
        assert told(old, new, use) == []
        assert told(new, old, use) == []


def test_a_new_field_breaks_only_who_has_to_send_it() -> None:
    empty: Json = {"type": "object"}

    assert told(empty, field(TEXT), Use.INPUT) == ["+x, name"]
    assert told(empty, field(TEXT), Use.OUTPUT) == ["+x, name"]
    assert told(empty, field(TEXT, required=True), Use.OUTPUT) == ["+x, name"]
    assert told(empty, field(TEXT, required=True), Use.INPUT) == [
        "!x, name: is new and required"
    ]


def test_a_default_matters_to_who_leaves_the_field_out() -> None:
    old, new = field({**TEXT, "default": "a"}), field({**TEXT, "default": "b"})

    assert told(old, new, Use.INPUT) == ["!x, name: default a -> b"]
    assert told(old, new, Use.OUTPUT) == []
    assert told(field(TEXT, required=True), new, Use.INPUT) == [
        "+x, name: required -> optional"
    ]


def reference(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def test_references_are_followed_wherever_they_lead() -> None:
    tree = {"type": "object", "properties": {"child": reference("Tree")}}
    bush = {"type": "object", "properties": {"child": reference("Bush")}}
    inner = {"type": "object", "properties": {"child": reference("Twice")}}
    twice = {"type": "object", "properties": {"child": inner}}
    schemas = {"Tree": tree, "Bush": bush, "Twice": twice, "Text": TEXT}

    assert told(reference("Tree"), reference("Bush"), Use.INPUT, **schemas) == []
    assert told(reference("Tree"), reference("Twice"), Use.INPUT, **schemas) == []
    assert told(reference("Text"), TEXT, Use.INPUT, **schemas) == []
    limited = {**reference("Text"), "maxLength": 5}
    assert told(reference("Text"), limited, Use.INPUT, **schemas) == [
        "!x: maxLength none -> 5"
    ]
    apart = {"~x/y": TEXT}
    pointed = {"$ref": "#/components/schemas/~0x~1y"}
    assert told(pointed, TEXT, Use.OUTPUT, **apart) == []


def test_a_change_at_the_end_of_a_recursion_is_found() -> None:
    before = {"type": "object", "properties": {"child": reference("A"), "n": TEXT}}
    after = {"type": "object", "properties": {"child": reference("B"), "n": NULL}}

    found = told(reference("A"), reference("B"), Use.INPUT, A=before, B=after)

    assert found == ["!x, n: type string -> null"]


def test_of_several_objects_those_are_compared_that_are_most_alike() -> None:
    wider = {**CAT, "properties": {**CAT["properties"], "name": TEXT}}

    found = told({"anyOf": [CAT, DOG]}, {"anyOf": [DOG, wider]}, Use.INPUT)

    assert found == ["+x, name"]


BASE: Json = {
    "openapi": "3.1.0",
    "paths": {
        "/pets/": {
            "post": {
                "operationId": "create_pet",
                "tags": ["Pets"],
                "security": [{"bearer": []}],
                "parameters": [
                    {"name": "dry", "in": "query", "required": False, "schema": TEXT}
                ],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": field({**TEXT, "maxLength": 100})
                        }
                    },
                },
                "responses": {
                    "201": {
                        "description": "Made",
                        "headers": {"location": {"schema": TEXT, "required": True}},
                        "content": {"application/json": {"schema": field(TEXT)}},
                    },
                    "404": {"description": "Not Found"},
                },
            },
            "get": {"operationId": "list_pets", "responses": {"200": {}}},
        }
    },
    "components": {"securitySchemes": {"bearer": {"type": "http"}}},
}
POST = ("paths", "/pets/", "post")
GET = ("paths", "/pets/", "get")
BODY = (*POST, "requestBody")
SCHEMA = (*BODY, "content", "application/json", "schema")
ANSWERS = (*POST, "responses")
GONE = object()

Change: TypeAlias = tuple[tuple[Any, ...], Any, list[str]]

CHANGES: dict[str, Change] = {
    "an operation is gone": (GET, GONE, ["!GET /pets/: is gone"]),
    "an operation is new": ((*GET[:2], "put"), {"responses": {}}, ["+PUT /pets/"]),
    "what is said to people": ((*POST, "summary"), "Make one", []),
    "another tag": ((*POST, "tags"), ["Animals"], []),
    "an operation is deprecated": ((*POST, "deprecated"), True, []),
    "another operationId": (
        (*POST, "operationId"),
        "make_pet",
        ["!POST /pets/: operationId create_pet -> make_pet"],
    ),
    "something that is not known here": (
        (*POST, "callbacks"),
        {},
        ["!POST /pets/: callbacks has changed"],
    ),
    "a parameter is gone": (
        (*POST, "parameters"),
        [],
        ["!POST /pets/, query dry: is gone"],
    ),
    "a parameter is new": (
        (*POST, "parameters", 1),
        {"name": "x", "in": "header", "schema": TEXT},
        ["+POST /pets/, header x"],
    ),
    "a parameter is new and required": (
        (*POST, "parameters", 1),
        {"name": "x", "in": "header", "required": True, "schema": TEXT},
        ["!POST /pets/, header x: is new and required"],
    ),
    "a parameter for each operation of the path": (
        (*POST[:2], "parameters"),
        [{"name": "x", "in": "query", "required": True, "schema": TEXT}],
        [
            "!GET /pets/, query x: is new and required",
            "!POST /pets/, query x: is new and required",
        ],
    ),
    "a parameter is required": (
        (*POST, "parameters", 0, "required"),
        True,
        ["!POST /pets/, query dry: optional -> required"],
    ),
    "a parameter is narrowed": (
        (*POST, "parameters", 0, "schema"),
        {**TEXT, "maxLength": 3},
        ["!POST /pets/, query dry: maxLength none -> 3"],
    ),
    "a parameter is written otherwise": (
        (*POST, "parameters", 0, "style"),
        "deepObject",
        ["!POST /pets/, query dry: style has changed"],
    ),
    "a field of the body is narrowed": (
        (*SCHEMA, "properties", "name", "maxLength"),
        50,
        ["!POST /pets/, body, name: maxLength 100 -> 50"],
    ),
    "a field of the body is widened": (
        (*SCHEMA, "properties", "name", "maxLength"),
        200,
        ["+POST /pets/, body, name: maxLength 100 -> 200"],
    ),
    "the body is optional": (
        (*BODY, "required"),
        False,
        ["+POST /pets/, body: is optional now"],
    ),
    "the body is gone": (
        BODY,
        GONE,
        ["!POST /pets/, body: is gone"],
    ),
    "a body is new": (
        (*GET, "requestBody"),
        {"content": {"application/json": {"schema": TEXT}}},
        ["+GET /pets/, body"],
    ),
    "a body is new and required": (
        (*GET, "requestBody"),
        {"required": True, "content": {}},
        ["!GET /pets/, body: is required now"],
    ),
    "a body of another form": (
        (*BODY, "content"),
        {"application/xml": {}},
        [
            "!POST /pets/, body: is gone",
            "+POST /pets/, body (application/xml)",
        ],
    ),
    "a body that is encoded otherwise": (
        (*BODY, "content", "application/json", "encoding"),
        {},
        ["!POST /pets/, body: encoding has changed"],
    ),
    "a field of the answer is gone": (
        (*ANSWERS, "201", "content", "application/json", "schema"),
        {"type": "object"},
        ["!POST /pets/, 201, name: is gone"],
    ),
    "a field of the answer is new": (
        (*ANSWERS, "201", "content", "application/json", "schema", "properties", "n"),
        TEXT,
        ["+POST /pets/, 201, n"],
    ),
    "an answer of another form": (
        (*ANSWERS, "201", "content", "text/plain"),
        {},
        ["!POST /pets/, 201 (text/plain): is a new form"],
    ),
    "a header of the answer may be missing": (
        (*ANSWERS, "201", "headers", "location", "required"),
        False,
        ["!POST /pets/, 201, headers, location: required -> optional"],
    ),
    "a header of the answer is gone": (
        (*ANSWERS, "201", "headers"),
        {},
        ["!POST /pets/, 201, headers, location: is gone"],
    ),
    "an answer leads elsewhere": (
        (*ANSWERS, "201", "links"),
        {"a": {}},
        ["!POST /pets/, 201: links has changed"],
    ),
    "a status of success is gone": (
        (*GET, "responses"),
        {},
        ["!GET /pets/, 200: is gone"],
    ),
    "a status of success is new": (
        (*ANSWERS, "204"),
        {},
        ["!POST /pets/, 204: is a new status"],
    ),
    "a status of an error is gone": ((*ANSWERS, "404"), GONE, []),
    "a status of an error is new": ((*ANSWERS, "409"), {}, ["+POST /pets/, 409"]),
    "more is asked of who is calling": (
        (*GET, "security"),
        [{"bearer": []}],
        ["!GET /pets/: security anybody -> bearer"],
    ),
    "a scope is asked of who is calling": (
        (*POST, "security"),
        [{"bearer": ["write"]}],
        ["!POST /pets/: security bearer -> bearer write"],
    ),
    "nothing is asked of who is calling": (
        (*POST, "security"),
        [],
        ["+POST /pets/: security bearer -> anybody"],
    ),
    "another way to sign in": (
        (*POST, "security"),
        [{"bearer": []}, {"key": [], "cookie": []}],
        ["+POST /pets/: security bearer -> bearer or key and cookie"],
    ),
    "the document asks more": (
        ("security",),
        [{"bearer": []}],
        ["!GET /pets/: security anybody -> bearer"],
    ),
    "a way to sign in has changed": (
        ("components", "securitySchemes", "bearer", "type"),
        "openIdConnect",
        ["!security bearer: has changed"],
    ),
}


def changed(document: Json, path: tuple[Any, ...], value: object) -> Json:
    """Return a copy of a document with another value in one place."""
    copied = copy.deepcopy(document)
    node: Any = copied
    for part in path[:-1]:
        node = node[part]
    if value is GONE:
        del node[path[-1]]
    elif isinstance(node, list):
        node[path[-1] :] = [value]
    else:
        node[path[-1]] = value
    return copied


def all_told(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    found = differences(before, after)
    return [f"{'!' if one.breaks else '+'}{one}" for one in found]


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_an_operation_is_told_by_its_place(name: str) -> None:
    path, value, expected = CHANGES[name]

    assert all_told(BASE, changed(BASE, path, value)) == expected


def test_nothing_is_told_of_the_same_document() -> None:
    assert all_told(BASE, copy.deepcopy(BASE)) == []


def test_a_parameter_a_body_and_an_answer_may_be_references() -> None:
    moved = copy.deepcopy(BASE)
    post = moved["paths"]["/pets/"]["post"]
    parts = {
        "parameters": {"Dry": post["parameters"][0]},
        "requestBodies": {"Pet": post["requestBody"]},
        "responses": {"Made": post["responses"]["201"]},
    }
    moved["components"] |= parts
    post["parameters"] = [{"$ref": "#/components/parameters/Dry"}]
    post["requestBody"] = {"$ref": "#/components/requestBodies/Pet"}
    post["responses"]["201"] = {"$ref": "#/components/responses/Made"}

    assert all_told(BASE, moved) == all_told(moved, BASE) == []


def test_operations_are_found_by_their_paths() -> None:
    assert operations_at(BASE, ["/pets/"]) == ["GET /pets/", "POST /pets/"]
    assert operations_at(BASE, ["/"]) == []
