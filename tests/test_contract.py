"""Tests of every operation against the OpenAPI document, with generated requests."""

import copy
import os
import socket
import time
from collections.abc import Generator, Iterator, Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import UUID

import pytest
import schemathesis
import uvicorn
from anyio.from_thread import BlockingPortal
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case, CheckContext, Response
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import (
    ignored_auth,
    negative_data_rejection,
    positive_data_acceptance,
)
from sqlalchemy import select

from app.core.database import READING, Database
from app.core.models import Input
from app.core.throttle import forget_attempts
from app.features.accounts.tables import Role
from app.main import app
from tests.api import Contract
from tests.conftest import Databases, Headers, store_account
from tests.databases import KINDS

EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "5"))
# The features whose operations are tried, with commas between them: all if it is empty.
ONLY = frozenset(filter(None, os.environ.get("CONTRACT_FEATURES", "").split(",")))


def home(module: str) -> str:
    """Return the feature that a module is of, or what else it is in."""
    parts = module.split(".")
    return parts[2] if parts[:2] == ["app", "features"] else parts[-2]


# The feature of each operation: the folder that its endpoint is in.
FEATURES = {
    (method, route.path_format): home(route.endpoint.__module__)
    for route in iter_route_contexts(app.routes)
    for method in route.methods or ()
}

# Schemathesis tries operations without a bearer token, but not without an OAuth2 one.
document = copy.deepcopy(app.openapi())
document["components"]["securitySchemes"] = {
    "OAuth2PasswordBearer": {"type": "http", "scheme": "bearer"}
}
if ONLY:
    # Schemathesis makes requests to each operation as soon as its tests are collected.
    document["paths"] = {
        path: {
            method: operation
            for method, operation in operations.items()
            if FEATURES[method.upper(), path] in ONLY
        }
        for path, operations in document["paths"].items()
    }
api = schemathesis.openapi.from_dict(document)


class Stage:
    """Rows of a feature, and who stored them."""

    def __init__(
        self,
        client: TestClient,
        portal: BlockingPortal,
        databases: Databases,
        database: Database,
    ) -> None:
        self._client = client
        self._portal = portal
        self._fresh = partial(databases.fresh, database.engine.dialect.name)
        self.is_set = False
        self.rows: dict[str, str] = {}
        self.caller: Headers = {}
        self.wants_token = False  # as a request has shown that was sent without one

    def set_up(self, contract: Contract) -> None:
        """Store rows, unless those from before are still as they were."""
        if not self.is_set:
            database = self._fresh()
            roles = self._portal.call(read_roles, database)
            sign_up = partial(self._portal.call, store_account, database)
            self.caller, other = sign_up("caller", roles), sign_up("other", ())
            self.rows = contract.rows(self._client, self.caller, other)
            self.is_set = True


async def read_roles(database: Database) -> Sequence[str]:
    async with database.session(writes=False) as session:
        return (await session.scalars(select(Role.name))).all()


@pytest.fixture
def stage(
    client: TestClient, portal: BlockingPortal, databases: Databases, database: Database
) -> Stage:
    """Store rows in a database of each kind."""
    return Stage(client, portal, databases, database)


@pytest.fixture(scope="module")
def base_url(portal: BlockingPortal) -> Generator[str]:
    """Serve the application on a port, in the event loop that its database is in."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None))
    running = portal.start_task_soon(server.serve, [listener])
    while not server.started:
        time.sleep(0.01)
    host, port = listener.getsockname()
    yield f"http://{host}:{port}"
    server.should_exit = True
    running.result()


contracted = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,  # a proof is the same each time
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@api.parametrize()
@contracted
def test_every_answer_is_as_documented(
    case: Case[Any], stage: Stage, base_url: str
) -> None:
    stage.set_up(contract_of(case))

    check(case, stage, base_url, stage.caller)


# Most of these answers never ask a database, or look at the request: one kind will do,
# without the cases that schemathesis thinks of to cover each schema.
@api.parametrize()
@pytest.mark.parametrize("database", KINDS[:1], indirect=True)
@settings(contracted, phases=[Phase.generate])
def test_every_answer_to_nobody_is_as_documented(
    case: Case[Any], stage: Stage, base_url: str
) -> None:
    stage.set_up(contract_of(case))

    check(case, stage, base_url, {})


def check(case: Case[Any], stage: Stage, base_url: str, caller: Headers) -> None:
    """Aim a request at the rows, send it, and check the answer."""
    forget_attempts()
    aim(case, stage.rows)

    answer = case.call_and_validate(
        base_url=base_url,
        headers=caller,
        excluded_checks=[
            positive_data_acceptance,
            negative_data_rejection,
            *([ignored_auth] if stage.wants_token else []),
        ],
        additional_checks=[
            accepts_what_the_schema_allows,
            *([] if has_our_headers(case, caller) else [negative_data_rejection]),
        ],
    )

    if answer.status_code < 300:
        stage.wants_token = stage.wants_token or is_in_place(case)
        if case.path_parameters and case.method not in READING:
            stage.is_set = False  # what it aimed at may be gone, or may go no further


def is_in_place(case: Case[Any]) -> bool:
    """Say whether a request goes to the operation, whatever else is wrong with it."""
    return case.meta is None or not case.meta.is_negative_at(ParameterLocation.PATH)


def has_our_headers(case: Case[Any], caller: Headers) -> bool:
    """Say whether a header was to be wrong that is the caller's own instead.

    What else is wrong may not be so on its way: a list of one is a value in a query.
    """
    known = case.meta.components if case.meta else {}
    header = known.get(ParameterLocation.HEADER)
    return bool(caller and header and header.mode.is_negative)


def aim(case: Case[Any], rows: dict[str, str]) -> None:
    """Put the id of a row that exists where the case has one that is valid."""
    for fields in (case.path_parameters, case.query, case.body):
        if isinstance(fields, dict):
            for name in fields.keys() & rows:
                if is_uuid(fields[name]):
                    fields[name] = rows[name]


def contract_of(case: Case[Any]) -> Contract:
    """Return what the tests of a feature say of its operations."""
    test = f"tests.test_{FEATURES[case.operation.method.upper(), case.operation.path]}"
    if find_spec(test) is None:
        return Contract()
    contract = getattr(import_module(test), "CONTRACT", Contract())
    assert isinstance(contract, Contract)
    return contract


def is_uuid(value: object) -> bool:
    try:
        return bool(UUID(str(value)))
    except ValueError:
        return False


def accepts_what_the_schema_allows(
    context: CheckContext, response: Response, case: Case[Any]
) -> bool | None:
    if response.status_code == 422:
        details = {error["detail"] for error in response.json()["errors"]}
        if all(map(contract_of(case).allows, details)):
            return None
    return positive_data_acceptance(context, response, case)


def examples(base: type[Input] = Input) -> Iterator[tuple[type[Input], Any]]:
    """Give each model of a body that shows an example, and that."""
    for model in base.__subclasses__():
        extra: Any = model.model_config.get("json_schema_extra")
        for example in extra.get("examples", ()) if isinstance(extra, dict) else ():
            if model.__module__.startswith("app."):
                yield model, example
        yield from examples(model)


@pytest.mark.whole
def test_every_example_of_a_body_is_valid() -> None:
    for model, example in examples():
        assert model.model_validate(example).model_fields_set == {*example}, model


@pytest.mark.whole
def test_the_document_is_served(client: TestClient) -> None:
    assert client.get("/openapi.json").json() == app.openapi()
