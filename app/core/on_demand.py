"""Features that are imported when the first request for them comes.

With `FEATURES_ON_DEMAND=true`, `python -m app` calls `import_on_demand` before it
imports `app.main`. From then on
`from app.features.pets.router import router` gives a router that knows the paths of
its feature, as its text has them, and imports the feature once somebody needs its
routes. A router of which the text does not tell all is imported at once. Without that
call, as in tests and for Alembic, imports are what they always are.

A feature is imported in the event loop, so that no other request meets a half of it.
"""

import logging
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from threading import RLock
from types import ModuleType

from fastapi import APIRouter

from app.core.router_text import read_paths
from app.core.tables import Base

logger = logging.getLogger(__name__)

ROUTER = re.compile(r"app\.features\.\w+\.router")


class OnDemandRouter(APIRouter):
    """Stands for the router of a feature, and has its routes once they are needed."""

    _lock = RLock()
    _waiting: "list[OnDemandRouter]" = []  # noqa: RUF012 - all share it

    def __init__(self, module: ModuleType, loader: Loader, paths: list[str]) -> None:
        super().__init__()
        self.paths = paths
        self.is_imported = False
        self._module = module
        self._loader = loader
        self._error: Exception | None = None
        self._waiting.append(self)

    def _get_routes_version(self, seen: set[int] | None = None) -> int:
        """Import the feature: FastAPI asks for this before it uses any route."""
        if not self.is_imported:
            with self._lock:
                self._import()
                self._import_what_tables_name()
        return super()._get_routes_version(seen)

    def _import(self) -> None:
        if self.is_imported:
            return
        name = self._module.__name__
        try:
            if self._error is None:
                self._loader.exec_module(self._module)
        except Exception as error:
            logger.exception("feature.failed", extra={"router": name})
            self._error = error
        if self._error:
            raise ImportError(f"{name} cannot be imported") from self._error
        self.routes = self._module.router.routes
        self.is_imported = True
        self._waiting.remove(self)

    def _import_what_tables_name(self) -> None:
        """Import others until each foreign key has its table: it may be a mere name."""
        for other in [*self._waiting]:
            if _is_complete():
                return
            with suppress(ImportError):  # which is logged
                other._import()  # noqa: SLF001 - of the same class


def _is_complete() -> bool:
    tables = Base.metadata.tables
    return all(
        key.target_fullname.rpartition(".")[0] in tables
        for table in tables.values()
        for key in table.foreign_keys
    )


class _OnDemandLoader(Loader):
    def __init__(self, loader: Loader, paths: list[str]) -> None:
        self._loader = loader
        self._paths = paths

    def exec_module(self, module: ModuleType) -> None:
        """Give the module a router; its text runs later, in the same module."""
        router = OnDemandRouter(module, self._loader, self._paths)
        vars(module)["router"] = router


class _Finder(MetaPathFinder):
    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Find the router of a feature, and leave everything else to others."""
        if not ROUTER.fullmatch(fullname):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.loader is None or spec.origin is None:
            return None
        if paths := read_paths(Path(spec.origin)):
            spec.loader = _OnDemandLoader(spec.loader, paths)
        return spec


def import_on_demand() -> None:
    """Let the features that are imported from now on wait until they are needed."""
    sys.meta_path.insert(0, _Finder())
