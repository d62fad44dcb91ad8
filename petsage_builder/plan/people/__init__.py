"""Who may do what with a sample row: what the tests of access expect.

scenery  a row as the tests have it
reading  what a rule reads of a row, and of its parents
roles    the roles that somebody has
people   everybody, and how each is answered
"""

from petsage_builder.plan.people.people import People
from petsage_builder.plan.people.roles import owning_roles, role_of, roles_of
from petsage_builder.plan.people.scenery import FIRST, NOBODY, SECOND, Scenery

__all__ = [
    "FIRST",
    "NOBODY",
    "SECOND",
    "People",
    "Scenery",
    "owning_roles",
    "role_of",
    "roles_of",
]
