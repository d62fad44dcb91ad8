"""Tests of the vet directory feature."""

from fastapi.testclient import TestClient

from tests.api import Contract
from tests.conftest import Headers
from tests.facts.vet_directory import CLINIC, ROLES, SPECIALTY, VETERINARIAN
from tests.facts.vet_directory.clinics import ClinicFacts
from tests.facts.vet_directory.specialties import SpecialtyFacts
from tests.facts.vet_directory.veterinarians import VeterinarianFacts
from tests.resources import Api


def store_rows(client: TestClient, caller: Headers, other: Headers) -> dict[str, str]:
    """Store a row of each kind, and return their ids."""
    people = dict.fromkeys(ROLES, caller) | {"owner": caller, "other": other}
    api = Api(client, people)
    return {
        "specialty_id": api.linked(SPECIALTY, "owner"),
        "clinic_id": api.linked(CLINIC, "owner"),
        "veterinarian_id": api.linked(VETERINARIAN, "owner"),
    }


CONTRACT = Contract(rules=[], rows=store_rows)


class TestSpecialty(SpecialtyFacts):
    """What is true of specialties."""


class TestClinic(ClinicFacts):
    """What is true of clinics."""


class TestVeterinarian(VeterinarianFacts):
    """What is true of veterinarians."""
