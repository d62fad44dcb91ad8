"""What the API accepts and returns for accounts."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from app.core.models import Email, Input, Output, Secret
from app.core.pagination import PageQuery

Password = Annotated[
    Secret,
    Field(min_length=12, max_length=128, examples=["correct horse battery"]),
]
RoleName = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40, examples=["vet"])
]
# A field of a form that is empty counts as missing.
PasswordSent = Annotated[Secret, Field(min_length=1, max_length=128)]
TokenSent = Annotated[Secret, Field(min_length=1, max_length=200)]


class AccountCreate(Input):
    """Who wants an account."""

    email: Email
    password: Password


class AccountResponse(Output):
    """An account, as its owner sees it."""

    id: UUID
    email: str
    roles: list[str]
    created_at: datetime


class AccountQuery(PageQuery):
    """Which accounts to list."""

    sort: Literal["created_at", "-created_at", "email", "-email"] = "-created_at"
    email: Email | None = None


class PasswordChange(Input):
    """A new password, from somebody who knows the current one."""

    current_password: PasswordSent
    new_password: Password


class Credentials(BaseModel):
    """The form of OAuth2's password flow (RFC 6749, 4.3), whose user name is the email.

    As the RFC asks for, what else the form holds is ignored.
    """

    grant_type: Literal["password"] = "password"
    username: Email
    password: PasswordSent


class Refresh(BaseModel):
    """The form of OAuth2's refresh (RFC 6749, 6)."""

    grant_type: Literal["refresh_token"] = "refresh_token"
    refresh_token: TokenSent


class Revocation(BaseModel):
    """The form of OAuth2's revocation (RFC 7009, 2.1)."""

    token: TokenSent


class TokenResponse(BaseModel):
    """Tokens, in the words of OAuth2 (RFC 6749, 5.1)."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - no secret
    expires_in: int = Field(description="How many seconds the access token is valid.")
    refresh_token: str = Field(description="Good for one refresh.")
