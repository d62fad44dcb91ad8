"""Tests of the pet management feature."""

from fastapi.testclient import TestClient

from app.features.pet_management.tables import Pet, Visit
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
    movers={
        "confirm": ("vet", "confirm", None, "confirmed"),
        "complete": ("vet", "complete", {"diagnosis": "Healthy"}, "completed"),
        "cancel": ("owner", "cancel", None, "cancelled"),
    },
    state=("status", "requested"),
)


def store_rows(client: TestClient, caller: Headers, other: Headers) -> dict[str, str]:
    """Store a row of each kind, and return their ids."""
    people = dict.fromkeys(ROLES, caller) | {"owner": caller, "other": other}
    api = Api(client, people)
    return {
        "pet_id": api.linked(PET, "owner"),
        "visit_id": api.linked(VISIT, "owner"),
    }


CONTRACT = Contract(rules=["A visit ends after it starts."], rows=store_rows)


class TestPetManagement(FeatureTests):
    """What is true of pets and visits."""

    FEATURE = "pet_management"
    ROLES = ROLES
    CREATED = (
        (PET, 0),
        (PET, 1),
        (PET, 2),
        (VISIT, 0),
        (VISIT, 1),
        (VISIT, 2),
    )
    DEFAULTS = (
        (
            PET,
            {"name": "Miso", "species": "dog"},
            {"born_on": None, "weight_kg": None, "chip_number": None},
        ),
        (
            VISIT,
            {
                "starts_at": "2024-05-04T09:30:00Z",
                "ends_at": "2024-05-04T10:30:00Z",
                "reason": "Yearly vaccination",
            },
            {"diagnosis": None},
        ),
    )
    ACCEPTED = (
        (PET, "name", [{"name": "m"}, {"name": "m" * 80}], True),
        (
            PET,
            "species",
            [
                {"species": "dog"},
                {"species": "cat"},
                {"species": "bird"},
                {"species": "rabbit"},
                {"species": "other"},
            ],
            True,
        ),
        (PET, "born_on", [{"born_on": today()}, {"born_on": None}], True),
        (
            PET,
            "weight_kg",
            [
                {"weight_kg": "0.01"},
                {"weight_kg": "999.99"},
                {"weight_kg": "7.00"},
                {"weight_kg": "7.01"},
                {"weight_kg": None},
            ],
            True,
        ),
        (
            PET,
            "chip_number",
            [
                {"chip_number": "012345678901234"},
                {"chip_number": "567890123456789"},
                {"chip_number": None},
            ],
            True,
        ),
        (VISIT, "starts_at", [{"starts_at": "2024-05-04T10:29:59Z"}], True),
        (VISIT, "ends_at", [{"ends_at": "2024-05-04T09:30:01Z"}], True),
        (VISIT, "reason", [{"reason": "m"}, {"reason": "m" * 500}], True),
        (
            VISIT,
            "diagnosis",
            [{"diagnosis": "m"}, {"diagnosis": "m" * 5000}, {"diagnosis": None}],
            True,
        ),
    )
    REFUSED = (
        (PET, "name", [None, "", "m" * 81, 7, " ", "Mis\u0000", "Mis\n"], True),
        (PET, "species", [None, "unheard_of", 7], True),
        (PET, "born_on", [today(1), "2023-02-29", "2024-05-04T09:30:00Z", 19847], True),
        (PET, "weight_kg", ["0.00", "1000.00", "many", True, "4.201"], True),
        (
            PET,
            "chip_number",
            [
                7,
                " ",
                "27609810600000x",
                "2760981060000011",
                "27609810600000",
                "27609810600000\u0000",
            ],
            True,
        ),
        (
            VISIT,
            "starts_at",
            [None, "2024-05-04T09:30:00", "2024-05-04", 1714815000],
            True,
        ),
        (
            VISIT,
            "ends_at",
            [None, "2024-05-04T09:30:00", "2024-05-04", 1714815000],
            True,
        ),
        (
            VISIT,
            "reason",
            [
                None,
                "",
                "m" * 501,
                7,
                " ",
                "Yearly vaccinatio\u0000",
                "Yearly vaccinatio\n",
            ],
            True,
        ),
        (VISIT, "diagnosis", ["", "m" * 5001, 7, "Health\u0000"], True),
    )
    REQUIRED = (
        (PET, ["name", "species"]),
        (VISIT, ["pet_id", "starts_at", "ends_at", "reason"]),
    )
    UNKNOWN = (
        (PET, "POST", ["id", "owner_id", "created_at"]),
        (PET, "PATCH", ["id", "owner_id", "created_at"]),
        (VISIT, "POST", ["id", "owner_id", "created_at", "status"]),
        (VISIT, "PATCH", ["id", "owner_id", "created_at", "status", "pet_id"]),
    )
    UPDATES = (
        (PET, "owner", {}),
        (PET, "owner", {"name": "Biscuit"}),
        (PET, "owner", {"species": "cat"}),
        (PET, "owner", {"born_on": None}),
        (PET, "owner", {"weight_kg": None}),
        (PET, "owner", {"chip_number": None}),
        (VISIT, "owner", {}),
        (VISIT, "owner", {"starts_at": "2023-11-20T14:00:00Z"}),
        (VISIT, "owner", {"reason": "A cough since Monday"}),
        (VISIT, "vet", {"diagnosis": None}),
    )
    CONFLICTS = ((PET, "chip_number", "Another pet has this chip number.", "", True),)
    QUOTAS = (
        (PET, "PETS_PER_OWNER", 50, "You have reached the limit of 50 pets.", ""),
    )
    ACCESS = (
        (PET, {}, "POST", "/pets/", None, (401, 201, 201, 201, 201)),
        (PET, {}, "GET", "/pets/", None, (401, 200, 200, 200, 200)),
        (PET, {}, "GET", "/pets/{id}", None, (401, 200, 404, 200, 200)),
        (PET, {}, "PATCH", "/pets/{id}", {}, (401, 200, 404, 403, 403)),
        (PET, {}, "DELETE", "/pets/{id}", None, (401, 204, 404, 204, 403)),
        (VISIT, {}, "POST", "/visits/", None, (401, 201, 404, 403, 403)),
        (VISIT, {}, "GET", "/visits/", None, (401, 200, 200, 200, 200)),
        (VISIT, {}, "GET", "/visits/{id}", None, (401, 200, 404, 404, 200)),
        (VISIT, {}, "PATCH", "/visits/{id}", {}, (401, 200, 404, 404, 200)),
        (VISIT, {}, "POST", "/visits/{id}/confirm", None, (401, 403, 404, 404, 200)),
        (
            VISIT,
            {},
            "POST",
            "/visits/{id}/complete",
            {"diagnosis": "Healthy"},
            (401, 403, 404, 404, 409),
        ),
        (VISIT, {}, "POST", "/visits/{id}/cancel", None, (401, 200, 404, 404, 200)),
    )
    EVENTS = (
        (PET, [], "owner", "POST", "/pets/", None, "pet.created"),
        (PET, [], "owner", "PATCH", "/pets/{id}", {}, "pet.updated"),
        (PET, [], "owner", "DELETE", "/pets/{id}", None, "pet.deleted"),
        (VISIT, [], "owner", "POST", "/visits/", None, "visit.created"),
        (VISIT, [], "owner", "PATCH", "/visits/{id}", {}, "visit.updated"),
        (VISIT, [], "vet", "POST", "/visits/{id}/confirm", None, "visit.confirmed"),
        (
            VISIT,
            ["confirm"],
            "vet",
            "POST",
            "/visits/{id}/complete",
            {"diagnosis": "Healthy"},
            "visit.completed",
        ),
        (VISIT, [], "owner", "POST", "/visits/{id}/cancel", None, "visit.cancelled"),
    )
    OVERTAKEN = (
        (PET, [], "owner", "PATCH", "", {"name": "Biscuit"}),
        (PET, [], "owner", "DELETE", "", None),
        (VISIT, [], "owner", "PATCH", "", {"starts_at": "2023-11-20T14:00:00Z"}),
        (VISIT, [], "vet", "POST", "confirm", None),
        (VISIT, ["confirm"], "vet", "POST", "complete", {"diagnosis": "Healthy"}),
        (VISIT, [], "owner", "POST", "cancel", None),
    )
    SEEN = (
        (PET, {}, (None, True, False, True, True)),
        (VISIT, {}, (None, True, False, False, True)),
    )
    SORTED = (
        (
            PET,
            ["-created_at", "created_at", "name", "-name", "born_on", "-born_on"],
            [],
        ),
        (VISIT, ["-starts_at", "starts_at", "created_at", "-created_at"], []),
    )
    FILTERED = (
        (
            PET,
            [
                ({"species": "dog"}, [0, 2]),
                ({"species": "cat"}, [1]),
                ({"born_on": "2024-05-04"}, [0, 2]),
                ({"born_on_is_null": True}, [1]),
                ({"born_on_is_null": False}, [0, 2]),
                ({"born_on_lt": "2024-05-04"}, []),
                ({"born_on_le": "2024-05-04"}, [0, 2]),
                ({"born_on_gt": "2024-05-04"}, []),
                ({"born_on_ge": "2024-05-04"}, [0, 2]),
                ({"search": "ISO"}, [0, 2]),
                ({"search": "%"}, []),
            ],
        ),
        (
            VISIT,
            [
                ({"status": "requested"}, [0, 1, 2]),
                ({"status": "confirmed"}, []),
                ({"starts_at": "2024-05-04T09:30:00Z"}, [0, 2]),
                ({"starts_at": "2023-11-20T14:00:00Z"}, [1]),
                ({"starts_at_lt": "2024-05-04T09:30:00Z"}, [1]),
                ({"starts_at_le": "2024-05-04T09:30:00Z"}, [0, 1, 2]),
                ({"starts_at_gt": "2024-05-04T09:30:00Z"}, []),
                ({"starts_at_ge": "2024-05-04T09:30:00Z"}, [0, 2]),
            ],
        ),
    )
    WRONG_QUERIES = (
        (
            PET,
            [
                {"species": "unheard_of"},
                {"born_on": "x"},
                {"search": ""},
                {"search": "\u0000"},
            ],
        ),
        (VISIT, [{"starts_at": "x"}]),
    )
    MANY = (
        (PET, "species", "dog"),
        (PET, "born_on", "2024-05-04"),
        (VISIT, "pet_id", "00000000-0000-0000-0000-000000000000"),
        (VISIT, "status", "requested"),
        (VISIT, "starts_at", "2024-05-04T09:30:00Z"),
    )
    GUARDED = (
        (VISIT, "owner", "POST", {"diagnosis": "Healthy"}),
        (VISIT, "owner", "PATCH", {"diagnosis": "Healthy"}),
        (VISIT, "owner", "PATCH", {"diagnosis": None}),
    )
    ALLOWED = ((VISIT, "vet", {"diagnosis": "Healthy"}, True),)
    STRANGERS = ((VISIT, "pet_id"),)
    BROKEN = (
        (
            VISIT,
            {"ends_at": "2024-05-04T09:30:00Z"},
            "/body/ends_at",
            "A visit ends after it starts.",
            True,
        ),
    )
    FROZEN = (
        (VISIT, ["cancel"], "owner", "PATCH", {}, "The visit is over."),
        (VISIT, ["confirm", "complete"], "owner", "PATCH", {}, "The visit is over."),
    )
    MOVES = (
        (VISIT, [], "confirm", True, True),
        (VISIT, [], "complete", False, False),
        (VISIT, [], "cancel", True, True),
        (VISIT, ["confirm"], "confirm", False, False),
        (VISIT, ["confirm"], "complete", True, True),
        (VISIT, ["confirm"], "cancel", True, True),
        (VISIT, ["cancel"], "confirm", False, False),
        (VISIT, ["cancel"], "complete", False, False),
        (VISIT, ["cancel"], "cancel", False, False),
        (VISIT, ["confirm", "complete"], "confirm", False, False),
        (VISIT, ["confirm", "complete"], "complete", False, False),
        (VISIT, ["confirm", "complete"], "cancel", False, False),
    )
    NEEDS = (
        (
            VISIT,
            ["confirm"],
            "complete",
            "diagnosis",
            "A visit needs a diagnosis for this.",
        ),
    )
    ALREADY = ((VISIT, ["confirm"], "complete", "vet"),)
    UNSEEN = ((VISIT, "pet_id", "other", {}, "/pets/{id}/visits/", True, False),)
    CHILDREN = ((VISIT, "pet_id", "owner", 404),)
    NESTED = ((VISIT, "pet_id", "/pets/{id}/visits/", (401, 200, 404, 200, 200)),)
