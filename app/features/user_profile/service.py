"""What can be done with user profiles."""

import logging
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import NotFoundError
from app.core.events import log_event
from app.core.rows import find
from app.core.security import Actor

from . import models
from .access import own_user_profiles, user_profiles_to_see
from .tables import UserProfile

logger = logging.getLogger(__name__)


async def create_user_profile(
    session: AsyncSession, actor: Actor, data: models.UserProfileCreate
) -> UserProfile:
    """Store a user profile of the actor."""
    user_profile = UserProfile(owner_id=actor.id, **data.model_dump())
    session.add(user_profile)
    await session.flush()
    log_event(
        session,
        logger,
        "user_profile.created",
        actor_id=actor.id,
        user_profile_id=user_profile.id,
    )
    return user_profile


async def own_user_profile_id(session: AsyncSession, actor: Actor) -> UUID:
    """Return the id of the user profile of the actor."""
    mine = select(UserProfile.id).where(UserProfile.owner_id == actor.id)
    found = await session.scalar(mine)
    if found is None:
        raise NotFoundError("Your", "user profile")
    return found


async def get_user_profile(
    session: AsyncSession, actor: Actor, user_profile_id: UUID
) -> UserProfile:
    """Return one user profile that the actor may see."""
    return await find(
        session, UserProfile, user_profile_id, visible=user_profiles_to_see(actor)
    )


async def update_user_profile(
    session: AsyncSession,
    actor: Actor,
    user_profile_id: UUID,
    data: models.UserProfilePatch,
) -> UserProfile:
    """Change some fields of one user profile."""
    user_profile = await find(
        session,
        UserProfile,
        user_profile_id,
        visible=user_profiles_to_see(actor),
        permitted=own_user_profiles(actor),
    )
    data.apply_to(user_profile)
    await session.flush()
    log_event(
        session,
        logger,
        "user_profile.updated",
        actor_id=actor.id,
        user_profile_id=user_profile.id,
    )
    return user_profile
