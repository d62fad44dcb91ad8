"""The names of a feature, spelled once for every place."""

from dataclasses import dataclass

from petsage_builder.manifest import manifest_path
from petsage_builder.wording import camel, path


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
        return camel(self.feature)

    @property
    def prefix(self) -> str:
        """Return the path below which the feature answers."""
        return path(self.feature)

    @property
    def package(self) -> str:
        """Return the folder of the feature's modules."""
        return f"app/features/{self.feature}"

    @property
    def test(self) -> str:
        """Return the path of the feature's tests."""
        return f"tests/test_{self.feature}.py"

    @property
    def facts(self) -> str:
        """Return the folder of what its tests state, if that is long."""
        return f"tests/facts/{self.feature}"

    @property
    def migration(self) -> str:
        """Return the id of the feature's first migration."""
        return f"{self.feature}_1"

    @property
    def manifest(self) -> str:
        """Return the path of the feature's manifest."""
        return manifest_path(self.feature)


def enum_of(owner: str, name: str) -> str:
    """Return the class of an enum: of a field, or of the states."""
    return camel(f"{owner}_{name}")
