"""Tests of the accounts feature."""

import io
import json
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from anyio.from_thread import BlockingPortal
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from joserfc import jwt
from joserfc.jwk import OctKey
from sqlalchemy import update

from app.core import config, passwords, security
from app.core.application import install
from app.core.database import Database
from app.core.security import PURPOSE, create_access_token
from app.core.signatures import derive_key
from app.core.tables import uuid7
from app.features.accounts import __main__ as command
from app.features.accounts.dependencies import OptionalUser
from app.features.accounts.tables import SignIn
from tests.api import Contract, account_id
from tests.conftest import Headers, SignUp

ADA = {"email": "ada@example.com", "password": "correct horse battery"}
NEW = "battery correct horse"
LOGGER = "app.features.accounts.service"
FAR = 4102444800

CONTRACT = Contract(
    rows=lambda client, _, other: {"account_id": account_id(client, other)}
)

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock that attempts are counted by: no window ends between two."""
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)


def register(client: TestClient, **changes: str) -> Response:
    return client.post("/accounts/", json=ADA | changes)


def sign_in(client: TestClient, **changes: str) -> Response:
    filled = {"username": ADA["email"], "password": ADA["password"]} | changes
    return client.post("/accounts/token", data=filled)


def refresh(client: TestClient, token: str) -> Response:
    return client.post("/accounts/token/refresh", data={"refresh_token": token})


def revoke(client: TestClient, token: str) -> Response:
    return client.post("/accounts/token/revoke", data={"token": token})


def signed_in(tokens: dict[str, Any]) -> Headers:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


def roles_of(client: TestClient, headers: Headers) -> list[str]:
    roles: list[str] = client.get("/accounts/me", headers=headers).json()["roles"]
    return roles


def events(caplog: pytest.LogCaptureFixture) -> list[tuple[int, str]]:
    return [
        (record.levelno, record.getMessage())
        for record in caplog.records
        if record.name == LOGGER
    ]


@pytest.fixture
def tokens(client: TestClient) -> dict[str, Any]:
    """Register Ada, and sign her in."""
    register(client)
    tokens: dict[str, Any] = sign_in(client).json()
    return tokens


def test_register_returns_the_account_without_the_password(client: TestClient) -> None:
    response = register(client)

    assert response.status_code == 201
    created = response.json()
    assert created == {
        "id": created["id"],
        "email": "ada@example.com",
        "roles": ["user"],
        "created_at": created["created_at"],
    }
    assert UUID(created["id"]).version == 7
    age = datetime.now(UTC) - datetime.fromisoformat(created["created_at"])
    assert timedelta(0) <= age < timedelta(minutes=1)
    headers = signed_in(sign_in(client).json())
    assert client.get("/accounts/me", headers=headers).json() == created


def test_an_email_has_one_account_whatever_its_case(client: TestClient) -> None:
    register(client)

    response = register(client, email="Ada@Example.com")

    assert response.status_code == 409
    assert response.json()["detail"] == "This email has an account."


def test_of_many_registrations_at_once_one_succeeds(client: TestClient) -> None:
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: register(client), range(10)))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "ada"},
        {"email": "a da@example.com"},
        {"email": "ä@example.com"},
        {"email": "ada\u0000@example.com"},
        {"email": "a" * 243 + "@example.com"},
        {"password": "x" * 11},
        {"password": "x" * 129},
        {"password": "\ud800" * 12},
        {"roles": "admin"},
        {"\ud800": "x"},
    ],
)
def test_register_refuses_wrong_data(client: TestClient, wrong: dict[str, str]) -> None:
    response = client.post(
        "/accounts/",
        content=json.dumps(ADA | wrong),
        headers={"Content-Type": "application/json"},
    )

    assert response.status_code == 422
    assert len(response.json()["errors"]) == 1


@pytest.mark.parametrize(
    "accepted",
    [
        {"email": "a" * 242 + "@example.com"},
        {"password": "x" * 12},
        {"password": "x" * 128},
        {"password": "pass\u0000word ä 🐈"},
    ],
)
def test_register_accepts_up_to_each_limit(
    client: TestClient, accepted: dict[str, str]
) -> None:
    assert register(client, **accepted).status_code == 201


def test_sign_in_gives_tokens_that_nobody_may_keep(client: TestClient) -> None:
    register(client)

    response = sign_in(client, username="ADA@example.com", client_id="ignored")

    tokens = response.json()
    assert response.status_code == 200
    assert tokens == {
        "access_token": tokens["access_token"],
        "token_type": "bearer",
        "expires_in": 900,
        "refresh_token": tokens["refresh_token"],
    }
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": NEW},
        {"password": "x"},
        {"username": "bob@example.com"},
    ],
)
def test_every_failed_sign_in_gets_the_same_answer(
    client: TestClient, wrong: dict[str, str]
) -> None:
    register(client)

    response = sign_in(client, **wrong)

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.json()["detail"] == "The email or the password is wrong."


def test_a_password_is_verified_even_if_nobody_has_the_email(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []
    algorithm = passwords.passwords._algorithm  # noqa: SLF001 - it is what takes time
    verify = algorithm.verify

    def count(password: str, hashed: str) -> bool:
        verified.append(password)
        return verify(password, hashed)

    monkeypatch.setattr(algorithm, "verify", count)
    sign_in(client)

    assert verified == [ADA["password"]]


@pytest.mark.usefixtures("at_once")
def test_sign_in_is_throttled_for_each_email(client: TestClient) -> None:
    register(client)
    register(client, email="bob@example.com")
    for _ in range(10):
        assert sign_in(client, password=NEW).status_code == 401

    response = sign_in(client)

    assert response.status_code == 429
    assert response.headers["Content-Type"] == "application/problem+json"
    seconds = int(response.headers["Retry-After"])
    assert 1 <= seconds <= 60
    assert response.json() == {
        "type": "about:blank",
        "title": "Too Many Requests",
        "status": 429,
        "detail": f"Too many attempts. Try again in {seconds} s.",
    }
    assert sign_in(client, username="bob@example.com").status_code == 200


def test_a_sign_in_forgets_the_failures_before_it(client: TestClient) -> None:
    register(client)
    for _ in range(3):
        for _ in range(9):
            sign_in(client, password=NEW)
        assert sign_in(client).status_code == 200


@pytest.mark.usefixtures("at_once")
def test_sign_in_is_throttled_for_each_address(client: TestClient) -> None:
    answers = [
        sign_in(client, username=f"{number}@example.com").status_code
        for number in range(61)
    ]

    assert answers == [401] * 60 + [429]


@pytest.mark.usefixtures("at_once")
def test_registration_is_throttled_for_each_address(client: TestClient) -> None:
    answers = [register(client).status_code for _ in range(21)]

    assert answers == [201] + [409] * 19 + [429]


def test_too_many_passwords_at_once_are_refused(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords.passwords, "_room", 0)

    response = sign_in(client)

    assert response.status_code == 503
    assert response.json()["detail"] == "Too many people sign in at once. Try again."


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": str(uuid7())},
        {"exp": FAR},
        {"sub": "ada", "exp": FAR},
        {"sub": 1, "exp": FAR},
        {"sub": str(uuid7()), "exp": "soon"},
        {"sub": str(uuid7()), "exp": 1},
    ],
)
def test_a_token_with_wrong_claims_is_refused(
    client: TestClient, claims: dict[str, object]
) -> None:
    key = OctKey.import_key(derive_key(PURPOSE))
    token = jwt.encode({"alg": "HS256"}, claims, key)

    response = client.get("/accounts/me", headers={"Authorization": f"Bearer {token}"})

    assert response.status_code == 401
    assert response.json()["detail"] == "The access token is not valid."


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "a.b.c",
        "é.é.é",
        jwt.encode(
            {"alg": "HS256"},
            {"sub": str(uuid7()), "exp": FAR},
            OctKey.import_key("x" * 32),
        ),
    ],
)
def test_a_token_that_is_not_ours_is_refused(client: TestClient, token: str) -> None:
    headers = {b"Authorization": f"Bearer {token}".encode()}

    response = client.get("/accounts/me", headers=headers)

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_that_was_accepted_expires(
    client: TestClient, sign_up: SignUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = sign_up("ada")
    before = client.get("/accounts/me", headers=headers).status_code
    lifetime = int(config.settings.access_token_lifetime.total_seconds())
    later = int(datetime.now(UTC).timestamp()) + lifetime + 1
    monkeypatch.setattr(security._claims, "_now", later)  # noqa: SLF001 - its clock

    after = client.get("/accounts/me", headers=headers).status_code

    assert (before, after) == (200, 401)


def test_a_token_does_not_outlive_its_account(client: TestClient) -> None:
    headers = {"Authorization": f"Bearer {create_access_token(uuid7())}"}

    response = client.get("/accounts/me", headers=headers)

    assert response.status_code == 401
    assert response.json()["detail"] == "The account of the access token is gone."


@pytest.fixture
def greeter(database: Database, portal: BlockingPortal) -> TestClient:
    """Serve an endpoint that does without a caller, too."""
    app = FastAPI()
    install(app, config.Settings())
    app.state.database = database

    @app.get("/greeting")
    async def greet(caller: OptionalUser) -> str:
        return str(caller.id) if caller else "stranger"

    client = TestClient(app)
    client.portal = portal
    return client


def test_an_endpoint_may_do_without_a_caller(
    client: TestClient, greeter: TestClient, owner: Headers
) -> None:
    wrong = {"Authorization": "Bearer x"}

    assert greeter.get("/greeting").json() == "stranger"
    assert greeter.get("/greeting", headers=owner).json() == account_id(client, owner)
    assert greeter.get("/greeting", headers=wrong).status_code == 401
    document = greeter.get("/openapi.json").json()
    security = document["paths"]["/greeting"]["get"]["security"]
    assert security == [{}, {"OAuth2PasswordBearer": []}]


def test_a_refresh_gives_new_tokens(client: TestClient, tokens: dict[str, Any]) -> None:
    response = refresh(client, tokens["refresh_token"])

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    following = response.json()
    assert following["refresh_token"] != tokens["refresh_token"]
    assert roles_of(client, signed_in(following)) == ["user"]
    assert refresh(client, following["refresh_token"]).status_code == 200


def test_a_refresh_token_that_is_used_twice_ends_its_chain(
    client: TestClient, tokens: dict[str, Any]
) -> None:
    other = sign_in(client).json()
    following = refresh(client, tokens["refresh_token"]).json()

    reused = refresh(client, tokens["refresh_token"])

    assert reused.status_code == 401
    assert reused.json()["detail"] == "The refresh token is not valid."
    assert refresh(client, following["refresh_token"]).status_code == 401
    assert refresh(client, other["refresh_token"]).status_code == 200


def test_a_refresh_token_is_good_for_one_of_many_at_once(
    client: TestClient, tokens: dict[str, Any]
) -> None:
    with ThreadPoolExecutor(5) as pool:
        answers = list(
            pool.map(lambda _: refresh(client, tokens["refresh_token"]), range(5))
        )

    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 4


@pytest.mark.parametrize("token", ["x", "x.y", f"{0:032}.y", "\u0000"])
def test_a_refresh_token_that_is_none_is_refused(
    client: TestClient, token: str
) -> None:
    assert refresh(client, token).status_code == 401


def test_a_refresh_token_expires(
    client: TestClient,
    tokens: dict[str, Any],
    database: Database,
    portal: BlockingPortal,
) -> None:
    async def age() -> None:
        async with database.session() as session:
            await session.execute(update(SignIn).values(expires_at=datetime.now(UTC)))

    portal.call(age)

    assert refresh(client, tokens["refresh_token"]).status_code == 401


def test_sign_out_ends_the_chain(client: TestClient, tokens: dict[str, Any]) -> None:
    other = sign_in(client).json()

    response = revoke(client, tokens["refresh_token"])

    assert (response.status_code, response.content) == (204, b"")
    assert refresh(client, tokens["refresh_token"]).status_code == 401
    assert refresh(client, other["refresh_token"]).status_code == 200


@pytest.mark.parametrize("token", ["x", f"{0:032}.y"])
def test_sign_out_tells_nothing_about_a_token(client: TestClient, token: str) -> None:
    assert revoke(client, token).status_code == 204


def test_a_new_password_replaces_the_old_one_and_ends_every_sign_in(
    client: TestClient, tokens: dict[str, Any]
) -> None:
    response = client.put(
        "/accounts/me/password",
        json={"current_password": ADA["password"], "new_password": NEW},
        headers=signed_in(tokens),
    )

    assert (response.status_code, response.content) == (204, b"")
    assert refresh(client, tokens["refresh_token"]).status_code == 401
    assert sign_in(client).status_code == 401
    assert sign_in(client, password=NEW).status_code == 200


def test_a_new_password_needs_the_current_one(
    client: TestClient,
    tokens: dict[str, Any],
    at_once: None,  # noqa: ARG001 - once the tokens are there
) -> None:
    wrong = {"current_password": NEW, "new_password": NEW}

    answers = [
        client.put("/accounts/me/password", json=wrong, headers=signed_in(tokens))
        for _ in range(11)
    ]

    assert [a.status_code for a in answers] == [403] * 10 + [429]
    assert answers[0].json()["detail"] == "The current password is wrong."
    assert sign_in(client).status_code == 200


@pytest.mark.parametrize("length", [11, 129])
def test_a_new_password_has_the_same_limits(
    client: TestClient, tokens: dict[str, Any], length: int
) -> None:
    changed = {"current_password": ADA["password"], "new_password": "x" * length}

    response = client.put(
        "/accounts/me/password", json=changed, headers=signed_in(tokens)
    )

    assert [e["pointer"] for e in response.json()["errors"]] == ["/body/new_password"]


def test_an_admin_lists_accounts_in_pages(
    client: TestClient, admin: Headers, sign_up: SignUp
) -> None:
    sign_up("vet", "vet")
    sign_up("ada")

    first = client.get("/accounts/?sort=email&limit=2", headers=admin).json()
    following = {"sort": "email", "cursor": first["next"]}
    second = client.get("/accounts/", params=following, headers=admin).json()

    names = [
        (item["email"], item["roles"]) for item in first["items"] + second["items"]
    ]
    assert names == [
        ("ada@example.com", ["user"]),
        ("admin@example.com", ["admin", "user"]),
        ("vet@example.com", ["user", "vet"]),
    ]
    assert (len(first["items"]), second["next"]) == (2, None)


def test_an_admin_finds_an_account_by_its_email(
    client: TestClient, admin: Headers, owner: Headers
) -> None:
    query = {"email": "Owner@example.com"}

    found = client.get("/accounts/", params=query, headers=admin).json()

    assert found == {
        "items": [client.get("/accounts/me", headers=owner).json()],
        "next": None,
    }


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "sort=password_hash", "cursor=x", "mistyped=1"]
)
def test_a_wrong_query_of_accounts_is_refused(
    client: TestClient, admin: Headers, query: str
) -> None:
    response = client.get(f"/accounts/?{query}", headers=admin)

    assert response.status_code == 422
    pointers = [error["pointer"] for error in response.json()["errors"]]
    assert pointers == [f"/query/{query.partition('=')[0]}"]


def test_an_admin_gives_and_takes_roles(
    client: TestClient, admin: Headers, owner: Headers
) -> None:
    role = f"/accounts/{account_id(client, owner)}/roles/vet"

    given = [client.put(role, headers=admin).status_code for _ in range(2)]
    roles = roles_of(client, owner)
    taken = [client.delete(role, headers=admin).status_code for _ in range(2)]

    assert (given, roles, taken) == ([204] * 2, ["user", "vet"], [204] * 2)
    assert roles_of(client, owner) == ["user"]


def test_a_role_counts_at_once(
    client: TestClient, admin: Headers, owner: Headers, other: Headers
) -> None:
    role = f"/accounts/{account_id(client, other)}/roles/vet"
    assert client.put(role, headers=owner).status_code == 403
    admins = f"/accounts/{account_id(client, owner)}/roles/admin"

    client.put(admins, headers=admin)
    assert client.put(role, headers=owner).status_code == 204

    client.delete(admins, headers=admin)
    assert client.delete(role, headers=owner).status_code == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_there_are_only_some_roles_and_accounts(
    client: TestClient, admin: Headers, method: str
) -> None:
    nobody, somebody = uuid7(), account_id(client, admin)

    answers = [
        client.request(method, f"/accounts/{path}", headers=admin)
        for path in (
            f"{nobody}/roles/vet",
            f"{somebody}/roles/user",
            f"{somebody}/roles/A",
        )
    ]

    assert [a.status_code for a in answers] == [404, 404, 422]
    assert answers[0].json()["detail"] == f"Account {nobody} not found."
    assert answers[1].json()["detail"] == "Role user not found."


def test_an_admin_stays_one(client: TestClient, admin: Headers) -> None:
    role = f"/accounts/{account_id(client, admin)}/roles/admin"

    response = client.delete(role, headers=admin)

    assert response.status_code == 409
    detail = "You cannot stop being an admin by yourself."
    assert response.json()["detail"] == detail


@pytest.mark.parametrize(
    ("method", "path", "caller", "status"),
    [
        ("POST", "/accounts/", "nobody", 422),
        ("GET", "/accounts/", "nobody", 401),
        ("GET", "/accounts/", "owner", 403),
        ("GET", "/accounts/", "vet", 403),
        ("GET", "/accounts/", "admin", 200),
        ("POST", "/accounts/token", "nobody", 422),
        ("POST", "/accounts/token/refresh", "nobody", 422),
        ("POST", "/accounts/token/revoke", "nobody", 422),
        ("GET", "/accounts/me", "nobody", 401),
        ("GET", "/accounts/me", "owner", 200),
        ("PUT", "/accounts/me/password", "nobody", 401),
        ("PUT", "/accounts/me/password", "owner", 422),
        *[
            (method, "/accounts/{id}/roles/vet", caller, status)
            for method in ("PUT", "DELETE")
            for caller, status in (
                ("nobody", 401),
                ("owner", 403),
                ("other", 403),
                ("vet", 403),
                ("admin", 204),
            )
        ],
    ],
)
def test_each_caller_may_do_what_the_access_table_says(
    client: TestClient,
    sign_up: SignUp,
    method: str,
    path: str,
    caller: str,
    status: int,
) -> None:
    owner = sign_up("owner")
    role = caller if caller in ("vet", "admin") else "user"
    callers: dict[str, Callable[[], Headers]] = {
        "nobody": dict,
        "owner": lambda: owner,
    }
    headers = callers.get(caller, lambda: sign_up("caller", role))()

    target = path.format(id=account_id(client, owner))
    response = client.request(method, target, headers=headers)

    assert response.status_code == status


def test_each_operation_logs_one_event_without_personal_data(
    client: TestClient,
    admin: Headers,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ada_id = register(client).json()["id"]
    sign_in(client, password=NEW)
    tokens = sign_in(client).json()
    tokens = refresh(client, tokens["refresh_token"]).json()
    revoke(client, tokens["refresh_token"])
    refresh(client, tokens["refresh_token"])
    for current in NEW, ADA["password"]:
        client.put(
            "/accounts/me/password",
            json={"current_password": current, "new_password": NEW},
            headers=signed_in(tokens),
        )
    client.put(f"/accounts/{ada_id}/roles/vet", headers=admin)
    client.delete(f"/accounts/{ada_id}/roles/vet", headers=admin)

    assert events(caplog) == [
        (logging.INFO, "account.registered"),
        (logging.WARNING, "account.sign_in_failed"),
        (logging.INFO, "account.signed_in"),
        (logging.INFO, "account.refreshed"),
        (logging.INFO, "account.signed_out"),
        (logging.WARNING, "account.refresh_failed"),
        (logging.WARNING, "account.password_change_failed"),
        (logging.INFO, "account.password_changed"),
        (logging.INFO, "account.role_granted"),
        (logging.INFO, "account.role_withdrawn"),
    ]
    logged = " ".join(str(vars(record)) for record in caplog.records)
    for secret in (ADA["email"], ADA["password"], NEW, *tokens.values()):
        assert str(secret) not in logged or secret in ("bearer", 900)


def test_what_has_not_happened_is_not_logged(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    register(client)
    caplog.clear()

    register(client)

    assert events(caplog) == []


@pytest.fixture
def make_admin(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    """Return how to run the command that makes an admin."""

    def make_admin(email: str, password: str = "") -> None:
        url = database.engine.url.render_as_string(hide_password=False)
        settings = config.Settings(database_url=url)
        monkeypatch.setattr(command, "settings", settings)
        monkeypatch.setattr("sys.argv", ["accounts", email])
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        command.main()

    return make_admin


def test_the_command_makes_an_account_that_is_an_admin(
    client: TestClient, make_admin: Callable[..., None]
) -> None:
    make_admin("Ada@example.com", ADA["password"])

    headers = signed_in(sign_in(client).json())
    assert roles_of(client, headers) == ["admin", "user"]


def test_the_command_makes_an_account_an_admin(
    client: TestClient, tokens: dict[str, Any], make_admin: Callable[..., None]
) -> None:
    make_admin(ADA["email"])
    make_admin(ADA["email"])

    assert roles_of(client, signed_in(tokens)) == ["admin", "user"]
    assert sign_in(client).status_code == 200


@pytest.mark.parametrize(
    ("email", "password", "message"),
    [
        ("ada", "", "String should match pattern"),
        ("ada@example.com", "short", "Value should have at least 12 items"),
    ],
)
def test_the_command_says_what_is_wrong(
    make_admin: Callable[..., None], email: str, password: str, message: str
) -> None:
    with pytest.raises(SystemExit, match=message):
        make_admin(email, password)
