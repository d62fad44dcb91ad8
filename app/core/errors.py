"""What the service refuses, or cannot do. `app.core.problems` makes it an answer."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import ClassVar


class DomainError(Exception):
    """A refusal, the HTTP status that says so, and further members of the problem.

    It undoes what the request has written, unless it `keeps` that.
    """

    status: ClassVar[HTTPStatus]
    keeps: ClassVar[bool] = False

    def __init__(self, detail: str, **members: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.members = members

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers that the answer needs."""
        return {}


class UnauthenticatedError(DomainError):
    """The caller did not prove who they are."""

    status = HTTPStatus.UNAUTHORIZED

    @property
    def headers(self) -> dict[str, str]:
        """Return the header that says how to prove it."""
        return {"WWW-Authenticate": "Bearer"}


class ForbiddenError(DomainError):
    """The caller may see this, but not do that."""

    status = HTTPStatus.FORBIDDEN

    def __init__(self, detail: str = "You may not do this.") -> None:
        super().__init__(detail)


class NotFoundError(DomainError):
    """There is no such thing, or the caller must not learn that there is."""

    status = HTTPStatus.NOT_FOUND

    def __init__(self, what: str, key: object) -> None:
        """Take what kind of thing was looked for, and by which key."""
        super().__init__(f"{what} {key} not found.")


class ConflictError(DomainError):
    """What is stored does not allow this."""

    status = HTTPStatus.CONFLICT


class InvalidError(DomainError):
    """A part of the request breaks a rule that its type cannot express."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, pointer: str, detail: str) -> None:
        """Take where in the request it is (a JSON pointer), and what is wrong."""
        errors = [{"pointer": pointer, "detail": detail}]
        super().__init__("The request is not valid.", errors=errors)


class ThrottledError(DomainError):
    """The caller has tried too often."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, seconds: int) -> None:
        """Take after how many seconds the caller may try again."""
        super().__init__(f"Too many attempts. Try again in {seconds} s.")
        self.seconds = seconds

    @property
    def headers(self) -> dict[str, str]:
        """Return the header that says when to try again."""
        return {"Retry-After": str(self.seconds)}


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
