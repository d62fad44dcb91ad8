"""Make an admin: `python -m app.features.accounts EMAIL`.

An account that is there becomes an admin. Otherwise it is made, and its password is
asked for, or read from standard input.
"""

import asyncio
import sys
from argparse import ArgumentParser
from getpass import getpass

from pydantic import SecretStr, TypeAdapter, ValidationError

from app.core.config import settings
from app.core.database import Database
from app.core.errors import DomainError
from app.core.logging import configure_logging
from app.core.migrations import migrate
from app.core.models import Email
from app.core.passwords import passwords
from app.core.security import ADMIN

from . import models, service


def main() -> None:
    """Make the account that was named an admin."""
    parser = ArgumentParser("python -m app.features.accounts", description=__doc__)
    parser.add_argument("email")
    configure_logging(settings)
    try:
        email = TypeAdapter(Email).validate_python(parser.parse_args().email)
        migrate(settings.database_url)
        asyncio.run(_make_admin(email))
    except ValidationError as error:
        sys.exit("\n".join(problem["msg"] for problem in error.errors()))
    except DomainError as error:
        sys.exit(error.detail)


async def _make_admin(email: str) -> None:
    database = Database(settings.database_url)
    try:
        async with database.session() as session:
            account = await service.find_account(session, email)
            if account is None:
                hashed = await passwords.hash(_read_password().get_secret_value())
                account = await service.add_account(session, email, hashed)
            await service.add_role(session, account, ADMIN)
    finally:
        await database.close()


def _read_password() -> SecretStr:
    asked = sys.stdin.isatty()
    password = getpass() if asked else sys.stdin.readline().rstrip("\n")
    return TypeAdapter[SecretStr](models.Password).validate_python(password)


if __name__ == "__main__":
    main()
