"""What the tests of a feature need to talk with the API, and what they say of it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from app.core.formats import extra
from app.core.models import UNSTATED
from tests.conftest import Headers

Rows = Callable[[TestClient, Headers, Headers], dict[str, str]]


def no_rows(_: TestClient, __: Headers, ___: Headers) -> dict[str, str]:
    """Store nothing."""
    return {}


@dataclass(frozen=True, slots=True)
class Contract:
    """What test_contract has to know of a feature: `CONTRACT` in the feature's tests.

    `rules` are the refusals of the feature that no schema can state. `rows` stores
    rows through the API, as somebody who has every role (the first headers) or as
    somebody who has none (the second), and returns their ids by the names that
    parameters and fields have for these: `{"pet_id": "..."}`.
    """

    rules: Collection[str] = frozenset()
    rows: Rows = no_rows

    def allows(self, detail: str) -> bool:
        """Say whether a request may be refused so, although the schema allows it."""
        return detail in self.rules or bool(UNSTATED.fullmatch(detail))


def account_id(client: TestClient, headers: Headers) -> str:
    """Return the id of the account that is signed in."""
    return str(client.get("/accounts/me", headers=headers).json()["id"])


def invalid_parts(response: Response) -> dict[str, str]:
    """Return what is wrong with each part of a request that is not valid."""
    assert response.status_code == 422, response.text
    return {part["pointer"]: part["detail"] for part in response.json()["errors"]}


def events(
    caplog: pytest.LogCaptureFixture, logger: str
) -> list[tuple[str, dict[str, object]]]:
    """Return what a logger and those below it said, each message with its fields."""
    return [
        (record.getMessage(), extra(record))
        for record in caplog.records
        if f"{record.name}.".startswith(f"{logger}.")
    ]
