"""Pets as one writes them by hand, with FastAPI and asyncpg alone."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import asyncpg  # type: ignore[import-untyped]
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.security import OAuth2PasswordBearer

from app.core.config import settings
from app.core.pagination import Page
from app.core.security import Actor, read_access_token
from app.core.tables import uuid7
from app.features.pet_management.models import PetCreate, PetResponse

PETS_PER_OWNER = 10**9
ROLES = """
    SELECT grants.role FROM accounts
    LEFT JOIN grants ON grants.account_id = accounts.id WHERE accounts.id = $1
"""
ONE = "SELECT * FROM pets WHERE id = $1 AND (owner_id = $2 OR $3)"
SOME = """
    SELECT * FROM pets WHERE (owner_id = $1 OR $2)
    ORDER BY created_at DESC, id DESC LIMIT $3
"""
MORE = """
    SELECT * FROM pets WHERE (owner_id = $1 OR $2) AND (created_at, id) < ($4, $5)
    ORDER BY created_at DESC, id DESC LIMIT $3
"""
LOCK = "SELECT id FROM accounts WHERE id = $1 FOR UPDATE"
COUNT = "SELECT count(*) FROM pets WHERE owner_id = $1"
STORE = """
    INSERT INTO pets (id, owner_id, name, species, born_on, weight_kg, chip_number,
                      created_at, updated_at, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, 1) RETURNING *
"""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    """Keep a pool of connections."""
    url = settings.database_url.replace("+asyncpg", "")
    async with asyncpg.create_pool(url, min_size=20, max_size=20) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)


async def get_connection(request: Request) -> AsyncGenerator[asyncpg.Connection]:
    """Give a request its connection."""
    async with request.app.state.pool.acquire() as connection:
        yield connection


Connection = Annotated[asyncpg.Connection, Depends(get_connection)]
Token = Annotated[str, Depends(OAuth2PasswordBearer("token"))]


async def get_actor(connection: Connection, token: Token) -> Actor:
    """Return who is calling."""
    account_id = read_access_token(token)
    found = await connection.fetch(ROLES, account_id)
    if not found:
        raise HTTPException(401)
    return Actor(account_id, frozenset(row["role"] for row in found))


CurrentActor = Annotated[Actor, Depends(get_actor)]


def sees_all(actor: Actor) -> bool:
    """Say whether somebody sees the pets of others."""
    return bool(actor.roles & {"vet", "admin"})


@app.get("/pets/{pet_id}", response_model=PetResponse)
async def get_pet(
    connection: Connection, actor: CurrentActor, pet_id: UUID
) -> dict[str, object]:
    """Get one pet."""
    row = await connection.fetchrow(ONE, pet_id, actor.id, sees_all(actor))
    if row is None:
        raise HTTPException(404)
    return dict(row)


@app.get("/pets/", response_model=Page[PetResponse])
async def list_pets(
    connection: Connection,
    actor: CurrentActor,
    limit: int = 20,
    cursor: str | None = None,
) -> dict[str, object]:
    """List pets."""
    asked = actor.id, sees_all(actor), limit + 1
    if cursor is None:
        found = await connection.fetch(SOME, *asked)
    else:
        moment, _, last = cursor.partition("_")
        after = datetime.fromisoformat(moment), UUID(last)
        found = await connection.fetch(MORE, *asked, *after)
    items = [dict(row) for row in found[:limit]]
    more = f"{items[-1]['created_at'].isoformat()}_{items[-1]['id']}" if items else None
    return {"items": items, "next": more if len(found) > limit else None}


@app.post("/pets/", response_model=PetResponse, status_code=201)
async def create_pet(
    connection: Connection, actor: CurrentActor, data: PetCreate
) -> dict[str, object]:
    """Create a pet."""
    async with connection.transaction():
        await connection.execute(LOCK, actor.id)
        if await connection.fetchval(COUNT, actor.id) >= PETS_PER_OWNER:
            raise HTTPException(409)
        values = data.name, data.species, data.born_on, data.weight_kg, data.chip_number
        row = await connection.fetchrow(
            STORE, uuid7(), actor.id, *values, datetime.now(UTC)
        )
    return dict(row)
