"""The kinds of rows that the tests of the pet management feature make."""

from app.features.pet_management.tables import Pet, Visit
from tests.resources import Kind

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
VISIT = Kind(
    name="visit",
    path="/visits/",
    table=Visit,
    samples=[
        {
            "starts_at": "2024-05-04T09:30:00Z",
            "ends_at": "2024-05-04T10:30:00Z",
            "reason": "Yearly vaccination",
        },
        {
            "starts_at": "2023-11-20T14:00:00Z",
            "ends_at": "2023-11-20T15:00:00Z",
            "reason": "A cough since Monday",
        },
        {
            "starts_at": "2024-05-04T09:30:00Z",
            "ends_at": "2024-05-04T10:30:00Z",
            "reason": "Yearly vaccination",
        },
    ],
    makers=("owner", "owner", "owner"),
    another="other",
    reader="owner",
    lister="owner",
    updater="owner",
    minimal={
        "starts_at": "2024-05-04T09:30:00Z",
        "ends_at": "2024-05-04T10:30:00Z",
        "reason": "Yearly vaccination",
    },
    parents={"pet_id": PET},
    writers={"diagnosis": ("", "vet")},
    rules=("A visit ends after it starts.",),
    movers={
        "confirm": ("vet", "confirm", None, "confirmed"),
        "complete": ("vet", "complete", {"diagnosis": "Healthy"}, "completed"),
        "cancel": ("owner", "cancel", None, "cancelled"),
    },
    state=("status", "requested"),
)
