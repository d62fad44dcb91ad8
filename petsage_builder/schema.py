"""The JSON Schema of a payload, so that an editor completes and checks it."""

from typing import Any

from petsage_builder.blueprint import load_blueprint
from petsage_builder.decode.request import LONGEST
from petsage_builder.spec.resources import Requirements


def payload_schema() -> dict[str, Any]:
    """Return the schema (draft 2020-12) of a decoded payload."""
    structured = Requirements.model_json_schema(by_alias=True)
    definitions = structured.pop("$defs")
    definitions["Requirements"] = structured
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Payload of the PetSage Backend Feature Builder",
        "type": "object",
        "required": ["feature", "description", "requirements"],
        "additionalProperties": False,
        "properties": {
            "feature": {
                "description": "The feature's name, in snake_case.",
                "type": "string",
                "pattern": "^[a-z][a-z0-9]*(_[a-z0-9]+)*$",
                "maxLength": load_blueprint().longest_name,
                "examples": ["smoke_test"],
            },
            "description": {
                "description": "What is wanted, in a sentence.",
                "type": "string",
                "minLength": 1,
                "maxLength": LONGEST["description"],
                "examples": ["verify logs"],
            },
            "requirements": {
                "description": "`none`: the description alone says what is wanted.",
                "anyOf": [
                    {"type": "string", "pattern": r"^\s*([Nn][Oo][Nn][Ee])?\s*$"},
                    {"enum": [None, [], {}]},
                    {"$ref": "#/$defs/Requirements"},
                ],
            },
        },
        "$defs": definitions,
    }
