"""The OpenAPI document of many routers, made one router at a time.

Made of all routes at once, it takes seconds in which nobody else is answered, and
FastAPI fails beyond 128 models of query parameters, of which it keeps no more. It says
the same, but for a model that holds itself: if one router takes it and another one
returns it, it has one name here, and two there.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import RLock
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.models import OpenAPI
from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

Json = dict[str, Any]
Complete = Callable[[Json, Sequence[BaseRoute]], None]

ORDER = [*OpenAPI.model_fields]
# Where a router keeps its document, with the circumstances under which it was made.
MADE = "_document"


class Documents:
    """The document of an application, and those of its routers.

    `complete` adds what FastAPI does not know to the operations of some routes, and
    `finish` what all of them share.
    """

    def __init__(
        self, app: FastAPI, complete: Complete, finish: Callable[[Json], None]
    ) -> None:
        self._app = app
        self._complete = complete
        self._finish = finish
        self._routes: list[BaseRoute] = []
        self._parts: list[Json] = []
        self._lock = RLock()

    async def prepare(self) -> None:
        """Make what is missing, and let others work in between."""
        while self._is_missing():
            self._make_one()
            await asyncio.sleep(0)

    def whole(self) -> Json:
        """Return the document of all routes."""
        with self._lock:
            while self._is_missing():
                self._make_one()
            if self._app.openapi_schema is None:
                self._app.openapi_schema = self._make_whole()
            return self._app.openapi_schema

    def _is_missing(self) -> bool:
        return self._routes != self._app.routes

    def _make_one(self) -> None:
        """Make the document of the next route, or begin anew if others have changed."""
        with self._lock:
            self._app.openapi_schema = None
            routes = self._app.routes
            if self._routes != routes[: len(self._routes)]:
                self._routes, self._parts = [], []
            for route in routes[len(self._routes) :][:1]:
                self._parts.append(self._make_once(route))
                self._routes.append(route)

    def _make_once(self, route: BaseRoute) -> Json:
        """Return the document of a route; that of a router is made for all apps."""
        router = getattr(route, "original_router", None)
        if not isinstance(router, APIRouter):
            return self._make([route])
        of_app = {"included_router": None, "dependency_overrides_provider": None}
        context = replace(vars(route)["include_context"], **of_app)
        app = self._app
        how = app.openapi_version, app.separate_input_output_schemas, self._complete
        circumstances = *how, context, [*router.routes]
        made: tuple[object, Json] = vars(router).get(MADE, (None, {}))
        if made[0] != circumstances:
            made = vars(router)[MADE] = circumstances, self._make([route])
        return made[1]

    def _make_whole(self) -> Json:
        webhooks = self._app.webhooks.routes
        document = _merge([*self._parts, self._make([], webhooks)])
        # Names that clash are told apart only where all of them are known.
        document = document or self._make(self._app.routes, webhooks)
        self._finish(document)
        return document

    def _make(
        self, routes: Sequence[BaseRoute], webhooks: Sequence[BaseRoute] = ()
    ) -> Json:
        app = self._app
        document = get_openapi(
            title=app.title,
            version=app.version,
            openapi_version=app.openapi_version,
            summary=app.summary,
            description=app.description,
            terms_of_service=app.terms_of_service,
            contact=app.contact,
            license_info=app.license_info,
            routes=routes,
            webhooks=webhooks,
            tags=app.openapi_tags,
            servers=app.servers,
            separate_input_output_schemas=app.separate_input_output_schemas,
            external_docs=app.openapi_external_docs,
        )
        self._complete(document, routes)
        return document


def _merge(parts: Sequence[Json]) -> Json | None:
    """Return one document, unless a name means two things."""
    merged: Json = dict(parts[-1])
    paths: Json = {}
    components: dict[str, Json] = {}
    for part in parts:
        for path, operations in part["paths"].items():
            paths.setdefault(path, {}).update(operations)
        for kind, named in part.get("components", {}).items():
            known = components.setdefault(kind, {})
            if any(
                known.setdefault(name, named[name]) != named[name] for name in named
            ):
                return None
    schemas = components.get("schemas", {})
    if any(map(schemas.__contains__, map(_short, schemas))):
        return None
    components = {kind: components[kind] for kind in sorted(components)}
    components["schemas"] = dict(sorted(schemas.items()))
    merged |= {"paths": paths, "components": components}
    return {name: merged[name] for name in ORDER if name in merged}


def _short(name: str) -> str | None:
    """Return the name that a schema would have if no other had it."""
    short = name.removesuffix("-Input").removesuffix("-Output").rpartition("__")[2]
    return None if short == name else short


class DocumentMiddleware:
    """Lets others be answered while the document is made."""

    def __init__(self, app: ASGIApp, url: str, documents: Documents) -> None:
        self._app = app
        self._url = url
        self._documents = documents

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Prepare the document for those who ask for it."""
        if scope["type"] == "http" and scope["path"].endswith(self._url):
            await self._documents.prepare()
        await self._app(scope, receive, send)
