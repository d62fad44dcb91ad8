"""What is true of pets."""

from tests.facts.pet_management import PET, ROLES
from tests.features import FeatureTests
from tests.resources import today


class PetFacts(FeatureTests):
    """What is true of pets."""

    FEATURE = "pet_management"
    ROLES = ROLES
    CREATED = (
        (PET, 0),
        (PET, 1),
        (PET, 2),
    )
    DEFAULTS = (
        (
            PET,
            {"name": "Miso", "species": "dog"},
            {"born_on": None, "weight_kg": None, "chip_number": None},
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
    )
    REFUSED = (
        (PET, "name", [None, "", "m" * 81, 7, " ", "Mis\u0000", "Mis\n"], True),
        (PET, "species", [None, "unheard_of", 7], True),
        (PET, "born_on", [today(1), "2023-02-29", "2024-05-04T00:00:00Z", 19847], True),
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
    )
    REQUIRED = ((PET, ["name", "species"]),)
    UNKNOWN = (
        (PET, "POST", ["id", "owner_id", "created_at"]),
        (PET, "PATCH", ["id", "owner_id", "created_at"]),
    )
    CONFLICTS = ((PET, "chip_number", "Another pet has this chip number.", "", True),)
    QUOTAS = (
        (PET, "PETS_PER_OWNER", 50, "You have reached the limit of {} pets.", ""),
    )
    LEFT = ((PET, []),)
    ACCESS = (
        (PET, {}, [], "POST", "/pets/", None, (401, 201, 201, 201, 201)),
        (PET, {}, [], "GET", "/pets/", None, (401, 200, 200, 200, 200)),
        (PET, {}, [], "GET", "/pets/{id}", None, (401, 200, 404, 200, 200)),
        (PET, {}, [], "PATCH", "/pets/{id}", {}, (401, 200, 404, 403, 403)),
        (PET, {}, [], "DELETE", "/pets/{id}", None, (401, 204, 404, 204, 403)),
    )
    EVENTS = (
        (PET, {}, [], "owner", "POST", "/pets/", None, "pet.created"),
        (PET, {}, [], "owner", "PATCH", "/pets/{id}", {}, "pet.updated"),
        (PET, {}, [], "owner", "DELETE", "/pets/{id}", None, "pet.deleted"),
        (PET, {}, [], "admin", "DELETE", "/pets/{id}", None, "pet.deleted"),
    )
    OVERTAKEN = (
        (PET, [], "owner", "PATCH", "", {"name": "Biscuit"}),
        (PET, [], "owner", "DELETE", "", None),
    )
    UPDATES = (
        (PET, {}, [], "owner", {}),
        (PET, {}, [], "owner", {"name": "Biscuit"}),
        (PET, {}, [], "owner", {"species": "cat"}),
        (PET, {}, [], "owner", {"born_on": None}),
        (PET, {}, [], "owner", {"weight_kg": None}),
        (PET, {}, [], "owner", {"chip_number": None}),
    )
    SEEN = ((PET, {}, [], (None, True, False, True, True)),)
    FILTERED = (
        (
            PET,
            [
                ({"species": ["dog", "cat"]}, [0, 1, 2]),
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
    )
    MANY = (
        (PET, "species", "dog"),
        (PET, "born_on", "2024-05-04"),
    )
    SORTED = (
        (
            PET,
            ["-created_at", "created_at", "name", "-name", "born_on", "-born_on"],
            [],
        ),
    )
