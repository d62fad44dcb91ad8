"""What is true of visits."""

from tests.facts.pet_management import PET, ROLES, VISIT
from tests.features import FeatureTests
from tests.resources import now


class VisitFacts(FeatureTests):
    """What is true of visits."""

    FEATURE = "pet_management"
    ROLES = ROLES
    CREATED = (
        (VISIT, 0),
        (VISIT, 1),
        (VISIT, 2),
    )
    DEFAULTS = (
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
        (VISIT, "diagnosis", ["", "m" * 5001, 7, " ", "Health\u0000"], True),
    )
    REQUIRED = ((VISIT, ["pet_id", "starts_at", "ends_at", "reason"]),)
    UNKNOWN = (
        (VISIT, "POST", ["id", "owner_id", "created_at", "status"]),
        (VISIT, "PATCH", ["id", "owner_id", "created_at", "status", "pet_id"]),
    )
    GUARDED = (
        (VISIT, [], "owner", "POST", {"diagnosis": "Healthy"}),
        (VISIT, [], "owner", "PATCH", {"diagnosis": "Healthy"}),
        (VISIT, [], "owner", "PATCH", {"diagnosis": None}),
    )
    ALLOWED = (
        (
            VISIT,
            "vet",
            {"diagnosis": "Healthy"},
            {"diagnosis": "Healthy"},
            ["pet_id"],
            {"PATCH": {}},
        ),
    )
    STRANGERS = ((VISIT, "pet_id"),)
    BROKEN = (
        (
            VISIT,
            {"ends_at": "2024-05-04T09:30:00Z"},
            "/body/ends_at",
            "A visit ends after it starts.",
            "owner",
            "owner",
        ),
        (
            VISIT,
            {"starts_at": "2024-05-04T10:30:00Z"},
            "/body/ends_at",
            "A visit ends after it starts.",
            "owner",
            "owner",
        ),
        (
            VISIT,
            {"starts_at": "2024-05-04T11:30:00Z"},
            "/body/ends_at",
            "A visit ends after it starts.",
            "owner",
            "owner",
        ),
        (
            VISIT,
            {"ends_at": "2024-05-04T08:30:00Z"},
            "/body/ends_at",
            "A visit ends after it starts.",
            "owner",
            "owner",
        ),
    )
    FROZEN = (
        (VISIT, {}, ["cancel"], "owner", "PATCH", {}, "The visit is over.", False),
        (VISIT, {}, ["cancel"], "vet", "PATCH", {}, "The visit is over.", False),
        (
            VISIT,
            {},
            ["confirm", "complete"],
            "owner",
            "PATCH",
            {},
            "The visit is over.",
            False,
        ),
        (
            VISIT,
            {},
            ["confirm", "complete"],
            "vet",
            "PATCH",
            {},
            "The visit is over.",
            False,
        ),
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
    MOVERS = (
        (VISIT, ["confirm"], "complete", (401, 403, 404, 404, 200)),
        (VISIT, ["confirm"], "cancel", (401, 200, 404, 404, 200)),
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
    UNSEEN = ((VISIT, PET, "pet_id", "other", {}, [], "owner"),)
    UNLISTED = ((VISIT, PET, "/pets/{id}/visits/", "other", {}, [], "owner"),)
    CHILDREN = ((VISIT, "pet_id", PET, {}, "owner", 404),)
    GONE = ((VISIT, "pet_id", PET, {}, "cascade"),)
    ACCESS = (
        (VISIT, {}, [], "POST", "/visits/", None, (401, 201, 404, 403, 403)),
        (VISIT, {}, [], "GET", "/visits/", None, (401, 200, 200, 200, 200)),
        (VISIT, {}, [], "GET", "/visits/{id}", None, (401, 200, 404, 404, 200)),
        (VISIT, {}, [], "PATCH", "/visits/{id}", {}, (401, 200, 404, 404, 200)),
        (
            VISIT,
            {},
            [],
            "POST",
            "/visits/{id}/confirm",
            None,
            (401, 403, 404, 404, 200),
        ),
        (
            VISIT,
            {},
            [],
            "POST",
            "/visits/{id}/complete",
            {"diagnosis": "Healthy"},
            (401, 403, 404, 404, 409),
        ),
        (VISIT, {}, [], "POST", "/visits/{id}/cancel", None, (401, 200, 404, 404, 200)),
        (
            VISIT,
            {},
            ["confirm"],
            "POST",
            "/visits/{id}/confirm",
            None,
            (401, 403, 404, 404, 409),
        ),
        (VISIT, {}, ["cancel"], "PATCH", "/visits/{id}", {}, (401, 409, 404, 404, 409)),
        (
            VISIT,
            {},
            ["cancel"],
            "POST",
            "/visits/{id}/cancel",
            None,
            (401, 409, 404, 404, 409),
        ),
        (
            VISIT,
            {},
            ["confirm", ("", {"ends_at": now(seconds=-30)})],
            "POST",
            "/visits/{id}/complete",
            {"diagnosis": "Healthy"},
            (401, 403, 404, 404, 200),
        ),
    )
    EVENTS = (
        (VISIT, {}, [], "owner", "POST", "/visits/", None, "visit.created"),
        (VISIT, {}, [], "owner", "PATCH", "/visits/{id}", {}, "visit.updated"),
        (VISIT, {}, [], "vet", "PATCH", "/visits/{id}", {}, "visit.updated"),
        (VISIT, {}, [], "vet", "POST", "/visits/{id}/confirm", None, "visit.confirmed"),
        (
            VISIT,
            {},
            ["confirm"],
            "vet",
            "POST",
            "/visits/{id}/complete",
            {"diagnosis": "Healthy"},
            "visit.completed",
        ),
        (
            VISIT,
            {},
            [],
            "owner",
            "POST",
            "/visits/{id}/cancel",
            None,
            "visit.cancelled",
        ),
    )
    OVERTAKEN = (
        (VISIT, [], "owner", "PATCH", "", {"starts_at": "2023-11-20T14:00:00Z"}),
        (VISIT, [], "vet", "POST", "confirm", None),
        (VISIT, ["confirm"], "vet", "POST", "complete", {"diagnosis": "Healthy"}),
        (VISIT, [], "owner", "POST", "cancel", None),
    )
    UPDATES = (
        (VISIT, {}, [], "owner", {}),
        (VISIT, {}, [], "owner", {"starts_at": "2023-11-20T14:00:00Z"}),
        (VISIT, {}, [], "owner", {"reason": "A cough since Monday"}),
        (VISIT, {}, [], "vet", {"diagnosis": None}),
    )
    SEEN = ((VISIT, {}, [], (None, True, False, False, True)),)
    FILTERED = (
        (
            VISIT,
            [
                ({"status": "requested"}, [0, 1, 2]),
                ({"status": "confirmed"}, []),
                ({"pet_id": "00000000-0000-0000-0000-000000000000"}, []),
                (
                    {"starts_at": ["2024-05-04T09:30:00Z", "2023-11-20T14:00:00Z"]},
                    [0, 1, 2],
                ),
                ({"starts_at": "2024-05-04T09:30:00Z"}, [0, 2]),
                ({"starts_at": "2023-11-20T14:00:00Z"}, [1]),
                ({"starts_at_lt": "2024-05-04T09:30:00Z"}, [1]),
                ({"starts_at_le": "2024-05-04T09:30:00Z"}, [0, 1, 2]),
                ({"starts_at_gt": "2024-05-04T09:30:00Z"}, []),
                ({"starts_at_ge": "2024-05-04T09:30:00Z"}, [0, 2]),
            ],
        ),
    )
    WRONG_QUERIES = ((VISIT, [{"starts_at": "x"}]),)
    MANY = (
        (VISIT, "pet_id", "00000000-0000-0000-0000-000000000000"),
        (VISIT, "status", "requested"),
        (VISIT, "starts_at", "2024-05-04T09:30:00Z"),
    )
    SORTED = ((VISIT, ["-starts_at", "starts_at", "created_at", "-created_at"], []),)
    NESTED = (
        (
            VISIT,
            "pet_id",
            "/pets/{id}/visits/",
            (401, 200, 404, 200, 200),
            (None, True, None, False, True),
            [],
        ),
    )
