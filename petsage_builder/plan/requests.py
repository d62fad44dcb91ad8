"""The requests of scenarios, and the endpoints that answer them."""

from collections.abc import Iterator, Sequence
from http import HTTPStatus

from petsage_builder.analyze.references import REQUEST
from petsage_builder.analyze.structured import nearest
from petsage_builder.errors import Problem
from petsage_builder.plan.endpoints import Endpoint
from petsage_builder.plan.resources import ResourceView
from petsage_builder.spec.resources import Scenario

Answering = tuple[ResourceView, Endpoint]


def answering(views: Sequence[ResourceView], scenario: Scenario) -> Answering | None:
    """Return the resource and the endpoint to which a request of a scenario goes.

    If it is answered 405, that is an endpoint with another method.
    """
    asked = REQUEST.fullmatch(scenario.when)
    if asked is None:
        return None
    method, path = asked[1].lower(), asked[2]
    is_refused = scenario.then.status == HTTPStatus.METHOD_NOT_ALLOWED
    found = (
        (view, endpoint)
        for view in views
        for endpoint in view.endpoints
        if is_refused or endpoint.method == method
        if _leads_to(path, endpoint.path)
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
        elif scenario.body is not None and not found[1].body:
            what = f"{found[1].method.upper()} {found[1].path} takes none"
            yield Problem(f"{where}.body", what, "no body")


def _leads_to(path: str, route: str) -> bool:
    """Say whether a path is one of a route, such as `/pets/{pet_id}`."""
    parts, names = path.split("/"), route.split("/")
    return len(parts) == len(names) and all(
        part == name or (name.startswith("{") and part)
        for part, name in zip(parts, names, strict=True)
    )
