"""Scenarios that cannot be tests, and what is said of each."""

import json
from typing import Any

from tests.builder.wrong_requirements import Wrong

VISIT = """
roles: [vet]
resources:
  breed: {fields: {name: {type: string}}, access: {list: [public]}, seed: [{name: Pug}]}
  litter: {many_to_many: {breeds: {to: breed}}, access: {create: [user]}}
  visit:
    belongs_to: {pet: {}}
    fields:
      reason:    {type: string, max_length: 20}
      day:       {type: date, optional: true}
      diagnosis: {type: text, optional: true, write: [vet]}
      entered:   {type: date, default: today, read_only: true}
    states:
      initial: requested
      transitions:
        confirm:  {from: [requested], to: confirmed, by: [vet]}
        complete: {from: [confirmed], to: completed, by: [vet], requires: [diagnosis]}
    access: {create: [owner], get: [owner, vet], list: [owner, vet], update: [owner]}
"""
PET: dict[str, Any] = {"pet": {}}
RIGHT: dict[str, Any] = {
    "name": "An owner sees a visit",
    "given": [PET, {"visit": {"reason": "Teeth", "pet_id": "{pet}"}}],
    "as": "owner",
    "when": "GET /visits/{visit}",
    "then": {"status": 200, "body": {"reason": "Teeth", "pet_id": "{pet}"}},
}


def scenarios(*changes: dict[str, Any]) -> str:
    """Return requirements with scenarios, each changed; null takes a part away."""
    told = [
        {n: v for n, v in {**RIGHT, **change}.items() if v is not None}
        for change in changes
    ]
    return f"{VISIT}\nscenarios: {json.dumps(told)}"


def told(
    change: dict[str, Any], where: str, says: str, nearest: str | None = None
) -> Wrong:
    """Return a scenario with one problem."""
    place = f"requirements.scenarios[0]{where}"
    return Wrong(scenarios(change), {place: says}, nearest)


def row(given: Any, where: str, says: str, nearest: str | None = None) -> Wrong:  # noqa: ANN401 - it may be no row
    """Return a scenario whose second row has one problem."""
    looked_for = {"when": "GET /pets/{pet}", "then": {"status": 200}}
    change: dict[str, Any] = {"given": [PET, given], **looked_for}
    return told(change, f".given[1]{where}", says, nearest)


def visit(said: Any, where: str, says: str, nearest: str | None = None) -> Wrong:  # noqa: ANN401 - it may be no object
    """Return a scenario whose visit says something that is wrong."""
    return row({"visit": said}, f".visit{where}", says, nearest)


def moved(*after: str) -> dict[str, Any]:
    """Return a visit after some moves."""
    return {"visit": {}, "after": [*after]}


def sent(pet: object, says: str) -> Wrong:
    """Return a scenario that sends a pet that is wrong."""
    asked = {"when": "POST /visits/", "body": {"pet_id": pet}}
    return told(asked, ".body.pet_id", says)


def linked(pugs: object, where: str, says: str, nearest: str | None = None) -> Wrong:
    """Return a scenario that sends links of which one is wrong."""
    pug = {"breed": {"name": "Pug"}, "called": "pug"}
    change = {"given": [PET, pug], "when": "POST /litters/", "as": "owner"}
    asked = {"body": {"breed_ids": pugs}, "then": {"status": 422}}
    return told({**change, **asked}, f".body.breed_ids{where}", says, nearest)


WRONG_SCENARIOS: dict[str, Wrong] = {
    # What is no scenario.
    "scenarios by name": Wrong("scenarios: {}", {"requirements.scenarios": "an obj"}),
    "a scenario that is a sentence": Wrong(
        "scenarios: [All is well]", {"requirements.scenarios[0]": "is a string"}
    ),
    "a scenario without a request": told({"when": None}, ".when", "is missing"),
    "a scenario of nobody": told({"as": None}, ".as", "is missing"),
    "a scenario that claims nothing": told({"then": None}, ".then", "is missing"),
    "a scenario without a status": told({"then": {}}, ".then.status", "is missing"),
    "a scenario with an unknown part": told(
        {"whem": "GET /"}, ".whem", "is not known", "when"
    ),
    "an outcome with an unknown part": told(
        {"then": {"status": 200, "lgo": "visit.created"}},
        ".then.lgo",
        "is not known",
        "log",
    ),
    "two scenarios of one name": Wrong(
        scenarios({}, {}),
        {"requirements.scenarios[1].name": "another scenario is called"},
    ),
    # Rows.
    "a row of an unknown resource": row(
        {"vsit": {}}, ".vsit", "is no resource", "visit"
    ),
    "a row with an unknown option": row(
        {"visit": {}, "aftr": []}, ".aftr", "is no resource", "after"
    ),
    "a row of nothing": row({"as": "owner"}, "", "is a row of no resource"),
    "a row of two resources": row({"visit": {}, "breed": {}}, "", "visit and breed"),
    "a row that is a sentence": visit("at noon", "", "is no object"),
    "a row with an unknown field": visit(
        {"reson": "Teeth"}, ".reson", "is no field of visit", "reason"
    ),
    "a row with a value that is refused": visit(
        {"reason": "t" * 21}, ".reason", "cannot be"
    ),
    "a row with a state": visit({"status": "confirmed"}, ".status", "by moves alone"),
    "a row with what nobody sets": visit(
        {"entered": "2025-01-02"}, ".entered", "is set by nobody"
    ),
    "a row below another that is not given": visit(
        {"pet_id": "{pat}"}, ".pet_id", "is no pet that is given before", "pet"
    ),
    "a row below itself": visit({"pet_id": "{visit}"}, ".pet_id", "is no pet"),
    "an id in a field of text": visit({"reason": "{pet}"}, ".reason", "is a uuid"),
    "a moment in a field of a day": visit({"day": "{now}"}, ".day", "is a datetime"),
    "a day in hours": visit({"day": "{today + 3 hours}"}, ".day", "is not given"),
    "two rows of one name": row({"pet": {}}, "", "another row is called 'pet'"),
    "a row that is called like a time": row(
        {"visit": {}, "called": "today"}, ".called", "is no name"
    ),
    "a row made by nobody": row(
        {"visit": {}, "as": "ownr"}, ".as", "nobody is called 'ownr'", "owner"
    ),
    "a row that is not there from the beginning": row(
        {"breed": {"name": "Poodle"}}, ".breed", "no such row is there"
    ),
    "a row that is there already and made": row(
        {"breed": {"name": "Pug"}, "as": "admin"}, ".as", "nobody makes a breed"
    ),
    "an unknown move": row(
        moved("confrm"), ".after[0]", "is no move of a visit", "confirm"
    ),
    "a move from another state": row(
        moved("confirm", "confirm"), ".after[1]", "that is confirmed cannot confirm"
    ),
    "a move without states": row(
        {"pet": {}, "called": "second", "after": ["sell"]}, ".after[0]", "no move"
    ),
    # The request.
    "a request by nobody": told({"as": "vat"}, ".as", "nobody is called 'vat'", "vet"),
    "a request by some user": told(
        {"as": "user"}, ".as", "nobody is called 'user'", "owner or other"
    ),
    "a request without a method": told({"when": "/pets/"}, ".when", "is no request"),
    "a request with an open brace": told(
        {"when": "GET /pets/{pet"}, ".when", "is no request"
    ),
    "a request for what is not given": told(
        {"when": "GET /visits/{visit_id}"},
        ".when",
        "'visit_id' is not given",
        "visit",
    ),
    "a request for a day": told({"when": "GET /{today}"}, ".when", "is no row"),
    "a body for a GET": told({"body": {"id": 1}}, ".body", "a request by GET has none"),
    "a body with what is not given": told(
        {"when": "POST /visits/", "body": {"pets": ["{pat}"]}},
        ".body.pets[0]",
        "'pat' is not given",
        "pet",
    ),
    # Ids in the request.
    "a body with the name of a row for an id": told(
        {"when": "POST /visits/", "body": {"pet_id": "pet"}},
        ".body.pet_id",
        "'pet' is no id",
        '"{pet}"',
    ),
    "a body with a row that is not given for an id": sent("{pat}", "is not given"),
    "a body with a time for an id": sent("{now}", "'{now}' is no id"),
    "a body with a number for an id": sent(7, "'7' is no id"),
    "a body with an object for an id": sent({"pet": None}, "is no id"),
    "a change with the name of a row for an id": told(
        {"when": "PATCH /visits/{visit}", "body": {"pet_id": "pet"}},
        ".body.pet_id",
        "'pet' is no id",
    ),
    "a link with the name of a row for an id": linked(
        ["{pug}", "pug"], "[1]", "'pug' is no id", '"{pug}"'
    ),
    "links that are no list": linked("pug", "", "'pug' is no id"),
    "a request for the name of a row": told(
        {"when": "GET /visits/visit"}, ".when", "'visit' is no id, but the name"
    ),
    "a move of the name of a row": told(
        {"when": "POST /visits/visit/confirm"}, ".when", "'visit' is no id"
    ),
    "a list below the name of a row": told(
        {"when": "GET /pets/pet/visits/"}, ".when", "'pet' is no id"
    ),
    "a list that is asked for the name of a row": told(
        {"when": "GET /visits/?limit=3&pet_id=pet"}, ".when", "'pet' is no id"
    ),
    # The outcome.
    "a status that is none": told(
        {"then": {"status": 299}}, ".then.status", "299 is no status"
    ),
    "a status in words": told(
        {"then": {"status": "found"}}, ".then.status", "is a string"
    ),
    "an answer with what is not given": told(
        {"then": {"status": 200, "body": {"id": "{vist}"}}},
        ".then.body.id",
        "'vist' is not given",
        "visit",
    ),
    "an answer without a body that has one": told(
        {"then": {"status": 204, "body": {}}}, ".then.body", "204 has none"
    ),
    "a message of who is not refused": told(
        {"then": {"status": 200, "message": "It is so."}},
        ".then.message",
        "an answer 200 refuses nothing",
    ),
    "a message of who is led elsewhere": told(
        {"then": {"status": 307, "message": "It is there."}},
        ".then.message",
        "an answer 307 refuses nothing",
    ),
    "a message that says nothing": told(
        {"then": {"status": 409, "message": ""}}, ".then.message", "cannot be"
    ),
    "an unknown event": told(
        {"when": "PATCH /visits/{visit}", "then": {"status": 200, "log": "visit.made"}},
        ".then.log",
        "no event is called 'visit.made'",
    ),
    "an event of who only looks": told(
        {"then": {"status": 200, "log": "visit.updated"}},
        ".then.log",
        "logs no event",
    ),
    "an event of who is refused": told(
        {
            "when": "POST /visits/{visit}/confirm",
            "then": {"status": 403, "log": "visit.confirmed"},
        },
        ".then.log",
        "logs no event",
    ),
    "everything that is wrong with a scenario": Wrong(
        scenarios(
            {
                "given": [{"visit": {"reson": ""}, "after": ["confrm"]}],
                "as": "vat",
                "when": "GET /visits/{vist}",
                "then": {"status": 600, "log": "visit.made"},
            }
        ),
        {
            "requirements.scenarios[0].given[0].visit.reson": "is no field",
            "requirements.scenarios[0].given[0].after[0]": "is no move",
            "requirements.scenarios[0].as": "nobody is called",
            "requirements.scenarios[0].when": "is not given",
            "requirements.scenarios[0].then.status": "is no status",
            "requirements.scenarios[0].then.log": "no event",
        },
    ),
}
