"""Tests of every operation against the OpenAPI document, with generated requests."""

import copy
import os
import socket
import time
from collections.abc import Generator
from typing import Any
from uuid import UUID

import pytest
import schemathesis
import uvicorn
from anyio.from_thread import BlockingPortal
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings
from schemathesis import Case, CheckContext, Response
from schemathesis.specs.openapi.checks import positive_data_acceptance

from app.core.throttle import forget_attempts
from app.main import app
from tests.conftest import Headers

EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "5"))

# What a schema cannot say, so that a request made from it may break it.
RULES = {
    "must be between the years 1 and 9999 in UTC",
    "must be the `next` of a page of this list",
    "must not be in the future",
}

# Schemathesis tries operations without a bearer token, but not without an OAuth2 one.
document = copy.deepcopy(app.openapi())
document["components"]["securitySchemes"] = {
    "OAuth2PasswordBearer": {"type": "http", "scheme": "bearer"}
}
api = schemathesis.openapi.from_dict(document)


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


@api.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_every_answer_is_as_documented(
    case: Case[Any], client: TestClient, owner: Headers, admin: Headers, base_url: str
) -> None:
    forget_attempts()
    aim_at_stored_rows(case, client, owner)

    case.call_and_validate(
        base_url=base_url,
        headers=admin,
        excluded_checks=[positive_data_acceptance],
        additional_checks=[accepts_what_the_schema_allows],
    )


def aim_at_stored_rows(case: Case[Any], client: TestClient, owner: Headers) -> None:
    """Put an id that exists where the case has one that is valid."""
    parameters = case.path_parameters or {}
    if is_uuid(parameters.get("account_id")):
        parameters["account_id"] = client.get("/accounts/me", headers=owner).json()[
            "id"
        ]


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
        if details <= RULES:
            return None
    return positive_data_acceptance(context, response, case)


def test_the_document_is_served(client: TestClient) -> None:
    assert client.get("/openapi.json").json() == app.openapi()
