"""HTTP endpoints of vaccinations and weights."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status

from app.core.database import DatabaseSession
from app.core.pagination import Page, Slice
from app.features.accounts.dependencies import CurrentUser

from . import models, service
from .tables import Vaccination, Weight

router = APIRouter(tags=["Health Records"])


@router.post(
    "/vaccinations/",
    response_model=models.VaccinationResponse,
    status_code=status.HTTP_201_CREATED,
    responses={status.HTTP_404_NOT_FOUND: {}},
)
async def create_vaccination(
    session: DatabaseSession, actor: CurrentUser, data: models.VaccinationCreate
) -> Vaccination:
    """Create a vaccination."""
    return await service.create_vaccination(session, actor, data)


@router.get("/vaccinations/", response_model=Page[models.VaccinationResponse])
async def list_vaccinations(
    session: DatabaseSession,
    actor: CurrentUser,
    query: Annotated[models.VaccinationQuery, Query()],
) -> Slice[Vaccination]:
    """List vaccinations that you may see."""
    return await service.list_vaccinations(session, actor, query)


@router.get(
    "/pets/{pet_id}/vaccinations/", response_model=Page[models.VaccinationResponse]
)
async def list_vaccinations_of_pet(
    session: DatabaseSession,
    actor: CurrentUser,
    pet_id: UUID,
    query: Annotated[models.VaccinationFilters, Query()],
) -> Slice[Vaccination]:
    """List the vaccinations of one pet."""
    return await service.list_vaccinations_of_pet(session, actor, pet_id, query)


@router.get("/vaccinations/{vaccination_id}", response_model=models.VaccinationResponse)
async def get_vaccination(
    session: DatabaseSession, actor: CurrentUser, vaccination_id: UUID
) -> Vaccination:
    """Get one vaccination."""
    return await service.get_vaccination(session, actor, vaccination_id)


@router.patch(
    "/vaccinations/{vaccination_id}", response_model=models.VaccinationResponse
)
async def update_vaccination(
    session: DatabaseSession,
    actor: CurrentUser,
    vaccination_id: UUID,
    data: models.VaccinationPatch,
) -> Vaccination:
    """Change some fields of one vaccination."""
    return await service.update_vaccination(session, actor, vaccination_id, data)


@router.delete("/vaccinations/{vaccination_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_vaccination(
    session: DatabaseSession, actor: CurrentUser, vaccination_id: UUID
) -> None:
    """Delete one vaccination."""
    await service.delete_vaccination(session, actor, vaccination_id)


@router.post(
    "/weights/",
    response_model=models.WeightResponse,
    status_code=status.HTTP_201_CREATED,
    responses={status.HTTP_404_NOT_FOUND: {}},
)
async def create_weight(
    session: DatabaseSession, actor: CurrentUser, data: models.WeightCreate
) -> Weight:
    """Create a weight."""
    return await service.create_weight(session, actor, data)


@router.get("/weights/", response_model=Page[models.WeightResponse])
async def list_weights(
    session: DatabaseSession,
    actor: CurrentUser,
    query: Annotated[models.WeightQuery, Query()],
) -> Slice[Weight]:
    """List weights that you may see."""
    return await service.list_weights(session, actor, query)


@router.get("/pets/{pet_id}/weights/", response_model=Page[models.WeightResponse])
async def list_weights_of_pet(
    session: DatabaseSession,
    actor: CurrentUser,
    pet_id: UUID,
    query: Annotated[models.WeightFilters, Query()],
) -> Slice[Weight]:
    """List the weights of one pet."""
    return await service.list_weights_of_pet(session, actor, pet_id, query)


@router.get("/weights/{weight_id}", response_model=models.WeightResponse)
async def get_weight(
    session: DatabaseSession, actor: CurrentUser, weight_id: UUID
) -> Weight:
    """Get one weight."""
    return await service.get_weight(session, actor, weight_id)


@router.delete("/weights/{weight_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_weight(
    session: DatabaseSession, actor: CurrentUser, weight_id: UUID
) -> None:
    """Delete one weight."""
    await service.delete_weight(session, actor, weight_id)
