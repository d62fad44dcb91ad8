"""HTTP endpoints of appointments."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status

from app.core.database import DatabaseSession
from app.core.pagination import Page, Slice
from app.features.accounts.dependencies import CurrentUser

from . import models, service
from .tables import Appointment

router = APIRouter(tags=["Appointments"])


@router.post(
    "/appointments/",
    response_model=models.AppointmentResponse,
    status_code=status.HTTP_201_CREATED,
    responses={status.HTTP_404_NOT_FOUND: {}},
)
async def create_appointment(
    session: DatabaseSession, actor: CurrentUser, data: models.AppointmentCreate
) -> Appointment:
    """Create an appointment."""
    return await service.create_appointment(session, actor, data)


@router.get("/appointments/", response_model=Page[models.AppointmentItem])
async def list_appointments(
    session: DatabaseSession,
    actor: CurrentUser,
    query: Annotated[models.AppointmentQuery, Query()],
) -> Slice[Appointment]:
    """List appointments that you may see."""
    return await service.list_appointments(session, actor, query)


@router.get("/pets/{pet_id}/appointments/", response_model=Page[models.AppointmentItem])
async def list_appointments_of_pet(
    session: DatabaseSession,
    actor: CurrentUser,
    pet_id: UUID,
    query: Annotated[models.AppointmentOfPetQuery, Query()],
) -> Slice[Appointment]:
    """List the appointments of one pet."""
    return await service.list_appointments_of_pet(session, actor, pet_id, query)


@router.get(
    "/veterinarians/{veterinarian_id}/appointments/",
    response_model=Page[models.AppointmentItem],
)
async def list_appointments_of_veterinarian(
    session: DatabaseSession,
    actor: CurrentUser,
    veterinarian_id: UUID,
    query: Annotated[models.AppointmentOfVeterinarianQuery, Query()],
) -> Slice[Appointment]:
    """List the appointments of one veterinarian."""
    return await service.list_appointments_of_veterinarian(
        session, actor, veterinarian_id, query
    )


@router.get("/appointments/{appointment_id}", response_model=models.AppointmentResponse)
async def get_appointment(
    session: DatabaseSession, actor: CurrentUser, appointment_id: UUID
) -> Appointment:
    """Get one appointment."""
    return await service.get_appointment(session, actor, appointment_id)


@router.patch(
    "/appointments/{appointment_id}", response_model=models.AppointmentResponse
)
async def update_appointment(
    session: DatabaseSession,
    actor: CurrentUser,
    appointment_id: UUID,
    data: models.AppointmentPatch,
) -> Appointment:
    """Change some fields of one appointment."""
    return await service.update_appointment(session, actor, appointment_id, data)


@router.post(
    "/appointments/{appointment_id}/confirm", response_model=models.AppointmentResponse
)
async def confirm_appointment(
    session: DatabaseSession, actor: CurrentUser, appointment_id: UUID
) -> Appointment:
    """Confirm a requested appointment."""
    return await service.confirm_appointment(session, actor, appointment_id)


@router.post(
    "/appointments/{appointment_id}/complete", response_model=models.AppointmentResponse
)
async def complete_appointment(
    session: DatabaseSession,
    actor: CurrentUser,
    appointment_id: UUID,
    data: models.AppointmentComplete,
) -> Appointment:
    """Complete a confirmed appointment."""
    return await service.complete_appointment(session, actor, appointment_id, data)


@router.post(
    "/appointments/{appointment_id}/cancel", response_model=models.AppointmentResponse
)
async def cancel_appointment(
    session: DatabaseSession, actor: CurrentUser, appointment_id: UUID
) -> Appointment:
    """Cancel a requested or confirmed appointment."""
    return await service.cancel_appointment(session, actor, appointment_id)
