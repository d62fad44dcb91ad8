"""What the service refuses, or cannot do. `app.core.problems` makes it an answer."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import ClassVar


class DomainError(Exception):
    """A refusal, the HTTP status that says so, and further members of the problem."""

    status: ClassVar[HTTPStatus]

    def __init__(self, detail: str, **members: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.members = members


class UnavailableError(DomainError):
    """Something that the service needs does not work now."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class LogDeliveryError(UnavailableError):
    """Some log sinks did not confirm what was logged."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        """Take the reason of each sink, by the sink's name."""
        named = ", ".join(f"{sink} ({reason})" for sink, reason in reasons.items())
        super().__init__(
            f"Not confirmed by these log sinks: {named}.",
            sinks=[{"sink": s, "reason": reason} for s, reason in reasons.items()],
        )
        self.reasons = dict(reasons)
