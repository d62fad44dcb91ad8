"""Many clients who ask at once, of the application itself."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from anyio.from_thread import BlockingPortal
from httpx2 import ASGITransport, AsyncClient, Response
from sqlalchemy import select

from app.core.database import Database
from app.core.rows import count
from app.core.tables import Record
from app.main import app
from tests.conftest import Headers
from tests.resources import Json

CLIENTS = 50


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that is not sent yet."""

    headers: Headers
    method: str
    url: str
    json: Json | None = None


class Crowd:
    """Clients who send their requests in the same moment."""

    def __init__(self, database: Database, portal: BlockingPortal) -> None:
        self._database = database
        self._portal = portal

    def ask(self, *asks: Ask) -> list[Response]:
        """Return what each request was answered, in their order."""
        return self._portal.call(_ask_all, asks)

    def statuses(self, *asks: Ask) -> Counter[int]:
        """Return how many requests were answered how."""
        return Counter(response.status_code for response in self.ask(*asks))

    def count(self, table: type[Record]) -> int:
        """Return how many rows are stored."""

        async def counted() -> int:
            async with self._database.session(writes=False) as session:
                return await count(session, table)

        return self._portal.call(counted)

    def versions(self, table: type[Record]) -> list[int]:
        """Return how often each row was written."""

        async def found() -> list[int]:
            async with self._database.session(writes=False) as session:
                return list(await session.scalars(select(table.version)))

        return self._portal.call(found)


async def _ask_all(asks: Sequence[Ask]) -> list[Response]:
    transport = ASGITransport(app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://petsage") as client:
        return await asyncio.gather(
            *(
                client.request(ask.method, ask.url, headers=ask.headers, json=ask.json)
                for ask in asks
            )
        )
