"""How a new row of a resource comes to be: who may make it, from what, how many."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from petsage_builder.lazy import lazy
from petsage_builder.plan.access import Access, has_any, is_role
from petsage_builder.plan.numbers import grouped
from petsage_builder.plan.ownership import plural, way_to_owner
from petsage_builder.plan.views import FieldView
from petsage_builder.python_text import literal
from petsage_builder.spec.resources import Grant
from petsage_builder.wording import article

if TYPE_CHECKING:
    from petsage_builder.plan.resources import ResourceView

SIGNED_IN, OWNER, ANYBODY = "user", "owner", "public"


@dataclass(frozen=True, slots=True)
class Limit:
    """How many rows there may be: of whom, counted how, and what is said.

    `said` has `{}` where the `number` stands, if that is the same for everybody; `part`
    is where the payload says it, below `limits`. What is `optional` may not be there: a
    parent that says no number has room for any.
    """

    part: str
    whose: str
    column: str
    key: str
    most: str
    said: str
    number: int | None = None
    optional: bool = False

    @property
    def message(self) -> str:
        """Return what is said, as source."""
        if self.number is not None:
            return "f" + literal(self.said.format(f"{{{self.most}}}"))
        return literal(self.said)


@dataclass(frozen=True)
class Creation:
    """What `create` needs to know."""

    view: "ResourceView"

    @property
    def grants(self) -> list[Grant]:
        """Return who may create a row."""
        return self.view.subject.resource.access.get("create", [])

    @property
    def people(self) -> set[str]:
        """Return who may create a row unconditionally, an owner being any user."""
        own = self.view.is_owned
        return {
            SIGNED_IN if grant.who == OWNER and own else grant.who
            for grant in self.grants
            if grant.when is None
        }

    @lazy
    def permits(self) -> Mapping[str, str]:
        """Return for the parent that has the owner what must be true of it."""
        way = way_to_owner(self.view.subject)
        asked = OWNER in self.people and not self.people & {SIGNED_IN, ANYBODY}
        if not way or not asked or way[0].parent.optional or self.is_conditional:
            return {}
        parent = way[0]
        own = f"own_{plural(parent.subject)}(actor)"
        roles = sorted(filter(is_role, self.people))
        seeing = Access(parent.subject).reading or frozenset({(OWNER, None)})
        if {who for who, _ in seeing} <= {OWNER, *roles}:
            return {}  # nobody else sees it
        if not roles:
            return {parent.role: own}
        return {parent.role: f"true() if {has_any(roles, optional=False)} else {own}"}

    @property
    def is_conditional(self) -> bool:
        """Say whether somebody may create some rows only."""
        return any(grant.when for grant in self.grants)

    @property
    def condition(self) -> str:
        """Return what must be true of an actor who is nobody's owner."""
        people = self.people
        if people & {SIGNED_IN, ANYBODY} or OWNER in people or self.is_conditional:
            return ""
        return has_any(sorted(people), optional=False)

    @property
    def rule(self) -> str:
        """Return what must be true of the stored row, if only that can tell."""
        people = self.people
        if people & {SIGNED_IN, ANYBODY}:
            return ""
        way = way_to_owner(self.view.subject)
        late = OWNER in people and bool(way) and way[0].parent.optional
        if not self.is_conditional and not late:
            return ""
        return self.view.access.expression(self.view.access.rules["create"], "create")

    @property
    def limits(self) -> Iterator[Limit]:
        """Give how many rows there may be."""
        view, limits = self.view, self.view.subject.resource.limits
        if limits.per_owner is not None:
            said = f"You have reached the limit of {{}} {view.labels}."
            owner = ("an owner", "owner_id", "actor.id", self.constant("owner"))
            yield Limit("per_owner", *owner, said, limits.per_owner)
        for parent in view.parents:
            most = limits.per_parent.get(parent.role)
            if most is None:
                continue
            whose = article(parent.label)
            number = most if isinstance(most, int) else None
            optional = False
            if number is not None:
                bound = self.constant(parent.role)
                said = f"{whose.capitalize()} has {{}} {view.labels} at most."
            else:
                said = f"This {parent.label} has no room for another {view.label}."
                bound = f"{parent.variable}.{most}"
                optional = view.rules.names()[parent.role, str(most)].optional
            key = f"{parent.variable}.id"
            part = f"per_parent.{parent.role}"
            counted = part, whose, parent.column, key
            yield Limit(*counted, bound, said, number, optional)

    @property
    def quotas(self) -> Iterator[tuple[str, str]]:
        """Give the constants that say how many."""
        limits = self.view.subject.resource.limits
        if limits.per_owner is not None:
            yield self.constant("owner"), grouped(limits.per_owner)
        for role, most in limits.per_parent.items():
            if isinstance(most, int):
                yield self.constant(role), grouped(most)

    def constant(self, whose: str) -> str:
        """Return the name of a limit."""
        return f"{self.view.plural}_per_{whose}".upper()

    @property
    def arguments(self) -> Iterator[str]:
        """Give what a row is made with, besides what was sent."""
        view = self.view
        if view.is_owned:
            yield "owner_id=actor.id"
        for parent in view.parents:
            yield f"{parent.role}={parent.variable}"
        yield from (f"{link.role}={link.role}" for link in view.links)
        yield from (f"{child.role}=[]" for child in view.children)
        for name in ("created_at", "updated_at"):
            if view.reads(name):
                yield f"{name}=utc_now()"
        for field in view.fields:
            if field.spec.read_only and field.is_clock:
                yield f"{field.name}={field.dynamic_default}"
            elif field.spec.read_only and field.default:
                yield f"{field.name}={field.default}"
        if view.state:
            yield f"{view.state}={view.state_enum}.{view.initial}"

    @property
    def made_with(self) -> list[str]:
        """Return all that a row is made with."""
        if not self.view.settable and not self.view.parents:
            return list(self.arguments)
        ids = set_of([link.ids for link in self.view.links])
        excluded = f"exclude={ids}" if ids else ""
        return [*self.arguments, f"**data.model_dump({excluded})"]

    @property
    def guarded(self) -> list[FieldView]:
        """Return the fields that not everybody who creates a row may set."""
        return [
            f
            for f in self.view.guarded_in("create")
            if OWNER not in (f.spec.write or ()) or not self.view.is_owned
        ]

    def may(self, field: FieldView) -> str:
        """Return the condition that the actor may set a field of a row to be."""
        who, way = field.spec.write or [], way_to_owner(self.view.subject)
        found = self.view.may(who, "row")
        return found.replace(f"row.{way[0].role}", way[0].role) if way else found

    @property
    def late_defaults(self) -> list[FieldView]:
        """Return the fields that get a value unless one was sent."""
        return [f for f in self.view.settable if f.is_dynamic]

    @property
    def own_defaults(self) -> list[FieldView]:
        """Return the fields that nobody sends, and that other fields decide."""
        return [
            f
            for f in self.view.fields
            if f.spec.read_only and f.is_dynamic and not f.is_clock
        ]


def set_of(names: list[str]) -> str:
    """Return names as a set in Python; nothing if there are none."""
    return f"{{{', '.join(map(literal, names))}}}" if names else ""


def related(view: "ResourceView") -> str:
    """Return what was sent in a change and is no column, as a set."""
    return set_of([link.ids for link in view.links])
