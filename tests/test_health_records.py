"""Tests of the health records feature."""

from fastapi.testclient import TestClient

from app.features.health_records.tables import Vaccination, Weight
from app.features.pet_management.tables import Pet
from tests.api import Contract
from tests.conftest import Headers
from tests.features import FeatureTests
from tests.resources import Api, Kind, today

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


def store_rows(client: TestClient, caller: Headers, other: Headers) -> dict[str, str]:
    """Store a row of each kind, and return their ids."""
    people = dict.fromkeys(ROLES, caller) | {"owner": caller, "other": other}
    api = Api(client, people)
    return {
        "pet_id": api.linked(PET, "owner"),
        "vaccination_id": api.linked(VACCINATION, "owner"),
        "weight_id": api.linked(WEIGHT, "owner"),
    }


CONTRACT = Contract(rules=["A vaccination is due after it was given."], rows=store_rows)


class TestHealthRecords(FeatureTests):
    """What is true of vaccinations and weights."""

    FEATURE = "health_records"
    ROLES = ROLES
    CREATED = (
        (VACCINATION, 0),
        (VACCINATION, 1),
        (VACCINATION, 2),
        (WEIGHT, 0),
        (WEIGHT, 1),
        (WEIGHT, 2),
    )
    DEFAULTS = (
        (VACCINATION, {"vaccine": "Rabies", "given_on": "2024-05-04"}, {"batch": None}),
    )
    ACCEPTED = (
        (VACCINATION, "vaccine", [{"vaccine": "m"}, {"vaccine": "m" * 80}], True),
        (
            VACCINATION,
            "given_on",
            [{"given_on": today(), "due_on": today(7)}, {"given_on": "2024-05-10"}],
            True,
        ),
        (VACCINATION, "due_on", [{"due_on": None}, {"due_on": "2024-05-05"}], True),
        (
            VACCINATION,
            "batch",
            [{"batch": "m"}, {"batch": "m" * 40}, {"batch": None}],
            True,
        ),
        (WEIGHT, "measured_on", [{"measured_on": today()}], False),
        (
            WEIGHT,
            "kilograms",
            [
                {"kilograms": "0.01"},
                {"kilograms": "200.00"},
                {"kilograms": "7.00"},
                {"kilograms": "7.01"},
            ],
            True,
        ),
    )
    REFUSED = (
        (
            VACCINATION,
            "vaccine",
            [None, "", "m" * 81, 7, " ", "Rabie\u0000", "Rabie\n"],
            True,
        ),
        (
            VACCINATION,
            "given_on",
            [None, today(1), "2023-02-29", "2024-05-04T00:00:00Z", 19847],
            True,
        ),
        (VACCINATION, "due_on", ["2023-02-29", "2024-05-04T00:00:00Z", 19847], True),
        (
            VACCINATION,
            "batch",
            ["", "m" * 41, 7, " ", "Blue batc\u0000", "Blue batc\n"],
            True,
        ),
        (
            WEIGHT,
            "measured_on",
            [None, today(1), "2023-02-29", "2024-05-04T00:00:00Z", 19847],
            False,
        ),
        (WEIGHT, "kilograms", [None, "0.00", "200.01", "many", True, "4.201"], True),
    )
    REQUIRED = (
        (VACCINATION, ["pet_id", "vaccine", "given_on"]),
        (WEIGHT, ["pet_id", "measured_on", "kilograms"]),
    )
    UNKNOWN = (
        (VACCINATION, "POST", ["id", "owner_id", "created_at"]),
        (VACCINATION, "PATCH", ["id", "owner_id", "created_at", "pet_id"]),
        (WEIGHT, "POST", ["id", "owner_id", "created_at"]),
    )
    UPDATES = (
        (VACCINATION, "vet", {}),
        (VACCINATION, "vet", {"vaccine": "Blue vaccine"}),
        (VACCINATION, "vet", {"given_on": "2023-11-20"}),
        (VACCINATION, "vet", {"due_on": None}),
        (VACCINATION, "vet", {"batch": None}),
    )
    DERIVED = ((VACCINATION, {"due_on": "2025-05-04"}),)
    STRANGERS = (
        (VACCINATION, "pet_id"),
        (WEIGHT, "pet_id"),
    )
    BROKEN = (
        (
            VACCINATION,
            {"due_on": "2024-05-04"},
            "/body/due_on",
            "A vaccination is due after it was given.",
            True,
        ),
        (
            VACCINATION,
            {"given_on": "2024-05-11"},
            "/body/due_on",
            "A vaccination is due after it was given.",
            True,
        ),
        (
            VACCINATION,
            {"given_on": "2024-05-18"},
            "/body/due_on",
            "A vaccination is due after it was given.",
            True,
        ),
        (
            VACCINATION,
            {"due_on": "2024-04-27"},
            "/body/due_on",
            "A vaccination is due after it was given.",
            True,
        ),
    )
    UNSEEN = (
        (VACCINATION, "pet_id", "other", {}, "/pets/{id}/vaccinations/", True, False),
        (WEIGHT, "pet_id", "other", {}, "/pets/{id}/weights/", True, False),
    )
    CHILDREN = (
        (VACCINATION, "pet_id", "owner", 404),
        (WEIGHT, "pet_id", "owner", 404),
    )
    ACCESS = (
        (VACCINATION, {}, "POST", "/vaccinations/", None, (401, 201, 404, 403, 201)),
        (VACCINATION, {}, "GET", "/vaccinations/", None, (401, 200, 200, 200, 200)),
        (VACCINATION, {}, "GET", "/vaccinations/{id}", None, (401, 200, 404, 404, 200)),
        (VACCINATION, {}, "PATCH", "/vaccinations/{id}", {}, (401, 403, 404, 404, 200)),
        (
            VACCINATION,
            {},
            "DELETE",
            "/vaccinations/{id}",
            None,
            (401, 204, 404, 404, 403),
        ),
        (WEIGHT, {}, "POST", "/weights/", None, (401, 201, 404, 403, 201)),
        (WEIGHT, {}, "GET", "/weights/", None, (401, 200, 200, 200, 200)),
        (WEIGHT, {}, "GET", "/weights/{id}", None, (401, 200, 404, 404, 200)),
        (WEIGHT, {}, "DELETE", "/weights/{id}", None, (401, 204, 404, 404, 403)),
    )
    EVENTS = (
        (
            VACCINATION,
            [],
            "owner",
            "POST",
            "/vaccinations/",
            None,
            "vaccination.created",
        ),
        (
            VACCINATION,
            [],
            "vet",
            "PATCH",
            "/vaccinations/{id}",
            {},
            "vaccination.updated",
        ),
        (
            VACCINATION,
            [],
            "owner",
            "DELETE",
            "/vaccinations/{id}",
            None,
            "vaccination.deleted",
        ),
        (WEIGHT, [], "owner", "POST", "/weights/", None, "weight.created"),
        (WEIGHT, [], "owner", "DELETE", "/weights/{id}", None, "weight.deleted"),
    )
    OVERTAKEN = (
        (VACCINATION, [], "vet", "PATCH", "", {"vaccine": "Blue vaccine"}),
        (VACCINATION, [], "owner", "DELETE", "", None),
        (WEIGHT, [], "owner", "DELETE", "", None),
    )
    SEEN = (
        (VACCINATION, {}, (None, True, False, False, True)),
        (WEIGHT, {}, (None, True, False, False, True)),
    )
    SORTED = (
        (VACCINATION, ["-given_on", "given_on", "due_on", "-due_on"], []),
        (WEIGHT, ["-measured_on", "measured_on"], []),
    )
    FILTERED = (
        (
            VACCINATION,
            [
                ({"vaccine": ["Rabies", "Blue vaccine"]}, [0, 1, 2]),
                ({"vaccine": "Rabies"}, [0, 2]),
                ({"vaccine": "Blue vaccine"}, [1]),
                ({"vaccine_contains": "ABI"}, [0, 2]),
                ({"due_on": "2024-05-11"}, [0, 2]),
                ({"due_on_is_null": True}, [1]),
                ({"due_on_is_null": False}, [0, 2]),
                ({"due_on_lt": "2024-05-11"}, []),
                ({"due_on_le": "2024-05-11"}, [0, 2]),
                ({"due_on_gt": "2024-05-11"}, []),
                ({"due_on_ge": "2024-05-11"}, [0, 2]),
            ],
        ),
    )
    WRONG_QUERIES = (
        (VACCINATION, [{"due_on": "x"}]),
        (WEIGHT, []),
    )
    MANY = (
        (VACCINATION, "pet_id", "00000000-0000-0000-0000-000000000000"),
        (VACCINATION, "vaccine", "Rabies"),
        (VACCINATION, "due_on", "2024-05-11"),
        (WEIGHT, "pet_id", "00000000-0000-0000-0000-000000000000"),
    )
    NESTED = (
        (
            VACCINATION,
            "pet_id",
            "/pets/{id}/vaccinations/",
            (401, 200, 404, 200, 200),
            (None, True, None, False, True),
        ),
        (
            WEIGHT,
            "pet_id",
            "/pets/{id}/weights/",
            (401, 200, 404, 200, 200),
            (None, True, None, False, True),
        ),
    )
    CONFLICTS = (
        (
            WEIGHT,
            "measured_on",
            "Another weight of this pet has this measured on.",
            "",
            False,
        ),
    )
    QUOTAS = (
        (WEIGHT, "WEIGHTS_PER_PET", 1000, "A pet has {} weights at most.", "pet_id"),
    )
