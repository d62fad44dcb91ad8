"""The features of a backend, and which operation answers a request."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from petsage_builder.analyze.structured import read_requirements
from petsage_builder.analyze.vocabulary import Subject, Vocabulary
from petsage_builder.decode import JsonValue
from petsage_builder.lazy import lazy
from petsage_builder.plan.resources import ResourceView
from petsage_builder.reference.state import Home, UnmodelledError
from petsage_builder.spec.resources import Parent, Resource

PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Kind:
    """A resource of a feature, and the system that it is part of."""

    system: "System"
    feature: str
    subject: Subject

    @property
    def home(self) -> Home:
        """Return what its rows are found by."""
        return self.feature, self.subject.name

    @property
    def resource(self) -> Resource:
        """Return what the payload says of it."""
        return self.subject.resource

    @lazy
    def view(self) -> ResourceView:
        """Return its names."""
        return ResourceView(self.subject)

    @property
    def words(self) -> str:
        """Return its name as a message has it."""
        return self.subject.name.replace("_", " ")

    def above(self, role: str) -> "Kind":
        """Return what a row belongs to in a role."""
        link = self.resource.belongs_to[role]
        return self.system.kind(link.feature or self.feature, link.to or role)

    def linked(self, role: str) -> "Kind":
        """Return what a row is linked to in a role."""
        link = self.resource.many_to_many[role]
        target = self.subject.vocabulary.target(role, link)
        assert target  # noqa: S101 - `align` has seen it
        return self.system.kind(link.feature or self.feature, target.name)

    @property
    def below(self) -> Iterator[tuple["Kind", str, Parent]]:
        """Give each kind whose rows belong to one of these, in which role, and how."""
        for kind in self.system.kinds:
            for role, parent in kind.resource.belongs_to.items():
                if kind.above(role).home == self.home:
                    yield kind, role, parent


@dataclass(frozen=True, slots=True)
class Call:
    """An operation of a kind that answers a request, and the ids in its path."""

    kind: Kind
    operation: str
    ids: Mapping[str, str]


@dataclass(frozen=True)
class System:
    """The requirements of each feature with data."""

    features: Mapping[str, Vocabulary]

    @classmethod
    def of(cls, requests: Mapping[str, JsonValue]) -> "System":
        """Return the system of some features, by the requirements of each."""
        known = {
            feature: read_requirements(written)
            for feature, written in requests.items()
            if isinstance(written, dict)
        }
        return cls({name: Vocabulary(one, known) for name, one in known.items()})

    @lazy
    def _kinds(self) -> dict[Home, Kind]:
        return {
            (feature, name): Kind(self, feature, Subject(vocabulary, name))
            for feature, vocabulary in self.features.items()
            for name in vocabulary.resources
        }

    @property
    def kinds(self) -> list[Kind]:
        """Return every kind of rows."""
        return [*self._kinds.values()]

    def kind(self, feature: str, name: str) -> Kind:
        """Return one kind of rows."""
        return self._kinds[feature, name]

    def call(self, method: str, path: str) -> Call | None:
        """Return which operation answers a request; None if no feature has the path.

        Raises `UnmodelledError` for a method that the path does not have.
        """
        there = False
        for pattern, operations in self._routes:
            if found := pattern.fullmatch(path):
                there = True
                if method.lower() in operations:
                    kind, operation = operations[method.lower()]
                    return Call(kind, operation, found.groupdict())
        if there:
            raise UnmodelledError("the path does not have this method")
        return None

    @lazy
    def _routes(self) -> list[tuple[re.Pattern[str], dict[str, tuple[Kind, str]]]]:
        """Return the operations of each path, those without an id first."""
        found: dict[str, dict[str, tuple[Kind, str]]] = {}
        for kind in self.kinds:
            for end in kind.view.endpoints:
                found.setdefault(end.path, {})[end.method] = kind, end.operation
        ordered = sorted(found, key=lambda path: len(PARAMETER.findall(path)))
        return [
            (re.compile(PARAMETER.sub(r"(?P<\1>[^/]+)", p)), found[p]) for p in ordered
        ]
