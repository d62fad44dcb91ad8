"""Tests of the pet management feature."""

from fastapi.testclient import TestClient

from tests.api import Contract
from tests.conftest import Headers
from tests.facts.pet_management import PET, ROLES, VISIT
from tests.facts.pet_management.pets import PetFacts
from tests.facts.pet_management.visits import VisitFacts
from tests.resources import Api


def store_rows(client: TestClient, caller: Headers, other: Headers) -> dict[str, str]:
    """Store a row of each kind, and return their ids."""
    people = dict.fromkeys(ROLES, caller) | {"owner": caller, "other": other}
    api = Api(client, people)
    return {
        "pet_id": api.linked(PET, "owner"),
        "visit_id": api.linked(VISIT, "owner"),
    }


CONTRACT = Contract(rules=["A visit ends after it starts."], rows=store_rows)


class TestPet(PetFacts):
    """What is true of pets."""


class TestVisit(VisitFacts):
    """What is true of visits."""
