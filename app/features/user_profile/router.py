"""HTTP endpoints of user profiles."""

from uuid import UUID

from fastapi import APIRouter, status

from app.core.database import DatabaseSession
from app.features.accounts.dependencies import CurrentUser

from . import models, service
from .tables import UserProfile

router = APIRouter(tags=["User Profile"])


@router.post(
    "/user-profile/",
    response_model=models.UserProfileResponse,
    status_code=status.HTTP_201_CREATED,
)
async def create_user_profile(
    session: DatabaseSession, actor: CurrentUser, data: models.UserProfileCreate
) -> UserProfile:
    """Create a user profile."""
    return await service.create_user_profile(session, actor, data)


@router.get(
    "/user-profile/me",
    response_model=models.UserProfileResponse,
    responses={status.HTTP_404_NOT_FOUND: {}},
)
async def get_own_user_profile(
    session: DatabaseSession, actor: CurrentUser
) -> UserProfile:
    """Get your user profile."""
    return await service.get_user_profile(
        session, actor, await service.own_user_profile_id(session, actor)
    )


@router.get(
    "/user-profile/{user_profile_id}", response_model=models.UserProfileResponse
)
async def get_user_profile(
    session: DatabaseSession, actor: CurrentUser, user_profile_id: UUID
) -> UserProfile:
    """Get one user profile."""
    return await service.get_user_profile(session, actor, user_profile_id)


@router.patch(
    "/user-profile/me",
    response_model=models.UserProfileResponse,
    responses={status.HTTP_404_NOT_FOUND: {}},
)
async def update_own_user_profile(
    session: DatabaseSession, actor: CurrentUser, data: models.UserProfilePatch
) -> UserProfile:
    """Change some fields of your user profile."""
    return await service.update_user_profile(
        session, actor, await service.own_user_profile_id(session, actor), data
    )


@router.patch(
    "/user-profile/{user_profile_id}", response_model=models.UserProfileResponse
)
async def update_user_profile(
    session: DatabaseSession,
    actor: CurrentUser,
    user_profile_id: UUID,
    data: models.UserProfilePatch,
) -> UserProfile:
    """Change some fields of one user profile."""
    return await service.update_user_profile(session, actor, user_profile_id, data)
