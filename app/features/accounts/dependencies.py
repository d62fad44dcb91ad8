"""What other features may ask of accounts: who is calling."""

from functools import partial
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer

from app.core.database import DatabaseSession
from app.core.security import Actor
from app.core.throttle import network_of

from . import service

# The addresses are relative to that of the OpenAPI document.
_scheme = partial(
    OAuth2PasswordBearer, "accounts/token", refreshUrl="accounts/token/refresh"
)
required = _scheme()
optional = _scheme(auto_error=False)


async def get_current_user(
    session: DatabaseSession, access_token: Annotated[str, Depends(required)]
) -> Actor:
    """Return who is calling."""
    return await service.identify(session, access_token)


async def get_optional_user(
    session: DatabaseSession, access_token: Annotated[str | None, Depends(optional)]
) -> Actor | None:
    """Return who is calling, or None for anybody who does not say."""
    if access_token is None:
        return None
    return await service.identify(session, access_token)


async def get_caller_address(request: Request) -> str:
    """Return from where the request came, for counting."""
    return network_of(request.client.host if request.client else "")


CurrentUser = Annotated[Actor, Depends(get_current_user)]
OptionalUser = Annotated[Actor | None, Depends(get_optional_user)]
CallerAddress = Annotated[str, Depends(get_caller_address)]
