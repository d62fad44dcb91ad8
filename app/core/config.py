"""Settings, read from the environment and from nowhere else."""

import re
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Level = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
Url = Annotated[str, Field(pattern=r"^https?://[^\s/]")]
Lifetime = Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(days=3650))]

SECRET_BYTES = 32


DRIVERS = {
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
}
FILE = re.compile(r"/[^:]")


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _name_driver(url: str) -> str:
    """Name the driver, and what libpq calls `sslmode` as the driver calls it."""
    scheme, _, rest = url.partition("://")
    if scheme not in DRIVERS or (scheme.startswith("sqlite") and not FILE.match(rest)):
        raise ValueError(
            "should be postgresql://user:password@host/name, or sqlite:///file"
        )
    return DRIVERS[scheme] + "://" + re.sub("([?&])sslmode=", r"\1ssl=", rest)


def _is_long_enough(key: SecretStr) -> SecretStr:
    if len(key.get_secret_value().encode()) < SECRET_BYTES:
        raise ValueError(f"should have at least {SECRET_BYTES} bytes")
    return key


class Settings(BaseSettings):
    """Everything that differs between two installations."""

    model_config = SettingsConfigDict(
        env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    environment: Literal["development", "production"] = "development"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    max_body_size: int = Field(default=1_000_000, ge=0)
    features_on_demand: bool = False

    database_url: Annotated[str, AfterValidator(_name_driver)] = Field(
        default="sqlite+aiosqlite:///petsage.db", repr=False
    )

    # What is signed with a generated key is worth nothing to the next process.
    secret_key: Annotated[SecretStr, AfterValidator(_is_long_enough)] = Field(
        default_factory=lambda: SecretStr(secrets.token_urlsafe(SECRET_BYTES))
    )
    access_token_lifetime: Lifetime = timedelta(minutes=15)
    refresh_token_lifetime: Lifetime = timedelta(days=30)

    log_level: Annotated[Level, BeforeValidator(_upper)] = "INFO"
    log_format: Literal["text", "json"] = "text"
    log_file: Path | None = None
    log_confirmation_seconds: float = Field(
        default=2.0, gt=0, le=3600, allow_inf_nan=False
    )

    # OpenTelemetry's own names. The exporter reads headers, compression and
    # certificates by itself.
    otel_sdk_disabled: bool = False
    otel_logs_exporter: str = "otlp"
    otel_exporter_otlp_endpoint: Url | None = None
    otel_exporter_otlp_logs_endpoint: Url | None = None
    otel_exporter_otlp_protocol: str = "http/protobuf"
    otel_exporter_otlp_logs_protocol: str | None = None

    @model_validator(mode="after")
    def _has_a_key_of_its_own(self) -> Self:
        given = "secret_key" in self.model_fields_set
        if self.environment == "production" and not given:
            raise ValueError("SECRET_KEY: is needed when ENVIRONMENT is production")
        return self

    @model_validator(mode="after")
    def _speaks_http(self) -> Self:
        spoken = self.otel_exporter_otlp_logs_protocol
        spoken = spoken or self.otel_exporter_otlp_protocol
        if spoken != "http/protobuf" and self.otlp_logs_url:
            raise ValueError(
                f"logs cannot be exported by the OTLP protocol {spoken!r}: "
                "OTEL_EXPORTER_OTLP_PROTOCOL and OTEL_EXPORTER_OTLP_LOGS_PROTOCOL "
                "can only be 'http/protobuf'"
            )
        return self

    @property
    def otlp_logs_url(self) -> str | None:
        """Return where to export logs, if anywhere."""
        if self.otel_sdk_disabled or self.otel_logs_exporter.lower() == "none":
            return None
        if self.otel_exporter_otlp_logs_endpoint:
            return self.otel_exporter_otlp_logs_endpoint
        if base := self.otel_exporter_otlp_endpoint:
            return f"{base.rstrip('/')}/v1/logs"
        return None


settings = Settings()
