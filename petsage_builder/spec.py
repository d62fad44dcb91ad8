"""The vocabulary of meaning: what a request asks for, typed and complete."""

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Probe:
    """An endpoint that shows that something the service depends on works."""

    feature: str
    description: str
    subject: Literal["logs"]
    assumptions: tuple[str, ...] = ()


Spec: TypeAlias = Probe
