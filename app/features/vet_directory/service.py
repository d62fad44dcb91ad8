"""What can be done with specialties, clinics and veterinarians."""

import logging
from uuid import UUID

from sqlalchemy import Select, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from app.core.errors import ConflictError
from app.core.events import log_event
from app.core.filters import narrow, search
from app.core.locks import serialize
from app.core.pagination import CountedSlice, Slice, paginate, paginate_counted
from app.core.rows import count, find, find_all
from app.core.security import Actor, forbid_unless
from app.core.tables import utc_now

from . import models
from .access import veterinarians_to_see
from .tables import Clinic, Specialty, Veterinarian

logger = logging.getLogger(__name__)

WITH_VETERINARIAN = (
    joinedload(Veterinarian.clinic),
    selectinload(Veterinarian.specialties),
)


async def create_specialty(
    session: AsyncSession, actor: Actor, data: models.SpecialtyCreate
) -> Specialty:
    """Store a specialty."""
    forbid_unless(actor.has("admin"))
    specialty = Specialty(**data.model_dump())
    session.add(specialty)
    await session.flush()
    log_event(
        session,
        logger,
        "specialty.created",
        actor_id=actor.id,
        specialty_id=specialty.id,
    )
    return specialty


async def list_specialties(
    session: AsyncSession, query: models.SpecialtyQuery
) -> Slice[Specialty]:
    """Return a page of the specialties."""
    specialties = select(Specialty)
    return await paginate(session, specialties, Specialty, query)


async def get_specialty(session: AsyncSession, specialty_id: UUID) -> Specialty:
    """Return one specialty."""
    return await find(session, Specialty, specialty_id, visible=true())


async def update_specialty(
    session: AsyncSession, actor: Actor, specialty_id: UUID, data: models.SpecialtyPatch
) -> Specialty:
    """Change some fields of one specialty."""
    specialty = await find(session, Specialty, specialty_id, visible=true())
    forbid_unless(actor.has("admin"))
    data.apply_to(specialty)
    await session.flush()
    log_event(
        session,
        logger,
        "specialty.updated",
        actor_id=actor.id,
        specialty_id=specialty.id,
    )
    return specialty


async def delete_specialty(
    session: AsyncSession, actor: Actor, specialty_id: UUID
) -> None:
    """Remove one specialty."""
    specialty = await find(session, Specialty, specialty_id, visible=true())
    forbid_unless(actor.has("admin"))
    await session.delete(specialty)
    log_event(
        session,
        logger,
        "specialty.deleted",
        actor_id=actor.id,
        specialty_id=specialty.id,
    )


async def create_clinic(
    session: AsyncSession, actor: Actor, data: models.ClinicCreate
) -> Clinic:
    """Store a clinic."""
    forbid_unless(actor.has("admin"))
    clinic = Clinic(**data.model_dump())
    session.add(clinic)
    await session.flush()
    log_event(session, logger, "clinic.created", actor_id=actor.id, clinic_id=clinic.id)
    return clinic


async def list_clinics(
    session: AsyncSession, query: models.ClinicQuery
) -> CountedSlice[Clinic]:
    """Return a page of the clinics."""
    clinics = select(Clinic)
    clinics = narrow(clinics, query, {"city": Clinic.city})
    clinics = search(clinics, query.search, Clinic.name, Clinic.city)
    return await paginate_counted(session, clinics, Clinic, query)


async def get_clinic(session: AsyncSession, clinic_id: UUID) -> Clinic:
    """Return one clinic."""
    return await find(session, Clinic, clinic_id, visible=true())


async def update_clinic(
    session: AsyncSession, actor: Actor, clinic_id: UUID, data: models.ClinicPatch
) -> Clinic:
    """Change some fields of one clinic."""
    clinic = await find(session, Clinic, clinic_id, visible=true())
    forbid_unless(actor.has("admin"))
    data.apply_to(clinic)
    await session.flush()
    log_event(session, logger, "clinic.updated", actor_id=actor.id, clinic_id=clinic.id)
    return clinic


async def replace_clinic(
    session: AsyncSession, actor: Actor, clinic_id: UUID, data: models.ClinicReplace
) -> Clinic:
    """Replace all fields of one clinic."""
    clinic = await find(session, Clinic, clinic_id, visible=true())
    forbid_unless(actor.has("admin"))
    data.apply_to(clinic)
    await session.flush()
    log_event(
        session, logger, "clinic.replaced", actor_id=actor.id, clinic_id=clinic.id
    )
    return clinic


async def delete_clinic(session: AsyncSession, actor: Actor, clinic_id: UUID) -> None:
    """Remove one clinic."""
    clinic = await find(session, Clinic, clinic_id, visible=true())
    forbid_unless(actor.has("admin"))
    await session.delete(clinic)
    log_event(session, logger, "clinic.deleted", actor_id=actor.id, clinic_id=clinic.id)


async def create_veterinarian(
    session: AsyncSession, actor: Actor, data: models.VeterinarianCreate
) -> Veterinarian:
    """Store a veterinarian."""
    clinic = await find(session, Clinic, data.clinic_id, visible=true())
    specialties = await find_all(session, Specialty, data.specialty_ids, visible=true())
    forbid_unless(actor.has("admin"))
    await serialize(session, "veterinarians of a clinic", clinic.id)
    if (
        await count(session, Veterinarian, Veterinarian.clinic_id == clinic.id)
        >= clinic.rooms
    ):
        raise ConflictError("This clinic has no room for another veterinarian.")
    veterinarian = Veterinarian(
        clinic=clinic,
        specialties=specialties,
        **data.model_dump(exclude={"specialty_ids"}),
    )
    session.add(veterinarian)
    await session.flush()
    log_event(
        session,
        logger,
        "veterinarian.created",
        actor_id=actor.id,
        veterinarian_id=veterinarian.id,
    )
    return veterinarian


async def list_veterinarians(
    session: AsyncSession, actor: Actor | None, query: models.VeterinarianQuery
) -> Slice[Veterinarian]:
    """Return a page of the veterinarians that the actor may see."""
    veterinarians = (
        select(Veterinarian)
        .where(veterinarians_to_see(actor))
        .options(*WITH_VETERINARIAN)
    )
    return await _page_of_veterinarians(session, veterinarians, query)


async def list_veterinarians_of_clinic(
    session: AsyncSession,
    actor: Actor | None,
    clinic_id: UUID,
    query: models.VeterinarianFilters,
) -> Slice[Veterinarian]:
    """Return a page of the veterinarians of one clinic that the actor may see."""
    await find(session, Clinic, clinic_id, visible=true())
    veterinarians = (
        select(Veterinarian)
        .where(veterinarians_to_see(actor), Veterinarian.clinic_id == clinic_id)
        .options(*WITH_VETERINARIAN)
    )
    return await _page_of_veterinarians(session, veterinarians, query)


async def get_veterinarian(
    session: AsyncSession, actor: Actor | None, veterinarian_id: UUID
) -> Veterinarian:
    """Return one veterinarian that the actor may see."""
    return await find(
        session,
        Veterinarian,
        veterinarian_id,
        visible=veterinarians_to_see(actor),
        options=WITH_VETERINARIAN,
    )


async def update_veterinarian(
    session: AsyncSession,
    actor: Actor,
    veterinarian_id: UUID,
    data: models.VeterinarianPatch,
) -> Veterinarian:
    """Change some fields of one veterinarian."""
    veterinarian = await find(
        session,
        Veterinarian,
        veterinarian_id,
        visible=veterinarians_to_see(actor),
        options=WITH_VETERINARIAN,
    )
    forbid_unless(actor.has("admin"))
    if "specialty_ids" in data.model_fields_set:
        veterinarian.specialties = await find_all(
            session, Specialty, data.specialty_ids, visible=true()
        )
        veterinarian.updated_at = utc_now()
    data.apply_to(veterinarian, without={"specialty_ids"})
    await session.flush()
    log_event(
        session,
        logger,
        "veterinarian.updated",
        actor_id=actor.id,
        veterinarian_id=veterinarian.id,
    )
    return veterinarian


async def delete_veterinarian(
    session: AsyncSession, actor: Actor, veterinarian_id: UUID
) -> None:
    """Remove one veterinarian."""
    veterinarian = await find(
        session, Veterinarian, veterinarian_id, visible=veterinarians_to_see(actor)
    )
    forbid_unless(actor.has("admin"))
    await session.delete(veterinarian)
    log_event(
        session,
        logger,
        "veterinarian.deleted",
        actor_id=actor.id,
        veterinarian_id=veterinarian.id,
    )


async def _page_of_veterinarians(
    session: AsyncSession,
    veterinarians: Select[Veterinarian],
    query: models.VeterinarianFilters,
) -> Slice[Veterinarian]:
    """Return the page of some veterinarians that is asked for."""
    veterinarians = narrow(
        veterinarians,
        query,
        {"clinic_id": Veterinarian.clinic_id, "published": Veterinarian.published},
    )
    veterinarians = search(veterinarians, query.search, Veterinarian.name)
    return await paginate(session, veterinarians, Veterinarian, query)


def show_veterinarian(
    veterinarian: Veterinarian, actor: Actor | None
) -> models.VeterinarianResponse:
    """Return what the actor may read of a veterinarian."""
    shown = models.VeterinarianResponse.model_validate(veterinarian)
    if actor is None or not actor.has("admin"):
        shown.notes = None
    return shown
