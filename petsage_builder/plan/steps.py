"""The steps of a way through a feature: requests, and what answers them."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeAlias

from petsage_builder.plan.endpoints import Endpoint
from petsage_builder.plan.resources import ResourceView
from petsage_builder.solver import Value as Sample


@dataclass(frozen=True, slots=True)
class Id:
    """The id that an earlier step was answered with, such as that of `pet_id`."""

    name: str


Value: TypeAlias = Sample | Id | list[Id]
Body: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True)
class Step:
    """One request, and the status that answers it.

    `keeps` is the name of the id that later steps need of the answer, or of the first
    row that it lists. `broken` is what the answer says, if the request is to be
    refused. A step that `prepares` moves a row so that another can belong to it.
    """

    view: ResourceView
    endpoint: Endpoint
    title: str
    status: HTTPStatus
    body: Body | None = None
    keeps: str = ""
    broken: str = ""
    prepares: bool = False

    @property
    def path(self) -> str:
        """Return the path, in which ids have the names of earlier ones."""
        return self.endpoint.path

    @property
    def method(self) -> str:
        """Return the method in capitals."""
        return self.endpoint.method.upper()
