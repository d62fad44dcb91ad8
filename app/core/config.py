"""Settings, read from the environment and from nowhere else."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Level = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
Url = Annotated[str, Field(pattern=r"^https?://[^\s/]")]


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


class Settings(BaseSettings):
    """Everything that differs between two installations."""

    model_config = SettingsConfigDict(
        env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    max_body_size: int = Field(default=1_000_000, ge=0)

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
