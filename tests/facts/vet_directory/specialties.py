"""What is true of specialties."""

from tests.facts.vet_directory import ROLES, SPECIALTY
from tests.features import FeatureTests


class SpecialtyFacts(FeatureTests):
    """What is true of specialties."""

    FEATURE = "vet_directory"
    ROLES = ROLES
    CREATED = (
        (SPECIALTY, 0),
        (SPECIALTY, 1),
        (SPECIALTY, 2),
    )
    ACCEPTED = ((SPECIALTY, "name", [{"name": "m"}, {"name": "m" * 60}], True),)
    REFUSED = (
        (
            SPECIALTY,
            "name",
            [None, "", "m" * 61, 7, " ", "Blue specialt\u0000", "Blue specialt\n"],
            True,
        ),
    )
    REQUIRED = ((SPECIALTY, ["name"]),)
    UNKNOWN = (
        (SPECIALTY, "POST", ["id", "owner_id", "created_at"]),
        (SPECIALTY, "PATCH", ["id", "owner_id", "created_at"]),
    )
    CONFLICTS = ((SPECIALTY, "name", "Another specialty has this name.", "", True),)
    ACCESS = (
        (SPECIALTY, {}, [], "POST", "/specialties/", None, (401, 403, 403, 201)),
        (SPECIALTY, {}, [], "GET", "/specialties/", None, (200, 200, 200, 200)),
        (SPECIALTY, {}, [], "GET", "/specialties/{id}", None, (200, 200, 200, 200)),
        (SPECIALTY, {}, [], "PATCH", "/specialties/{id}", {}, (401, 403, 403, 200)),
        (SPECIALTY, {}, [], "DELETE", "/specialties/{id}", None, (401, 403, 403, 204)),
    )
    EVENTS = (
        (
            SPECIALTY,
            {},
            [],
            "admin",
            "POST",
            "/specialties/",
            None,
            "specialty.created",
        ),
        (
            SPECIALTY,
            {},
            [],
            "admin",
            "PATCH",
            "/specialties/{id}",
            {},
            "specialty.updated",
        ),
        (
            SPECIALTY,
            {},
            [],
            "admin",
            "DELETE",
            "/specialties/{id}",
            None,
            "specialty.deleted",
        ),
    )
    OVERTAKEN = (
        (SPECIALTY, [], "admin", "PATCH", "", {"name": "Green specialty"}),
        (SPECIALTY, [], "admin", "DELETE", "", None),
    )
    UPDATES = (
        (SPECIALTY, {}, [], "admin", {}),
        (SPECIALTY, {}, [], "admin", {"name": "Green specialty"}),
    )
    SEEN = ((SPECIALTY, {}, [], (True, True, True, True)),)
    WRONG_QUERIES = ((SPECIALTY, []),)
    SORTED = ((SPECIALTY, ["-created_at", "created_at"], []),)
    SEEDED = (
        (
            SPECIALTY,
            [
                {"name": "Surgery"},
                {"name": "Dentistry"},
                {"name": "Dermatology"},
                {"name": "Cardiology"},
            ],
        ),
    )
