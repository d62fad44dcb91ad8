"""A resource as a puzzle: fields to be given values, and rules that must hold."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from petsage_builder.analyze.expressions import read_condition, read_expression
from petsage_builder.analyze.vocabulary import EVERY_ROW, Subject
from petsage_builder.lazy import lazy
from petsage_builder.solver.acceptance import accepts
from petsage_builder.solver.evaluation import Scene, evaluate, leaves
from petsage_builder.solver.samples import FromNow, FromToday, Row, Value
from petsage_builder.solver.worlds import WORLDS, Real, Unseen, World, read
from petsage_builder.spec.expressions import Expression, Field, Kind
from petsage_builder.spec.fields import AnyField, Timed
from petsage_builder.spec.resources import Check


class Wish(Check):
    """What should be true of a row beside the rules, in whatever state it is then."""


class Absent:
    """What stands in a draft for a field that is not sent."""


ABSENT = Absent()
Draft: TypeAlias = Mapping[str, Value | Absent]
CLOCKS = ("now", "today")


@dataclass(frozen=True, slots=True)
class Law:
    """A check rule, read: its index in the rules, its tree, and its settable fields.

    If it is a wish, the row may be in `any_state`.
    """

    index: int
    tree: Expression
    fields: frozenset[str]
    any_state: bool = False


@dataclass(frozen=True)
class Puzzle:
    """One resource, and the sample rows that will be its parents."""

    subject: Subject
    parents: Mapping[str, Row]
    known: dict[tuple[str, str], bool] = field(default_factory=dict)

    @lazy
    def fields(self) -> Mapping[str, AnyField]:
        """Return the fields that a caller can set."""
        return {
            name: spec
            for name, spec in self.subject.stored.items()
            if isinstance(spec, AnyField) and not spec.read_only
        }

    @lazy
    def required(self) -> frozenset[str]:
        """Return the fields that must be sent."""
        return frozenset(n for n, f in self.fields.items() if not _can_be_absent(f))

    @lazy
    def laws(self) -> tuple[Law, ...]:
        """Return the check rules."""
        rules = enumerate(self.subject.resource.rules)
        return tuple(self._law(i, rule) for i, rule in rules if isinstance(rule, Check))

    def _law(self, index: int, rule: Check) -> Law:
        tree = read_condition(rule.check, self.subject.scope)
        names = set(_own_names(tree))
        for spec in (self.subject.stored.get(name) for name in tuple(names)):
            if isinstance(spec, AnyField) and spec.default_expression is not None:
                default = read_expression(spec.default_expression, self.subject.scope)
                names |= set(_own_names(default))
        known = frozenset(names & self.fields.keys())
        return Law(index, tree, known, isinstance(rule, Wish))

    def takes(self, name: str, value: Value) -> bool:
        """Say whether a field takes a value."""
        key = name, repr(value)
        if key not in self.known:
            spec = self.fields[name]
            self.known[key] = spec.optional if value is None else accepts(spec, value)
        return self.known[key]

    @lazy
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Return the fields that rules tie together, in the order of the resource."""
        return tuple(self._groups())

    def group_of(self, name: str) -> tuple[str, ...]:
        """Return the fields that rules tie to one, itself among them."""
        return next(group for group in self.groups if name in group)

    def _groups(self) -> Iterator[tuple[str, ...]]:
        left = list(self.fields)
        while left:
            found = {left[0]}
            for _ in self.laws:
                for law in self.laws:
                    found |= law.fields if law.fields & found else set()
            yield tuple(name for name in left if name in found)
            left = [name for name in left if name not in found]

    def laws_of(self, names: Iterable[str]) -> tuple[Law, ...]:
        """Return the rules that speak of any of the fields."""
        wanted = set(names)
        return tuple(law for law in self.laws if law.fields & wanted)

    def looks_at_clock(self, name: str) -> bool:
        """Say whether a field must be seen relative to the time of the test."""
        group = self.group_of(name)
        specs = [self.fields[member] for member in group]
        if any(isinstance(s, Timed) and s.not_before in CLOCKS for s in specs):
            return True
        laws = self.laws_of(group)
        return any(
            self.is_relative(leaf, {}) for law in laws for leaf in leaves(law.tree)
        )

    def is_relative(self, leaf: Expression, draft: Draft) -> bool:
        """Say whether a part of a rule depends on when the test runs."""
        if not isinstance(leaf, Field):
            return True
        if len(leaf.path) == 1:
            spec = self.subject.stored.get(leaf.path[0])
            default = spec.default if isinstance(spec, AnyField) else None
            unset = draft.get(leaf.path[0], ABSENT) is ABSENT and default in CLOCKS
            moving = isinstance(draft.get(leaf.path[0]), FromToday | FromNow)
            return unset or moving or leaf.path[0] in ("created_at", "updated_at")
        row = self.parents.get(".".join(leaf.path[:-1]), {})
        return isinstance(row.get(leaf.path[-1]), FromToday | FromNow)

    def verdicts(self, law: Law, draft: Draft) -> Iterator[Real]:
        """Give what a rule says of a row in each world."""
        scenes = (self.scene(draft, world, law) for world in WORLDS)
        return (evaluate(law.tree, scene) for scene in scenes)

    def holds(self, law: Law, draft: Draft) -> bool:
        """Say whether a row keeps a rule, whenever the test runs."""
        return all(verdict is not False for verdict in self.verdicts(law, draft))

    def breaks(self, law: Law, draft: Draft) -> bool:
        """Say whether a row breaks a rule, whenever the test runs."""
        return all(verdict is False for verdict in self.verdicts(law, draft))

    def scene(
        self, draft: Draft, world: World = WORLDS[0], law: Law | None = None
    ) -> Scene:
        """Return what a row is in a world, for a rule if its state matters."""
        state = self.subject.resource.states
        unknown = (state.field,) if state and law and law.any_state else ()

        def value(leaf: Field) -> Real:
            if leaf.path == unknown:
                return Unseen.UNKNOWN
            return self._value(leaf, draft, world)

        return Scene(world, value)

    def _value(self, leaf: Field, draft: Draft, world: World) -> Real:
        if len(leaf.path) > 1:
            return self._parents_value(leaf, world)
        name = leaf.path[0]
        value = draft.get(name, ABSENT)
        if not isinstance(value, Absent):
            return read(value, leaf.kind, world)
        return self._unset(name, leaf.kind, draft, world)

    def _unset(self, name: str, kind: Kind, draft: Draft, world: World) -> Real:
        """Return what a field is if nobody sets it."""
        state, spec = self.subject.resource.states, self.subject.stored.get(name)
        if state and state.field == name:
            return state.initial
        if name in ("created_at", "updated_at"):
            return world.now
        if name in EVERY_ROW or name == "owner":
            return Unseen.PRESENT
        if isinstance(spec, AnyField):
            return self._default(spec, kind, {**draft, name: None}, world)
        if self._is_left_out(name):
            return None
        there = name in self.parents or name in self.subject.resource.belongs_to
        return Unseen.PRESENT if there else Unseen.UNKNOWN

    def _is_left_out(self, role: str) -> bool:
        """Say whether sample rows do without a parent: they need not have it."""
        link = self.subject.resource.belongs_to.get(role)
        return link is not None and link.optional

    def _default(self, spec: AnyField, kind: Kind, draft: Draft, world: World) -> Real:
        scope = self.subject.scope
        if spec.default_from is not None:
            path = tuple(spec.default_from.split("."))
            return self._parents_value(Field(path, kind), world)
        if spec.default_expression is not None:
            tree = read_expression(spec.default_expression, scope)
            return evaluate(tree, self.scene(draft, world))
        match spec.default, kind:
            case "now", "datetime":
                return world.now
            case "today", "date":
                return world.today
            case "new" | "caller", "id":
                return Unseen.PRESENT
            case default, _:
                return read(default, kind, world)

    def _parents_value(self, leaf: Field, world: World) -> Real:
        if self._is_left_out(leaf.path[0]):
            return None
        row = self.parents.get(".".join(leaf.path[:-1]), {})
        name = leaf.path[-1]
        return read(row[name], leaf.kind, world) if name in row else Unseen.UNKNOWN


def _own_names(tree: Expression) -> Iterator[str]:
    found = (leaf for leaf in leaves(tree) if isinstance(leaf, Field))
    return (leaf.path[0] for leaf in found if len(leaf.path) == 1)


def _can_be_absent(spec: AnyField) -> bool:
    defaults = (spec.default, spec.default_from, spec.default_expression)
    return spec.optional or any(default is not None for default in defaults)
