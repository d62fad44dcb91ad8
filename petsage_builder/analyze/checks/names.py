"""Names: each is an identifier, used once, and nobody else's."""

import re
from collections.abc import Iterator, Mapping

from petsage_builder.analyze.vocabulary import Subject, states_of
from petsage_builder.errors import Problem
from petsage_builder.spec.resources import Requirements, Resource
from petsage_builder.spec.words import (
    BUILTINS,
    FRAMEWORK,
    IMPLICIT,
    NOUNS,
    PYTHON,
    SQL,
    TAKEN,
)
from petsage_builder.wording import plural_of

IDENTIFIER = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST = 40
GIVEN_ROLES = ("public", "user", "owner", "admin")
ACCEPTED = f"a snake_case name of at most {LONGEST} characters, such as `birth_date`"
RESERVED: Mapping[str, frozenset[str]] = {
    "a Python keyword": PYTHON,
    "reserved in SQL": SQL,
    "a name of the framework": FRAMEWORK,
    "what every row has already": IMPLICIT,
}

RELATIONS = ("belongs_to", "many_to_many")
VARIABLES = {
    **RESERVED,
    "a Python builtin": BUILTINS,
    "what the code calls something else": TAKEN,
}
THINGS = {**VARIABLES, "reserved in SQL": SQL - NOUNS}


def check_names(subject: Subject) -> Iterator[Problem]:
    """Give each name that cannot be one."""
    resource = subject.resource
    yield from _name(subject.name, subject.where, THINGS)
    if resource.plural is not None:
        yield from _name(resource.plural, f"{subject.where}.plural", VARIABLES)
    elif (table := plural_of(subject.name)) in SQL:
        what = f"its plural {table!r} is reserved in SQL"
        yield Problem(subject.where, what, "another name, or a `plural` of its own")
    for where, name in _places(resource):
        reserved = THINGS if where.partition(".")[0] in RELATIONS else RESERVED
        if "transitions" in where:
            reserved = {}
        yield from _name(name, f"{subject.where}.{where}", reserved)
    yield from _collisions(subject)
    for word in states_of(resource):
        if not IDENTIFIER.fullmatch(word):
            what = f"the state {word[:80]!r} is no identifier"
            yield Problem(f"{subject.where}.states", what, ACCEPTED)


def check_roles(requirements: Requirements) -> Iterator[Problem]:
    """Give each role that cannot be one."""
    for index, role in enumerate(requirements.roles):
        where = f"requirements.roles[{index}]"
        if role in GIVEN_ROLES or role in requirements.roles[:index]:
            yield Problem(where, f"{role!r} is there already", "each role once")
        else:
            yield from _name(role, where, {})


def _places(resource: Resource) -> Iterator[tuple[str, str]]:
    for part, names in (
        ("fields", resource.fields),
        ("belongs_to", resource.belongs_to),
        ("many_to_many", resource.many_to_many),
    ):
        yield from ((f"{part}.{name}", name) for name in names)
    if resource.states:
        yield "states.field", resource.states.field
        for name in resource.states.transitions:
            yield f"states.transitions.{name}", name


def _name(
    name: str, where: str, reserved: Mapping[str, frozenset[str]]
) -> Iterator[Problem]:
    if not IDENTIFIER.fullmatch(name) or len(name) > LONGEST:
        near = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:LONGEST]
        legal = near if IDENTIFIER.fullmatch(near) else ""
        yield Problem(where, f"{name[:80]!r} is no identifier", ACCEPTED, legal)
        return
    for why, words in reserved.items():
        if name in words:
            near = f"{name}_{'value' if reserved is RESERVED else 'record'}"
            yield Problem(where, f"{name!r} is {why}", "another name", near)
            return


def _collisions(subject: Subject) -> Iterator[Problem]:
    """Give each name that a row would have twice."""
    seen: dict[str, str] = {}
    for place, name in _places(subject.resource):
        column = f"{name}_id" if place.startswith("belongs_to") else name
        for taken in {name, column}:
            if taken in seen and "transitions" not in place:
                yield Problem(
                    f"{subject.where}.{place}",
                    f"{taken!r} is also the name of {seen[taken]}",
                    "each name once",
                )
                break
        else:
            seen |= dict.fromkeys((name, column), place)
    if subject.name in seen:
        what = f"{subject.name!r} is also the name of its {seen[subject.name]}"
        yield Problem(subject.where, what, "each name once")
