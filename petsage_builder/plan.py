"""What `align` decides: every name, path and text of a feature, spelled once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from petsage_builder.blueprint.backend import Backend
from petsage_builder.manifest import Manifest, manifest_path
from petsage_builder.spec import Probe


@dataclass(frozen=True, slots=True)
class Names:
    """A feature's name in each of the places where it is spelled.

    For `smoke_test`: title `Smoke Test`, label `smoke test`, class prefix
    `SmokeTest`, route `/smoke-test/`.
    """

    feature: str

    @property
    def title(self) -> str:
        """Return the name as a heading has it."""
        return self.label.title()

    @property
    def label(self) -> str:
        """Return the name as a sentence has it."""
        return self.feature.replace("_", " ")

    @property
    def camel(self) -> str:
        """Return the name as a class has it."""
        return self.title.replace(" ", "")

    @property
    def prefix(self) -> str:
        """Return the path below which the feature answers."""
        return "/" + self.feature.replace("_", "-")

    @property
    def package(self) -> str:
        """Return the folder of the feature's modules."""
        return f"app/features/{self.feature}"

    @property
    def test(self) -> str:
        """Return the path of the feature's tests."""
        return f"tests/test_{self.feature}.py"

    @property
    def manifest(self) -> str:
        """Return the path of the feature's manifest."""
        return manifest_path(self.feature)


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

    @property
    def route(self) -> str:
        """Return the path of the endpoint."""
        return f"{self.names.prefix}/"

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


Plan: TypeAlias = ProbePlan
