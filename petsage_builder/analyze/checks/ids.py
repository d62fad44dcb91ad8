"""Where the request of a scenario wants an id: a row stands there in braces.

The name of a row without braces is no id. The request would be refused for that alone,
and a scenario that expects a refusal would hold whatever its rule says.
"""

import re
from collections.abc import Iterator, Mapping

from petsage_builder.analyze.references import REQUEST, moment, reference
from petsage_builder.analyze.structured import nearest
from petsage_builder.analyze.values import refusal
from petsage_builder.analyze.vocabulary import Vocabulary
from petsage_builder.decode import JsonValue
from petsage_builder.errors import Problem
from petsage_builder.spec.fields import UuidField
from petsage_builder.spec.resources import Resource, Scenario
from petsage_builder.wording import one_of, path, plural_of

ID = UuidField(type="uuid", optional=True)
OWN = "me"  # the row of the caller, where there is one to each user
ITEM = re.compile(r"/[^/]+/([^/?{}]+)")
ASKED = re.compile(r"(?<=_id=)[^&{}]+")


def check_ids(
    vocabulary: Vocabulary, scenario: Scenario, where: str
) -> Iterator[Problem]:
    """Give each id in a request that is none."""
    yield from _named(scenario, f"{where}.when")
    body = scenario.body
    if isinstance(body, dict):
        rows = {given.name: given.resource for given in scenario.given}
        for name, target in _columns(vocabulary, scenario.when).items():
            place = f"{where}.body.{name}"
            yield from _ids(body.get(name), target, rows, place)


def _named(scenario: Scenario, where: str) -> Iterator[Problem]:
    """Give each row that a request names where its id belongs."""
    request = REQUEST.fullmatch(scenario.when)
    if request is None:
        return
    item, asked = ITEM.match(request[2]), ASKED.findall(request[3] or "")
    rows = {given.name for given in scenario.given}
    for said in ([item[1]] if item and item[1] != OWN else []) + asked:
        if said in rows:
            what = f"{said!r} is no id, but the name of a row"
            yield Problem(where, what, f"{{{said}}}")


def _columns(vocabulary: Vocabulary, request: str) -> Mapping[str, str]:
    """Return the ids that the rows of a request are sent with, and of what they are."""
    beginning = request.partition(" ")[2].split("/")[:2]
    columns = {}
    for name, resource in vocabulary.resources.items():
        if "/".join(beginning) != _path(name, resource):
            continue
        for role, parent in resource.belongs_to.items():
            columns[f"{role}_id"] = parent.to or role
        for role, link in resource.many_to_many.items():
            target = vocabulary.target(role, link)
            plural = target.resource.plural if target else None
            one = one_of(role, link.to or role, plural)
            columns[f"{one}_ids"] = link.to or role
    return columns


def _path(name: str, resource: Resource) -> str:
    """Return where the rows of a resource answer."""
    single = resource.one_per_user
    return path(name if single else resource.plural or plural_of(name))


def _ids(
    value: JsonValue, target: str, rows: Mapping[str, str], where: str
) -> Iterator[Problem]:
    if isinstance(value, list):
        for index, one in enumerate(value):
            yield from _ids(one, target, rows, f"{where}[{index}]")
        return
    text = reference(value)
    is_row = text is not None and moment(text) is None
    if not is_row and refusal(ID, value):
        fitting = [name for name, of in rows.items() if of == target]
        accepted = ", ".join([*(f'"{{{name}}}"' for name in fitting), "a UUID"])
        near = nearest(str(value), fitting)
        what = f"{str(value)[:80]!r} is no id"
        yield Problem(where, what, accepted, near and f'"{{{near}}}"')
