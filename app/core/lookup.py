"""Which routes could answer a request, found by the first part of its path.

FastAPI asks its routes one after the other, so the last feature would pay for all that
stand before it. Here a request meets only those that begin as its path does, and those
that may begin with anything, in their old order: what they answer is the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts
from starlette._utils import get_route_path
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from app.core.on_demand import OnDemandRouter


class Lookup:
    """Takes the place of a router's own search."""

    def __init__(self, router: APIRouter) -> None:
        self._router = router
        self._table = _Table([])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the router would."""
        scope.setdefault("router", self._router)  # `url_for` goes through all routes
        router = copy(self._router)
        if scope["type"] != "lifespan":
            router.routes = self.candidates(scope)
        await router.app(scope, receive, send)

    def candidates(self, scope: Scope) -> list[BaseRoute]:
        """Return the routes that could match, in their order."""
        table = self._table
        if table.routes != self._router.routes:
            table = self._table = _Table(self._router.routes)
        return table.find(get_route_path(scope))


class _Table:
    """Some routes, by the first part of their paths. It never changes."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self.routes = list(routes)
        places: defaultdict[str, list[int]] = defaultdict(list)
        rest: list[int] = []
        for place, route in enumerate(routes):
            firsts = set(map(first_part, _paths(route)))
            if None in firsts:
                rest.append(place)
                continue
            for first in firsts:
                places[first or ""].append(place)
        self._rest = self._at(rest)
        self._found = {
            first: self._at(sorted(own + rest)) for first, own in places.items()
        }

    def find(self, path: str) -> list[BaseRoute]:
        # A regular expression's `$` stands before a last line feed, too.
        first = path.removesuffix("\n").partition("/")[2].partition("/")[0]
        return self._found.get(first, self._rest)

    def _at(self, places: Iterable[int]) -> list[BaseRoute]:
        return [self.routes[place] for place in places]


def candidates(scope: Scope) -> Sequence[BaseRoute]:
    """Return the routes of the application that could match, in their order."""
    app: FastAPI = scope["app"]
    search = app.router.middleware_stack
    return search.candidates(scope) if isinstance(search, Lookup) else app.routes


def first_part(path: str | None) -> str | None:
    """Return what stands before a path's second slash, unless that may be anything."""
    if path is None or not path.startswith("/"):
        return None
    first = path.split("/", 2)[1]
    return None if "{" in first else first


def _paths(route: Any) -> list[str | None]:  # noqa: ANN401 - FastAPI's own kind, too
    """List the paths that a route answers; `None` may be any."""
    match getattr(route, "original_router", None):
        case OnDemandRouter() as router if not router.is_imported:
            return [route.include_context.prefix + path for path in router.paths]
        case APIRouter() if route.effective_low_priority_routes():
            return [None]  # files, which answer whatever is left
    return [context.path_format for context in iter_route_contexts([route])]
