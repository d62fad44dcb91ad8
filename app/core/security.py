"""Who is calling: access tokens, and the actor that a token stands for."""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from app.core.config import settings
from app.core.errors import ForbiddenError, UnauthenticatedError
from app.core.signatures import derive_key
from app.core.tables import utc_now

ALGORITHM = "HS256"
PURPOSE = "access token"
TOKENS = 1_000  # that are remembered, so that each is not decoded with each request

USER = "user"
ADMIN = "admin"

_claims = jwt.JWTClaimsRegistry(sub={"essential": True}, exp={"essential": True})


@dataclass(frozen=True, slots=True)
class Actor:
    """The account on whose behalf a request runs, and every role that it has."""

    id: UUID
    roles: frozenset[str] = frozenset({USER})

    def has(self, role: str) -> bool:
        """Say whether this actor has a role."""
        return role in self.roles

    @property
    def is_admin(self) -> bool:
        """Say whether this actor is an admin."""
        return self.has(ADMIN)


def forbid_unless(condition: object) -> None:
    """Raise `ForbiddenError` unless the condition holds."""
    if not condition:
        raise ForbiddenError


def create_access_token(account_id: UUID) -> str:
    """Return a signed token that stands for an account until it expires."""
    expires = utc_now() + settings.access_token_lifetime
    claims = {"sub": str(account_id), "exp": int(expires.timestamp())}
    return jwt.encode({"alg": ALGORITHM}, claims, _key())


def read_access_token(token: str) -> UUID:
    """Return the id of the account, or raise `UnauthenticatedError`."""
    try:
        claims = _signed_claims(token)
        _claims.validate(claims)
        return UUID(claims["sub"])
    except (JoseError, ValueError, TypeError, AttributeError):
        raise UnauthenticatedError("The access token is not valid.") from None


@lru_cache(TOKENS)
def _signed_claims(token: str) -> dict[str, Any]:
    """Return what a token says, if its signature is right. It does not change."""
    return jwt.decode(token, _key(), algorithms=[ALGORITHM]).claims


@cache
def _key() -> OctKey:
    return OctKey.import_key(derive_key(PURPOSE))
