"""The kinds of rows that the tests of the appointments feature make."""

from app.features.appointments.tables import Appointment
from app.features.pet_management.tables import Pet
from app.features.vet_directory.tables import Clinic, Specialty, Veterinarian
from tests.resources import Kind, now

ROLES = ("admin", "vet")

PET = Kind(
    name="pet",
    path="/pets/",
    table=Pet,
    samples=[
        {
            "name": "Miso",
            "species": "dog",
            "born_on": "2024-05-04",
            "weight_kg": "4.20",
            "chip_number": "276098106000001",
        },
        {
            "name": "Biscuit",
            "species": "cat",
            "born_on": None,
            "weight_kg": None,
            "chip_number": None,
        },
        {
            "name": "Miso",
            "species": "dog",
            "born_on": "2024-05-04",
            "weight_kg": "4.20",
            "chip_number": "012345678901234",
        },
    ],
    makers=("owner", "owner", "owner"),
    another="other",
    reader="owner",
    lister="owner",
    updater="owner",
    minimal={"name": "Miso", "species": "dog"},
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
APPOINTMENT = Kind(
    name="appointment",
    path="/appointments/",
    table=Appointment,
    samples=[
        {
            "starts_at": now(hours=25),
            "ends_at": now(hours=26),
            "reason": "Yearly check-up",
        },
        {
            "starts_at": now(days=7),
            "ends_at": now(hours=169),
            "reason": "A cough since Monday",
        },
        {
            "starts_at": now(hours=26),
            "ends_at": now(hours=27),
            "reason": "Yearly check-up",
        },
    ],
    makers=("owner", "owner", "owner"),
    another="other",
    reader="owner",
    lister="owner",
    updater="owner",
    minimal={
        "starts_at": now(hours=25),
        "ends_at": now(hours=26),
        "reason": "Yearly check-up",
    },
    parents={"pet_id": PET, "veterinarian_id": VETERINARIAN},
    writers={"diagnosis": ("vet", "")},
    rules=(
        "An appointment ends after it starts.",
        "An appointment takes four hours at most.",
    ),
    movers={
        "confirm": ("vet", "confirm", None, "confirmed"),
        "complete": ("vet", "complete", {"diagnosis": "Healthy"}, "completed"),
        "cancel": ("owner", "cancel", None, "cancelled"),
    },
    state=("status", "requested"),
)
