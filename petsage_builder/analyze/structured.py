"""Read the structured form of `requirements`, and say of each fault where it is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

from petsage_builder.decode import JsonValue
from petsage_builder.decode.values import PathPart, place
from petsage_builder.errors import Problem, RefusedError
from petsage_builder.spec import resources
from petsage_builder.spec.fields import FieldSpec
from petsage_builder.spec.resources import Requirements

CUTOFF = 60
SHORTEST = 3
# `resources.pet.fields.name` and `resources.pet.rules[0]` are followed by a tag.
UNIONS, TAG = ("fields", "rules"), 4
ROOT = "requirements"
TYPES: dict[str, type[BaseModel]] = {
    name: model
    for model in get_args(get_args(FieldSpec)[0])
    for name in get_args(model.model_fields["type"].annotation)
}
# What each kind of node is called where it stands; a `*` is any name.
NODES: dict[tuple[str, ...], type[BaseModel]] = {
    (): Requirements,
    ("resources", "*"): resources.Resource,
    ("resources", "*", "belongs_to", "*"): resources.Parent,
    ("resources", "*", "many_to_many", "*"): resources.Link,
    ("resources", "*", "list"): resources.Listing,
    ("resources", "*", "states"): resources.States,
    ("resources", "*", "states", "transitions", "*"): resources.Transition,
    ("resources", "*", "limits"): resources.Limits,
    ("scenarios", "*"): resources.Scenario,
    ("scenarios", "*", "then"): resources.Outcome,
}

KINDS: Mapping[type, str] = {
    bool: "is a boolean",
    int: "is a number",
    float: "is a number",
    str: "is a string",
    list: "is a list",
    dict: "is an object",
    type(None): "is null",
}
PURPOSES = {
    "access": "who may do what, such as {get: [owner]}",
    "by": "who may do it, such as [owner]",
    "check": "a condition, such as ends_at > starts_at",
    "from": "a list of states",
    "initial": "a state",
    "items": "string, integer, uuid or date",
    "message": "what the caller is told",
    "per": "a list of fields or parents",
    "resources": "at least one resource",
    "to": "a state",
    "transitions": "at least one action",
    "value": "an expression, such as quantity * price",
    "values": "a list of words",
    "when": "a condition, such as status = paid",
    "who": "public, user, owner or a role",
}
OF_SCENARIOS = {
    "as": "public, owner, other or a role",
    "name": "a sentence, such as A stranger finds no pet",
    "status": "the status of the answer, such as 404",
    "then": "what comes of it, such as {status: 404}",
    "when": "a request, such as GET /pets/{pet}",
}

Path: TypeAlias = tuple[PathPart, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that Pydantic found, and the document it found it in."""

    details: ErrorDetails
    document: JsonValue

    @property
    def path(self) -> Path:
        """Return where it is, without the tags of unions: the document has none."""
        path: list[PathPart] = []
        for index, part in enumerate(self.details["loc"]):
            if part != "[key]" and not (index == TAG and path[2] in UNIONS):
                path.append(part)
        return tuple(path)

    @property
    def where(self) -> str:
        """Return where it is, for people."""
        return place((ROOT, *self.path))

    @property
    def said(self) -> str:
        """Return what stands there."""
        return str(self.details["input"])[:80]


def read_requirements(value: dict[str, JsonValue]) -> Requirements:
    """Return what `value` says, or raise `RefusedError` with every fault."""
    try:
        return Requirements.model_validate(value)
    except ValidationError as error:
        faults = (_problem(Fault(details, value)) for details in error.errors())
        raise RefusedError(dict.fromkeys(faults)) from error


def _problem(fault: Fault) -> Problem:
    return READERS.get(fault.details["type"], _other)(fault)


def _unknown(fault: Fault) -> Problem:
    known = _known(fault.path[:-1], fault.document)
    near = nearest(str(fault.path[-1]), known)
    return Problem(fault.where, "is not known", ", ".join(known), near)


def _missing(fault: Fault) -> Problem:
    purposes = OF_SCENARIOS if fault.path[0] == "scenarios" else PURPOSES
    return Problem(fault.where, "is missing", purposes[str(fault.path[-1])])


def _no_type(fault: Fault) -> Problem:
    return Problem(f"{fault.where}.type", "is missing", ", ".join(TYPES))


def _unknown_type(fault: Fault) -> Problem:
    said = str(fault.details["ctx"]["tag"])[:80]
    what, near = f"{said!r} is no type", nearest(said, TYPES)
    return Problem(f"{fault.where}.type", what, ", ".join(TYPES), near)


def _unknown_word(fault: Fault) -> Problem:
    expected = fault.details["ctx"]["expected"].replace(" or ", ", ").split(", ")
    words = [word.strip("'") for word in expected]
    near = nearest(fault.said, words)
    return Problem(fault.where, f"cannot be {fault.said!r}", ", ".join(words), near)


def _no_object(fault: Fault) -> Problem:
    return Problem(fault.where, _kind(fault.details["input"]), "an object")


def _other(fault: Fault) -> Problem:
    wrong_kind = fault.details["type"].endswith("_type")
    what = _kind(fault.details["input"]) if wrong_kind else f"cannot be {fault.said}"
    accepted = fault.details["msg"]
    for beginning in ("Value error, ", "Input ", "should be ", "must be "):
        accepted = accepted.removeprefix(beginning)
    return Problem(fault.where, what, accepted)


READERS: Mapping[str, Callable[[Fault], Problem]] = {
    "extra_forbidden": _unknown,
    "missing": _missing,
    "union_tag_not_found": _no_type,
    "union_tag_invalid": _unknown_type,
    "literal_error": _unknown_word,
    "model_type": _no_object,
    "model_attributes_type": _no_object,
    "dict_type": _no_object,
}


def nearest(said: str, known: Sequence[str] | Mapping[str, object]) -> str:
    """Return the known word that `said` resembles most, if it resembles any."""
    words = [word for word in known if len(word) >= SHORTEST]
    found = process.extractOne(said, words, scorer=fuzz.ratio, score_cutoff=CUTOFF)
    return found[0] if found else ""


def _known(path: Path, document: JsonValue) -> list[str]:
    """Return the names that an object may have at `path`."""
    for pattern, node in NODES.items():
        if len(pattern) == len(path) and all(
            expected in ("*", part)
            for expected, part in zip(pattern, path, strict=True)
        ):
            return _names(node)
    value = _at(path, document)
    said = value.get("type") if isinstance(value, dict) else None
    if "fields" in path and isinstance(said, str) and said in TYPES:
        return _names(TYPES[said])
    if isinstance(value, dict) and "rules" in path:
        return _names(
            resources.Frozen
            if "frozen" in value
            else resources.NoOverlap
            if "no_overlap" in value
            else resources.Check
        )
    return _names(resources.Grant)


def _at(path: Path, document: JsonValue) -> JsonValue:
    value = document
    for part in path:
        match value, part:
            case dict(), str():
                value = value.get(part)
            case list(), int():
                value = value[part]
            case _:
                return None
    return value


def _names(node: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in node.model_fields.items()]


def _kind(value: object) -> str:
    return KINDS.get(type(value), "is something else")
