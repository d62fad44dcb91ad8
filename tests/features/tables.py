"""Tables of facts, and the tests that run for each row of one."""

from collections.abc import Callable, Sequence
from functools import wraps
from importlib import import_module
from types import FunctionType, ModuleType
from typing import Any, ClassVar

import pytest
from anyio.from_thread import BlockingPortal
from fastapi.testclient import TestClient

from app.core.database import Database
from tests.conftest import SignInAll
from tests.resources import Api, Kind
from tests.scenarios import Scenario

Facts = Sequence[tuple[Any, ...]]

# What each test runs for: the name of a table, and of the arguments in its rows.
OVER: dict[str, tuple[str, tuple[str, ...]]] = {}


def over(table: str, *arguments: str) -> Callable[[Callable[..., None]], Any]:
    """Let a test run for each row of a table of its class, and only if there is one."""

    def mark(test: Callable[..., None]) -> Any:
        assert isinstance(test, FunctionType)
        OVER[test.__name__] = table, arguments
        return test

    return mark


def parametrized(test: FunctionType, rows: Facts) -> Any:
    """Return a test that runs for each row."""

    @wraps(test)
    def copy(*arguments: object, **named: object) -> None:
        test(*arguments, **named)

    _, names = OVER[test.__name__]
    ids = ["-".join(_name(part) for part in row) for row in rows]
    return pytest.mark.parametrize(names, rows, ids=ids)(copy)


def _name(part: object) -> str:
    """Return what the output of a test calls one of its arguments."""
    if isinstance(part, dict):
        return ",".join(map(str, part))
    named = isinstance(part, str | int | Kind | Scenario)
    return str(part) if named else type(part).__name__


class Tested:
    """What the tests of a feature have at hand.

    `FEATURE` is its name, `ROLES` who there is beside two users.
    """

    FEATURE: ClassVar[str]
    ROLES: ClassVar[tuple[str, ...]] = ()

    @pytest.fixture
    def api(
        self,
        client: TestClient,
        everybody: SignInAll,
        database: Database,
        portal: BlockingPortal,
    ) -> Api:
        """Give the API, with everybody who may use it."""
        return Api(client, everybody(self.ROLES), database, portal)

    def service_with(self, constant: str) -> ModuleType:
        """Return the module of the service that has a constant; each may have its."""
        return next(part for part in self.services() if hasattr(part, constant))

    def services(self) -> list[ModuleType]:
        """Return the modules of the service."""
        service = import_module(f"app.features.{self.FEATURE}.service")
        found = (service, *vars(service).values())
        return [part for part in found if isinstance(part, ModuleType)]
