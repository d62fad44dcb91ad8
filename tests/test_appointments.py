"""Tests of the appointments feature."""

from fastapi.testclient import TestClient

from tests.api import Contract
from tests.conftest import Headers
from tests.facts.appointments import (
    APPOINTMENT,
    CLINIC,
    PET,
    ROLES,
    SPECIALTY,
    VETERINARIAN,
)
from tests.facts.appointments.appointments import AppointmentFacts
from tests.resources import Api


def store_rows(client: TestClient, caller: Headers, other: Headers) -> dict[str, str]:
    """Store a row of each kind, and return their ids."""
    people = dict.fromkeys(ROLES, caller) | {"owner": caller, "other": other}
    api = Api(client, people)
    return {
        "pet_id": api.linked(PET, "owner"),
        "clinic_id": api.linked(CLINIC, "owner"),
        "specialty_id": api.linked(SPECIALTY, "owner"),
        "veterinarian_id": api.linked(VETERINARIAN, "owner"),
        "appointment_id": api.linked(APPOINTMENT, "owner"),
    }


CONTRACT = Contract(
    rules=[
        "An appointment ends after it starts.",
        "An appointment takes four hours at most.",
    ],
    rows=store_rows,
)


class TestAppointment(AppointmentFacts):
    """What is true of appointments."""
