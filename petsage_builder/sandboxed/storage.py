"""The database of a backend in the sandbox."""

from importlib import import_module


def migrate() -> None:
    """Bring the database that `DATABASE_URL` names to the backend's newest tables."""
    settings = import_module("app.core.config").settings
    import_module("app.core.migrations").migrate(settings.database_url)
