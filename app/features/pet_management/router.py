"""HTTP endpoints of pets and visits."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status

from app.core.database import DatabaseSession
from app.core.pagination import Page, Slice
from app.features.accounts.dependencies import CurrentUser

from . import models, service
from .tables import Pet, Visit

router = APIRouter(tags=["Pet Management"])


@router.post(
    "/pets/", response_model=models.PetResponse, status_code=status.HTTP_201_CREATED
)
async def create_pet(
    session: DatabaseSession, actor: CurrentUser, data: models.PetCreate
) -> Pet:
    """Create a pet."""
    return await service.create_pet(session, actor, data)


@router.get("/pets/", response_model=Page[models.PetResponse])
async def list_pets(
    session: DatabaseSession,
    actor: CurrentUser,
    query: Annotated[models.PetQuery, Query()],
) -> Slice[Pet]:
    """List pets that you may see."""
    return await service.list_pets(session, actor, query)


@router.get("/pets/{pet_id}", response_model=models.PetResponse)
async def get_pet(session: DatabaseSession, actor: CurrentUser, pet_id: UUID) -> Pet:
    """Get one pet."""
    return await service.get_pet(session, actor, pet_id)


@router.patch("/pets/{pet_id}", response_model=models.PetResponse)
async def update_pet(
    session: DatabaseSession, actor: CurrentUser, pet_id: UUID, data: models.PetPatch
) -> Pet:
    """Change some fields of one pet."""
    return await service.update_pet(session, actor, pet_id, data)


@router.delete("/pets/{pet_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_pet(
    session: DatabaseSession, actor: CurrentUser, pet_id: UUID
) -> None:
    """Delete one pet, and all that belongs to it."""
    await service.delete_pet(session, actor, pet_id)


@router.post(
    "/visits/",
    response_model=models.VisitResponse,
    status_code=status.HTTP_201_CREATED,
    responses={status.HTTP_404_NOT_FOUND: {}},
)
async def create_visit(
    session: DatabaseSession, actor: CurrentUser, data: models.VisitCreate
) -> Visit:
    """Create a visit."""
    return await service.create_visit(session, actor, data)


@router.get("/visits/", response_model=Page[models.VisitResponse])
async def list_visits(
    session: DatabaseSession,
    actor: CurrentUser,
    query: Annotated[models.VisitQuery, Query()],
) -> Slice[Visit]:
    """List visits that you may see."""
    return await service.list_visits(session, actor, query)


@router.get("/pets/{pet_id}/visits/", response_model=Page[models.VisitResponse])
async def list_visits_of_pet(
    session: DatabaseSession,
    actor: CurrentUser,
    pet_id: UUID,
    query: Annotated[models.VisitFilters, Query()],
) -> Slice[Visit]:
    """List the visits of one pet."""
    return await service.list_visits_of_pet(session, actor, pet_id, query)


@router.get("/visits/{visit_id}", response_model=models.VisitResponse)
async def get_visit(
    session: DatabaseSession, actor: CurrentUser, visit_id: UUID
) -> Visit:
    """Get one visit."""
    return await service.get_visit(session, actor, visit_id)


@router.patch("/visits/{visit_id}", response_model=models.VisitResponse)
async def update_visit(
    session: DatabaseSession,
    actor: CurrentUser,
    visit_id: UUID,
    data: models.VisitPatch,
) -> Visit:
    """Change some fields of one visit."""
    return await service.update_visit(session, actor, visit_id, data)


@router.post("/visits/{visit_id}/confirm", response_model=models.VisitResponse)
async def confirm_visit(
    session: DatabaseSession, actor: CurrentUser, visit_id: UUID
) -> Visit:
    """Confirm a requested visit."""
    return await service.confirm_visit(session, actor, visit_id)


@router.post("/visits/{visit_id}/complete", response_model=models.VisitResponse)
async def complete_visit(
    session: DatabaseSession,
    actor: CurrentUser,
    visit_id: UUID,
    data: models.VisitComplete,
) -> Visit:
    """Complete a confirmed visit."""
    return await service.complete_visit(session, actor, visit_id, data)


@router.post("/visits/{visit_id}/cancel", response_model=models.VisitResponse)
async def cancel_visit(
    session: DatabaseSession, actor: CurrentUser, visit_id: UUID
) -> Visit:
    """Cancel a requested or confirmed visit."""
    return await service.cancel_visit(session, actor, visit_id)
