"""Who may see and change which vaccinations and weights.

Each function returns a condition on the rows of a table.
"""

from sqlalchemy import ColumnElement, select, true

from app.core.security import Actor
from app.features.pet_management.access import own_pets
from app.features.pet_management.tables import Pet

from .tables import Vaccination, Weight


def own_vaccinations(actor: Actor) -> ColumnElement[bool]:
    """Say which vaccinations belong to the actor, through their pet."""
    return Vaccination.pet_id.in_(select(Pet.id).where(own_pets(actor)))


def vaccinations_to_see(actor: Actor) -> ColumnElement[bool]:
    """Say which vaccinations the actor may see."""
    if actor.has("vet"):
        return true()
    return own_vaccinations(actor)


def own_weights(actor: Actor) -> ColumnElement[bool]:
    """Say which weights belong to the actor, through their pet."""
    return Weight.pet_id.in_(select(Pet.id).where(own_pets(actor)))


def weights_to_see(actor: Actor) -> ColumnElement[bool]:
    """Say which weights the actor may see."""
    if actor.has("vet"):
        return true()
    return own_weights(actor)
