"""What is true of appointments."""

from tests.facts.appointments import APPOINTMENT, PET, VETERINARIAN
from tests.resources import now

from .requests_of_appointments import AppointmentRequestFacts


class AppointmentFacts(AppointmentRequestFacts):
    """What is true of appointments."""

    GUARDED = (
        (APPOINTMENT, [], "owner", "POST", {"diagnosis": "Healthy"}),
        (APPOINTMENT, [], "owner", "PATCH", {"diagnosis": "Healthy"}),
        (APPOINTMENT, [], "owner", "PATCH", {"diagnosis": None}),
        (APPOINTMENT, [], "admin", "POST", {"diagnosis": "Healthy"}),
    )
    ALLOWED = (
        (
            APPOINTMENT,
            "vet",
            {"diagnosis": "Healthy"},
            {"diagnosis": "Healthy"},
            [],
            {"PATCH": {}},
        ),
    )
    UNSHOWN = ((APPOINTMENT, [], ["diagnosis"]),)
    OVERLAPS = (
        (
            APPOINTMENT,
            ["confirm"],
            "The vet has another appointment then.",
            {"starts_at": now(hours=25), "ends_at": now(hours=26)},
            [
                {"starts_at": now(hours=26), "ends_at": now(hours=27)},
                {"starts_at": now(days=1), "ends_at": now(hours=25)},
            ],
            ["veterinarian_id"],
            [],
            {},
            [],
        ),
    )
    QUOTAS = (
        (
            APPOINTMENT,
            "APPOINTMENTS_PER_OWNER",
            100,
            "You have reached the limit of {} appointments.",
            "",
        ),
    )
    STRANGERS = (
        (APPOINTMENT, "pet_id"),
        (APPOINTMENT, "veterinarian_id"),
    )
    BROKEN = (
        (
            APPOINTMENT,
            {"ends_at": now(hours=25)},
            "/body/ends_at",
            "An appointment ends after it starts.",
            "owner",
            "owner",
        ),
        (
            APPOINTMENT,
            {"ends_at": now(minutes=1741)},
            "/body/ends_at",
            "An appointment takes four hours at most.",
            "owner",
            "owner",
        ),
        (
            APPOINTMENT,
            {"starts_at": now(hours=26)},
            "/body/ends_at",
            "An appointment ends after it starts.",
            "owner",
            "owner",
        ),
        (
            APPOINTMENT,
            {"starts_at": now(hours=27)},
            "/body/ends_at",
            "An appointment ends after it starts.",
            "owner",
            "owner",
        ),
        (
            APPOINTMENT,
            {"ends_at": now(days=1)},
            "/body/ends_at",
            "An appointment ends after it starts.",
            "owner",
            "owner",
        ),
        (
            APPOINTMENT,
            {"ends_at": now(hours=30)},
            "/body/ends_at",
            "An appointment takes four hours at most.",
            "owner",
            "owner",
        ),
    )
    NEEDS = (
        (
            APPOINTMENT,
            ["confirm"],
            "complete",
            "diagnosis",
            "An appointment needs a diagnosis for this.",
        ),
    )
    RESETTLED = (
        (APPOINTMENT, "pet_id", "owner", "PATCH", {}),
        (APPOINTMENT, "veterinarian_id", "owner", "PATCH", {}),
    )
    UNSEEN = (
        (APPOINTMENT, PET, "pet_id", "other", {}, [], "owner"),
        (
            APPOINTMENT,
            VETERINARIAN,
            "veterinarian_id",
            "",
            {"published": False},
            [],
            "owner",
        ),
    )
    UNSETTLED = (
        (APPOINTMENT, PET, "pet_id", "other", {}, [], [], "owner", "PATCH", {}),
        (
            APPOINTMENT,
            VETERINARIAN,
            "veterinarian_id",
            "",
            {"published": False},
            [],
            [],
            "owner",
            "PATCH",
            {},
        ),
    )
    UNLISTED = (
        (APPOINTMENT, PET, "/pets/{id}/appointments/", "other", {}, [], "owner"),
        (
            APPOINTMENT,
            VETERINARIAN,
            "/veterinarians/{id}/appointments/",
            "",
            {"published": False},
            [],
            "owner",
        ),
    )
    CHILDREN = (
        (APPOINTMENT, "pet_id", PET, {}, "owner", 404),
        (APPOINTMENT, "veterinarian_id", VETERINARIAN, {}, "admin", 409),
    )
    GONE = (
        (APPOINTMENT, "pet_id", PET, {}, "cascade"),
        (APPOINTMENT, "veterinarian_id", VETERINARIAN, {}, "restrict"),
    )
    LEFT = ((APPOINTMENT, []),)
    FILTERED = (
        (
            APPOINTMENT,
            [
                ({"status": "requested"}, [0, 1, 2]),
                ({"status": "confirmed"}, []),
                ({"pet_id": "00000000-0000-0000-0000-000000000000"}, []),
                ({"veterinarian_id": "00000000-0000-0000-0000-000000000000"}, []),
                ({"starts_at": [now(hours=25), now(days=7)]}, [0, 1]),
                ({"starts_at": now(hours=25)}, [0]),
                ({"starts_at": now(days=7)}, [1]),
                ({"starts_at_lt": now(hours=25)}, []),
                ({"starts_at_le": now(hours=25)}, [0]),
                ({"starts_at_gt": now(hours=25)}, [1, 2]),
                ({"starts_at_ge": now(hours=25)}, [0, 1, 2]),
            ],
        ),
    )
    WRONG_QUERIES = ((APPOINTMENT, [{"starts_at": "x"}]),)
    MANY = (
        (APPOINTMENT, "pet_id", "00000000-0000-0000-0000-000000000000"),
        (APPOINTMENT, "veterinarian_id", "00000000-0000-0000-0000-000000000000"),
        (APPOINTMENT, "status", "requested"),
        (APPOINTMENT, "starts_at", now(hours=25)),
    )
    SORTED = (
        (APPOINTMENT, ["starts_at", "-starts_at", "created_at", "-created_at"], []),
    )
    NESTED = (
        (
            APPOINTMENT,
            "pet_id",
            "/pets/{id}/appointments/",
            (401, 200, 404, 200, 200),
            (None, True, None, True, True),
            ["veterinarian_id"],
        ),
        (
            APPOINTMENT,
            "veterinarian_id",
            "/veterinarians/{id}/appointments/",
            (401, 200, 200, 200, 200),
            (None, True, False, True, True),
            ["pet_id"],
        ),
    )
