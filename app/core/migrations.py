"""The history of the tables."""

import logging
from pathlib import Path

from app.core.revisions import is_current

logger = logging.getLogger(__name__)

PROJECT = Path(__file__).parents[2]


def migrate(url: str) -> None:
    """Bring a database to the newest version of every table."""
    if is_current(url, PROJECT / "migrations" / "versions"):
        return
    from alembic import command  # noqa: PLC0415 - slow to import
    from alembic.config import Config  # noqa: PLC0415 - slow to import

    settings = PROJECT / "pyproject.toml"
    config = Config(toml_file=settings, attributes={"database_url": url})
    command.upgrade(config, "heads")
    logger.info("database.migrated")
