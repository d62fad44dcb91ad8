"""What can be done with pets and visits."""

import logging
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import ConflictError, InvalidError
from app.core.events import log_event
from app.core.filters import narrow, search
from app.core.locks import serialize
from app.core.pagination import Slice, paginate
from app.core.rows import count, find
from app.core.security import Actor, forbid_unless

from . import models
from .access import own_pets, pets_to_delete, pets_to_see, visits_to_see
from .models import VisitStatus
from .tables import Pet, Visit

logger = logging.getLogger(__name__)

PETS_PER_OWNER = 50


async def create_pet(
    session: AsyncSession, actor: Actor, data: models.PetCreate
) -> Pet:
    """Store a pet of the actor."""
    await serialize(session, "pets of an owner", actor.id)
    if await count(session, Pet, Pet.owner_id == actor.id) >= PETS_PER_OWNER:
        raise ConflictError(f"You have reached the limit of {PETS_PER_OWNER} pets.")
    pet = Pet(owner_id=actor.id, **data.model_dump())
    session.add(pet)
    await session.flush()
    log_event(session, logger, "pet.created", actor_id=actor.id, pet_id=pet.id)
    return pet


async def list_pets(
    session: AsyncSession, actor: Actor, query: models.PetQuery
) -> Slice[Pet]:
    """Return a page of the pets that the actor may see."""
    pets = select(Pet).where(pets_to_see(actor))
    pets = narrow(pets, query, {"species": Pet.species, "born_on": Pet.born_on})
    pets = search(pets, query.search, Pet.name)
    return await paginate(session, pets, Pet, query)


async def get_pet(session: AsyncSession, actor: Actor, pet_id: UUID) -> Pet:
    """Return one pet that the actor may see."""
    return await find(session, Pet, pet_id, visible=pets_to_see(actor))


async def update_pet(
    session: AsyncSession, actor: Actor, pet_id: UUID, data: models.PetPatch
) -> Pet:
    """Change some fields of one pet."""
    pet = await find(
        session, Pet, pet_id, visible=pets_to_see(actor), permitted=own_pets(actor)
    )
    data.apply_to(pet)
    await session.flush()
    log_event(session, logger, "pet.updated", actor_id=actor.id, pet_id=pet.id)
    return pet


async def delete_pet(session: AsyncSession, actor: Actor, pet_id: UUID) -> None:
    """Remove one pet, and all that belongs to it."""
    pet = await find(
        session,
        Pet,
        pet_id,
        visible=pets_to_see(actor),
        permitted=pets_to_delete(actor),
    )
    await session.delete(pet)
    log_event(session, logger, "pet.deleted", actor_id=actor.id, pet_id=pet.id)


async def create_visit(
    session: AsyncSession, actor: Actor, data: models.VisitCreate
) -> Visit:
    """Store a visit."""
    pet = await find(
        session, Pet, data.pet_id, visible=pets_to_see(actor), permitted=own_pets(actor)
    )
    if data.diagnosis is not None:
        forbid_unless(actor.has("vet"))
    visit = Visit(pet=pet, status=VisitStatus.REQUESTED, **data.model_dump())
    _check_visit(visit)
    session.add(visit)
    await session.flush()
    log_event(session, logger, "visit.created", actor_id=actor.id, visit_id=visit.id)
    return visit


async def list_visits(
    session: AsyncSession, actor: Actor, query: models.VisitQuery
) -> Slice[Visit]:
    """Return a page of the visits that the actor may see."""
    visits = select(Visit).where(visits_to_see(actor))
    return await _page_of_visits(session, visits, query)


async def list_visits_of_pet(
    session: AsyncSession, actor: Actor, pet_id: UUID, query: models.VisitFilters
) -> Slice[Visit]:
    """Return a page of the visits of one pet that the actor may see."""
    await find(session, Pet, pet_id, visible=pets_to_see(actor))
    visits = select(Visit).where(visits_to_see(actor), Visit.pet_id == pet_id)
    return await _page_of_visits(session, visits, query)


async def get_visit(session: AsyncSession, actor: Actor, visit_id: UUID) -> Visit:
    """Return one visit that the actor may see."""
    return await find(session, Visit, visit_id, visible=visits_to_see(actor))


async def update_visit(
    session: AsyncSession, actor: Actor, visit_id: UUID, data: models.VisitPatch
) -> Visit:
    """Change some fields of one visit."""
    visit = await find(session, Visit, visit_id, visible=visits_to_see(actor))
    if "diagnosis" in data.model_fields_set:
        forbid_unless(actor.has("vet"))
    if visit.status in (VisitStatus.COMPLETED, VisitStatus.CANCELLED):
        raise ConflictError("The visit is over.")
    data.apply_to(visit)
    _check_visit(visit)
    await session.flush()
    log_event(session, logger, "visit.updated", actor_id=actor.id, visit_id=visit.id)
    return visit


async def confirm_visit(session: AsyncSession, actor: Actor, visit_id: UUID) -> Visit:
    """Confirm a requested visit."""
    visit = await find(session, Visit, visit_id, visible=visits_to_see(actor))
    forbid_unless(actor.has("vet"))
    if visit.status != VisitStatus.REQUESTED:
        raise ConflictError(f"A {visit.status} visit cannot become confirmed.")
    visit.status = VisitStatus.CONFIRMED
    await session.flush()
    log_event(session, logger, "visit.confirmed", actor_id=actor.id, visit_id=visit.id)
    return visit


async def complete_visit(
    session: AsyncSession, actor: Actor, visit_id: UUID, data: models.VisitComplete
) -> Visit:
    """Complete a confirmed visit."""
    visit = await find(session, Visit, visit_id, visible=visits_to_see(actor))
    forbid_unless(actor.has("vet"))
    if visit.status != VisitStatus.CONFIRMED:
        raise ConflictError(f"A {visit.status} visit cannot become completed.")
    data.apply_to(visit)
    if visit.diagnosis is None:
        raise ConflictError("A visit needs a diagnosis for this.")
    visit.status = VisitStatus.COMPLETED
    await session.flush()
    log_event(session, logger, "visit.completed", actor_id=actor.id, visit_id=visit.id)
    return visit


async def cancel_visit(session: AsyncSession, actor: Actor, visit_id: UUID) -> Visit:
    """Cancel a requested or confirmed visit."""
    visit = await find(session, Visit, visit_id, visible=visits_to_see(actor))
    if visit.status not in {VisitStatus.REQUESTED, VisitStatus.CONFIRMED}:
        raise ConflictError(f"A {visit.status} visit cannot become cancelled.")
    visit.status = VisitStatus.CANCELLED
    await session.flush()
    log_event(session, logger, "visit.cancelled", actor_id=actor.id, visit_id=visit.id)
    return visit


async def _page_of_visits(
    session: AsyncSession, visits: Select[Visit], query: models.VisitFilters
) -> Slice[Visit]:
    """Return the page of some visits that is asked for."""
    visits = narrow(
        visits,
        query,
        {"pet_id": Visit.pet_id, "status": Visit.status, "starts_at": Visit.starts_at},
    )
    return await paginate(session, visits, Visit, query)


def _check_visit(visit: Visit) -> None:
    """Refuse what breaks a rule of visits."""
    if visit.ends_at <= visit.starts_at:
        raise InvalidError("/body/ends_at", "A visit ends after it starts.")
