"""What can be done with vaccinations and weights."""

import logging
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.clock import shift
from app.core.errors import ConflictError, InvalidError
from app.core.events import log_event
from app.core.filters import narrow
from app.core.locks import serialize
from app.core.pagination import Slice, paginate
from app.core.rows import count, find
from app.core.security import Actor, forbid_unless
from app.features.pet_management.access import (
    own_pets,
    pets_to_see,
)
from app.features.pet_management.tables import Pet

from . import models
from .access import own_vaccinations, own_weights, vaccinations_to_see, weights_to_see
from .tables import Vaccination, Weight

logger = logging.getLogger(__name__)

WEIGHTS_PER_PET = 1000


async def create_vaccination(
    session: AsyncSession, actor: Actor, data: models.VaccinationCreate
) -> Vaccination:
    """Store a vaccination."""
    pet = await find(
        session,
        Pet,
        data.pet_id,
        visible=pets_to_see(actor),
        permitted=true() if actor.has("vet") else own_pets(actor),
    )
    vaccination = Vaccination(pet=pet, **data.model_dump())
    if "due_on" not in data.model_fields_set:
        vaccination.due_on = shift(vaccination.given_on, timedelta(days=365))
    _check_vaccination(vaccination)
    session.add(vaccination)
    await session.flush()
    log_event(
        session,
        logger,
        "vaccination.created",
        actor_id=actor.id,
        vaccination_id=vaccination.id,
    )
    return vaccination


async def list_vaccinations(
    session: AsyncSession, actor: Actor, query: models.VaccinationQuery
) -> Slice[Vaccination]:
    """Return a page of the vaccinations that the actor may see."""
    vaccinations = select(Vaccination).where(vaccinations_to_see(actor))
    return await _page_of_vaccinations(session, vaccinations, query)


async def list_vaccinations_of_pet(
    session: AsyncSession, actor: Actor, pet_id: UUID, query: models.VaccinationFilters
) -> Slice[Vaccination]:
    """Return a page of the vaccinations of one pet that the actor may see."""
    await find(session, Pet, pet_id, visible=pets_to_see(actor))
    vaccinations = select(Vaccination).where(
        vaccinations_to_see(actor), Vaccination.pet_id == pet_id
    )
    return await _page_of_vaccinations(session, vaccinations, query)


async def get_vaccination(
    session: AsyncSession, actor: Actor, vaccination_id: UUID
) -> Vaccination:
    """Return one vaccination that the actor may see."""
    return await find(
        session, Vaccination, vaccination_id, visible=vaccinations_to_see(actor)
    )


async def update_vaccination(
    session: AsyncSession,
    actor: Actor,
    vaccination_id: UUID,
    data: models.VaccinationPatch,
) -> Vaccination:
    """Change some fields of one vaccination."""
    vaccination = await find(
        session, Vaccination, vaccination_id, visible=vaccinations_to_see(actor)
    )
    forbid_unless(actor.has("vet"))
    data.apply_to(vaccination)
    _check_vaccination(vaccination)
    await session.flush()
    log_event(
        session,
        logger,
        "vaccination.updated",
        actor_id=actor.id,
        vaccination_id=vaccination.id,
    )
    return vaccination


async def delete_vaccination(
    session: AsyncSession, actor: Actor, vaccination_id: UUID
) -> None:
    """Remove one vaccination."""
    vaccination = await find(
        session,
        Vaccination,
        vaccination_id,
        visible=vaccinations_to_see(actor),
        permitted=own_vaccinations(actor),
    )
    await session.delete(vaccination)
    log_event(
        session,
        logger,
        "vaccination.deleted",
        actor_id=actor.id,
        vaccination_id=vaccination.id,
    )


async def _page_of_vaccinations(
    session: AsyncSession,
    vaccinations: Select[Vaccination],
    query: models.VaccinationFilters,
) -> Slice[Vaccination]:
    """Return the page of some vaccinations that is asked for."""
    vaccinations = narrow(
        vaccinations,
        query,
        {
            "pet_id": Vaccination.pet_id,
            "vaccine": Vaccination.vaccine,
            "due_on": Vaccination.due_on,
        },
    )
    return await paginate(session, vaccinations, Vaccination, query)


def _check_vaccination(vaccination: Vaccination) -> None:
    """Refuse what breaks a rule of vaccinations."""
    if vaccination.due_on is not None and vaccination.due_on <= vaccination.given_on:
        raise InvalidError("/body/due_on", "A vaccination is due after it was given.")


async def create_weight(
    session: AsyncSession, actor: Actor, data: models.WeightCreate
) -> Weight:
    """Store a weight."""
    pet = await find(
        session,
        Pet,
        data.pet_id,
        visible=pets_to_see(actor),
        permitted=true() if actor.has("vet") else own_pets(actor),
    )
    await serialize(session, "weights of a pet", pet.id)
    if await count(session, Weight, Weight.pet_id == pet.id) >= WEIGHTS_PER_PET:
        raise ConflictError(f"A pet has {WEIGHTS_PER_PET} weights at most.")
    weight = Weight(pet=pet, **data.model_dump())
    session.add(weight)
    await session.flush()
    log_event(session, logger, "weight.created", actor_id=actor.id, weight_id=weight.id)
    return weight


async def list_weights(
    session: AsyncSession, actor: Actor, query: models.WeightQuery
) -> Slice[Weight]:
    """Return a page of the weights that the actor may see."""
    weights = select(Weight).where(weights_to_see(actor))
    return await _page_of_weights(session, weights, query)


async def list_weights_of_pet(
    session: AsyncSession, actor: Actor, pet_id: UUID, query: models.WeightFilters
) -> Slice[Weight]:
    """Return a page of the weights of one pet that the actor may see."""
    await find(session, Pet, pet_id, visible=pets_to_see(actor))
    weights = select(Weight).where(weights_to_see(actor), Weight.pet_id == pet_id)
    return await _page_of_weights(session, weights, query)


async def get_weight(session: AsyncSession, actor: Actor, weight_id: UUID) -> Weight:
    """Return one weight that the actor may see."""
    return await find(session, Weight, weight_id, visible=weights_to_see(actor))


async def delete_weight(session: AsyncSession, actor: Actor, weight_id: UUID) -> None:
    """Remove one weight."""
    weight = await find(
        session,
        Weight,
        weight_id,
        visible=weights_to_see(actor),
        permitted=own_weights(actor),
    )
    await session.delete(weight)
    log_event(session, logger, "weight.deleted", actor_id=actor.id, weight_id=weight.id)


async def _page_of_weights(
    session: AsyncSession, weights: Select[Weight], query: models.WeightFilters
) -> Slice[Weight]:
    """Return the page of some weights that is asked for."""
    weights = narrow(weights, query, {"pet_id": Weight.pet_id})
    return await paginate(session, weights, Weight, query)
