"""Tests of the health records feature."""

from fastapi.testclient import TestClient

from tests.api import Contract
from tests.conftest import Headers
from tests.facts.health_records import PET, ROLES, VACCINATION, WEIGHT
from tests.facts.health_records.vaccinations import VaccinationFacts
from tests.facts.health_records.weights import WeightFacts
from tests.resources import Api


def store_rows(client: TestClient, caller: Headers, other: Headers) -> dict[str, str]:
    """Store a row of each kind, and return their ids."""
    people = dict.fromkeys(ROLES, caller) | {"owner": caller, "other": other}
    api = Api(client, people)
    return {
        "pet_id": api.linked(PET, "owner"),
        "vaccination_id": api.linked(VACCINATION, "owner"),
        "weight_id": api.linked(WEIGHT, "owner"),
    }


CONTRACT = Contract(rules=["A vaccination is due after it was given."], rows=store_rows)


class TestVaccination(VaccinationFacts):
    """What is true of vaccinations."""


class TestWeight(WeightFacts):
    """What is true of weights."""
