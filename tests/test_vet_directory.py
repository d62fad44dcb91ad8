"""Tests of the vet directory feature."""

from fastapi.testclient import TestClient

from app.features.vet_directory.tables import Clinic, Specialty, Veterinarian
from tests.api import Contract
from tests.conftest import Headers
from tests.features import FeatureTests
from tests.resources import Api, Kind

ROLES = ("admin",)

SPECIALTY = Kind(
    name="specialty",
    path="/specialties/",
    table=Specialty,
    samples=[
        {"name": "Blue specialty"},
        {"name": "Green specialty"},
        {"name": "Red specialty"},
    ],
    makers=("admin", "admin", "admin"),
    reader="admin",
    lister="anonymous",
    updater="admin",
    minimal={"name": "Blue specialty"},
)
CLINIC = Kind(
    name="clinic",
    path="/clinics/",
    table=Clinic,
    samples=[
        {
            "name": "Harbour Clinic",
            "slug": "harbour-clinic",
            "city": "Hamburg",
            "email": "kim@example.com",
            "phone": "+4915112345678",
            "rooms": 20,
        },
        {
            "name": "Garden Clinic",
            "slug": "garden-clinic",
            "city": "Aarhus",
            "email": None,
            "phone": None,
            "rooms": 20,
        },
        {
            "name": "Harbour Clinic",
            "slug": "meadow-clinic",
            "city": "Hamburg",
            "email": "kim@example.com",
            "phone": "+4915112345678",
            "rooms": 20,
        },
    ],
    makers=("admin", "admin", "admin"),
    reader="admin",
    lister="anonymous",
    updater="admin",
    minimal={"name": "Harbour Clinic", "slug": "harbour-clinic", "city": "Hamburg"},
    writers={"slug": ("admin", "")},
)
VETERINARIAN = Kind(
    name="veterinarian",
    path="/veterinarians/",
    table=Veterinarian,
    samples=[
        {
            "name": "Kim Larsen",
            "published": True,
            "fee": "49.90",
            "notes": "Prefers mornings.",
            "rank": 4.2,
        },
        {
            "name": "Alex Moreno",
            "published": True,
            "fee": None,
            "notes": None,
            "rank": None,
        },
        {
            "name": "Kim Larsen",
            "published": True,
            "fee": "49.90",
            "notes": "Prefers mornings.",
            "rank": 4.2,
        },
    ],
    makers=("admin", "admin", "admin"),
    reader="admin",
    lister="anonymous",
    updater="admin",
    minimal={"name": "Kim Larsen", "published": True},
    parents={"clinic_id": CLINIC},
    links={
        "specialty_ids": SPECIALTY,
    },
    computed=("senior", "clinic", "specialties"),
)


def store_rows(client: TestClient, caller: Headers, other: Headers) -> dict[str, str]:
    """Store a row of each kind, and return their ids."""
    people = dict.fromkeys(ROLES, caller) | {"owner": caller, "other": other}
    api = Api(client, people)
    return {
        "specialty_id": api.linked(SPECIALTY, "owner"),
        "clinic_id": api.linked(CLINIC, "owner"),
        "veterinarian_id": api.linked(VETERINARIAN, "owner"),
    }


CONTRACT = Contract(rules=[], rows=store_rows)


class TestVetDirectory(FeatureTests):
    """What is true of specialties, clinics and veterinarians."""

    FEATURE = "vet_directory"
    ROLES = ROLES
    CREATED = (
        (SPECIALTY, 0),
        (SPECIALTY, 1),
        (SPECIALTY, 2),
        (CLINIC, 0),
        (CLINIC, 1),
        (CLINIC, 2),
        (VETERINARIAN, 0),
        (VETERINARIAN, 1),
        (VETERINARIAN, 2),
    )
    ACCEPTED = (
        (SPECIALTY, "name", [{"name": "m"}, {"name": "m" * 60}], True),
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
        (VETERINARIAN, "name", [{"name": "m"}, {"name": "m" * 120}], True),
        (VETERINARIAN, "published", [{"published": True}], True),
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
    REFUSED = (
        (
            SPECIALTY,
            "name",
            [None, "", "m" * 61, 7, " ", "Blue specialt\u0000", "Blue specialt\n"],
            True,
        ),
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
        (VETERINARIAN, "notes", ["", "m" * 10001, 7, "Prefers mornings\u0000"], True),
        (VETERINARIAN, "rank", [-0.001, 5.0, "many", True], True),
    )
    REQUIRED = (
        (SPECIALTY, ["name"]),
        (CLINIC, ["name", "slug", "city"]),
        (VETERINARIAN, ["clinic_id", "name"]),
    )
    UNKNOWN = (
        (SPECIALTY, "POST", ["id", "owner_id", "created_at"]),
        (SPECIALTY, "PATCH", ["id", "owner_id", "created_at"]),
        (CLINIC, "POST", ["id", "owner_id", "created_at"]),
        (CLINIC, "PATCH", ["id", "owner_id", "created_at", "slug"]),
        (VETERINARIAN, "POST", ["id", "owner_id", "created_at", "senior"]),
        (
            VETERINARIAN,
            "PATCH",
            ["id", "owner_id", "created_at", "senior", "clinic_id"],
        ),
    )
    UPDATES = (
        (SPECIALTY, "admin", {}),
        (SPECIALTY, "admin", {"name": "Green specialty"}),
        (CLINIC, "admin", {}),
        (CLINIC, "admin", {"name": "Garden Clinic"}),
        (CLINIC, "admin", {"city": "Aarhus"}),
        (CLINIC, "admin", {"email": None}),
        (CLINIC, "admin", {"phone": None}),
        (VETERINARIAN, "admin", {}),
        (VETERINARIAN, "admin", {"name": "Alex Moreno"}),
        (VETERINARIAN, "admin", {"fee": None}),
        (VETERINARIAN, "admin", {"notes": None}),
        (VETERINARIAN, "admin", {"rank": None}),
    )
    CONFLICTS = (
        (SPECIALTY, "name", "Another specialty has this name.", "", True),
        (CLINIC, "slug", "Another clinic has this slug.", "", False),
    )
    ACCESS = (
        (SPECIALTY, {}, "POST", "/specialties/", None, (401, 403, 403, 201)),
        (SPECIALTY, {}, "GET", "/specialties/", None, (200, 200, 200, 200)),
        (SPECIALTY, {}, "GET", "/specialties/{id}", None, (200, 200, 200, 200)),
        (SPECIALTY, {}, "PATCH", "/specialties/{id}", {}, (401, 403, 403, 200)),
        (SPECIALTY, {}, "DELETE", "/specialties/{id}", None, (401, 403, 403, 204)),
        (CLINIC, {}, "POST", "/clinics/", None, (401, 403, 403, 201)),
        (CLINIC, {}, "GET", "/clinics/", None, (200, 200, 200, 200)),
        (CLINIC, {}, "GET", "/clinics/{id}", None, (200, 200, 200, 200)),
        (CLINIC, {}, "PATCH", "/clinics/{id}", {}, (401, 403, 403, 200)),
        (
            CLINIC,
            {},
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
        (CLINIC, {}, "DELETE", "/clinics/{id}", None, (401, 403, 403, 204)),
        (VETERINARIAN, {}, "POST", "/veterinarians/", None, (401, 403, 403, 201)),
        (VETERINARIAN, {}, "GET", "/veterinarians/", None, (200, 200, 200, 200)),
        (VETERINARIAN, {}, "GET", "/veterinarians/{id}", None, (200, 200, 200, 200)),
        (VETERINARIAN, {}, "PATCH", "/veterinarians/{id}", {}, (401, 403, 403, 200)),
        (VETERINARIAN, {}, "DELETE", "/veterinarians/{id}", None, (401, 403, 403, 204)),
        (
            VETERINARIAN,
            {"published": False},
            "GET",
            "/veterinarians/{id}",
            None,
            (404, 404, 404, 200),
        ),
        (
            VETERINARIAN,
            {"published": False},
            "PATCH",
            "/veterinarians/{id}",
            {},
            (401, 404, 404, 200),
        ),
        (
            VETERINARIAN,
            {"published": False},
            "DELETE",
            "/veterinarians/{id}",
            None,
            (401, 404, 404, 204),
        ),
    )
    EVENTS = (
        (SPECIALTY, [], "admin", "POST", "/specialties/", None, "specialty.created"),
        (SPECIALTY, [], "admin", "PATCH", "/specialties/{id}", {}, "specialty.updated"),
        (
            SPECIALTY,
            [],
            "admin",
            "DELETE",
            "/specialties/{id}",
            None,
            "specialty.deleted",
        ),
        (CLINIC, [], "admin", "POST", "/clinics/", None, "clinic.created"),
        (CLINIC, [], "admin", "PATCH", "/clinics/{id}", {}, "clinic.updated"),
        (
            CLINIC,
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
        (CLINIC, [], "admin", "DELETE", "/clinics/{id}", None, "clinic.deleted"),
        (
            VETERINARIAN,
            [],
            "admin",
            "POST",
            "/veterinarians/",
            None,
            "veterinarian.created",
        ),
        (
            VETERINARIAN,
            [],
            "admin",
            "PATCH",
            "/veterinarians/{id}",
            {},
            "veterinarian.updated",
        ),
        (
            VETERINARIAN,
            [],
            "admin",
            "DELETE",
            "/veterinarians/{id}",
            None,
            "veterinarian.deleted",
        ),
    )
    OVERTAKEN = (
        (SPECIALTY, [], "admin", "PATCH", "", {"name": "Green specialty"}),
        (SPECIALTY, [], "admin", "DELETE", "", None),
        (CLINIC, [], "admin", "PATCH", "", {"name": "Garden Clinic"}),
        (CLINIC, [], "admin", "DELETE", "", None),
        (VETERINARIAN, [], "admin", "PATCH", "", {"name": "Alex Moreno"}),
        (VETERINARIAN, [], "admin", "DELETE", "", None),
    )
    SEEN = (
        (SPECIALTY, {}, (True, True, True, True)),
        (CLINIC, {}, (True, True, True, True)),
        (VETERINARIAN, {}, (True, True, True, True)),
        (VETERINARIAN, {"published": False}, (False, False, False, True)),
    )
    SORTED = (
        (SPECIALTY, ["-created_at", "created_at"], []),
        (CLINIC, ["name", "-name", "city", "-city"], []),
        (VETERINARIAN, ["name", "-name"], []),
    )
    WRONG_QUERIES = (
        (SPECIALTY, []),
        (CLINIC, [{"search": ""}, {"search": "\u0000"}]),
        (VETERINARIAN, [{"search": ""}, {"search": "\u0000"}]),
    )
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
    DEFAULTS = (
        (
            CLINIC,
            {"name": "Harbour Clinic", "slug": "harbour-clinic", "city": "Hamburg"},
            {"email": None, "phone": None, "rooms": 1},
        ),
        (
            VETERINARIAN,
            {"name": "Kim Larsen"},
            {"published": False, "fee": None, "notes": None, "rank": None},
        ),
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
    FILTERED = (
        (
            CLINIC,
            [
                ({"city": "Hamburg"}, [0, 2]),
                ({"city": "Aarhus"}, [1]),
                ({"city_contains": "AMB"}, [0, 2]),
                ({"search": "ARB"}, [0, 2]),
                ({"search": "%"}, []),
            ],
        ),
        (
            VETERINARIAN,
            [
                ({"published": True}, [0, 1, 2]),
                ({"published": False}, []),
                ({"search": "IM"}, [0, 2]),
                ({"search": "%"}, []),
            ],
        ),
    )
    MANY = (
        (CLINIC, "city", "Hamburg"),
        (VETERINARIAN, "clinic_id", "00000000-0000-0000-0000-000000000000"),
    )
    HIDDEN = (
        (VETERINARIAN, "notes", "Prefers mornings.", (False, False, False, True)),
    )
    COMPUTED = (
        (VETERINARIAN, 0, {"senior": True}),
        (VETERINARIAN, 1, {"senior": None}),
        (VETERINARIAN, 2, {"senior": True}),
    )
    STRANGERS = ((VETERINARIAN, "clinic_id"),)
    LINKED = ((VETERINARIAN, "specialty_ids"),)
    EMBEDDED = (
        (VETERINARIAN, "clinic", "clinic_id"),
        (VETERINARIAN, "specialties", "specialty_ids"),
    )
    CAPACITIES = (
        (
            VETERINARIAN,
            "clinic_id",
            "rooms",
            "This clinic has no room for another veterinarian.",
        ),
    )
    CHILDREN = ((VETERINARIAN, "clinic_id", "admin", 409),)
    NESTED = (
        (
            VETERINARIAN,
            "clinic_id",
            "/clinics/{id}/veterinarians/",
            (200, 200, 200, 200),
        ),
    )
