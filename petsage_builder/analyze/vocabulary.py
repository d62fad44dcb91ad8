"""What the words in a payload's requirements stand for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from petsage_builder.analyze.expressions import (
    Scope,
    read_condition,
    read_expression,
)
from petsage_builder.analyze.structured import nearest
from petsage_builder.analyze.tokens import ExpressionError
from petsage_builder.errors import Problem
from petsage_builder.lazy import lazy
from petsage_builder.spec.expressions import Kind
from petsage_builder.spec.fields import Bounded, ComputedField, EnumField, FieldSpec
from petsage_builder.spec.resources import Link, Parent, Requirements, Resource
from petsage_builder.wording import plural_of

ROLES = ("user", "admin")
EVERY_ROW: Mapping[str, Kind] = {
    "id": "id",
    "created_at": "datetime",
    "updated_at": "datetime",
}


@dataclass(frozen=True)
class Vocabulary:
    """All resources of a payload, and how they know each other.

    `others` are the requirements of features that are there already, by their names;
    None while nobody has looked.
    """

    requirements: Requirements
    others: Mapping[str, Requirements] | None = None

    @property
    def resources(self) -> Mapping[str, Resource]:
        """Return the resources by name."""
        return self.requirements.resources

    @property
    def roles(self) -> tuple[str, ...]:
        """Return every role that an account can have."""
        return (*ROLES, *self.requirements.roles)

    @lazy
    def givable(self) -> Mapping[str, "Subject | None"]:
        """Return each resource of which a scenario can have a row, by its name.

        Those of this payload, and what they refer to in other features: None while
        nobody has looked.
        """
        found: dict[str, Subject | None] = {}
        for resource in self.resources.values():
            links: list[tuple[str, Parent | Link]] = [
                *resource.belongs_to.items(),
                *resource.many_to_many.items(),
            ]
            for role, link in links:
                if link.feature:
                    found[link.to or role] = self.target(role, link)
        return found | {name: Subject(self, name) for name in self.resources}

    def target(self, role: str, link: Parent | Link) -> "Subject | None":
        """Return the resource that `role` stands for, if it is known."""
        home: Vocabulary | None = self
        if link.feature:
            other = (self.others or {}).get(link.feature)
            home = Vocabulary(other, self.others) if other else None
        name = link.to or role
        return Subject(home, name) if home and name in home.resources else None

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
                target = self.target(role, parent)
                if self.others is None or (target and target.is_owned):
                    yield role
            else:
                yield from self._owners(parent.to or role, seen | {name})

    @lazy
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

    @lazy
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

    @lazy
    def stored(self) -> Mapping[str, FieldSpec]:
        """Return the fields that are kept, and not computed."""
        fields = self.resource.fields.items()
        return {n: f for n, f in fields if not isinstance(f, ComputedField)}

    @lazy
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

    @property
    def children(self) -> Mapping[str, tuple[str, "Subject"]]:
        """Return the resources of this feature whose rows belong to one row of this.

        Each by the name of many of them, with the role of this one. One that belongs
        to it in two roles is none of them: which is meant would be a guess.
        """
        found = {}
        for name, resource in self.vocabulary.resources.items():
            roles = [
                role
                for role, parent in resource.belongs_to.items()
                if not parent.feature and (parent.to or role) == self.name
            ]
            if len(roles) == 1:
                many = resource.plural or plural_of(name)
                found[many] = roles[0], Subject(self.vocabulary, name)
        return found

    @lazy
    def scope(self) -> Scope:
        """Return what the rules of this resource may speak of."""
        fields: dict[str, Kind] = {}
        enums: dict[str, tuple[str, ...]] = {}
        never_zero: set[str] = set()
        for prefix, subject in self.around("", 2):
            fields |= {f"{prefix}{n}": k for n, k in subject.columns.items() if k}
            known = subject.vocabulary.enums[subject.name].items()
            enums |= {f"{prefix}{name}": words for name, words in known}
            never_zero |= {f"{prefix}{name}" for name in subject.never_zero}
        return Scope(fields, enums, frozenset(never_zero))

    @property
    def never_zero(self) -> Iterator[str]:
        """Give each number whose bounds exclude zero, and hold for all that is in it.

        A default that is copied or calculated is not held to them.
        """
        for name, field in self.stored.items():
            if isinstance(field, Bounded) and field.excludes_zero:
                is_made = field.default_from or field.default_expression
                yield from () if is_made else (name,)

    def around(self, prefix: str, depth: int) -> Iterator[tuple[str, "Subject"]]:
        """Give this resource and its parents, each with the path that leads there."""
        yield prefix, self
        for role, parent in self.resource.belongs_to.items() if depth else ():
            if subject := self.vocabulary.target(role, parent):
                yield from subject.around(f"{prefix}{role}.", depth - 1)

    def wrong_condition(self, text: str | None, where: str) -> Iterator[Problem]:
        """Give the problem of a condition, if it has one."""
        if text is not None:
            yield from self._wrong(text, where, condition=True)

    def wrong_expression(self, text: str | None, where: str) -> Iterator[Problem]:
        """Give the problem of an expression, if it has one."""
        if text is not None:
            yield from self._wrong(text, where, condition=False)

    def kind_of(self, text: str | None) -> Kind | None:
        """Return what an expression makes; None if it cannot be read."""
        try:
            return read_expression(text, self.scope).kind if text else None
        except ExpressionError:
            return None

    def _wrong(self, text: str, where: str, *, condition: bool) -> Iterator[Problem]:
        try:
            (read_condition if condition else read_expression)(text, self.scope)
        except ExpressionError as error:
            if self.is_unseen(error.said):
                return
            known = [*self.scope.fields, *self.scope.words]
            near = nearest(error.said, known) if error.said else ""
            yield Problem(where, error.what, error.accepted, near)

    def is_unseen(self, path: str) -> bool:
        """Say whether a path leads to a feature at which nobody has looked."""
        parent = self.resource.belongs_to.get(path.partition(".")[0])
        unseen = self.vocabulary.others is None and parent and parent.feature
        return bool("." in path and unseen)

    def inherited_owner(self, names: list[str], where: str) -> Iterator[Problem]:
        """Give `owner` where a column is asked for, and only a parent has that."""
        if "owner" in names and self.is_owned and not self.resource.owned_by:
            what = "the owner is that of a parent"
            place = f"{where}[{names.index('owner')}]"
            yield Problem(place, what, "owned_by: user, or the parent")

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
