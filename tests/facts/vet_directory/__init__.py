"""The kinds of rows that the tests of the vet directory feature make."""

from app.features.vet_directory.tables import Clinic, Specialty, Veterinarian
from tests.resources import Kind

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
