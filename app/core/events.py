"""Events of the domain, logged once what they tell has happened."""

import logging
from collections.abc import Callable
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

KEY = "events"


def log_event(
    session: AsyncSession, logger: logging.Logger, event: str, **fields: object
) -> None:
    """Log an event when the transaction of `session` is committed, and only then."""
    extra = {name: str(value) for name, value in fields.items()}
    session.info.setdefault(KEY, []).append(partial(logger.info, event, extra=extra))


def log_events(session: AsyncSession) -> None:
    """Log what has now happened."""
    events: list[Callable[[], None]] = session.info.pop(KEY, [])
    for log in events:
        log()
