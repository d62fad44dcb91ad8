"""What is true of weights."""

from tests.facts.health_records import PET, ROLES, WEIGHT
from tests.features import FeatureTests
from tests.resources import today


class WeightFacts(FeatureTests):
    """What is true of weights."""

    FEATURE = "health_records"
    ROLES = ROLES
    CREATED = (
        (WEIGHT, 0),
        (WEIGHT, 1),
        (WEIGHT, 2),
    )
    ACCEPTED = (
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
            WEIGHT,
            "measured_on",
            [None, today(1), "2023-02-29", "2024-05-04T00:00:00Z", 19847],
            False,
        ),
        (WEIGHT, "kilograms", [None, "0.00", "200.01", "many", True, "4.201"], True),
    )
    REQUIRED = ((WEIGHT, ["pet_id", "measured_on", "kilograms"]),)
    UNKNOWN = ((WEIGHT, "POST", ["id", "owner_id", "created_at"]),)
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
    STRANGERS = ((WEIGHT, "pet_id"),)
    UNSEEN = ((WEIGHT, PET, "pet_id", "other", {}, [], "owner"),)
    UNLISTED = ((WEIGHT, PET, "/pets/{id}/weights/", "other", {}, [], "owner"),)
    CHILDREN = ((WEIGHT, "pet_id", PET, {}, "owner", 404),)
    GONE = ((WEIGHT, "pet_id", PET, {}, "cascade"),)
    ACCESS = (
        (WEIGHT, {}, [], "POST", "/weights/", None, (401, 201, 404, 403, 201)),
        (WEIGHT, {}, [], "GET", "/weights/", None, (401, 200, 200, 200, 200)),
        (WEIGHT, {}, [], "GET", "/weights/{id}", None, (401, 200, 404, 404, 200)),
        (WEIGHT, {}, [], "DELETE", "/weights/{id}", None, (401, 204, 404, 404, 403)),
    )
    EVENTS = (
        (WEIGHT, {}, [], "owner", "POST", "/weights/", None, "weight.created"),
        (WEIGHT, {}, [], "owner", "DELETE", "/weights/{id}", None, "weight.deleted"),
    )
    OVERTAKEN = ((WEIGHT, [], "owner", "DELETE", "", None),)
    SEEN = ((WEIGHT, {}, [], (None, True, False, False, True)),)
    FILTERED = ((WEIGHT, [({"pet_id": "00000000-0000-0000-0000-000000000000"}, [])]),)
    WRONG_QUERIES = ((WEIGHT, []),)
    MANY = ((WEIGHT, "pet_id", "00000000-0000-0000-0000-000000000000"),)
    SORTED = ((WEIGHT, ["-measured_on", "measured_on"], []),)
    NESTED = (
        (
            WEIGHT,
            "pet_id",
            "/pets/{id}/weights/",
            (401, 200, 404, 200, 200),
            (None, True, None, False, True),
            [],
        ),
    )
