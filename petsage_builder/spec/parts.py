"""The parts of a request, one by one, as it is kept."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from petsage_builder.decode import JsonValue
from petsage_builder.decode.values import PathPart, place
from petsage_builder.spec import Probe, Spec

Keys: TypeAlias = tuple[PathPart, ...]

LONGEST = 80
EXPLAINING = "description"
RELATIONS = {"belongs_to", "many_to_many"}
# Lists of which each item is a part; any other list is one part.
SEVERAL = {"embed", "filter", "roles", "rules", "scenarios", "search", "seed", "sort"}
# What is one part whatever it holds.
WHOLE = {"access", "rules", "seed"}
DEPTH = 5  # as many keys lead to one part of a resource
KINDS = {
    "access": "access rule",
    "belongs_to": "relation",
    "embed": "relation",
    "fields": "field",
    "limits": "limit",
    "list": "list",
    "many_to_many": "relation",
    "rules": "rule",
    "seed": "row",
    "states": "states",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a request: the keys that lead there, and what is said there."""

    keys: Keys
    value: JsonValue

    @property
    def where(self) -> str:
        """Return its place, such as `requirements.resources.pet.access.get`."""
        return place(self.keys)

    @property
    def kind(self) -> str:
        """Return what it was understood as, such as `access rule`."""
        match self.keys:
            case ("requirements", "resources", _, "states", "transitions", *_):
                return "transition"
            case ("requirements", "resources", _, str(part), *_):
                return KINDS.get(part, "resource")
            case ("requirements", str(part), *_):
                return part.removesuffix("s")
            case _:
                return str(self.keys[0])

    @property
    def short(self) -> str:
        """Return what is said, as JSON that is cut off if it is long."""
        text = json.dumps(self.value, ensure_ascii=False)
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"

    @property
    def explains(self) -> bool:
        """Say whether it is a text for readers, and nothing depends on it."""
        return self.keys[-1] == EXPLAINING and isinstance(self.value, str)


def parts_of(spec: Spec) -> Iterator[Part]:
    """Give each part of the request that says exactly what `spec` does."""
    request = spec.canonical
    yield Part(("feature",), request["feature"])
    yield Part(("description",), request["description"])
    if not isinstance(spec, Probe):
        yield from _below(("requirements",), request["requirements"])


def _below(keys: Keys, value: JsonValue) -> Iterator[Part]:
    is_relation = _is_in(RELATIONS, keys)
    if is_relation:
        yield Part(keys, value)
    match value:
        case dict() if not _is_whole(keys):
            for name, inner in value.items():
                yield from _below((*keys, name), inner)
        case list() if keys[-1] in SEVERAL and not _is_whole(keys):
            for index, inner in enumerate(value):
                yield from _below((*keys, index), inner)
        case _ if not is_relation:
            yield Part(keys, value)


def _is_whole(keys: Keys) -> bool:
    is_scenario = keys[:-1] == ("requirements", "scenarios")
    is_option = _is_in({"fields"}, keys[:-1])
    return is_scenario or is_option or _is_in(WHOLE, keys)


def _is_in(names: Collection[str], keys: Keys) -> bool:
    """Say whether it is one of what a resource has under such a name."""
    return len(keys) == DEPTH and keys[-2] in names
