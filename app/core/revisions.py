"""Whether a database is as new as the migrations, found without Alembic.

Alembic is slow to import, and loads every migration: with 500 of them, a start with
nothing to migrate would take twice as long.
"""

import asyncio
import re
from ast import literal_eval
from collections.abc import Iterable, Mapping
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app.core.engine import create_engine

STATED = re.compile(
    r"^(revision|down_revision|depends_on) = "
    r'(None|"[^"\\]*"|\((?:\s*"[^"\\]*",?)*\s*\))$',
    re.MULTILINE,
)
NAMES = ["depends_on", "down_revision", "revision"]


def is_current(url: str, folder: Path) -> bool:
    """Say whether nothing is left to be done. In doubt, something is."""
    parents = read_parents(folder.glob("*.py"))
    return bool(parents) and covers(asyncio.run(_read_versions(url)), parents)


def read_parents(files: Iterable[Path]) -> dict[str, set[str]]:
    """Return what each migration follows or needs; nothing if a text is unusual."""
    found: dict[str, set[str]] = {}
    for file in files:
        text = file.read_text("utf-8")
        stated = sorted(STATED.findall(text))
        values = {name: literal_eval(value) for name, value in stated}
        if [name for name, _ in stated] != NAMES or not values["revision"]:
            return {}
        parents = values["down_revision"], values["depends_on"]
        found[values["revision"]] = {name for value in parents for name in _all(value)}
    return found


def covers(versions: set[str], parents: Mapping[str, set[str]]) -> bool:
    """Say whether these versions, and what they stand on, are all migrations."""
    done: set[str] = set()
    left = [*versions]
    while left:
        name = left.pop()
        if name not in parents:
            return False
        if name not in done:
            done.add(name)
            left += parents[name]
    return done == parents.keys()


async def _read_versions(url: str) -> set[str]:
    engine = create_engine(url)
    try:
        async with engine.connect() as connection:
            query = sa.text("SELECT version_num FROM alembic_version")
            return {*(await connection.scalars(query)).all()}
    except DBAPIError:
        return set()  # there is no such table yet; if it is something else, it will out
    finally:
        await engine.dispose()


def _all(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value or ()
