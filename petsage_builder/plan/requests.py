"""The requests of scenarios, and the endpoints that answer them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from petsage_builder.analyze.references import REQUEST
from petsage_builder.analyze.structured import nearest
from petsage_builder.errors import Problem
from petsage_builder.plan.endpoints import Endpoint
from petsage_builder.plan.resources import ResourceView
from petsage_builder.spec.resources import Scenario


@dataclass(frozen=True, slots=True)
class Answering:
    """The resource and the endpoint that answer a request, as the endpoint wants it."""

    view: ResourceView
    endpoint: Endpoint
    request: str


def answering(views: Sequence[ResourceView], scenario: Scenario) -> Answering | None:
    """Return what answers the request of a scenario.

    If it is answered 405, that is an endpoint with another method. A path that no route
    has is that of the route which differs by the slash at its end.
    """
    asked = REQUEST.fullmatch(scenario.when)
    if asked is None:
        return None
    method, path, query = asked.groups(default="")
    is_refused = scenario.then.status == HTTPStatus.METHOD_NOT_ALLOWED
    found = (
        Answering(view, endpoint, f"{method} {way}{query}")
        for way in (path, _with_other_end(path))
        for view in views
        for endpoint in view.endpoints
        if is_refused or endpoint.method == method.lower()
        if _leads_to(way, endpoint.path)
    )
    return next(found, None)


def unanswered(
    views: Sequence[ResourceView], scenarios: Sequence[Scenario]
) -> Iterator[Problem]:
    """Give each request that no route of the feature answers, or not with its body."""
    routes = [f"{e.method.upper()} {e.path}" for view in views for e in view.endpoints]
    for index, scenario in enumerate(scenarios):
        where = f"requirements.scenarios[{index}]"
        found = answering(views, scenario)
        if found is None:
            what = f"{scenario.when[:80]!r} is no request of this feature"
            near = nearest(scenario.when, routes)
            yield Problem(f"{where}.when", what, ", ".join(routes), near)
        elif scenario.body not in (None, {}) and not found.endpoint.body:
            endpoint = found.endpoint
            what = f"{endpoint.method.upper()} {endpoint.path} takes none"
            yield Problem(f"{where}.body", what, "no body, or an empty one")


def _with_other_end(path: str) -> str:
    return path[:-1] if path.endswith("/") else f"{path}/"


def _leads_to(path: str, route: str) -> bool:
    """Say whether a path is one of a route, such as `/pets/{pet_id}`."""
    parts, names = path.split("/"), route.split("/")
    return len(parts) == len(names) and all(
        part == name or (name.startswith("{") and part)
        for part, name in zip(parts, names, strict=True)
    )
