"""Fifty clients at once: what is stored is what the rules allow, on each database."""

import asyncio

import pytest
from anyio.from_thread import BlockingPortal
from sqlalchemy import delete

from app.core.database import Database
from app.features.appointments import service as appointments
from app.features.appointments.tables import Appointment
from app.features.pet_management import service
from app.features.pet_management.tables import Pet
from app.features.user_profile.tables import UserProfile
from app.features.vet_directory.tables import Veterinarian
from tests.builder.crowd import CLIENTS, Ask, Crowd
from tests.conftest import Databases, Headers, SignUp
from tests.resources import OVERTAKEN, Json, now

ROUNDS = 40


@pytest.fixture
def crowd(database: Database, portal: BlockingPortal) -> Crowd:
    return Crowd(database, portal)


def pet(owner: Headers, **more: str) -> Ask:
    return Ask(owner, "POST", "/pets/", {"name": "Miso", "species": "cat"} | more)


def test_a_quota_holds(
    crowd: Crowd, owner: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PETS_PER_OWNER", 7)

    answers = crowd.statuses(*[pet(owner)] * CLIENTS)

    assert answers == {201: 7, 409: CLIENTS - 7}
    assert crowd.count(Pet) == 7


def test_a_quota_is_that_of_each_owner(
    crowd: Crowd, sign_up: SignUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PETS_PER_OWNER", 4)
    owners = [sign_up(f"owner-{number}") for number in range(10)]

    answers = crowd.statuses(*[pet(owner) for owner in owners] * 5)

    assert answers == {201: 40, 409: 10}
    assert crowd.count(Pet) == 40


def test_a_unique_field_stays_unique(crowd: Crowd, sign_up: SignUp) -> None:
    owners = [sign_up(f"owner-{number}") for number in range(CLIENTS)]
    chip = {"chip_number": "900000000000001"}

    answers = crowd.statuses(*(pet(owner, **chip) for owner in owners))

    assert answers == {201: 1, 409: CLIENTS - 1}
    assert crowd.count(Pet) == 1


def test_one_user_has_one_profile(crowd: Crowd, owner: Headers) -> None:
    profile = Ask(owner, "POST", "/user-profile/", {"display_name": "Kim Larsen"})

    answers = crowd.statuses(*[profile] * CLIENTS)

    assert answers == {201: 1, 409: CLIENTS - 1}
    assert crowd.count(UserProfile) == 1


def make(crowd: Crowd, who: Headers, url: str, **sent: object) -> str:
    """Return the id of a new row."""
    (made,) = crowd.ask(Ask(who, "POST", url, sent))
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def make_clinic(crowd: Crowd, admin: Headers) -> str:
    named = {"name": "Harbour", "slug": "harbour", "city": "Graz"}
    return make(crowd, admin, "/clinics/", **named, rooms=7)


def test_a_parent_has_as_many_rows_as_it_has_room_for(
    crowd: Crowd, admin: Headers
) -> None:
    clinic = make_clinic(crowd, admin)
    vet = {"name": "Ada", "clinic_id": clinic, "specialty_ids": []}

    answers = crowd.statuses(*[Ask(admin, "POST", "/veterinarians/", vet)] * CLIENTS)

    assert answers == {201: 7, 409: CLIENTS - 7}
    assert crowd.count(Veterinarian) == 7


def test_a_vet_has_one_appointment_at_a_time(
    crowd: Crowd,
    admin: Headers,
    owner: Headers,
    vet: Headers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(appointments, "APPOINTMENTS_PER_OWNER", CLIENTS)
    clinic = make_clinic(crowd, admin)
    of_clinic = {"name": "Ada", "clinic_id": clinic, "published": True}
    ada = make(crowd, admin, "/veterinarians/", **of_clinic, specialty_ids=[])
    miso = make(crowd, owner, "/pets/", name="Miso", species="cat")
    about = {"pet_id": miso, "veterinarian_id": ada, "reason": "Teeth"}
    lasts = {"starts_at": str(now(days=3)), "ends_at": str(now(days=3, hours=1))}
    asked = Ask(owner, "POST", "/appointments/", about | lasts)
    made = [answer.json()["id"] for answer in crowd.ask(*[asked] * CLIENTS)]

    answers = crowd.statuses(
        *(Ask(vet, "POST", f"/appointments/{each}/confirm") for each in made)
    )

    assert answers == {200: 1, 409: CLIENTS - 1}
    assert sorted(crowd.versions(Appointment)) == [1] * (CLIENTS - 1) + [2]


def test_no_change_of_another_field_is_lost(crowd: Crowd, owner: Headers) -> None:
    (made,) = crowd.ask(pet(owner))
    expected: Json = made.json()
    url = f"/pets/{expected['id']}"
    kept = 0
    for number in range(1, ROUNDS + 1):
        changes = {"name": f"Miso {number}"}, {"weight_kg": f"{number}.00"}

        answers = crowd.ask(*(Ask(owner, "PATCH", url, change) for change in changes))

        for change, answer in zip(changes, answers, strict=True):
            if answer.status_code == 200:
                expected |= change
                kept += 1
            else:
                assert answer.status_code == 409
                assert answer.json()["detail"] == OVERTAKEN
        (found,) = crowd.ask(Ask(owner, "GET", url))
        expected["updated_at"] = found.json()["updated_at"]
        assert found.json() == expected
    assert kept >= ROUNDS
    assert crowd.versions(Pet) == [1 + kept]


def test_each_change_is_made_or_refused(crowd: Crowd, owner: Headers) -> None:
    (made,) = crowd.ask(pet(owner))
    url = f"/pets/{made.json()['id']}"
    changes = [{"name": f"Miso {number}"} for number in range(CLIENTS)]

    answers = crowd.ask(*(Ask(owner, "PATCH", url, change) for change in changes))

    made_ones = [answer.json() for answer in answers if answer.status_code == 200]
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert crowd.versions(Pet) == [1 + len(made_ones)]
    (found,) = crowd.ask(Ask(owner, "GET", url))
    assert found.json() in made_ones


def test_readers_and_writers_do_not_turn_each_other_away(
    crowd: Crowd, sign_up: SignUp
) -> None:
    owners = [sign_up(f"owner-{number}") for number in range(5)]
    asks = [Ask(owner, "GET", "/pets/") for owner in owners]
    asks += [pet(owner) for owner in owners]

    answers = crowd.statuses(*asks * (CLIENTS // len(asks)))

    assert answers == {200: 25, 201: 25}
    assert crowd.count(Pet) == 25


def test_writers_to_sqlite_stand_in_line(
    databases: Databases, portal: BlockingPortal
) -> None:
    database = databases.fresh("sqlite")
    order = []

    async def write(number: int) -> None:
        async with database.session() as session:
            await session.execute(delete(Pet))
            order.append(number)
            await asyncio.sleep(0.02)

    async def write_all() -> None:
        await asyncio.gather(*map(write, range(20)))

    portal.call(write_all)

    assert order == [*range(20)]
