"""What can be done with appointments."""

import logging
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import ConflictError, InvalidError
from app.core.events import log_event
from app.core.filters import narrow
from app.core.locks import serialize
from app.core.pagination import Slice, paginate
from app.core.rows import count, find
from app.core.security import Actor, forbid_unless
from app.core.tables import utc_now
from app.features.pet_management.access import (
    pets_to_see,
)
from app.features.pet_management.tables import Pet
from app.features.vet_directory.access import veterinarians_to_see
from app.features.vet_directory.tables import Veterinarian

from . import models
from .access import appointments_to_cancel, appointments_to_see, own_appointments
from .models import AppointmentStatus
from .tables import Appointment

logger = logging.getLogger(__name__)

APPOINTMENTS_PER_OWNER = 100


async def create_appointment(
    session: AsyncSession, actor: Actor, data: models.AppointmentCreate
) -> Appointment:
    """Store an appointment of the actor."""
    pet = await find(session, Pet, data.pet_id, visible=pets_to_see(actor))
    veterinarian = await find(
        session, Veterinarian, data.veterinarian_id, visible=veterinarians_to_see(actor)
    )
    if data.diagnosis is not None:
        forbid_unless(actor.has("vet"))
    await serialize(session, "appointments of an owner", actor.id)
    if (
        await count(session, Appointment, Appointment.owner_id == actor.id)
        >= APPOINTMENTS_PER_OWNER
    ):
        raise ConflictError(
            f"You have reached the limit of {APPOINTMENTS_PER_OWNER} appointments."
        )
    appointment = Appointment(
        owner_id=actor.id,
        pet=pet,
        veterinarian=veterinarian,
        status=AppointmentStatus.REQUESTED,
        **data.model_dump(),
    )
    _check_appointment(appointment)
    session.add(appointment)
    await session.flush()
    log_event(
        session,
        logger,
        "appointment.created",
        actor_id=actor.id,
        appointment_id=appointment.id,
    )
    return appointment


async def list_appointments(
    session: AsyncSession, actor: Actor, query: models.AppointmentQuery
) -> Slice[Appointment]:
    """Return a page of the appointments that the actor may see."""
    appointments = select(Appointment).where(appointments_to_see(actor))
    return await _page_of_appointments(session, appointments, query)


async def list_appointments_of_pet(
    session: AsyncSession,
    actor: Actor,
    pet_id: UUID,
    query: models.AppointmentOfPetQuery,
) -> Slice[Appointment]:
    """Return a page of the appointments of one pet that the actor may see."""
    await find(session, Pet, pet_id, visible=pets_to_see(actor))
    appointments = select(Appointment).where(
        appointments_to_see(actor), Appointment.pet_id == pet_id
    )
    return await _page_of_appointments(session, appointments, query)


async def list_appointments_of_veterinarian(
    session: AsyncSession,
    actor: Actor,
    veterinarian_id: UUID,
    query: models.AppointmentOfVeterinarianQuery,
) -> Slice[Appointment]:
    """Return a page of the appointments of one veterinarian that the actor may see."""
    await find(
        session, Veterinarian, veterinarian_id, visible=veterinarians_to_see(actor)
    )
    appointments = select(Appointment).where(
        appointments_to_see(actor), Appointment.veterinarian_id == veterinarian_id
    )
    return await _page_of_appointments(session, appointments, query)


async def get_appointment(
    session: AsyncSession, actor: Actor, appointment_id: UUID
) -> Appointment:
    """Return one appointment that the actor may see."""
    return await find(
        session, Appointment, appointment_id, visible=appointments_to_see(actor)
    )


async def update_appointment(
    session: AsyncSession,
    actor: Actor,
    appointment_id: UUID,
    data: models.AppointmentPatch,
) -> Appointment:
    """Change some fields of one appointment."""
    appointment = await find(
        session,
        Appointment,
        appointment_id,
        visible=appointments_to_see(actor),
        permitted=own_appointments(actor),
    )
    if "diagnosis" in data.model_fields_set:
        forbid_unless(actor.has("vet"))
    if appointment.status != AppointmentStatus.REQUESTED:
        raise ConflictError(
            "An appointment can be changed until a vet has confirmed it."
        )
    if "pet_id" in data.model_fields_set:
        appointment.pet = await find(
            session, Pet, data.pet_id, visible=pets_to_see(actor)
        )
    if "veterinarian_id" in data.model_fields_set:
        appointment.veterinarian = await find(
            session,
            Veterinarian,
            data.veterinarian_id,
            visible=veterinarians_to_see(actor),
        )
    data.apply_to(appointment)
    _check_appointment(appointment)
    await session.flush()
    log_event(
        session,
        logger,
        "appointment.updated",
        actor_id=actor.id,
        appointment_id=appointment.id,
    )
    return appointment


async def confirm_appointment(
    session: AsyncSession, actor: Actor, appointment_id: UUID
) -> Appointment:
    """Confirm a requested appointment."""
    appointment = await find(
        session, Appointment, appointment_id, visible=appointments_to_see(actor)
    )
    forbid_unless(actor.has("vet"))
    if appointment.status != AppointmentStatus.REQUESTED:
        raise ConflictError(
            f"A {appointment.status} appointment cannot become confirmed."
        )
    appointment.status = AppointmentStatus.CONFIRMED
    await _check_overlap_of_appointments(session, appointment)
    await session.flush()
    log_event(
        session,
        logger,
        "appointment.confirmed",
        actor_id=actor.id,
        appointment_id=appointment.id,
    )
    return appointment


async def complete_appointment(
    session: AsyncSession,
    actor: Actor,
    appointment_id: UUID,
    data: models.AppointmentComplete,
) -> Appointment:
    """Complete a confirmed appointment."""
    appointment = await find(
        session, Appointment, appointment_id, visible=appointments_to_see(actor)
    )
    forbid_unless(actor.has("vet"))
    if appointment.status != AppointmentStatus.CONFIRMED:
        raise ConflictError(
            f"A {appointment.status} appointment cannot become completed."
        )
    data.apply_to(appointment)
    if appointment.diagnosis is None:
        raise ConflictError("An appointment needs a diagnosis for this.")
    appointment.status = AppointmentStatus.COMPLETED
    await session.flush()
    log_event(
        session,
        logger,
        "appointment.completed",
        actor_id=actor.id,
        appointment_id=appointment.id,
    )
    return appointment


async def cancel_appointment(
    session: AsyncSession, actor: Actor, appointment_id: UUID
) -> Appointment:
    """Cancel a requested or confirmed appointment."""
    appointment = await find(
        session,
        Appointment,
        appointment_id,
        visible=appointments_to_see(actor),
        permitted=appointments_to_cancel(actor),
    )
    if appointment.status not in {
        AppointmentStatus.REQUESTED,
        AppointmentStatus.CONFIRMED,
    }:
        raise ConflictError(
            f"A {appointment.status} appointment cannot become cancelled."
        )
    if not (appointment.starts_at - utc_now() >= timedelta(days=1)):
        raise ConflictError("An appointment can be cancelled until 24 hours before.")
    appointment.status = AppointmentStatus.CANCELLED
    await session.flush()
    log_event(
        session,
        logger,
        "appointment.cancelled",
        actor_id=actor.id,
        appointment_id=appointment.id,
    )
    return appointment


async def _page_of_appointments(
    session: AsyncSession,
    appointments: Select[Appointment],
    query: models.AppointmentFilters,
) -> Slice[Appointment]:
    """Return the page of some appointments that is asked for."""
    appointments = narrow(
        appointments,
        query,
        {
            "pet_id": Appointment.pet_id,
            "veterinarian_id": Appointment.veterinarian_id,
            "status": Appointment.status,
            "starts_at": Appointment.starts_at,
        },
    )
    return await paginate(session, appointments, Appointment, query)


def _check_appointment(appointment: Appointment) -> None:
    """Refuse what breaks a rule of appointments."""
    if appointment.ends_at <= appointment.starts_at:
        raise InvalidError("/body/ends_at", "An appointment ends after it starts.")
    if appointment.ends_at - appointment.starts_at > timedelta(hours=4):
        raise InvalidError("/body/ends_at", "An appointment takes four hours at most.")


async def _check_overlap_of_appointments(
    session: AsyncSession, appointment: Appointment
) -> None:
    """Refuse an appointment that lies in time with another one."""
    if appointment.status != AppointmentStatus.CONFIRMED:
        return
    await serialize(
        session, "appointments per veterinarian", appointment.veterinarian_id
    )
    others = select(Appointment.id).where(
        Appointment.id != appointment.id,
        Appointment.veterinarian_id == appointment.veterinarian_id,
        Appointment.starts_at < appointment.ends_at,
        Appointment.ends_at > appointment.starts_at,
        Appointment.status == AppointmentStatus.CONFIRMED,
    )
    if await session.scalar(select(others.exists())):
        raise ConflictError("The vet has another appointment then.")
