"""What is true of clinics."""

from tests.facts.vet_directory import CLINIC, ROLES
from tests.features import FeatureTests


class ClinicFacts(FeatureTests):
    """What is true of clinics."""

    FEATURE = "vet_directory"
    ROLES = ROLES
    CREATED = (
        (CLINIC, 0),
        (CLINIC, 1),
        (CLINIC, 2),
    )
    DEFAULTS = (
        (
            CLINIC,
            {"name": "Harbour Clinic", "slug": "harbour-clinic", "city": "Hamburg"},
            {"email": None, "phone": None, "rooms": 1},
        ),
    )
    ACCEPTED = (
        (CLINIC, "name", [{"name": "m"}, {"name": "m" * 120}], True),
        (CLINIC, "slug", [{"slug": "m"}, {"slug": "m" * 80}], False),
        (CLINIC, "city", [{"city": "m"}, {"city": "m" * 80}], True),
        (
            CLINIC,
            "email",
            [{"email": "m" * 242 + "@example.com"}, {"email": None}],
            True,
        ),
        (
            CLINIC,
            "phone",
            [{"phone": "+1415555"}, {"phone": "+141555501000000"}, {"phone": None}],
            True,
        ),
        (CLINIC, "rooms", [{"rooms": 1}, {"rooms": 100}], True),
    )
    REFUSED = (
        (
            CLINIC,
            "name",
            [None, "", "m" * 121, 7, " ", "Harbour Clini\u0000", "Harbour Clini\n"],
            True,
        ),
        (CLINIC, "slug", [None, "", "m" * 81, "Miso", "a--b", 7], False),
        (
            CLINIC,
            "city",
            [None, "", "m" * 81, 7, " ", "Hambur\u0000", "Hambur\n"],
            True,
        ),
        (
            CLINIC,
            "email",
            ["m" * 243 + "@example.com", "miso", "miso@", "mísó@example.com", 7],
            True,
        ),
        (
            CLINIC,
            "phone",
            ["+141555", "+1415555010000000", "4915112345678", "+0151123456", 7],
            True,
        ),
        (CLINIC, "rooms", [None, 0, 101, "many", True, 1.5], True),
    )
    REQUIRED = ((CLINIC, ["name", "slug", "city"]),)
    UNKNOWN = (
        (CLINIC, "POST", ["id", "owner_id", "created_at"]),
        (CLINIC, "PATCH", ["id", "owner_id", "created_at", "slug"]),
    )
    REPLACED = (
        (
            CLINIC,
            "admin",
            {
                "name": "Garden Clinic",
                "city": "Aarhus",
                "email": None,
                "phone": None,
                "rooms": 20,
            },
        ),
    )
    RESET = (
        (
            CLINIC,
            "admin",
            {"name": "Harbour Clinic", "city": "Hamburg"},
            {"email": None, "phone": None, "rooms": 1},
        ),
    )
    CONFLICTS = ((CLINIC, "slug", "Another clinic has this slug.", "", False),)
    ACCESS = (
        (CLINIC, {}, [], "POST", "/clinics/", None, (401, 403, 403, 201)),
        (CLINIC, {}, [], "GET", "/clinics/", None, (200, 200, 200, 200)),
        (CLINIC, {}, [], "GET", "/clinics/{id}", None, (200, 200, 200, 200)),
        (CLINIC, {}, [], "PATCH", "/clinics/{id}", {}, (401, 403, 403, 200)),
        (
            CLINIC,
            {},
            [],
            "PUT",
            "/clinics/{id}",
            {
                "name": "Garden Clinic",
                "city": "Aarhus",
                "email": None,
                "phone": None,
                "rooms": 20,
            },
            (401, 403, 403, 200),
        ),
        (CLINIC, {}, [], "DELETE", "/clinics/{id}", None, (401, 403, 403, 204)),
    )
    EVENTS = (
        (CLINIC, {}, [], "admin", "POST", "/clinics/", None, "clinic.created"),
        (CLINIC, {}, [], "admin", "PATCH", "/clinics/{id}", {}, "clinic.updated"),
        (
            CLINIC,
            {},
            [],
            "admin",
            "PUT",
            "/clinics/{id}",
            {
                "name": "Garden Clinic",
                "city": "Aarhus",
                "email": None,
                "phone": None,
                "rooms": 20,
            },
            "clinic.replaced",
        ),
        (CLINIC, {}, [], "admin", "DELETE", "/clinics/{id}", None, "clinic.deleted"),
    )
    OVERTAKEN = (
        (CLINIC, [], "admin", "PATCH", "", {"name": "Garden Clinic"}),
        (CLINIC, [], "admin", "DELETE", "", None),
    )
    UPDATES = (
        (CLINIC, {}, [], "admin", {}),
        (CLINIC, {}, [], "admin", {"name": "Garden Clinic"}),
        (CLINIC, {}, [], "admin", {"city": "Aarhus"}),
        (CLINIC, {}, [], "admin", {"email": None}),
        (CLINIC, {}, [], "admin", {"phone": None}),
    )
    SEEN = ((CLINIC, {}, [], (True, True, True, True)),)
    FILTERED = (
        (
            CLINIC,
            [
                ({"city": ["Hamburg", "Aarhus"]}, [0, 1, 2]),
                ({"city": "Hamburg"}, [0, 2]),
                ({"city": "Aarhus"}, [1]),
                ({"city_contains": "AMB"}, [0, 2]),
                ({"search": "ARB"}, [0, 2]),
                ({"search": "%"}, []),
            ],
        ),
    )
    WRONG_QUERIES = ((CLINIC, [{"search": ""}, {"search": "\u0000"}]),)
    MANY = ((CLINIC, "city", "Hamburg"),)
    SORTED = ((CLINIC, ["name", "-name", "city", "-city"], []),)
