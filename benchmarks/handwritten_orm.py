"""Pets as one writes them by hand, with FastAPI and SQLAlchemy's async ORM."""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import (
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from app.core.config import settings
from app.core.pagination import Page
from app.core.security import Actor, read_access_token
from app.features.accounts.tables import Account, Grant
from app.features.pet_management.models import PetCreate, PetResponse
from app.features.pet_management.tables import Pet

PETS_PER_OWNER = 10**9

engine = create_async_engine(settings.database_url, pool_size=20, max_overflow=0)
new_session = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


async def get_session() -> AsyncGenerator[AsyncSession]:
    """Give a request its session."""
    async with new_session() as session:
        yield session


Session = Annotated[AsyncSession, Depends(get_session)]
Token = Annotated[str, Depends(OAuth2PasswordBearer("token"))]


async def get_actor(session: Session, token: Token) -> Actor:
    """Return who is calling."""
    account_id = read_access_token(token)
    found = await session.scalars(
        select(Grant.role)
        .select_from(Account)
        .outerjoin(Grant)
        .where(Account.id == account_id)
    )
    roles = found.all()
    if not roles:
        raise HTTPException(401)
    return Actor(account_id, frozenset(filter(None, roles)))


CurrentActor = Annotated[Actor, Depends(get_actor)]


@app.get("/pets/{pet_id}", response_model=PetResponse)
async def get_pet(session: Session, actor: CurrentActor, pet_id: UUID) -> Pet:
    """Get one pet."""
    pet = await session.get(Pet, pet_id)
    if pet is None or not (pet.owner_id == actor.id or actor.roles & {"vet", "admin"}):
        raise HTTPException(404)
    return pet


@app.get("/pets/", response_model=Page[PetResponse])
async def list_pets(
    session: Session, actor: CurrentActor, limit: int = 20, cursor: str | None = None
) -> dict[str, object]:
    """List pets."""
    pets = select(Pet)
    if not actor.roles & {"vet", "admin"}:
        pets = pets.where(Pet.owner_id == actor.id)
    if cursor is not None:
        moment, _, last = cursor.partition("_")
        after = datetime.fromisoformat(moment), UUID(last)
        pets = pets.where(tuple_(Pet.created_at, Pet.id) < after)
    pets = pets.order_by(Pet.created_at.desc(), Pet.id.desc()).limit(limit + 1)
    found = (await session.scalars(pets)).all()
    items = found[:limit]
    more = f"{items[-1].created_at.isoformat()}_{items[-1].id}" if items else None
    return {"items": items, "next": more if len(found) > limit else None}


@app.post("/pets/", response_model=PetResponse, status_code=201)
async def create_pet(session: Session, actor: CurrentActor, data: PetCreate) -> Pet:
    """Create a pet."""
    locked = select(Account.id).where(Account.id == actor.id).with_for_update()
    await session.execute(locked)
    own = select(func.count()).select_from(Pet).where(Pet.owner_id == actor.id)
    if (await session.scalars(own)).one() >= PETS_PER_OWNER:
        raise HTTPException(409)
    pet = Pet(owner_id=actor.id, **data.model_dump())
    session.add(pet)
    await session.commit()
    return pet
