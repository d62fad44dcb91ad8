"""Who may see and change which appointments.

Each function returns a condition on the rows of a table.
"""

from sqlalchemy import ColumnElement, true

from app.core.security import Actor

from .tables import Appointment


def own_appointments(actor: Actor) -> ColumnElement[bool]:
    """Say which appointments belong to the actor."""
    return Appointment.owner_id == actor.id


def appointments_to_see(actor: Actor) -> ColumnElement[bool]:
    """Say which appointments the actor may see."""
    if actor.roles & {"admin", "vet"}:
        return true()
    return own_appointments(actor)


def appointments_to_cancel(actor: Actor) -> ColumnElement[bool]:
    """Say which appointments the actor may cancel."""
    if actor.has("vet"):
        return true()
    return own_appointments(actor)
