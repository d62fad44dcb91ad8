"""Who may see and change which specialties, clinics and veterinarians.

Each function returns a condition on the rows of a table.
"""

from sqlalchemy import ColumnElement, true

from app.core.security import Actor

from .tables import Veterinarian


def veterinarians_to_see(actor: Actor | None) -> ColumnElement[bool]:
    """Say which veterinarians the actor may see."""
    if actor is not None and actor.has("admin"):
        return true()
    return Veterinarian.published.is_(True)
