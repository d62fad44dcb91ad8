"""Tests of features that are imported when the first request for them comes."""

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from threading import Barrier

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from app import features
from app.core.application import install
from app.core.config import Settings
from app.core.on_demand import OnDemandRouter, import_on_demand
from app.core.router_text import read_paths
from app.core.tables import Base

ROUTERS = sorted(Path(features.__path__[0]).glob("*/router.py"))
PACKAGES = sorted(Path(features.__path__[0]).glob("*/router/__init__.py"))

TOYS = """
from fastapi import APIRouter, Response, status

router = APIRouter(
    prefix="/toys", tags=["Toys"]
)


@router.get("/")
async def list_toys() -> list[str]:
    return ["ball"]


@router.delete(
    "/{toy}", status_code=status.HTTP_204_NO_CONTENT
)
async def delete_toy(toy: str) -> None: ...
"""
BROKEN = TOYS.replace("toys", "broken") + "\n1 / 0\n"
BOXES = """
import sqlalchemy as sa
from fastapi import APIRouter
from app.core.tables import Base

router = APIRouter()
sa.Table("{name}", Base.metadata, sa.Column("id", {columns}, primary_key=True))


@router.get("/{name}/")
async def list_{name}() -> list[str]:
    return []
"""

Make = Callable[[str, str], APIRouter]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Make]:
    """Return how to write the router of a feature, and import it on demand."""
    known, tables = {*sys.modules}, {*Base.metadata.tables}
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    monkeypatch.setattr(features, "__path__", [*features.__path__, str(tmp_path)])
    monkeypatch.setattr(OnDemandRouter, "_waiting", [])
    import_on_demand()

    def make(feature: str, text: str) -> APIRouter:
        (tmp_path / feature).mkdir()
        (tmp_path / feature / "router.py").write_text(text)
        router = import_module(f"app.features.{feature}.router").router
        assert isinstance(router, APIRouter)
        return router

    yield make
    for name in {*sys.modules} - known:
        del sys.modules[name]
    for name in {*Base.metadata.tables} - tables:
        Base.metadata.remove(Base.metadata.tables[name])


def serve(*routers: APIRouter, prefix: str = "") -> TestClient:
    app = FastAPI()
    for router in routers:
        app.include_router(router, prefix=prefix)
    install(app, Settings())
    return TestClient(app, raise_server_exceptions=False)


def is_imported(router: APIRouter) -> bool:
    assert isinstance(router, OnDemandRouter)
    return router.is_imported


@pytest.mark.parametrize("prefix", ["", "/v1"])
def test_a_feature_is_imported_by_the_first_request_for_it(
    make: Make, prefix: str
) -> None:
    toys = make("toys", TOYS)
    client = serve(toys, prefix=prefix)

    assert client.get("/livez").is_success
    assert client.get("/nowhere").status_code == 404
    assert not is_imported(toys)
    assert client.get(f"{prefix}/toys/").json() == ["ball"]
    assert is_imported(toys)


def test_a_feature_on_demand_answers_as_any_other(make: Make) -> None:
    toys = make("toys", TOYS)
    namespace: dict[str, APIRouter] = {}
    exec(TOYS, namespace)  # noqa: S102 - the text above
    late, early = serve(toys), serve(namespace["router"])

    for method in ("GET", "DELETE", "PUT", "HEAD", "OPTIONS"):
        for path in ("/toys", "/toys/", "/toys/1", "/toys/1/"):
            one, other = late.request(method, path), early.request(method, path)
            assert one.status_code == other.status_code
            assert one.headers.get("Allow") == other.headers.get("Allow")
            assert one.content == other.content
    assert late.get("/openapi.json").content == early.get("/openapi.json").content


def test_the_document_and_urls_need_every_feature(make: Make) -> None:
    toys, more = make("toys", TOYS), make("more", TOYS.replace("toys", "more"))
    client = serve(toys, more)
    assert isinstance(client.app, FastAPI)

    assert client.app.url_path_for("list_more") == "/more/"
    assert {"/toys/", "/more/"} <= client.get("/openapi.json").json()["paths"].keys()


def test_a_broken_feature_fails_alone_and_says_why(
    make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    client = serve(make("broken", BROKEN), make("toys", TOYS))

    answers = [client.get(path).status_code for path in ("/broken/", "/broken/1")]

    assert answers == [500, 500]
    assert client.get("/toys/").is_success
    failures = [r for r in caplog.records if r.getMessage() == "feature.failed"]
    assert [(r.levelno, vars(r)["router"]) for r in failures] == [
        (logging.ERROR, "app.features.broken.router")
    ]
    assert "ZeroDivisionError" in caplog.text


def test_a_broken_feature_stops_whoever_imports_it_as_usual(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "meta_path", sys.meta_path[1:])

    with pytest.raises(ZeroDivisionError):
        make("broken", BROKEN)


def test_threads_that_need_a_feature_at_once_import_it_once(make: Make) -> None:
    slowly = "\nimport time\ntime.sleep(0.05)\nruns = [*globals().get('runs', []), 1]\n"
    toys = make("toys", TOYS + slowly)
    client = serve(toys)
    barrier = Barrier(8)

    def count(_: int) -> int:
        barrier.wait()
        assert isinstance(client.app, FastAPI)
        return len([*iter_route_contexts(client.app.routes)])

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(count, range(8)))) == 1
    assert sys.modules["app.features.toys.router"].runs == [1]


def test_tables_that_are_only_named_come_along(make: Make) -> None:
    names = {"columns": "sa.Integer"}
    boxes = make("boxes", BOXES.format(name="boxes", **names))
    crates = make("crates", BOXES.format(name="crates", **names))
    key = {"columns": 'sa.ForeignKey("crates.id")'}
    lids = make("lids", BOXES.format(name="lids", **key))
    late = make("pots", BOXES.format(name="pots", **names))
    client = serve(boxes, crates, lids, late)

    assert client.get("/lids/").is_success
    assert [is_imported(router) for router in (crates, lids, late)] == [
        True,
        True,
        False,
    ]
    assert Base.metadata.tables["crates"] in Base.metadata.sorted_tables


@pytest.mark.parametrize(
    "change",
    [
        ('prefix="/toys"', "prefix=PREFIX"),
        ('prefix="/toys"', 'prefix="/toys" + MORE'),
        ('"/{toy}", status', "PATH, status"),
        ('"/{toy}", status', '"/{toy}" "/more", status'),
        ('"/{toy}", status', 'f"/{toy}", status'),
        ('tags=["Toys"]', "lifespan=lifespan"),
        ('@router.get("/")', '@router.on_event("startup")'),
        ("async def list_toys", "@router.api_route(PATH)\nasync def list_toys"),
        ("async def list_toys", "make_routes(router)\nasync def list_toys"),
        ('@router.get("/")', 'router.frontend("/", directory=".")'),
        ('@router.get("/")', "router.include_router(more.router)"),
        ("router = ", "router = other = "),
        ("router = ", "import x.router as y\nrouter = "),
    ],
)
def test_a_text_that_may_mean_other_paths_is_not_relied_on(
    tmp_path: Path, change: tuple[str, str]
) -> None:
    file = tmp_path / "router.py"
    text = TOYS.replace(*change)
    assert text != TOYS

    file.write_text(text)

    assert read_paths(file) is None


def test_a_router_that_is_not_relied_on_is_imported_at_once(make: Make) -> None:
    toys = make("toys", TOYS.replace('"/toys"', '"/" + "toys"'))

    assert not isinstance(toys, OnDemandRouter)
    assert serve(toys).get("/toys/").is_success


def test_the_modules_of_a_package_are_read(tmp_path: Path) -> None:
    text = "router = APIRouter()\nrouter.include_router(toys.router)\n"
    (tmp_path / "__init__.py").write_text(text)
    (tmp_path / "toys.py").write_text(TOYS)

    assert read_paths(tmp_path / "__init__.py") == ["/toys/", "/toys/{toy}"]


@pytest.mark.whole
def test_what_the_text_of_each_feature_says_is_so() -> None:
    for file in ROUTERS + PACKAGES:
        module = file.relative_to(Path(features.__path__[0])).with_suffix("").parts
        name = ".".join(module).removesuffix(".__init__")
        router = import_module(f"app.features.{name}").router

        paths = read_paths(file)

        actual = {route.path for route in iter_route_contexts(router.routes)}
        assert paths is None or {*paths} == actual, name


@pytest.mark.parametrize("on_demand", [True, False])
def test_the_service_starts_without_its_features_if_that_is_asked_for(
    *, on_demand: bool
) -> None:
    script = (
        "import sys, uvicorn\n"
        "from importlib import import_module\n"
        "from app import __main__ as service\n"
        "service.migrate = lambda url: None\n"
        "uvicorn.run = lambda name, **_: import_module(name.partition(':')[0])\n"
        "service.main()\n"
        "print('app.main' in sys.modules, 'app.features.accounts' in sys.modules)\n"
        "print('app.features.accounts.service' in sys.modules)\n"
    )

    done = subprocess.run(  # noqa: S603 - it is this project
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[1],
        env=os.environ | {"FEATURES_ON_DEMAND": str(on_demand)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == f"True True\n{not on_demand}\n"
