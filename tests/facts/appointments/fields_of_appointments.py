"""What is true of the fields of appointments."""

from tests.facts.appointments import APPOINTMENT, ROLES
from tests.features import FeatureTests
from tests.resources import now


class AppointmentFieldFacts(FeatureTests):
    """What is true of the fields of appointments."""

    FEATURE = "appointments"
    ROLES = ROLES
    CREATED = (
        (APPOINTMENT, 0),
        (APPOINTMENT, 1),
        (APPOINTMENT, 2),
    )
    DEFAULTS = (
        (
            APPOINTMENT,
            {
                "starts_at": now(hours=25),
                "ends_at": now(hours=26),
                "reason": "Yearly check-up",
            },
            {"diagnosis": None},
        ),
    )
    ACCEPTED = (
        (
            APPOINTMENT,
            "starts_at",
            [{"starts_at": now(minutes=1559)}, {"starts_at": now(minutes=1441)}],
            True,
        ),
        (
            APPOINTMENT,
            "ends_at",
            [{"ends_at": now(minutes=1501)}, {"ends_at": now(hours=29)}],
            True,
        ),
        (APPOINTMENT, "reason", [{"reason": "mmm"}, {"reason": "m" * 500}], True),
        (
            APPOINTMENT,
            "diagnosis",
            [{"diagnosis": "m"}, {"diagnosis": "m" * 5000}, {"diagnosis": None}],
            True,
        ),
    )
    REFUSED = (
        (
            APPOINTMENT,
            "starts_at",
            [
                None,
                now(minutes=-1),
                "2024-05-04T09:30:00",
                "2024-05-04",
                "2024-05-04 09:30Z",
                1714815000,
            ],
            True,
        ),
        (
            APPOINTMENT,
            "ends_at",
            [None, "2024-05-04T09:30:00", "2024-05-04", 1714815000],
            True,
        ),
        (
            APPOINTMENT,
            "reason",
            [
                None,
                "mm",
                "m" * 501,
                7,
                "   ",
                "Yearly check-u\u0000",
                "Yearly check-u\n",
            ],
            True,
        ),
        (APPOINTMENT, "diagnosis", ["", "m" * 5001, 7, " ", "Health\u0000"], True),
    )
    REQUIRED = (
        (APPOINTMENT, ["pet_id", "veterinarian_id", "starts_at", "ends_at", "reason"]),
    )
    UNKNOWN = (
        (APPOINTMENT, "POST", ["id", "owner_id", "created_at", "status"]),
        (APPOINTMENT, "PATCH", ["id", "owner_id", "created_at", "status"]),
    )
    UPDATES = (
        (APPOINTMENT, {}, [], "owner", {}),
        (APPOINTMENT, {}, [], "owner", {"reason": "A cough since Monday"}),
    )
