"""Ten thousand rows: what a list asks is found by an index, and pages stay whole."""

from collections.abc import Collection, Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from anyio.from_thread import BlockingPortal
from fastapi.testclient import TestClient
from sqlalchemy import delete, insert

from app.core.database import Database
from app.core.security import ADMIN
from app.core.tables import Record, uuid7
from app.features.accounts.tables import Account
from app.features.pet_management.tables import Pet, Visit
from app.features.vet_directory.tables import Clinic, Veterinarian
from tests.api import account_id
from tests.builder.explained import Explainer
from tests.conftest import Databases, Headers, store_account, using
from tests.databases import KINDS

ROWS = 10_000
OWNERS = 100
DAY = date(2010, 1, 1)
YEAR = timedelta(days=365)
NOW = datetime(2026, 7, 1, tzinfo=UTC)
SPECIES = "dog", "cat", "bird", "rabbit", "other"
SORTS = [
    f"{minus}{key}"
    for minus, key in product(("", "-"), ("created_at", "name", "born_on"))
]


@dataclass(frozen=True, slots=True)
class Farm:
    """A database with ten thousand of each, and people who ask for them."""

    database: Database
    explainer: Explainer
    portal: BlockingPortal
    people: dict[str, Headers]
    owner: UUID
    pet: UUID
    clinic: UUID

    def add(self, table: type[Record], *rows: dict[str, Any]) -> None:
        """Store rows."""
        self.portal.call(_store, self.database, table, rows)

    def keep(self, table: type[Record], ids: Collection[str]) -> None:
        """Remove the owner's other rows: who has more of them is served otherwise."""
        self.portal.call(_keep, self.database, table, self.owner, ids)

    def plans(self, who: str, url: str, **params: object) -> list[str]:
        """Return how the page is found, and the one after it, if there is one."""
        plans = self.explainer.plans(self.people[who], url, **params)
        following = self.explainer.get(self.people[who], url, **params)["next"]
        if following:
            more = params | {"cursor": following}
            plans += self.explainer.plans(self.people[who], url, **more)
        return plans


async def _store(
    database: Database, table: type[Record], rows: tuple[dict[str, Any], ...]
) -> None:
    async with database.session() as session:
        await session.execute(insert(table), rows)


async def _keep(
    database: Database, table: type[Record], owner: UUID, ids: Collection[str]
) -> None:
    kept = [UUID(row_id) for row_id in ids]
    columns = table.__table__.c
    others = delete(table).where(columns.owner_id == owner, columns.id.not_in(kept))
    async with database.session() as session:
        await session.execute(others)


def pet(owner: UUID, number: int, **more: object) -> dict[str, Any]:
    born_on = DAY + timedelta(days=number * 37 % 5000) if number % 5 else None
    return {
        "id": uuid7(),
        "version": 1,
        "owner_id": owner,
        "name": f"{('Miso', 'Rex', 'Luna')[number % 3]} {number}",
        "species": SPECIES[number // 7 % 5],
        "born_on": born_on,
        "created_at": NOW + timedelta(seconds=number * 7919 % ROWS),
    } | more


@pytest.fixture(scope="module", params=KINDS)
def farm(
    databases: Databases,
    client: TestClient,
    portal: BlockingPortal,
    request: pytest.FixtureRequest,
) -> Generator[Farm]:
    with using(databases.fresh(request.param)) as database:
        roles = {"owner": [], "few": [], "vet": ["vet"], "admin": [ADMIN]}
        people: dict[str, Headers] = {"anybody": {}} | {
            who: portal.call(store_account, database, who, its)
            for who, its in roles.items()
        }
        owner, few = (UUID(account_id(client, people[who])) for who in ("owner", "few"))
        others = [uuid7() for _ in range(OWNERS - 1)]
        owners = [owner, *others]
        pets = [pet(owners[n % OWNERS], n) for n in range(ROWS)]
        pets += [pet(few, ROWS + n) for n in range(3)]
        clinics = [{"id": uuid7(), **clinic(n)} for n in range(ROWS)]
        explainer = Explainer(client, database, portal)
        farm = Farm(
            database, explainer, portal, people, owner, pets[-1]["id"], clinics[0]["id"]
        )
        farm.add(Account, *map(account, others))
        farm.add(Pet, *pets)
        farm.add(Visit, *(visit(pets[n % len(pets)]["id"]) for n in range(ROWS * 2)))
        farm.add(Clinic, *clinics)
        vets = [vet(clinics[n % 1000]["id"], n) for n in range(ROWS)]
        farm.add(Veterinarian, *vets)
        explainer.analyze()
        yield farm


def account(account_id: UUID) -> dict[str, Any]:
    email = f"{account_id}@example.com"
    return {"id": account_id, "version": 1, "email": email, "password_hash": ""}


def visit(pet_id: UUID) -> dict[str, Any]:
    lasts = {"starts_at": NOW, "ends_at": NOW + timedelta(hours=1)}
    said = {"status": "requested", "reason": "Teeth"}
    return {"id": uuid7(), "version": 1, "pet_id": pet_id, **lasts, **said}


def clinic(number: int) -> dict[str, Any]:
    named = {"name": f"Clinic {number * 7919 % ROWS}", "slug": f"clinic-{number}"}
    return {"version": 1, **named, "city": f"City {number % 500}", "rooms": 20}


def vet(clinic_id: UUID, number: int) -> dict[str, Any]:
    named = {"name": f"Ada {number * 7919 % ROWS}", "published": number % 10 > 0}
    return {"id": uuid7(), "version": 1, "clinic_id": clinic_id, **named}


def scans(plan: str, table: str) -> bool:
    """Say whether a plan reads a table from one end to the other."""
    steps = plan.splitlines()
    return f"Seq Scan {table}" in steps or f"SCAN {table}" in steps


def sorts(plan: str) -> bool:
    """Say whether a plan sorts what it has found."""
    return "Sort" in plan or "TEMP B-TREE" in plan


@pytest.mark.parametrize("sort", SORTS)
def test_all_pets_come_in_the_order_of_an_index(farm: Farm, sort: str) -> None:
    plans = farm.plans("admin", "/pets/", sort=sort)

    assert len(plans) == 2
    for plan in plans:
        assert f"ix_pets_{sort.removeprefix('-')}_id" in plan
        assert not sorts(plan), plan


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({"species": "cat"}, "species_created_at_id"),
        ({"species": "cat", "search": "miso"}, "species_created_at_id"),
        ({"species": ["cat", "dog"]}, "created_at_id"),
        ({"species": "cat", "sort": "name"}, "name_id"),
        ({"search": "miso"}, "created_at_id"),
        ({"search": "miso", "sort": "name"}, "name_id"),
        ({"search": "miso", "sort": "-born_on"}, "born_on_id"),
    ],
    ids=str,
)
def test_a_filter_walks_the_index_until_the_page_is_full(
    farm: Farm, asked: dict[str, object], index: str
) -> None:
    for plan in farm.plans("admin", "/pets/", **asked):
        assert f"ix_pets_{index}" in plan, plan
        assert not sorts(plan), plan


@pytest.mark.parametrize("sort", ["-created_at", "name", "born_on", "-born_on"])
@pytest.mark.parametrize(
    "asked",
    [
        {"born_on": "2012-03-04"},
        {"born_on_ge": "2012-01-01", "born_on_lt": "2012-02-01"},
        {"born_on_is_null": "true"},
    ],
    ids=str,
)
def test_days_are_found_by_an_index(
    farm: Farm, sort: str, asked: dict[str, object]
) -> None:
    for plan in farm.plans("admin", "/pets/", sort=sort, **asked):
        assert not scans(plan, "pets"), plan
        assert "ix_pets_" in plan


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"species": "cat"},
        {"species": ["cat", "dog"]},
        {"born_on_ge": "2012-01-01", "born_on_lt": "2014-01-01"},
        {"born_on_is_null": "true"},
        {"search": "miso"},
        {"search": "xylophone"},
    ],
    ids=str,
)
def test_an_owner_reads_only_their_own_pets(
    farm: Farm, sort: str, asked: dict[str, object]
) -> None:
    for plan in farm.plans("owner", "/pets/", sort=sort, **asked):
        assert "ix_pets_owner_id_" in plan, plan
        assert not scans(plan, "pets"), plan


@pytest.mark.parametrize("who", ["few", "vet"])
def test_the_visits_of_a_pet_are_found_by_it(farm: Farm, who: str) -> None:
    plans = farm.plans(who, f"/pets/{farm.pet}/visits/")
    plans += farm.plans(who, "/visits/", pet_id=farm.pet)

    assert len(plans) == 2
    for plan in plans:
        assert "ix_visits_pet_id_starts_at_id" in plan, plan
        assert not scans(plan, "pets")


def test_visits_are_found_by_the_pets_of_their_owner(farm: Farm) -> None:
    for plan in farm.plans("few", "/visits/"):
        assert "ix_visits_pet_id_starts_at_id" in plan, plan
        assert "ix_pets_owner_id_" in plan


@pytest.mark.parametrize("minus", ["", "-"])
@pytest.mark.parametrize(
    ("listed", "key", "index"),
    [
        (("vet", "/visits/"), "created_at", "visits_created_at_id"),
        (("anybody", "/clinics/"), "name", "clinics_name_id"),
        (("anybody", "/clinics/"), "city", "clinics_city_id"),
        (("admin", "/veterinarians/"), "name", "veterinarians_name_id"),
        (("anybody", "/veterinarians/"), "name", "veterinarians_published_name_id"),
    ],
)
def test_other_lists_come_in_the_order_of_an_index(
    farm: Farm, listed: tuple[str, str], key: str, index: str, minus: str
) -> None:
    plans = farm.plans(*listed, sort=minus + key)

    assert len(plans) == 2
    for plan in plans:
        assert f"ix_{index}" in plan, plan
        assert not sorts(plan), plan


def test_everybody_searches_along_the_order(farm: Farm) -> None:
    plans = farm.plans("anybody", "/clinics/", search="clinic")
    plans += farm.plans("anybody", "/veterinarians/", search="ada")

    assert len(plans) == 4
    for plan in plans:
        assert "_name_id" in plan
        assert not sorts(plan), plan


def test_what_belongs_to_a_clinic_or_a_city_is_found_by_it(farm: Farm) -> None:
    (vets,) = farm.plans("anybody", f"/clinics/{farm.clinic}/veterinarians/")
    (clinics,) = farm.plans("anybody", "/clinics/", city="City 7")

    assert "ix_veterinarians_clinic_id_name_id" in vets
    assert "ix_clinics_city_id" in clinics


@pytest.mark.parametrize("sort", SORTS)
def test_pages_hold_each_row_once_while_rows_are_inserted(
    farm: Farm, sort: str
) -> None:
    first = {"name": "Abby", "born_on": date(1999, 1, 1), "created_at": NOW - 9 * YEAR}
    last = {"name": "Zoe", "born_on": date(2025, 1, 1), "created_at": NOW + 9 * YEAR}

    def walk(*added: dict[str, object]) -> Iterator[str]:
        params: dict[str, object] = {"sort": sort, "limit": 20}
        while "cursor" not in params or params["cursor"]:
            page = farm.explainer.get(farm.people["owner"], "/pets/", **params)
            yield from (row["id"] for row in page["items"])
            if added:
                farm.add(Pet, *(pet(farm.owner, 0, **more) for more in added))
            params["cursor"] = page["next"]

    there = list(walk())
    found = list(walk(first, last, {}))
    farm.keep(Pet, there)

    assert [row_id for row_id in found if row_id in there] == there
    assert len(set(found)) == len(found) >= len(there)
