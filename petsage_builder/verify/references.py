"""Schemas of an OpenAPI document, with their references followed."""

from collections.abc import Mapping
from typing import Any, TypeAlias

Document: TypeAlias = Mapping[str, Any]
# JSON Schema has `true` for anything and `false` for nothing.
Schema: TypeAlias = Mapping[str, Any] | bool

ANYTHING: Mapping[str, Any] = {}
# What a schema says to people, and no value depends on; a default belongs to a field.
NOTES = frozenset(
    {
        "$comment",
        "default",
        "deprecated",
        "description",
        "discriminator",
        "example",
        "examples",
        "externalDocs",
        "summary",
        "title",
    }
)


def target_of(reference: str, document: Document) -> Any:  # noqa: ANN401 - any JSON
    """Return what a reference such as `#/components/schemas/Pet` leads to."""
    target: Any = document
    for part in reference.removeprefix("#/").split("/"):
        target = target[part.replace("~1", "/").replace("~0", "~")]
    return target


def followed(node: Any, document: Document) -> Any:  # noqa: ANN401 - any JSON
    """Return what a node is, or what it refers to."""
    while "$ref" in node:
        node = target_of(node["$ref"], document)
    return node


def resolved(node: Any, document: Document, seen: tuple[str, ...] = ()) -> Any:  # noqa: ANN401
    """Return `node` with every reference replaced by what it leads to.

    A reference that leads to itself stays, without its name: a schema may be renamed.
    """
    match node:
        case {"$ref": str(reference)} if reference in seen:
            return {"$ref": "itself"}
        case {"$ref": str(reference)}:
            target = target_of(reference, document)
            return resolved(target, document, (*seen, reference))
        case dict():
            return {k: resolved(v, document, seen) for k, v in node.items()}
        case list():
            return [resolved(item, document, seen) for item in node]
        case _:
            return node


def identity(schema: Schema, document: Document) -> int:
    """Return what tells a schema from all others of its document."""
    if not isinstance(schema, bool) and schema.keys() == {"$ref"}:
        return identity(target_of(schema["$ref"], document), document)
    return id(schema)


def alternatives(schema: Schema, document: Document) -> list[Mapping[str, Any]]:
    """Return schemas, each of one type, that allow together what `schema` allows.

    None of them is a reference, or has `anyOf`, `oneOf` or `const`.
    """
    if isinstance(schema, bool):
        return [ANYTHING] if schema else []
    for word in ("$ref", "anyOf", "oneOf"):
        if word in schema:
            rest = _without(word, schema)
            named = schema[word]
            parts = [target_of(named, document)] if word == "$ref" else named
            every = (one for part in parts for one in alternatives(part, document))
            return [_both(rest, one) for one in every]
    if "const" in schema:
        return [{**_without("const", schema), "enum": [schema["const"]]}]
    kinds = schema.get("type")
    if isinstance(kinds, list):
        return [{**schema, "type": kind} for kind in kinds]
    return [schema]


def _without(word: str, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: part for name, part in schema.items() if name != word}


def _both(rest: Mapping[str, Any], one: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what allows only what both allow."""
    common = (rest.keys() & one.keys()) - NOTES
    if all(rest[word] == one[word] for word in common):
        return {**rest, **one}
    return {"allOf": [rest, one]}
