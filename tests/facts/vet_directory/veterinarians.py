"""What is true of veterinarians."""

from tests.facts.vet_directory import CLINIC, ROLES, VETERINARIAN
from tests.features import FeatureTests


class VeterinarianFacts(FeatureTests):
    """What is true of veterinarians."""

    FEATURE = "vet_directory"
    ROLES = ROLES
    CREATED = (
        (VETERINARIAN, 0),
        (VETERINARIAN, 1),
        (VETERINARIAN, 2),
    )
    DEFAULTS = (
        (
            VETERINARIAN,
            {"name": "Kim Larsen"},
            {"published": False, "fee": None, "notes": None, "rank": None},
        ),
    )
    ACCEPTED = (
        (VETERINARIAN, "name", [{"name": "m"}, {"name": "m" * 120}], True),
        (VETERINARIAN, "published", [{"published": True}, {"published": False}], True),
        (
            VETERINARIAN,
            "fee",
            [
                {"fee": "0.00"},
                {"fee": "999999999999.99"},
                {"fee": "7.00"},
                {"fee": "7.01"},
                {"fee": None},
            ],
            True,
        ),
        (
            VETERINARIAN,
            "notes",
            [{"notes": "m"}, {"notes": "m" * 10000}, {"notes": None}],
            True,
        ),
        (VETERINARIAN, "rank", [{"rank": 0.0}, {"rank": 4.999}, {"rank": None}], True),
    )
    ENDLESS = ((VETERINARIAN, "admin", "rank"),)
    REFUSED = (
        (
            VETERINARIAN,
            "name",
            [None, "", "m" * 121, 7, " ", "Kim Larse\u0000", "Kim Larse\n"],
            True,
        ),
        (VETERINARIAN, "published", [None, "maybe", "true", 1], True),
        (
            VETERINARIAN,
            "fee",
            ["-0.01", "1000000000000.00", "many", True, "49.901"],
            True,
        ),
        (
            VETERINARIAN,
            "notes",
            ["", "m" * 10001, 7, " ", "Prefers mornings\u0000"],
            True,
        ),
        (VETERINARIAN, "rank", [-0.001, 5.0, "many", True], True),
    )
    REQUIRED = ((VETERINARIAN, ["clinic_id", "name"]),)
    UNKNOWN = (
        (VETERINARIAN, "POST", ["id", "owner_id", "created_at", "senior"]),
        (
            VETERINARIAN,
            "PATCH",
            ["id", "owner_id", "created_at", "senior", "clinic_id"],
        ),
    )
    ALLOWED = (
        (
            VETERINARIAN,
            "admin",
            {"notes": "Prefers mornings."},
            {"notes": "Prefers mornings."},
            [],
            {"PATCH": {}},
        ),
        (VETERINARIAN, "admin", {"rank": 4.2}, {"rank": 4.2}, [], {"PATCH": {}}),
    )
    HIDDEN = (
        (VETERINARIAN, "notes", "Prefers mornings.", (False, False, False, True)),
    )
    CAPACITIES = (
        (
            VETERINARIAN,
            "clinic_id",
            "rooms",
            "This clinic has no room for another veterinarian.",
            False,
        ),
    )
    COMPUTED = (
        (VETERINARIAN, 0, {"senior": True}),
        (VETERINARIAN, 1, {"senior": None}),
        (VETERINARIAN, 2, {"senior": True}),
    )
    STRANGERS = ((VETERINARIAN, "clinic_id"),)
    LINKED = ((VETERINARIAN, "specialty_ids", "", None),)
    EMBEDDED = (
        (VETERINARIAN, "clinic", "clinic_id"),
        (VETERINARIAN, "specialties", "specialty_ids"),
    )
    CHILDREN = ((VETERINARIAN, "clinic_id", CLINIC, {}, "admin", 409),)
    GONE = ((VETERINARIAN, "clinic_id", CLINIC, {}, "restrict"),)
    PARTED = ((VETERINARIAN, "specialty_ids"),)
    ACCESS = (
        (VETERINARIAN, {}, [], "POST", "/veterinarians/", None, (401, 403, 403, 201)),
        (VETERINARIAN, {}, [], "GET", "/veterinarians/", None, (200, 200, 200, 200)),
        (
            VETERINARIAN,
            {},
            [],
            "GET",
            "/veterinarians/{id}",
            None,
            (200, 200, 200, 200),
        ),
        (
            VETERINARIAN,
            {},
            [],
            "PATCH",
            "/veterinarians/{id}",
            {},
            (401, 403, 403, 200),
        ),
        (
            VETERINARIAN,
            {},
            [],
            "DELETE",
            "/veterinarians/{id}",
            None,
            (401, 403, 403, 204),
        ),
        (
            VETERINARIAN,
            {"published": False},
            [],
            "GET",
            "/veterinarians/{id}",
            None,
            (404, 404, 404, 200),
        ),
        (
            VETERINARIAN,
            {"published": False},
            [],
            "PATCH",
            "/veterinarians/{id}",
            {},
            (401, 404, 404, 200),
        ),
        (
            VETERINARIAN,
            {"published": False},
            [],
            "DELETE",
            "/veterinarians/{id}",
            None,
            (401, 404, 404, 204),
        ),
    )
    EVENTS = (
        (
            VETERINARIAN,
            {},
            [],
            "admin",
            "POST",
            "/veterinarians/",
            None,
            "veterinarian.created",
        ),
        (
            VETERINARIAN,
            {},
            [],
            "admin",
            "PATCH",
            "/veterinarians/{id}",
            {},
            "veterinarian.updated",
        ),
        (
            VETERINARIAN,
            {},
            [],
            "admin",
            "DELETE",
            "/veterinarians/{id}",
            None,
            "veterinarian.deleted",
        ),
    )
    OVERTAKEN = (
        (VETERINARIAN, [], "admin", "PATCH", "", {"name": "Alex Moreno"}),
        (VETERINARIAN, [], "admin", "DELETE", "", None),
    )
    UPDATES = (
        (VETERINARIAN, {}, [], "admin", {}),
        (VETERINARIAN, {}, [], "admin", {"name": "Alex Moreno"}),
        (VETERINARIAN, {}, [], "admin", {"fee": None}),
        (VETERINARIAN, {}, [], "admin", {"notes": None}),
        (VETERINARIAN, {}, [], "admin", {"rank": None}),
    )
    SEEN = (
        (VETERINARIAN, {}, [], (True, True, True, True)),
        (VETERINARIAN, {"published": False}, [], (False, False, False, True)),
    )
    FILTERED = (
        (
            VETERINARIAN,
            [
                ({"clinic_id": "00000000-0000-0000-0000-000000000000"}, []),
                ({"published": True}, [0, 1, 2]),
                ({"published": False}, []),
                ({"search": "IM"}, [0, 2]),
                ({"search": "%"}, []),
            ],
        ),
    )
    WRONG_QUERIES = ((VETERINARIAN, [{"search": ""}, {"search": "\u0000"}]),)
    MANY = ((VETERINARIAN, "clinic_id", "00000000-0000-0000-0000-000000000000"),)
    SORTED = ((VETERINARIAN, ["name", "-name"], []),)
    NESTED = (
        (
            VETERINARIAN,
            "clinic_id",
            "/clinics/{id}/veterinarians/",
            (200, 200, 200, 200),
            (True, True, True, True),
            [],
        ),
    )
