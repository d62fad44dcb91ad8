"""What is true of appointments."""

from tests.facts.appointments import APPOINTMENT
from tests.resources import now

from .fields_of_appointments import AppointmentFieldFacts


class AppointmentFacts(AppointmentFieldFacts):
    """What is true of appointments."""

    GUARDED = (
        (APPOINTMENT, "owner", "POST", {"diagnosis": "Healthy"}),
        (APPOINTMENT, "owner", "PATCH", {"diagnosis": "Healthy"}),
        (APPOINTMENT, "owner", "PATCH", {"diagnosis": None}),
        (APPOINTMENT, "admin", "POST", {"diagnosis": "Healthy"}),
    )
    UNSHOWN = ((APPOINTMENT, [], ["diagnosis"]),)
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
            True,
        ),
        (
            APPOINTMENT,
            {"ends_at": now(minutes=1741)},
            "/body/ends_at",
            "An appointment takes four hours at most.",
            True,
        ),
        (
            APPOINTMENT,
            {"starts_at": now(hours=26)},
            "/body/ends_at",
            "An appointment ends after it starts.",
            True,
        ),
        (
            APPOINTMENT,
            {"starts_at": now(hours=27)},
            "/body/ends_at",
            "An appointment ends after it starts.",
            True,
        ),
        (
            APPOINTMENT,
            {"ends_at": now(days=1)},
            "/body/ends_at",
            "An appointment ends after it starts.",
            True,
        ),
        (
            APPOINTMENT,
            {"ends_at": now(hours=30)},
            "/body/ends_at",
            "An appointment takes four hours at most.",
            True,
        ),
    )
    FROZEN = (
        (
            APPOINTMENT,
            ["confirm"],
            "owner",
            "PATCH",
            {},
            "An appointment can be changed until a vet has confirmed it.",
        ),
        (
            APPOINTMENT,
            ["cancel"],
            "owner",
            "PATCH",
            {},
            "An appointment can be changed until a vet has confirmed it.",
        ),
        (
            APPOINTMENT,
            ["confirm", "complete"],
            "owner",
            "PATCH",
            {},
            "An appointment can be changed until a vet has confirmed it.",
        ),
    )
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
        ),
    )
    MOVES = (
        (APPOINTMENT, [], "confirm", True, True),
        (APPOINTMENT, [], "complete", False, False),
        (APPOINTMENT, [], "cancel", True, True),
        (APPOINTMENT, ["confirm"], "confirm", False, False),
        (APPOINTMENT, ["confirm"], "complete", True, True),
        (APPOINTMENT, ["confirm"], "cancel", True, True),
        (APPOINTMENT, ["cancel"], "confirm", False, False),
        (APPOINTMENT, ["cancel"], "complete", False, False),
        (APPOINTMENT, ["cancel"], "cancel", False, False),
        (APPOINTMENT, ["confirm", "complete"], "confirm", False, False),
        (APPOINTMENT, ["confirm", "complete"], "complete", False, False),
        (APPOINTMENT, ["confirm", "complete"], "cancel", False, False),
    )
    MOVERS = (
        (APPOINTMENT, ["confirm"], "complete", (401, 403, 404, 403, 200)),
        (APPOINTMENT, ["confirm"], "cancel", (401, 200, 404, 403, 200)),
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
    PREVENTED = (
        (
            APPOINTMENT,
            {"starts_at": now(hours=22)},
            [],
            "cancel",
            "An appointment can be cancelled until 24 hours before.",
        ),
        (
            APPOINTMENT,
            {"starts_at": now(hours=22)},
            ["confirm"],
            "cancel",
            "An appointment can be cancelled until 24 hours before.",
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
    UNSEEN = (
        (APPOINTMENT, "pet_id", "other", {}, "/pets/{id}/appointments/", True, True),
        (
            APPOINTMENT,
            "veterinarian_id",
            "",
            {"published": False},
            "/veterinarians/{id}/appointments/",
            True,
            True,
        ),
    )
    RESETTLED = (
        (APPOINTMENT, "pet_id"),
        (APPOINTMENT, "veterinarian_id"),
    )
    CHILDREN = (
        (APPOINTMENT, "pet_id", "owner", 404),
        (APPOINTMENT, "veterinarian_id", "admin", 409),
    )
    ACCESS = (
        (APPOINTMENT, {}, "POST", "/appointments/", None, (401, 201, 404, 201, 201)),
        (APPOINTMENT, {}, "GET", "/appointments/", None, (401, 200, 200, 200, 200)),
        (APPOINTMENT, {}, "GET", "/appointments/{id}", None, (401, 200, 404, 200, 200)),
        (APPOINTMENT, {}, "PATCH", "/appointments/{id}", {}, (401, 200, 404, 403, 403)),
        (
            APPOINTMENT,
            {},
            "POST",
            "/appointments/{id}/confirm",
            None,
            (401, 403, 404, 403, 200),
        ),
        (
            APPOINTMENT,
            {},
            "POST",
            "/appointments/{id}/complete",
            {"diagnosis": "Healthy"},
            (401, 403, 404, 403, 409),
        ),
        (
            APPOINTMENT,
            {},
            "POST",
            "/appointments/{id}/cancel",
            None,
            (401, 200, 404, 403, 200),
        ),
        (
            APPOINTMENT,
            {"starts_at": now(hours=22)},
            "GET",
            "/appointments/{id}",
            None,
            (401, 200, 404, 200, 200),
        ),
        (
            APPOINTMENT,
            {"starts_at": now(hours=22)},
            "PATCH",
            "/appointments/{id}",
            {},
            (401, 200, 404, 403, 403),
        ),
        (
            APPOINTMENT,
            {"starts_at": now(hours=22)},
            "POST",
            "/appointments/{id}/confirm",
            None,
            (401, 403, 404, 403, 200),
        ),
        (
            APPOINTMENT,
            {"starts_at": now(hours=22)},
            "POST",
            "/appointments/{id}/complete",
            {"diagnosis": "Healthy"},
            (401, 403, 404, 403, 409),
        ),
        (
            APPOINTMENT,
            {"starts_at": now(hours=22)},
            "POST",
            "/appointments/{id}/cancel",
            None,
            (401, 409, 404, 403, 409),
        ),
    )
    EVENTS = (
        (
            APPOINTMENT,
            [],
            "owner",
            "POST",
            "/appointments/",
            None,
            "appointment.created",
        ),
        (
            APPOINTMENT,
            [],
            "owner",
            "PATCH",
            "/appointments/{id}",
            {},
            "appointment.updated",
        ),
        (
            APPOINTMENT,
            [],
            "vet",
            "POST",
            "/appointments/{id}/confirm",
            None,
            "appointment.confirmed",
        ),
        (
            APPOINTMENT,
            ["confirm"],
            "vet",
            "POST",
            "/appointments/{id}/complete",
            {"diagnosis": "Healthy"},
            "appointment.completed",
        ),
        (
            APPOINTMENT,
            [],
            "owner",
            "POST",
            "/appointments/{id}/cancel",
            None,
            "appointment.cancelled",
        ),
    )
    OVERTAKEN = (
        (APPOINTMENT, [], "owner", "PATCH", "", {"reason": "A cough since Monday"}),
        (APPOINTMENT, [], "vet", "POST", "confirm", None),
        (APPOINTMENT, ["confirm"], "vet", "POST", "complete", {"diagnosis": "Healthy"}),
        (APPOINTMENT, [], "owner", "POST", "cancel", None),
    )
    SEEN = (
        (APPOINTMENT, {}, (None, True, False, True, True)),
        (APPOINTMENT, {"starts_at": now(hours=22)}, (None, True, False, True, True)),
    )
    SORTED = (
        (APPOINTMENT, ["starts_at", "-starts_at", "created_at", "-created_at"], []),
    )
    FILTERED = (
        (
            APPOINTMENT,
            [
                ({"status": "requested"}, [0, 1, 2]),
                ({"status": "confirmed"}, []),
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
    NESTED = (
        (
            APPOINTMENT,
            "pet_id",
            "/pets/{id}/appointments/",
            (401, 200, 404, 200, 200),
            (None, True, None, True, True),
        ),
        (
            APPOINTMENT,
            "veterinarian_id",
            "/veterinarians/{id}/appointments/",
            (401, 200, 200, 200, 200),
            (None, True, False, True, True),
        ),
    )
