"""Tests of the settings."""

import pytest
from pydantic import SecretStr, ValidationError

from app.core.config import Settings


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://ada:x@db/pets", "postgresql+asyncpg://ada:x@db/pets"),
        ("postgresql://db/pets", "postgresql+asyncpg://db/pets"),
        ("postgresql+asyncpg://db/pets", "postgresql+asyncpg://db/pets"),
        (
            "postgres://db/pets?sslmode=require",
            "postgresql+asyncpg://db/pets?ssl=require",
        ),
        ("sqlite:///pets.db", "sqlite+aiosqlite:///pets.db"),
        ("sqlite+aiosqlite:////srv/pets.db", "sqlite+aiosqlite:////srv/pets.db"),
    ],
)
def test_a_database_has_the_address_that_others_give_it(given: str, used: str) -> None:
    assert Settings(database_url=given).database_url == used


@pytest.mark.parametrize(
    "given",
    ["", "pets.db", "mysql://ada:hunter2@db/pets", "sqlite://", "sqlite:///:memory:"],
)
def test_another_kind_of_database_is_refused(given: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        Settings(database_url=given)

    assert "should be postgresql://user:password@host/name" in str(refusal.value)
    assert "hunter2" not in str(refusal.value)


def test_the_settings_show_no_secret() -> None:
    settings = Settings(
        database_url="postgresql://ada:hunter2@db/pets",
        secret_key=SecretStr("hunter2" * 5),
    )

    assert "hunter2" not in repr(settings)


def test_a_key_is_made_in_development() -> None:
    keys = {Settings().secret_key.get_secret_value() for _ in range(2)}

    assert len(keys) == 2
    assert min(map(len, keys)) >= 32


def test_production_needs_a_key_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    with pytest.raises(ValidationError, match="SECRET_KEY: is needed"):
        Settings()

    monkeypatch.setenv("SECRET_KEY", "x" * 32)
    assert Settings().environment == "production"


@pytest.mark.parametrize("key", ["x" * 31, "ä" * 15])
def test_a_short_key_is_refused(key: str) -> None:
    with pytest.raises(ValidationError, match="at least 32 bytes"):
        Settings(secret_key=SecretStr(key))
