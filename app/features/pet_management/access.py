"""Who may see and change which pets and visits.

Each function returns a condition on the rows of a table.
"""

from sqlalchemy import ColumnElement, select, true

from app.core.security import Actor

from .tables import Pet, Visit


def own_pets(actor: Actor) -> ColumnElement[bool]:
    """Say which pets belong to the actor."""
    return Pet.owner_id == actor.id


def pets_to_see(actor: Actor) -> ColumnElement[bool]:
    """Say which pets the actor may see."""
    if actor.roles & {"admin", "vet"}:
        return true()
    return own_pets(actor)


def pets_to_delete(actor: Actor) -> ColumnElement[bool]:
    """Say which pets the actor may delete."""
    if actor.has("admin"):
        return true()
    return own_pets(actor)


def own_visits(actor: Actor) -> ColumnElement[bool]:
    """Say which visits belong to the actor, through their pet."""
    return Visit.pet_id.in_(select(Pet.id).where(own_pets(actor)))


def visits_to_see(actor: Actor) -> ColumnElement[bool]:
    """Say which visits the actor may see."""
    if actor.has("vet"):
        return true()
    return own_visits(actor)
