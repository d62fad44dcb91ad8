"""What is true of vaccinations."""

from tests.facts.health_records import PET, ROLES, VACCINATION
from tests.features import FeatureTests
from tests.resources import today


class VaccinationFacts(FeatureTests):
    """What is true of vaccinations."""

    FEATURE = "health_records"
    ROLES = ROLES
    CREATED = (
        (VACCINATION, 0),
        (VACCINATION, 1),
        (VACCINATION, 2),
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
    )
    REQUIRED = ((VACCINATION, ["pet_id", "vaccine", "given_on"]),)
    UNKNOWN = (
        (VACCINATION, "POST", ["id", "owner_id", "created_at"]),
        (VACCINATION, "PATCH", ["id", "owner_id", "created_at", "pet_id"]),
    )
    DERIVED = ((VACCINATION, {"due_on": "2025-05-04"}),)
    STRANGERS = ((VACCINATION, "pet_id"),)
    BROKEN = (
        (
            VACCINATION,
            {"due_on": "2024-05-04"},
            "/body/due_on",
            "A vaccination is due after it was given.",
            "owner",
            "vet",
        ),
        (
            VACCINATION,
            {"given_on": "2024-05-11"},
            "/body/due_on",
            "A vaccination is due after it was given.",
            "owner",
            "vet",
        ),
        (
            VACCINATION,
            {"given_on": "2024-05-18"},
            "/body/due_on",
            "A vaccination is due after it was given.",
            "owner",
            "vet",
        ),
        (
            VACCINATION,
            {"due_on": "2024-04-27"},
            "/body/due_on",
            "A vaccination is due after it was given.",
            "owner",
            "vet",
        ),
    )
    UNSEEN = ((VACCINATION, PET, "pet_id", "other", {}, [], "owner"),)
    UNLISTED = (
        (VACCINATION, PET, "/pets/{id}/vaccinations/", "other", {}, [], "owner"),
    )
    CHILDREN = ((VACCINATION, "pet_id", PET, {}, "owner", 404),)
    GONE = ((VACCINATION, "pet_id", PET, {}, "cascade"),)
    ACCESS = (
        (
            VACCINATION,
            {},
            [],
            "POST",
            "/vaccinations/",
            None,
            (401, 201, 404, 403, 201),
        ),
        (VACCINATION, {}, [], "GET", "/vaccinations/", None, (401, 200, 200, 200, 200)),
        (
            VACCINATION,
            {},
            [],
            "GET",
            "/vaccinations/{id}",
            None,
            (401, 200, 404, 404, 200),
        ),
        (
            VACCINATION,
            {},
            [],
            "PATCH",
            "/vaccinations/{id}",
            {},
            (401, 403, 404, 404, 200),
        ),
        (
            VACCINATION,
            {},
            [],
            "DELETE",
            "/vaccinations/{id}",
            None,
            (401, 204, 404, 404, 403),
        ),
    )
    EVENTS = (
        (
            VACCINATION,
            {},
            [],
            "owner",
            "POST",
            "/vaccinations/",
            None,
            "vaccination.created",
        ),
        (
            VACCINATION,
            {},
            [],
            "vet",
            "PATCH",
            "/vaccinations/{id}",
            {},
            "vaccination.updated",
        ),
        (
            VACCINATION,
            {},
            [],
            "owner",
            "DELETE",
            "/vaccinations/{id}",
            None,
            "vaccination.deleted",
        ),
    )
    OVERTAKEN = (
        (VACCINATION, [], "vet", "PATCH", "", {"vaccine": "Blue vaccine"}),
        (VACCINATION, [], "owner", "DELETE", "", None),
    )
    UPDATES = (
        (VACCINATION, {}, [], "vet", {}),
        (VACCINATION, {}, [], "vet", {"vaccine": "Blue vaccine"}),
        (VACCINATION, {}, [], "vet", {"given_on": "2023-11-20"}),
        (VACCINATION, {}, [], "vet", {"due_on": None}),
        (VACCINATION, {}, [], "vet", {"batch": None}),
    )
    SEEN = ((VACCINATION, {}, [], (None, True, False, False, True)),)
    FILTERED = (
        (
            VACCINATION,
            [
                ({"pet_id": "00000000-0000-0000-0000-000000000000"}, []),
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
    WRONG_QUERIES = ((VACCINATION, [{"due_on": "x"}]),)
    MANY = (
        (VACCINATION, "pet_id", "00000000-0000-0000-0000-000000000000"),
        (VACCINATION, "vaccine", "Rabies"),
        (VACCINATION, "due_on", "2024-05-11"),
    )
    SORTED = ((VACCINATION, ["-given_on", "given_on", "due_on", "-due_on"], []),)
    NESTED = (
        (
            VACCINATION,
            "pet_id",
            "/pets/{id}/vaccinations/",
            (401, 200, 404, 200, 200),
            (None, True, None, False, True),
            [],
        ),
    )
