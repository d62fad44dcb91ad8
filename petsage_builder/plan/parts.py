"""What a resource is made of, by the names that its files spell."""

from collections.abc import Iterator
from dataclasses import dataclass

from petsage_builder.analyze.vocabulary import Subject, states_of
from petsage_builder.lazy import lazy
from petsage_builder.plan.access import Access
from petsage_builder.plan.moves import Move
from petsage_builder.plan.names import enum_of
from petsage_builder.plan.ownership import plural, way_to_owner
from petsage_builder.plan.relations import ChildView, LinkView, ParentView
from petsage_builder.plan.rules import Rules
from petsage_builder.plan.views import FieldView
from petsage_builder.spec.fields import AnyField, EnumField
from petsage_builder.wording import (
    article,
    camel,
    label,
    member,
    path,
    sentence,
)


@dataclass(frozen=True, slots=True)
class EnumView:
    """An enum: its class, and each member with its word."""

    name: str
    doc: str
    members: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Parts:
    """The names, fields, relations and states of one resource."""

    subject: Subject

    @property
    def name(self) -> str:
        """Return its name, also of the variable that holds a row."""
        return self.subject.name

    @property
    def label(self) -> str:
        """Return its name as a sentence has it."""
        return label(self.name)

    @property
    def a(self) -> str:
        """Return its name with an article."""
        return article(self.label)

    @property
    def plural(self) -> str:
        """Return the name of many, and of the table."""
        return plural(self.subject)

    @property
    def labels(self) -> str:
        """Return the name of many as a sentence has it."""
        return label(self.plural)

    @property
    def camel(self) -> str:
        """Return the class of a row."""
        return camel(self.name)

    @property
    def path(self) -> str:
        """Return where its rows answer."""
        single = self.subject.resource.one_per_user
        return path(self.name if single else self.plural)

    @property
    def id(self) -> str:
        """Return the name of its id, in paths and elsewhere."""
        return f"{self.name}_id"

    @property
    def doc(self) -> str:
        """Return what it is."""
        said = self.subject.resource.description
        return sentence(said or self.a)

    @property
    def is_owned(self) -> bool:
        """Say whether a row has an owner of its own."""
        return self.subject.resource.owned_by is not None

    @property
    def one_per_user(self) -> bool:
        """Say whether a user has one at most."""
        return self.subject.resource.one_per_user

    @lazy
    def access(self) -> Access:
        """Return who may do what."""
        return Access(self.subject)

    @lazy
    def rules(self) -> Rules:
        """Return its rules."""
        return Rules(self.subject)

    @lazy
    def fields(self) -> tuple[FieldView, ...]:
        """Return the fields that are kept."""
        return tuple(
            FieldView(self.name, name, spec)
            for name, spec in self.subject.stored.items()
            if isinstance(spec, AnyField)
        )

    def field(self, name: str) -> FieldView:
        """Return one field."""
        return next(f for f in self.fields if f.name == name)

    @lazy
    def parents(self) -> tuple[ParentView, ...]:
        """Return what a row belongs to."""
        found = []
        for role, link in self.subject.resource.belongs_to.items():
            target = self.subject.vocabulary.target(role, link)
            assert target is not None, role  # noqa: S101 - `align` has seen it
            found.append(ParentView(role, link, target))
        return tuple(found)

    @lazy
    def links(self) -> tuple[LinkView, ...]:
        """Return what a row has to do with."""
        found = []
        for role, link in self.subject.resource.many_to_many.items():
            target = self.subject.vocabulary.target(role, link)
            assert target is not None, role  # noqa: S101 - `align` has seen it
            found.append(LinkView(self.subject, role, link, target))
        return tuple(found)

    @lazy
    def children(self) -> tuple[ChildView, ...]:
        """Return what belongs to a row and is shown with it."""
        return tuple(
            ChildView(many, f"{role}_id", child)
            for many, (role, child) in self.subject.children.items()
            if many in self.subject.resource.embed
        )

    @property
    def state(self) -> str:
        """Return the field that holds the state, if there is one."""
        states = self.subject.resource.states
        return states.field if states else ""

    @property
    def state_enum(self) -> str:
        """Return the class of the states."""
        return enum_of(self.name, self.state)

    @property
    def initial(self) -> str:
        """Return the member of the first state."""
        states = self.subject.resource.states
        return member(states.initial) if states else ""

    @lazy
    def moves(self) -> tuple[Move, ...]:
        """Return the ways from state to state."""
        states = self.subject.resource.states
        moves = states.transitions.items() if states else ()
        return tuple(Move(self.rules, action, move) for action, move in moves)

    @property
    def enums(self) -> Iterator[EnumView]:
        """Give its enums."""
        for view in self.fields:
            if isinstance(view.spec, EnumField):
                doc = sentence(
                    view.spec.description or f"what the {view.label} of {self.a} can be"
                )
                words = tuple((member(word), word) for word in view.spec.values)
                yield EnumView(enum_of(self.name, view.name), doc, words)
        if self.state:
            words = tuple(
                (member(word), word) for word in states_of(self.subject.resource)
            )
            yield EnumView(self.state_enum, f"How far {self.a} is.", words)

    @property
    def settable(self) -> tuple[FieldView, ...]:
        """Return the fields that a caller may send."""
        return tuple(f for f in self.fields if not f.spec.read_only)

    @property
    def changeable(self) -> tuple[FieldView, ...]:
        """Return the fields that a caller may change."""
        return tuple(f for f in self.settable if not f.spec.immutable)

    @property
    def movable(self) -> tuple[ParentView, ...]:
        """Return the parents that can change: not those that give a row its owner."""
        way = () if self.is_owned else way_to_owner(self.subject)
        fixed = {way[0].role} if way else set()
        fixed |= set(self.subject.resource.limits.per_parent)
        return tuple(p for p in self.parents if p.role not in fixed)
