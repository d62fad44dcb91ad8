"""A probe, ready to be written down for one backend."""

from collections.abc import Mapping
from dataclasses import dataclass

from petsage_builder.allowances import NOTHING, Allowances
from petsage_builder.blueprint.backend import Backend
from petsage_builder.manifest import Manifest
from petsage_builder.plan.names import Names
from petsage_builder.spec import Probe


@dataclass(frozen=True, slots=True)
class ProbePlan:
    """A log probe, ready to be written down for one backend.

    `files` are the paths to be made, in the order of the report; `current` is what
    the backend says of the feature if it was built before.
    """

    spec: Probe
    backend: Backend
    names: Names
    summary: str
    description: str
    tag: str
    message: str
    log_line: str
    files: tuple[str, ...]
    main: str
    current: Manifest | None
    allowances: Allowances = NOTHING

    @property
    def logs(self) -> bool:
        """Say that the log shows something after the examples of the README."""
        return True

    @property
    def route(self) -> str:
        """Return the path of the endpoint."""
        return f"{self.names.prefix}/"

    @property
    def routes(self) -> tuple[str, ...]:
        """Return the paths that it answers."""
        return (self.route,)

    @property
    def logger(self) -> str:
        """Return the name of the logger that writes the line."""
        return f"app.features.{self.names.feature}.service"

    @property
    def context(self) -> Mapping[str, str]:
        """Return what the templates render."""
        return {
            "feature": self.names.feature,
            "title": self.names.title,
            "label": self.names.label,
            "camel": self.names.camel,
            "prefix": self.names.prefix,
            "route": self.route,
            "summary": self.summary,
            "description": self.description,
            "tag": self.tag,
            "message": self.message,
            "log_line": self.log_line,
            "logger": self.logger,
        }
