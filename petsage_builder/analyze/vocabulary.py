"""What the words in a payload's requirements stand for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from petsage_builder.analyze.expressions import (
    ExpressionError,
    Scope,
    read_condition,
    read_expression,
)
from petsage_builder.analyze.structured import nearest
from petsage_builder.errors import Problem
from petsage_builder.spec.expressions import Kind
from petsage_builder.spec.fields import ComputedField, EnumField, FieldSpec
from petsage_builder.spec.resources import Link, Parent, Requirements, Resource

ROLES = ("user", "admin")
EVERY_ROW: Mapping[str, Kind] = {
    "id": "id",
    "created_at": "datetime",
    "updated_at": "datetime",
}


@dataclass(frozen=True)
class Vocabulary:
    """All resources of a payload, and how they know each other."""

    requirements: Requirements

    @property
    def resources(self) -> Mapping[str, Resource]:
        """Return the resources by name."""
        return self.requirements.resources

    @property
    def roles(self) -> tuple[str, ...]:
        """Return every role that an account can have."""
        return (*ROLES, *self.requirements.roles)

    def target(self, role: str, link: Parent | Link) -> Resource | None:
        """Return the resource that `role` stands for, if this payload has it."""
        return None if link.feature else self.resources.get(link.to or role)

    def is_owned(self, name: str) -> bool:
        """Say whether a row has an owner: its own, or that of a parent."""
        return any(True for _ in self._owners(name, frozenset()))

    def _owners(self, name: str, seen: frozenset[str]) -> Iterator[str]:
        resource = self.resources.get(name)
        if resource is None or name in seen:
            return
        if resource.owned_by:
            yield name
        for role, parent in resource.belongs_to.items():
            if parent.feature:
                yield role  # the other feature may have owners; `align` sees to it
            else:
                yield from self._owners(parent.to or role, seen | {name})

    @cached_property
    def enums(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """Return the words that each enum of each resource has."""
        return {name: dict(_enums(r)) for name, r in self.resources.items()}


def _enums(resource: Resource) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, spec in resource.fields.items():
        if isinstance(spec, EnumField):
            yield name, tuple(spec.values)
    if resource.states:
        yield resource.states.field, states_of(resource)


def states_of(resource: Resource) -> tuple[str, ...]:
    """Return every state that is named, the initial one first."""
    if resource.states is None:
        return ()
    moves = resource.states.transitions.values()
    names = [resource.states.initial]
    for move in moves:
        names += [*move.from_, move.to]
    return tuple(dict.fromkeys(names))


@dataclass(frozen=True)
class Subject:
    """One resource, and the vocabulary that it is described in."""

    vocabulary: Vocabulary
    name: str

    @property
    def resource(self) -> Resource:
        """Return the resource itself."""
        return self.vocabulary.resources[self.name]

    @property
    def where(self) -> str:
        """Return where it stands."""
        return f"requirements.resources.{self.name}"

    @property
    def is_owned(self) -> bool:
        """Say whether its rows have an owner."""
        return self.vocabulary.is_owned(self.name)

    @property
    def stored(self) -> Mapping[str, FieldSpec]:
        """Return the fields that are kept, and not computed."""
        fields = self.resource.fields.items()
        return {n: f for n, f in fields if not isinstance(f, ComputedField)}

    @property
    def columns(self) -> Mapping[str, Kind | None]:
        """Return everything of a row that has a name of its own."""
        state = self.resource.states
        return {
            **EVERY_ROW,
            **({"owner": "id"} if self.is_owned else {}),
            **dict.fromkeys(self.resource.belongs_to, "id"),
            **{name: field.kind for name, field in self.stored.items()},
            **({state.field: "text"} if state else {}),
        }

    @cached_property
    def scope(self) -> Scope:
        """Return what the rules of this resource may speak of."""
        fields: dict[str, Kind] = {}
        enums: dict[str, tuple[str, ...]] = {}
        for prefix, subject in self._around("", 2):
            fields |= {f"{prefix}{n}": k for n, k in subject.columns.items() if k}
            known = self.vocabulary.enums[subject.name].items()
            enums |= {f"{prefix}{name}": words for name, words in known}
        return Scope(fields, enums)

    def _around(self, prefix: str, depth: int) -> Iterator[tuple[str, "Subject"]]:
        """Give this resource and its parents, each with the path that leads there."""
        yield prefix, self
        for role, parent in self.resource.belongs_to.items() if depth else ():
            if self.vocabulary.target(role, parent):
                subject = Subject(self.vocabulary, parent.to or role)
                yield from subject._around(f"{prefix}{role}.", depth - 1)

    def wrong_condition(self, text: str | None, where: str) -> Iterator[Problem]:
        """Give the problem of a condition, if it has one."""
        if text is not None:
            yield from self._wrong(text, where, condition=True)

    def wrong_expression(self, text: str | None, where: str) -> Iterator[Problem]:
        """Give the problem of an expression, if it has one."""
        if text is not None:
            yield from self._wrong(text, where, condition=False)

    def _wrong(self, text: str, where: str, *, condition: bool) -> Iterator[Problem]:
        try:
            (read_condition if condition else read_expression)(text, self.scope)
        except ExpressionError as error:
            known = [*self.scope.fields, *self.scope.words]
            near = nearest(error.said, known) if error.said else ""
            yield Problem(where, error.what, error.accepted, near)

    def unknown_columns(self, names: list[str], where: str) -> Iterator[Problem]:
        """Give each name that no column has."""
        for index, name in enumerate(names):
            if name not in self.columns:
                yield Problem(
                    f"{where}[{index}]",
                    f"{name[:80]!r} is no field of {self.name}",
                    ", ".join(self.columns),
                    nearest(name, self.columns),
                )
