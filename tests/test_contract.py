"""Tests of every operation against the OpenAPI document, with generated requests."""

import os
from typing import Any

import schemathesis
from fastapi.testclient import TestClient
from hypothesis import settings
from schemathesis import Case

from app.main import app

EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "5"))

api = schemathesis.openapi.from_asgi("/openapi.json", app)


@api.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, database=None)
def test_every_answer_is_as_documented(case: Case[Any]) -> None:
    case.call_and_validate()


def test_the_document_is_served(client: TestClient) -> None:
    assert client.get("/openapi.json").json() == app.openapi()
