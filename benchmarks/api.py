"""Requests per second of the generated API, and of the same written by hand.

`DATABASE_URL=postgresql://... python -m benchmarks.api [ROUNDS]` makes a database of
its own there. Each round asks each program for each thing, one after the other.
"""

import asyncio
import os
import platform
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from subprocess import DEVNULL, Popen
from uuid import UUID

from sqlalchemy import delete, insert, text

from app.core.config import settings
from app.core.database import Database
from app.core.migrations import migrate
from app.core.security import create_access_token
from app.core.tables import utc_now, uuid7
from app.features.accounts.tables import Account
from app.features.pet_management.tables import Pet
from benchmarks.load import CLIENTS, Load, request
from tests.databases import empty_postgresql, postgresql_server

PROGRAMS = "generated", "handwritten_orm", "handwritten_asyncpg"
PORT = 18_200
PETS = 1_000
SECONDS = 1.5
PET = '{"name": "Miso", "species": "cat", "born_on": "2020-02-29", "weight_kg": "4.20"}'
TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """A program that serves on a port of its own."""

    def __init__(self, program: str, port: int) -> None:
        """Start it."""
        self.port = port
        command = [sys.executable, "-m", "uvicorn", f"benchmarks.{program}:app"]
        command += ["--port", str(port)]
        self._process = Popen(command, stdout=DEVNULL, stderr=DEVNULL)

    def seconds(self) -> float:
        """Return the CPU time that it has taken so far."""
        with open(f"/proc/{self._process.pid}/stat") as file:  # noqa: PTH123
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def stop(self) -> None:
        """Stop it."""
        self._process.terminate()
        self._process.wait()


def main() -> None:
    """Measure, and print medians."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with ExitStack() as stack:
        server = stack.enter_context(postgresql_server(os.environ.get("DATABASE_URL")))
        url = stack.enter_context(empty_postgresql(server))
        migrate(url)
        os.environ["DATABASE_URL"] = url
        os.environ["SECRET_KEY"] = settings.secret_key.get_secret_value()
        figures, version = asyncio.run(measure(url, rounds))
    print_table(figures, rounds, version)


Figures = dict[tuple[str, str], list[tuple[float, float]]]


async def measure(url: str, rounds: int) -> tuple[Figures, str]:
    """Return requests per second and CPU milliseconds of each, round by round."""
    database = Database(url)
    owner, *others = [uuid7() for _ in range(CLIENTS + 1)]
    pet_id = await fill(database, owner, others)
    asked = {
        "get-one": [request("GET", f"/pets/{pet_id}", create_access_token(owner))],
        "list-20": [request("GET", "/pets/", create_access_token(owner))],
        "create": [
            request("POST", "/pets/", create_access_token(other), PET)
            for other in others
        ],
    }
    figures: Figures = defaultdict(list)
    with serving() as servers:
        for number in range(rounds + 1):  # the first one warms up
            for name, requests in asked.items():
                for program, server in servers.items():
                    await forget(database, others)
                    figure = await one_round(server, requests)
                    if number:
                        figures[name, program].append(figure)
    async with database.engine.connect() as connection:
        version = (await connection.execute(text("SHOW server_version"))).scalar_one()
    await database.close()
    return figures, str(version)


@contextmanager
def serving() -> Iterator[dict[str, Server]]:
    """Serve every program until the block ends."""
    servers = {name: Server(name, PORT + n) for n, name in enumerate(PROGRAMS)}
    try:
        yield servers
    finally:
        for server in servers.values():
            server.stop()


async def one_round(server: Server, requests: Sequence[bytes]) -> tuple[float, float]:
    """Return the requests per second of a server, and CPU milliseconds for each."""
    async with Load(server.port, requests) as load:
        started, spent = time.perf_counter(), server.seconds()
        count = await load.run(SECONDS)
        passed = time.perf_counter() - started
        return count / passed, (server.seconds() - spent) * 1000 / count


async def fill(database: Database, owner: UUID, others: Sequence[UUID]) -> UUID:
    """Store accounts, and the pets of one of them; return the id of such a pet."""
    account = {"version": 1, "password_hash": ""}
    accounts = [
        account | {"id": each, "email": f"{each}@example.com"}
        for each in (owner, *others)
    ]
    pet = {"version": 1, "owner_id": owner, "species": "cat", "weight_kg": 4}
    pets = [
        pet
        | {"id": uuid7(), "name": f"Miso {number}"}
        | {"created_at": utc_now() - timedelta(minutes=number)}
        for number in range(PETS)
    ]
    async with database.session() as session:
        await session.execute(insert(Account), accounts)
        await session.execute(insert(Pet), pets)
    async with database.engine.begin() as connection:
        await connection.execute(text("ANALYZE"))
    return UUID(str(pets[PETS // 2]["id"]))


async def forget(database: Database, others: Sequence[UUID]) -> None:
    """Remove what was created, so that every round begins alike."""
    async with database.session() as session:
        await session.execute(delete(Pet).where(Pet.owner_id.in_(others)))


def print_table(figures: Figures, rounds: int, version: str) -> None:
    """Print the median of each, the spread, and how many times the generated."""
    system = f"{platform.machine()}, {os.cpu_count()} cores"
    print(f"Python {platform.python_version()}, PostgreSQL {version}, {system}")
    print(f"{rounds} rounds of {SECONDS} s, {CLIENTS} connections, medians")
    print(f"{'':<30}{'req/s':>8}{'least':>8}{'most':>8}{'CPU ms':>8}{'ratio':>8}")
    for (name, program), found in figures.items():
        rates, spent = zip(*found, strict=True)
        others = figures[name, PROGRAMS[0]]
        pairs = zip(others, rates, strict=True)
        ratio = statistics.median(other[0] / rate for other, rate in pairs)
        print(
            f"{name + ' ' + program:<30}{statistics.median(rates):8.0f}"
            f"{min(rates):8.0f}{max(rates):8.0f}"
            f"{statistics.median(spent):8.2f}{ratio:8.2f}"
        )


if __name__ == "__main__":
    main()
