"""Tests that the OpenAPI document is that of FastAPI, made one router at a time."""

import asyncio
import json
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, Query
from fastapi.openapi.utils import get_openapi
from fastapi.security import OAuth2PasswordBearer
from fastapi.testclient import TestClient
from pydantic import BaseModel, Field, create_model

from app.core.application import install
from app.core.config import Settings
from app.core.documents import Documents


class Toy(BaseModel):
    """Something to play with."""

    name: str
    parts: list[str] = []


class Box(BaseModel):
    """Something to put toys in."""

    toys: list[Toy] = []


def _same_name(annotation: type) -> type[BaseModel]:
    """Return a model that has the name of another one."""
    return create_model("Toy", __module__="elsewhere", size=(annotation, ...))


def _router(path: str, accepted: type, returned: type) -> APIRouter:
    router = APIRouter(tags=[path])

    async def create(value: object) -> object: ...

    create.__annotations__ = {"value": accepted, "return": returned}
    router.add_api_route(path, create, methods=["POST"])

    @router.get(path, responses={418: {"model": returned}})
    async def read(key: str, limit: int = 1) -> None: ...

    return router


def _fastapi(*routers: APIRouter) -> FastAPI:
    app = FastAPI(
        title="Toys",
        summary="All of them",
        servers=[{"url": "/api"}],
        openapi_tags=[{"name": "/toys"}],
        openapi_external_docs={"url": "https://example.com/"},
    )

    @app.webhooks.post("sold")
    async def tell(box: Box) -> None: ...

    for router in routers:
        app.include_router(router)
    return app


def _documents(app: FastAPI) -> Documents:
    return Documents(app, lambda *_: None, lambda _: None)


@pytest.mark.parametrize(
    "routers",
    [
        [],
        [_router("/toys", Toy, Box), _router("/boxes", Box, Toy)],
        [_router("/toys", Toy, int), _router("/boxes", int, Toy)],
        [_router("/toys", Toy, int), _router("/sizes", _same_name(int), int)],
        [
            _router("/toys", int, _same_name(str)),
            _router("/sizes", _same_name(int), int),
        ],
        [_router("/a", int, int), _router("/a", str, str)],
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate Operation ID")
def test_the_document_is_that_of_all_routes_at_once(routers: list[APIRouter]) -> None:
    whole = _documents(_fastapi(*routers)).whole()

    assert json.dumps(whole) == json.dumps(_fastapi(*routers).openapi())


def test_a_router_is_documented_once_for_all_apps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    router = _router("/toys", Toy, Box)
    made: list[object] = []

    def note(**options: Any) -> Any:
        made.extend(options["routes"])
        return get_openapi(**options)

    monkeypatch.setattr("app.core.documents.get_openapi", note)

    def document(**options: Any) -> dict[str, Any]:
        app = FastAPI(openapi_url=None)
        app.include_router(router, **options)
        return Documents(app, nothing, lambda _: None).whole()

    def nothing(*_: object) -> None: ...

    assert document() == document()
    assert len(made) == 1
    assert document(prefix="/all")["paths"].keys() == {"/all/toys"}
    assert len(made) == 2
    router.add_api_route("/more", lambda: None)
    assert document()["paths"].keys() == {"/toys", "/more"}


def test_schemes_are_named_once() -> None:
    def build() -> FastAPI:
        scheme = OAuth2PasswordBearer("/token")
        app = _fastapi(_router("/toys", Toy, Box))
        for path in ("/a", "/b"):
            router = APIRouter()

            @router.get(path)
            async def read(token: Annotated[str, Depends(scheme)]) -> None: ...

            app.include_router(router)
        return app

    assert json.dumps(_documents(build()).whole()) == json.dumps(build().openapi())


def test_200_models_of_queries_are_not_too_many() -> None:
    app = FastAPI()
    for number in range(200):
        model = create_model(f"Query{number}", limit=(int, Field(default=number)))
        router = APIRouter()

        async def read(query: object = Query()) -> None: ...

        read.__annotations__ = {"query": model}
        router.add_api_route(f"/toys{number}", read)
        app.include_router(router)
    install(app, Settings())

    document = TestClient(app).get("/openapi.json").json()

    (parameter,) = document["paths"]["/toys0"]["get"]["parameters"]
    assert parameter["schema"] == {"type": "integer", "default": 0, "title": "Limit"}


def test_others_work_while_the_document_is_made() -> None:
    routers = [_router(f"/toys{number}", Toy, Box) for number in range(9)]
    documents = _documents(_fastapi(*routers))

    async def run() -> int:
        turns = 0
        making = [asyncio.create_task(documents.prepare()) for _ in range(2)]
        while not all(task.done() for task in making):
            turns += 1
            await asyncio.sleep(0)
        return turns

    assert asyncio.run(run()) >= len(routers) / 2
    assert documents.whole() == _fastapi(*routers).openapi()


def test_a_route_that_comes_or_goes_later_is_noticed() -> None:
    app = FastAPI()
    app.include_router(_router("/toys", Toy, Box))
    install(app, Settings())
    client = TestClient(app)

    def paths() -> set[str]:
        return {*client.get("/openapi.json").json()["paths"]}

    before = paths()
    app.include_router(_router("/boxes", Box, Toy))
    assert paths() - before == {"/boxes"}
    app.routes.pop()
    assert paths() == before
