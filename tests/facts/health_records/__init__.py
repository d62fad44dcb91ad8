"""The kinds of rows that the tests of the health records feature make."""

from app.features.health_records.tables import Vaccination, Weight
from app.features.pet_management.tables import Pet
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
VACCINATION = Kind(
    name="vaccination",
    path="/vaccinations/",
    table=Vaccination,
    samples=[
        {
            "vaccine": "Rabies",
            "given_on": "2024-05-04",
            "due_on": "2024-05-11",
            "batch": "Blue batch",
        },
        {
            "vaccine": "Blue vaccine",
            "given_on": "2023-11-20",
            "due_on": None,
            "batch": None,
        },
        {
            "vaccine": "Rabies",
            "given_on": "2024-05-04",
            "due_on": "2024-05-11",
            "batch": "Blue batch",
        },
    ],
    makers=("owner", "owner", "owner"),
    another="other",
    reader="owner",
    lister="owner",
    updater="vet",
    minimal={"vaccine": "Rabies", "given_on": "2024-05-04"},
    parents={"pet_id": PET},
    rules=("A vaccination is due after it was given.",),
)
WEIGHT = Kind(
    name="weight",
    path="/weights/",
    table=Weight,
    samples=[
        {"measured_on": "2024-05-04", "kilograms": "4.20"},
        {"measured_on": "2023-11-20", "kilograms": "12.50"},
        {"measured_on": "2022-08-17", "kilograms": "4.20"},
    ],
    makers=("owner", "owner", "owner"),
    another="other",
    reader="owner",
    lister="owner",
    minimal={"measured_on": "2024-05-04", "kilograms": "4.20"},
    parents={"pet_id": PET},
)
