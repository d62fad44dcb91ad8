"""Locks for what no row stands for."""

import json
from hashlib import blake2b

from sqlalchemy import BigInteger, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

LOCK = select(func.pg_advisory_xact_lock(bindparam("number", type_=BigInteger)))


async def serialize(session: AsyncSession, purpose: str, *keys: object) -> None:
    """Wait until nobody else is at the same purpose and keys; the lock ends with us.

    On SQLite, only one transaction writes at a time: there is nothing to wait for.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    await session.execute(LOCK, {"number": _hash(purpose, *keys)})


def _hash(*keys: object) -> int:
    """Return 64 bits that are the same in every process."""
    content = json.dumps([str(key) for key in keys]).encode()
    digest = blake2b(content, digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
