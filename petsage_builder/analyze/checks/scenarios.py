"""Scenarios: what they speak of is there, and what they claim can be so."""

from collections.abc import Iterator
from http import HTTPStatus

from petsage_builder.analyze.checks.given import (
    check_given,
    check_person,
    unknown_reference,
)
from petsage_builder.analyze.checks.ids import check_ids
from petsage_builder.analyze.references import (
    is_request,
    moment,
    references,
    references_of,
)
from petsage_builder.analyze.structured import nearest
from petsage_builder.analyze.vocabulary import Vocabulary
from petsage_builder.errors import Problem
from petsage_builder.spec.resources import Resource, Scenario

ROOT = "requirements", "scenarios"
REQUESTS = "GET, POST, PATCH, PUT or DELETE and a path, such as GET /pets/{pet}"
STATUSES = frozenset(s for s in HTTPStatus if s >= HTTPStatus.OK)
USUAL = "a status of HTTP, such as 200, 201, 204, 401, 403, 404, 409 or 422"
REFUSALS = "a status from 400, such as 409 or 422"
WITHOUT_BODY = ("GET", "DELETE")
EVENTS = {
    "create": "created",
    "update": "updated",
    "replace": "replaced",
    "delete": "deleted",
}


def check_scenarios(vocabulary: Vocabulary) -> Iterator[Problem]:
    """Give what is wrong with each scenario; its route is looked for by `align`."""
    names: list[str] = []
    for index, scenario in enumerate(vocabulary.requirements.scenarios):
        where = f"requirements.scenarios[{index}]"
        if scenario.name in names:
            what = f"another scenario is called {scenario.name[:80]!r} too"
            yield Problem(f"{where}.name", what, "a name of its own")
        names.append(scenario.name)
        yield from check_given(vocabulary, scenario, where)
        yield from check_person(vocabulary, scenario.as_, f"{where}.as")
        yield from _request(scenario, where)
        yield from _references(scenario, index)
        yield from check_ids(vocabulary, scenario, where)
        yield from _outcome(vocabulary, scenario, where)


def _request(scenario: Scenario, where: str) -> Iterator[Problem]:
    if not is_request(scenario.when):
        what = f"{scenario.when[:80]!r} is no request"
        yield Problem(f"{where}.when", what, REQUESTS)
    method = _method(scenario)
    if scenario.body not in (None, {}) and method in WITHOUT_BODY:
        what = f"a request by {method} has none"
        yield Problem(f"{where}.body", what, "no body, or POST, PATCH or PUT")


def _references(scenario: Scenario, index: int) -> Iterator[Problem]:
    """Give each reference to a row that is not given."""
    rows = {given.name: given.resource for given in scenario.given}
    place = (*ROOT, index)
    for name in references_of(scenario.when):
        where = f"requirements.scenarios[{index}].when"
        if moment(name):
            what = f"{name!r} is no row"
            yield Problem(where, what, "a row, or a day that is written out")
        else:
            yield from unknown_reference(name, rows, where)
    for where, text in (
        *references(scenario.body, (*place, "body")),
        *references(scenario.then.body, (*place, "then", "body")),
    ):
        yield from unknown_reference(text, rows, where)


def _outcome(
    vocabulary: Vocabulary, scenario: Scenario, where: str
) -> Iterator[Problem]:
    then, method = scenario.then, _method(scenario)
    if then.status not in STATUSES:
        yield Problem(f"{where}.then.status", f"{then.status} is no status", USUAL)
    if then.body is not None and then.status == HTTPStatus.NO_CONTENT:
        yield Problem(f"{where}.then.body", "an answer 204 has none", "no body")
    if then.message is not None and then.status < HTTPStatus.BAD_REQUEST:
        what = f"an answer {then.status} refuses nothing"
        yield Problem(f"{where}.then.message", what, f"{REFUSALS}; or no message")
    if then.log is None:
        return
    known = [
        event
        for name, resource in vocabulary.resources.items()
        for event in _events(name, resource)
    ]
    if then.log not in known:
        what = f"no event is called {then.log[:80]!r}"
        accepted, near = ", ".join(known), nearest(then.log, known)
        yield Problem(f"{where}.then.log", what, accepted, near)
    elif method == "GET" or then.status >= HTTPStatus.BAD_REQUEST:
        what = "a request that changes nothing logs no event"
        yield Problem(f"{where}.then.log", what, "no log")


def _events(name: str, resource: Resource) -> Iterator[str]:
    """Give what the log says when something happens to a row."""
    for operation, event in EVENTS.items():
        if operation in resource.access:
            yield f"{name}.{event}"
    for move in resource.states.transitions.values() if resource.states else ():
        yield f"{name}.{move.to.replace('-', '_')}"


def _method(scenario: Scenario) -> str:
    return scenario.when.partition(" ")[0]
