"""The vocabulary of meaning: what a request asks for, typed and complete."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from petsage_builder.decode import JsonValue
from petsage_builder.spec.resources import Requirements


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

    @property
    def structure(self) -> Mapping[str, Any]:
        """Return what was understood, as JSON values."""
        return {"kind": "probe", "feature": self.feature, "subject": self.subject}


@dataclass(frozen=True, slots=True)
class Resources:
    """Rows that are kept, and what may be done with them."""

    feature: str
    description: str
    requirements: Requirements
    assumptions: tuple[str, ...] = ()

    @property
    def canonical(self) -> Mapping[str, JsonValue]:
        """Return the request that says exactly this, however it was spelled."""
        return {
            "feature": self.feature,
            "description": self.description,
            "requirements": self.requirements.model_dump(
                mode="json", by_alias=True, exclude_defaults=True
            ),
        }

    @property
    def structure(self) -> Mapping[str, Any]:
        """Return what was understood, as JSON values, with nothing left out."""
        whole = self.requirements.model_dump(mode="json", by_alias=True)
        return {"kind": "resources", "feature": self.feature, **whole}


Spec: TypeAlias = Probe | Resources
