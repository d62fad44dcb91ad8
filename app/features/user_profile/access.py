"""Who may see and change which user profiles.

Each function returns a condition on the rows of a table.
"""

from sqlalchemy import ColumnElement, true

from app.core.security import Actor

from .tables import UserProfile


def own_user_profiles(actor: Actor) -> ColumnElement[bool]:
    """Say which user profiles belong to the actor."""
    return UserProfile.owner_id == actor.id


def user_profiles_to_see(actor: Actor) -> ColumnElement[bool]:
    """Say which user profiles the actor may see."""
    if actor.has("admin"):
        return true()
    return own_user_profiles(actor)
