"""What can be done with accounts."""

import hashlib
import logging
import secrets
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.config import settings
from app.core.database import release
from app.core.errors import (
    ConflictError,
    ForbiddenError,
    NotFoundError,
    UnauthenticatedError,
)
from app.core.events import log_event
from app.core.pagination import Slice, paginate
from app.core.passwords import passwords
from app.core.security import (
    ADMIN,
    USER,
    Actor,
    create_access_token,
    forbid_unless,
    read_access_token,
)
from app.core.tables import utc_now, uuid7
from app.core.throttle import Throttle

from . import models
from .tables import Account, Grant, Role, SignIn

logger = logging.getLogger(__name__)

REGISTRATIONS = Throttle("registrations of an address", "20/hour")
SIGN_INS_FROM = Throttle("sign-ins from an address", "60/minute")
SIGN_INS_AS = Throttle("sign-ins with an email", "10/minute")
PASSWORD_CHANGES = Throttle("password changes of an account", "10/minute")

# Each request asks this, so it is not written anew for each. An account without a role
# has one empty row.
ROLES_OF = (
    select(Grant.role)
    .select_from(Account)
    .outerjoin(Grant)
    .where(Account.id == bindparam("account_id"))
)


class RefreshRefusedError(UnauthenticatedError):
    """A refresh token was not the last of its chain, which has ended with that."""

    keeps = True


async def register(
    session: AsyncSession, data: models.AccountCreate, address: str
) -> Account:
    """Store a new account. Whether an email has one is told, but slowly."""
    REGISTRATIONS.count(address)
    hashed = await passwords.hash(data.password.get_secret_value())
    return await add_account(session, data.email, hashed)


async def add_account(session: AsyncSession, email: str, password_hash: str) -> Account:
    """Store an account, whoever asks for it."""
    account = Account(email=email, password_hash=password_hash, grants=[])
    session.add(account)
    await session.flush()
    log_event(session, logger, "account.registered", account_id=account.id)
    return account


async def sign_in(
    session: AsyncSession, data: models.Credentials, address: str
) -> models.TokenResponse:
    """Start a chain of tokens, or raise `UnauthenticatedError`."""
    SIGN_INS_FROM.count(address)
    SIGN_INS_AS.count(data.username)
    found = await session.execute(
        select(Account.id, Account.password_hash).where(Account.email == data.username)
    )
    account_id, hashed = next(iter(found), (None, None))
    await release(session)
    matches = await passwords.matches(data.password.get_secret_value(), hashed)
    if account_id is None or not matches:
        logger.warning("account.sign_in_failed")
        raise UnauthenticatedError("The email or the password is wrong.")
    SIGN_INS_AS.forget(data.username)
    return await _start_chain(session, account_id)


async def _start_chain(session: AsyncSession, account_id: UUID) -> models.TokenResponse:
    now = utc_now()
    await session.execute(
        delete(SignIn).where(SignIn.account_id == account_id, SignIn.expires_at < now)
    )
    secret = secrets.token_urlsafe()
    chain = SignIn(
        id=uuid7(),
        account_id=account_id,
        token_hash=_digest(secret),
        expires_at=now + settings.refresh_token_lifetime,
    )
    session.add(chain)
    await session.flush()
    log_event(session, logger, "account.signed_in", account_id=account_id)
    return _tokens(account_id, chain.id, secret)


def _digest(secret: str) -> str:
    """Return a fast hash, which is enough for 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _tokens(account_id: UUID, chain_id: UUID, secret: str) -> models.TokenResponse:
    return models.TokenResponse(
        access_token=create_access_token(account_id),
        expires_in=int(settings.access_token_lifetime.total_seconds()),
        refresh_token=f"{chain_id.hex}.{secret}",
    )


async def refresh(session: AsyncSession, data: models.Refresh) -> models.TokenResponse:
    """Exchange the last token of a chain for the next; any other ends the chain."""
    chain_id, _, secret = data.refresh_token.get_secret_value().partition(".")
    next_secret = secrets.token_urlsafe()
    now = utc_now()
    account_id = await session.scalar(
        update(SignIn)
        .where(
            SignIn.id == _parse_id(chain_id),
            SignIn.token_hash == _digest(secret),
            SignIn.expires_at > now,
        )
        .values(
            token_hash=_digest(next_secret),
            expires_at=now + settings.refresh_token_lifetime,
        )
        .returning(SignIn.account_id)
    )
    if account_id is None:
        await _end_chain(session, chain_id)
        logger.warning("account.refresh_failed")
        raise RefreshRefusedError("The refresh token is not valid.")
    log_event(session, logger, "account.refreshed", account_id=account_id)
    return _tokens(account_id, UUID(chain_id), next_secret)


async def revoke(session: AsyncSession, data: models.Revocation) -> None:
    """End the chain of a token. Nobody learns whether there was one (RFC 7009)."""
    chain_id, _, _ = data.token.get_secret_value().partition(".")
    if account_id := await _end_chain(session, chain_id):
        log_event(session, logger, "account.signed_out", account_id=account_id)


async def _end_chain(session: AsyncSession, chain_id: str) -> UUID | None:
    ended = delete(SignIn).where(SignIn.id == _parse_id(chain_id))
    return await session.scalar(ended.returning(SignIn.account_id))


def _parse_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def list_accounts(
    session: AsyncSession, actor: Actor, query: models.AccountQuery
) -> Slice[Account]:
    """Return a page of all accounts, as an admin."""
    forbid_unless(actor.is_admin)
    accounts = select(Account)
    if query.email is not None:
        accounts = accounts.where(Account.email == query.email)
    return await paginate(session, accounts, Account, query)


async def get_account(session: AsyncSession, account_id: UUID) -> Account:
    """Return one account."""
    account = await session.get(Account, account_id)
    if account is None:
        raise NotFoundError("Account", account_id)
    return account


async def find_account(session: AsyncSession, email: str) -> Account | None:
    """Return the account of an email, if it has one."""
    return await session.scalar(select(Account).where(Account.email == email))


async def change_password(
    session: AsyncSession, actor: Actor, data: models.PasswordChange
) -> None:
    """Set a new password, and end every sign-in."""
    PASSWORD_CHANGES.count(str(actor.id))
    own = select(Account.password_hash).where(Account.id == actor.id)
    hashed = await session.scalar(own)
    await release(session)
    current = data.current_password.get_secret_value()
    if not await passwords.matches(current, hashed):
        logger.warning("account.password_change_failed")
        raise ForbiddenError("The current password is wrong.")
    hashed = await passwords.hash(data.new_password.get_secret_value())
    account = await get_account(session, actor.id)
    account.password_hash = hashed
    await session.execute(delete(SignIn).where(SignIn.account_id == actor.id))
    log_event(session, logger, "account.password_changed", account_id=actor.id)


async def grant_role(
    session: AsyncSession, actor: Actor, account_id: UUID, role: str
) -> None:
    """Give a role to an account, as an admin."""
    forbid_unless(actor.is_admin)
    await _require_role(session, role)
    account = await get_account(session, account_id)
    await add_role(session, account, role)


async def add_role(session: AsyncSession, account: Account, role: str) -> None:
    """Give a role to an account that may have it, whoever asks for it."""
    if role not in account.roles:
        account.grants.append(Grant(account_id=account.id, role=role))
        await session.flush()
        log_event(
            session, logger, "account.role_granted", account_id=account.id, role=role
        )


async def withdraw_role(
    session: AsyncSession, actor: Actor, account_id: UUID, role: str
) -> None:
    """Take a role from an account, as an admin."""
    forbid_unless(actor.is_admin)
    await _require_role(session, role)
    await get_account(session, account_id)
    if role == ADMIN and account_id == actor.id:
        raise ConflictError("You cannot stop being an admin by yourself.")
    taken = delete(Grant).where(Grant.account_id == account_id, Grant.role == role)
    if await session.scalar(taken.returning(Grant.role)):
        log_event(
            session, logger, "account.role_withdrawn", account_id=account_id, role=role
        )


async def _require_role(session: AsyncSession, role: str) -> None:
    if await session.get(Role, role) is None:
        raise NotFoundError("Role", role)


async def identify(session: AsyncSession, access_token: str) -> Actor:
    """Return who holds an access token, or raise `UnauthenticatedError`."""
    account_id = read_access_token(access_token)
    roles = (await session.scalars(ROLES_OF, {"account_id": account_id})).all()
    if not roles:
        raise UnauthenticatedError("The account of the access token is gone.")
    return Actor(account_id, frozenset({USER, *filter(None, roles)}))
