"""The vocabulary of meaning: what a request asks for, typed and complete."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from petsage_builder.decode import JsonValue


@dataclass(frozen=True, slots=True)
class Probe:
    """An endpoint that shows that something the service depends on works."""

    feature: str
    description: str
    subject: Literal["logs"]
    assumptions: tuple[str, ...] = ()

    @property
    def canonical(self) -> Mapping[str, JsonValue]:
        """Return the request that says exactly this, however it was spelled."""
        return {
            "feature": self.feature,
            "description": self.description,
            "requirements": "none",
        }


Spec: TypeAlias = Probe
