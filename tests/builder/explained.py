"""What a database does for a request: its statements, and its plan for each."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from anyio.from_thread import BlockingPortal
from fastapi.testclient import TestClient
from sqlalchemy import event

from app.core.database import Database
from tests.conftest import Headers
from tests.resources import Json

Statement = tuple[str, Any]


class Explainer:
    """Asks the API, and then the database how it has found the answer."""

    def __init__(
        self, client: TestClient, database: Database, portal: BlockingPortal
    ) -> None:
        self._client = client
        self._database = database
        self._portal = portal

    def get(self, who: Headers, url: str, **params: Any) -> Json:  # noqa: ANN401 - JSON is any value
        """Return what the API answers."""
        response = self._client.get(url, headers=who, params=params)
        assert response.status_code == 200, response.text
        page: Json = response.json()
        return page

    def plans(self, who: Headers, url: str, **params: Any) -> list[str]:  # noqa: ANN401
        """Return how the rows of a page are found: one plan for each statement."""
        with self._recorded() as statements:
            self.get(who, url, **params)
        return [
            self._portal.call(self._explain, *said)
            for said in statements
            if "LIMIT" in said[0]
        ]

    def analyze(self) -> None:
        """Let the database look at its rows, so that it can plan well."""

        async def analyze() -> None:
            async with self._database.engine.begin() as connection:
                await connection.exec_driver_sql("ANALYZE")

        self._portal.call(analyze)

    @contextmanager
    def _recorded(self) -> Iterator[list[Statement]]:
        engine = self._database.engine.sync_engine
        statements: list[Statement] = []

        def record(
            _: object, __: object, said: str, values: object, *___: object
        ) -> None:
            if said.startswith("SELECT"):
                statements.append((said, values))

        event.listen(engine, "before_cursor_execute", record)
        yield statements
        event.remove(engine, "before_cursor_execute", record)

    async def _explain(self, said: str, values: Any) -> str:  # noqa: ANN401 - the driver's
        async with self._database.engine.connect() as connection:
            if self._database.engine.dialect.name == "sqlite":
                # A connection hears of statistics when it runs a statement, not when
                # it explains one.
                await connection.exec_driver_sql(said, values)
                asked = f"EXPLAIN QUERY PLAN {said}"
                steps = await connection.exec_driver_sql(asked, values)
                return "\n".join(step[-1] for step in steps)
            asked = f"EXPLAIN (FORMAT JSON) {said}"
            found = (await connection.exec_driver_sql(asked, values)).scalar_one()
            tree = json.loads(found) if isinstance(found, str) else found
            return "\n".join(_steps(tree[0]["Plan"]))


def _steps(node: Mapping[str, Any]) -> Iterator[str]:
    """Give the steps of a plan of PostgreSQL in the words of its text format."""
    parts = node["Node Type"], node.get("Index Name"), node.get("Relation Name")
    keys = node.get("Sort Key")
    yield " ".join([*filter(None, parts), *([f"by {keys}"] if keys else [])])
    for part in node.get("Plans", ()):
        yield from _steps(part)
