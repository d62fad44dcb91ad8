"""One resource, as the templates of a feature with data write it down."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from petsage_builder.analyze.vocabulary import Subject
from petsage_builder.lazy import lazy
from petsage_builder.plan.access import (
    Access,
    Function,
    Way,
    has_any,
    in_words,
    is_role,
)
from petsage_builder.plan.constraints import Constraint, constraints
from petsage_builder.plan.creation import Creation, related, set_of
from petsage_builder.plan.endpoints import Endpoint, endpoints
from petsage_builder.plan.grants import grants_of
from petsage_builder.plan.loading import Loading, reached
from petsage_builder.plan.moves import Move
from petsage_builder.plan.ownership import owns, plural
from petsage_builder.plan.relations import ParentView
from petsage_builder.plan.rules import Overlap, Refusal
from petsage_builder.plan.views import CLOCKS, FieldView
from petsage_builder.solver.evaluation import comparisons
from petsage_builder.spec.expressions import Caller, Compare, Field
from petsage_builder.spec.fields import DecimalField, MoneyField
from petsage_builder.spec.resources import Check
from petsage_builder.wording import (
    joined,
    label,
)


@dataclass(frozen=True, slots=True)
class Within:
    """What is shown within a row, of which not everybody may read all."""

    role: str
    name: str
    is_list: bool
    is_optional: bool

    @property
    def function(self) -> str:
        """Return the function that shows what somebody may read of one."""
        return f"show_{self.name}"


class ResourceView(Loading):
    """Everything about one resource that its files spell."""

    @lazy
    def within(self) -> tuple[Within, ...]:
        """Return what is shown within a row as far as somebody may read it."""
        found = []
        for role in self.subject.resource.embed:
            _, target = reached(self.subject, role)
            parent = self.subject.resource.belongs_to.get(role)
            if type(self)(target).is_partial:
                optional = parent is not None and parent.optional
                found.append(Within(role, target.name, parent is None, optional))
        return tuple(found)

    @property
    def is_partial(self) -> bool:
        """Say whether not everybody who sees a row may read all that is shown of it."""
        return bool(self.hidden or self.within)

    def has(self, operation: str) -> bool:
        """Say whether an operation exists."""
        return operation in self.access.rules

    @property
    def aliases(self) -> Iterator[FieldView]:
        """Give the fields whose type has a name of its own, as something uses it."""
        returned = (DecimalField, MoneyField)
        sent = self._sent
        return (
            f
            for f in self.fields
            if f.alias and (f.name in sent or isinstance(f.spec, returned))
        )

    @property
    def _sent(self) -> set[str]:
        """Return the names of the fields that some request has."""
        created = self.settable if self.has("create") else ()
        changed = ("update", "replace")
        changes = self.changeable if any(map(self.has, changed)) else ()
        named = {name for move in self.moves for name in move.requires}
        return named | {field.name for field in (*created, *changes)}

    def actor_of(self, operation: str) -> str:
        """Return the type of the actor that the service is told of, if it must be."""
        way = self.listing_way if operation == "list" else self.way(operation)
        reads = operation in {"get", "list"}
        return way.actor if way.asks_for_actor or not reads else ""

    def way(self, operation: str) -> Way:
        """Return how an operation finds its row."""
        return self.access.way(operation)

    @property
    def creator(self) -> str:
        """Return the type of who creates a row."""
        return self.access.caller(self.access.rules["create"])

    def people(self, operation: str) -> str:
        """Return who may do something, in words."""
        return in_words(grants_of(self.subject.resource, operation))

    @lazy
    def functions(self) -> tuple[Function, ...]:
        """Return the functions of its access rules."""
        _ = self.creation.rule
        resource = self.subject.resource
        for operation in ("get", "list", "update", "replace", "delete"):
            if self.has(operation) and operation == "list":
                self.access.listing()
            elif self.has(operation):
                self.way(operation)
        for action in resource.states.transitions if resource.states else ():
            self.way(action)
        return tuple(self.access.functions())

    @lazy
    def creation(self) -> Creation:
        """Return how a new row comes to be."""
        return Creation(self)

    @lazy
    def constraints(self) -> tuple[Constraint, ...]:
        """Return its constraints and indexes."""
        return tuple(constraints(self))

    @lazy
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return its endpoints."""
        return tuple(endpoints(self))

    def may_miss(self, endpoint: Endpoint) -> bool:
        """Say whether an endpoint can miss a row, although its path has no id."""
        refers = endpoint.operation == "create" and bool(self.parents or self.links)
        is_own = endpoint.operation.endswith("_own")
        return "{" not in endpoint.path and (refers or is_own)

    @property
    def related(self) -> str:
        """Return what a change sends and is no column, as a set."""
        return related(self)

    @property
    def listing_way(self) -> Way:
        """Return which rows its list has."""
        return self.access.listing()

    def nested_actor(self, parent: ParentView) -> str:
        """Return the type of the actor that a list of one parent's rows asks for."""
        types = {self.actor_of("list")}
        if "actor" in parent.seen:
            types.add(Access(parent.subject).actor_seeing)
        return next((t for t in ("Actor", "Actor | None") if t in types), "")

    @property
    def goes_along(self) -> str:
        """Return what is removed with a row, as the end of a sentence."""
        return ", and all that belongs to it" if self.gone_along else ""

    @property
    def gone_along(self) -> str:
        """Return the rows that are removed with one, in words."""
        children = [
            label(plural(Subject(self.subject.vocabulary, name)))
            for name, resource in self.subject.vocabulary.resources.items()
            for role, parent in resource.belongs_to.items()
            if not parent.feature
            and (parent.to or role) == self.name
            and parent.on_delete == "cascade"
        ]
        return joined(children)

    def move_checks(self, move: Move) -> bool:
        """Say whether a move can break a rule that the row has kept so far."""
        return not self.rules.lasting_names().isdisjoint({self.state, *move.requires})

    def move_overlaps(self, overlap: Overlap, move: Move) -> bool:
        """Say whether a move can make a row lie in time with another one."""
        if not overlap.counts_in(move.transition.to):
            return False
        asks_state = bool(re.search(rf"\.{self.state}\b", overlap.counts))
        counted = all(map(overlap.counts_in, move.transition.from_))
        begins = asks_state and (overlap.states is None or not counted)
        return begins or not {overlap.begin, overlap.end}.isdisjoint(move.requires)

    @lazy
    def is_for_others(self) -> bool:
        """Say whether a rule keeps who owns all from making a row, or what it needs."""
        checks = (r.check for r in self.subject.resource.rules if isinstance(r, Check))
        needed = (
            ResourceView(parent.subject)
            for parent in self.parents
            if not parent.link.optional and parent.subject != self.subject
        )
        return any(map(self.keeps_owners_out, checks)) or any(
            v.is_for_others for v in needed
        )

    def keeps_owners_out(self, condition: str) -> bool:
        """Say whether a condition cannot be true for who owns all."""
        callers = {
            field.name
            for field in self.fields
            if field.spec.read_only and field.dynamic_default == CLOCKS["caller"]
        }
        parts = comparisons(self.rules.condition(condition))
        return any(_keeps_owners_out(part, callers) for part in parts)

    def begins_overlapping(self, overlap: Overlap) -> bool:
        """Say whether a new row can lie in time with another one."""
        states = self.subject.resource.states
        return states is None or overlap.counts_in(states.initial)

    def overlaps_in(
        self, overlap: Overlap, operation: str, move: Move | None = None
    ) -> bool:
        """Say whether an operation can make a row lie in time with another one."""
        if move:
            return self.move_overlaps(overlap, move)
        if operation == "create":
            return self.begins_overlapping(overlap)
        return any(map(overlap.counts_in, self.rules.open_states(operation)))

    def ask_caller(self, checks: Iterable[Refusal]) -> bool:
        """Say whether some checks speak of the caller."""
        return any("actor." in check.condition for check in checks)

    def may(self, who: list[str], row: str) -> str:
        """Return the condition that the actor is one of `who`, for a loaded row."""
        ways = [has_any(roles, optional=False)] if (roles := _roles(who)) else []
        if "owner" in who:
            ways.append(owns(self.subject, row))
        return " or ".join(ways)

    def may_not(self, who: list[str], row: str) -> str:
        """Return the condition that the actor is none of `who`, for a loaded row."""
        parts = (
            [f"not {has_any(roles, optional=False)}"] if (roles := _roles(who)) else []
        )
        if "owner" in who:
            parts.append(owns(self.subject, row, denied=True))
        found = " and ".join(parts)
        if "None" not in self.shown_to:
            return found
        return f"actor is None or {f'({found})' if len(parts) > 1 else found}"

    @property
    def shown_to(self) -> str:
        """Return the type of whoever gets a row to see."""
        rules = self.access.rules.items()
        shown = (rule for operation, rule in rules if operation != "delete")
        known = all(self.access.caller(rule) == "Actor" for rule in shown)
        return "Actor" if known else "Actor | None"

    @property
    def writes(self) -> bool:
        """Say whether anything can happen to its rows."""
        return bool(self.access.rules.keys() - {"get", "list"})

    def reads(self, column: str) -> bool:
        """Say whether a rule reads a column of a row that may not be stored yet."""
        return any(f"{self.name}.{column}" in text for text in self.rules.texts())

    @property
    def left(self) -> str:
        """Return what a whole row sends and is not simply set."""
        kept = f"{set_of(self.kept)} - data.model_fields_set" if self.kept else ""
        if self.related and kept:
            return f"{self.related} | ({kept})"
        return self.related or kept


def _roles(who: list[str]) -> list[str]:
    return [name for name in who if is_role(name)]


def _keeps_owners_out(part: Compare, callers: Collection[str]) -> bool:
    """Say whether a rule wants the caller, or an owner, to be another than an owner.

    `callers` are fields that have the caller's id whenever a row is made.
    """
    match part:
        case Compare("!=", Field(path), Caller()) | Compare(
            "!=", Caller(), Field(path)
        ):
            return path[-1] == "owner"
        case Compare("!=", Field(path), Field(other)):
            ends = [one[-1] for one in (path, other)]
            made = [len(one) == 1 and one[0] in callers for one in (path, other)]
            return "owner" in ends and all(
                end == "owner" or is_caller
                for end, is_caller in zip(ends, made, strict=True)
            )
    return False
