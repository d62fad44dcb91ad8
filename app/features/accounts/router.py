"""HTTP endpoints of accounts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Response, status

from app.core.database import DatabaseSession
from app.core.pagination import Page, Slice
from app.core.throttle import THROTTLED

from . import models, service
from .dependencies import CallerAddress, CurrentUser
from .tables import Account

router = APIRouter(prefix="/accounts", tags=["Accounts"])

UNAUTHENTICATED: dict[int | str, dict[str, object]] = {status.HTTP_401_UNAUTHORIZED: {}}


@router.post(
    "/",
    response_model=models.AccountResponse,
    status_code=status.HTTP_201_CREATED,
    responses=THROTTLED,
)
async def register(
    session: DatabaseSession, address: CallerAddress, data: models.AccountCreate
) -> Account:
    """Register an account."""
    return await service.register(session, data, address)


@router.get("/", response_model=Page[models.AccountResponse])
async def list_accounts(
    session: DatabaseSession,
    actor: CurrentUser,
    query: Annotated[models.AccountQuery, Query()],
) -> Slice[Account]:
    """List everybody's accounts, as an admin."""
    return await service.list_accounts(session, actor, query)


@router.post("/token", responses=UNAUTHENTICATED | THROTTLED)
async def sign_in(
    session: DatabaseSession,
    address: CallerAddress,
    data: Annotated[models.Credentials, Form()],
    response: Response,
) -> models.TokenResponse:
    """Exchange an email and a password for an access token and a refresh token."""
    response.headers["Cache-Control"] = "no-store"
    return await service.sign_in(session, data, address)


@router.post("/token/refresh", responses=UNAUTHENTICATED)
async def refresh(
    session: DatabaseSession,
    data: Annotated[models.Refresh, Form()],
    response: Response,
) -> models.TokenResponse:
    """Exchange a refresh token for new tokens; used twice, it ends the sign-in."""
    response.headers["Cache-Control"] = "no-store"
    return await service.refresh(session, data)


@router.post("/token/revoke", status_code=status.HTTP_204_NO_CONTENT)
async def revoke(
    session: DatabaseSession, data: Annotated[models.Revocation, Form()]
) -> None:
    """Sign out: no refresh token of this sign-in is valid any more."""
    await service.revoke(session, data)


@router.get("/me", response_model=models.AccountResponse)
async def get_own_account(session: DatabaseSession, actor: CurrentUser) -> Account:
    """Get the account that is signed in."""
    return await service.get_account(session, actor.id)


@router.put("/me/password", status_code=status.HTTP_204_NO_CONTENT, responses=THROTTLED)
async def change_password(
    session: DatabaseSession, actor: CurrentUser, data: models.PasswordChange
) -> None:
    """Change your password, and sign out everywhere."""
    await service.change_password(session, actor, data)


@router.put("/{account_id}/roles/{role}", status_code=status.HTTP_204_NO_CONTENT)
async def grant_role(
    session: DatabaseSession,
    actor: CurrentUser,
    account_id: UUID,
    role: models.RoleName,
) -> None:
    """Give a role to an account, as an admin."""
    await service.grant_role(session, actor, account_id, role)


@router.delete("/{account_id}/roles/{role}", status_code=status.HTTP_204_NO_CONTENT)
async def withdraw_role(
    session: DatabaseSession,
    actor: CurrentUser,
    account_id: UUID,
    role: models.RoleName,
) -> None:
    """Take a role from an account, as an admin."""
    await service.withdraw_role(session, actor, account_id, role)
