"""HTTP endpoints of specialties, clinics and veterinarians."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status

from app.core.database import DatabaseSession
from app.core.pagination import CountedPage, CountedSlice, Page, Slice
from app.features.accounts.dependencies import CurrentUser, OptionalUser

from . import models, service
from .tables import Clinic, Specialty

router = APIRouter(tags=["Vet Directory"])


@router.post(
    "/specialties/",
    response_model=models.SpecialtyResponse,
    status_code=status.HTTP_201_CREATED,
)
async def create_specialty(
    session: DatabaseSession, actor: CurrentUser, data: models.SpecialtyCreate
) -> Specialty:
    """Create a specialty."""
    return await service.create_specialty(session, actor, data)


@router.get("/specialties/", response_model=Page[models.SpecialtyResponse])
async def list_specialties(
    session: DatabaseSession, query: Annotated[models.SpecialtyQuery, Query()]
) -> Slice[Specialty]:
    """List specialties."""
    return await service.list_specialties(session, query)


@router.get("/specialties/{specialty_id}", response_model=models.SpecialtyResponse)
async def get_specialty(session: DatabaseSession, specialty_id: UUID) -> Specialty:
    """Get one specialty."""
    return await service.get_specialty(session, specialty_id)


@router.patch("/specialties/{specialty_id}", response_model=models.SpecialtyResponse)
async def update_specialty(
    session: DatabaseSession,
    actor: CurrentUser,
    specialty_id: UUID,
    data: models.SpecialtyPatch,
) -> Specialty:
    """Change some fields of one specialty."""
    return await service.update_specialty(session, actor, specialty_id, data)


@router.delete("/specialties/{specialty_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_specialty(
    session: DatabaseSession, actor: CurrentUser, specialty_id: UUID
) -> None:
    """Delete one specialty."""
    await service.delete_specialty(session, actor, specialty_id)


@router.post(
    "/clinics/",
    response_model=models.ClinicResponse,
    status_code=status.HTTP_201_CREATED,
)
async def create_clinic(
    session: DatabaseSession, actor: CurrentUser, data: models.ClinicCreate
) -> Clinic:
    """Create a clinic."""
    return await service.create_clinic(session, actor, data)


@router.get("/clinics/", response_model=CountedPage[models.ClinicResponse])
async def list_clinics(
    session: DatabaseSession, query: Annotated[models.ClinicQuery, Query()]
) -> CountedSlice[Clinic]:
    """List clinics."""
    return await service.list_clinics(session, query)


@router.get("/clinics/{clinic_id}", response_model=models.ClinicResponse)
async def get_clinic(session: DatabaseSession, clinic_id: UUID) -> Clinic:
    """Get one clinic."""
    return await service.get_clinic(session, clinic_id)


@router.patch("/clinics/{clinic_id}", response_model=models.ClinicResponse)
async def update_clinic(
    session: DatabaseSession,
    actor: CurrentUser,
    clinic_id: UUID,
    data: models.ClinicPatch,
) -> Clinic:
    """Change some fields of one clinic."""
    return await service.update_clinic(session, actor, clinic_id, data)


@router.put("/clinics/{clinic_id}", response_model=models.ClinicResponse)
async def replace_clinic(
    session: DatabaseSession,
    actor: CurrentUser,
    clinic_id: UUID,
    data: models.ClinicReplace,
) -> Clinic:
    """Replace one clinic."""
    return await service.replace_clinic(session, actor, clinic_id, data)


@router.delete("/clinics/{clinic_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_clinic(
    session: DatabaseSession, actor: CurrentUser, clinic_id: UUID
) -> None:
    """Delete one clinic."""
    await service.delete_clinic(session, actor, clinic_id)


@router.post(
    "/veterinarians/",
    response_model=models.VeterinarianResponse,
    status_code=status.HTTP_201_CREATED,
    responses={status.HTTP_404_NOT_FOUND: {}},
)
async def create_veterinarian(
    session: DatabaseSession, actor: CurrentUser, data: models.VeterinarianCreate
) -> models.VeterinarianResponse:
    """Create a veterinarian."""
    return service.show_veterinarian(
        await service.create_veterinarian(session, actor, data), actor
    )


@router.get("/veterinarians/", response_model=Page[models.VeterinarianResponse])
async def list_veterinarians(
    session: DatabaseSession,
    actor: OptionalUser,
    query: Annotated[models.VeterinarianQuery, Query()],
) -> Slice[models.VeterinarianResponse]:
    """List veterinarians that you may see."""
    found = await service.list_veterinarians(session, actor, query)
    shown = [service.show_veterinarian(row, actor) for row in found.items]
    return Slice(shown, found.next)


@router.get(
    "/clinics/{clinic_id}/veterinarians/",
    response_model=Page[models.VeterinarianResponse],
)
async def list_veterinarians_of_clinic(
    session: DatabaseSession,
    actor: OptionalUser,
    clinic_id: UUID,
    query: Annotated[models.VeterinarianFilters, Query()],
) -> Slice[models.VeterinarianResponse]:
    """List the veterinarians of one clinic."""
    found = await service.list_veterinarians_of_clinic(session, actor, clinic_id, query)
    shown = [service.show_veterinarian(row, actor) for row in found.items]
    return Slice(shown, found.next)


@router.get(
    "/veterinarians/{veterinarian_id}", response_model=models.VeterinarianResponse
)
async def get_veterinarian(
    session: DatabaseSession, actor: OptionalUser, veterinarian_id: UUID
) -> models.VeterinarianResponse:
    """Get one veterinarian."""
    return service.show_veterinarian(
        await service.get_veterinarian(session, actor, veterinarian_id), actor
    )


@router.patch(
    "/veterinarians/{veterinarian_id}", response_model=models.VeterinarianResponse
)
async def update_veterinarian(
    session: DatabaseSession,
    actor: CurrentUser,
    veterinarian_id: UUID,
    data: models.VeterinarianPatch,
) -> models.VeterinarianResponse:
    """Change some fields of one veterinarian."""
    return service.show_veterinarian(
        await service.update_veterinarian(session, actor, veterinarian_id, data), actor
    )


@router.delete(
    "/veterinarians/{veterinarian_id}", status_code=status.HTTP_204_NO_CONTENT
)
async def delete_veterinarian(
    session: DatabaseSession, actor: CurrentUser, veterinarian_id: UUID
) -> None:
    """Delete one veterinarian."""
    await service.delete_veterinarian(session, actor, veterinarian_id)
