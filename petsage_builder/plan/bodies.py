"""What is sent and returned for the rows of a resource, as lines of models."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from petsage_builder.plan.grants import grants_of
from petsage_builder.plan.parts import Parts
from petsage_builder.plan.relations import LinkView, ParentView
from petsage_builder.plan.views import FieldView
from petsage_builder.spec.resources import Listing
from petsage_builder.wording import camel, label

# How the type of a computed field is called where it is shown.
SHOWN = {"time": "TimeOfDay", "timedelta": "SignedSpan"}


@dataclass(frozen=True, slots=True)
class Query:
    """What a list can be asked for, as a model."""

    name: str
    base: str
    doc: str
    lines: tuple[str, ...]


class Bodies(Parts):
    """The lines of a resource's models."""

    @property
    def create_lines(self) -> Iterator[str]:
        """Give the lines of the model of a new row."""
        for parent in self.parents:
            yield f"{parent.column}: {parent.sent}{' = None' * parent.link.optional}"
        yield from (f.in_create for f in self.settable)
        for link in self.links:
            yield _many(link.ids)

    @property
    def replace_lines(self) -> Iterator[str]:
        """Give the lines of the model of a whole row."""
        for parent in self.movable:
            yield f"{parent.column}: {parent.sent}{' = None' * parent.link.optional}"
        for f in self.changeable:
            yield f.in_patch if f.name in self.kept else f.in_create
        for link in self.links:
            yield _many(link.ids)

    @property
    def patch_lines(self) -> Iterator[str]:
        """Give the lines of the model of a change."""
        for parent in self.movable:
            yield f"{parent.column}: {parent.sent} = UNCHANGED"
        yield from (f.in_patch for f in self.changeable)
        for link in self.links:
            default = "Field(default_factory=list, max_length=100)"
            yield f"{link.ids}: list[UUID] = {default}"

    @property
    def response_lines(self) -> Iterator[str]:
        """Give the lines of the model of one row."""
        yield from self._answer(in_list=False)

    @property
    def item_lines(self) -> Iterator[str]:
        """Give the lines of the model of a row in a list."""
        yield from self._answer(in_list=True)

    @property
    def has_items(self) -> bool:
        """Say whether a row looks different in a list."""
        return "list" in self.access.rules and any(
            f.spec.sensitive and not f.spec.write_only for f in self.fields
        )

    def _answer(self, *, in_list: bool) -> Iterator[str]:
        yield "id: UUID"
        if self.is_owned:
            yield "owner_id: UUID"
        for parent in self.parents:
            yield f"{parent.column}: {parent.sent}"
        if self.state:
            yield f"{self.state}: {self.state_enum}"
        for view in self.fields:
            if not view.spec.write_only and not (in_list and view.spec.sensitive):
                yield view.in_response
        for found in self.rules.computed():
            base, *empty = found.type.split(" | ")
            yield f"{found.name}: {' | '.join([SHOWN.get(base, base), *empty])}"
        for link in self.links:
            yield f"{link.ids}: list[UUID]"
        for role in self.subject.resource.embed:
            yield self._embedded(role)
        yield "created_at: datetime"
        yield "updated_at: datetime"

    def _embedded(self, role: str) -> str:
        for parent in self.parents:
            if parent.role == role:
                empty = " | None" * parent.link.optional
                return f"{role}: {parent.camel}Response{empty}"
        for child in self.children:
            if child.role == role:  # its model comes later in the module
                return f'{role}: list["{child.camel}Response"]'
        link = next(link for link in self.links if link.role == role)
        return f"{role}: list[{link.camel}Response]"

    @property
    def listing(self) -> Listing:
        """Return what its list can be asked for."""
        return self.subject.resource.listing or Listing()

    @property
    def sorts(self) -> list[str]:
        """Return the keys of its order, each in both directions."""
        listing = self.listing
        keys = dict.fromkeys((listing.default_sort.removeprefix("-"), *listing.sort))
        return [text for key in keys for text in (key, f"-{key}")]

    @property
    def nested(self) -> tuple[ParentView, ...]:
        """Return the parents that have a list of their own."""
        if "list" not in self.access.rules:
            return ()
        return tuple(
            p
            for p in self.parents
            if not p.link.optional
            and p.subject.name == p.role
            and not p.subject.resource.one_per_user
        )

    @property
    def queries(self) -> Iterator[Query]:
        """Give the queries of its lists; the first has what all have in common.

        What the path of a list says already is not asked for again.
        """
        parents = [(parent.role, _many(parent.column)) for parent in self.parents]
        common = tuple(self._query_lines)
        doc = f"Which {self.labels} to list."
        whole = Query(f"{self.camel}Query", "", doc, tuple(line for _, line in parents))
        if not self.nested:
            yield replace(whole, base="PageQuery", lines=(*common, *whole.lines))
            return
        shared = f"How to choose among {self.labels}, and in which order."
        base = Query(f"{self.camel}Filters", "PageQuery", shared, common)
        yield base
        yield replace(whole, base=base.name)
        for nested in self.nested:
            lines = tuple(line for role, line in parents if role != nested.role)
            if lines:
                doc = f"Which {self.labels} of one {nested.label} to list."
                yield Query(self.nested_query(nested), base.name, doc, lines)

    def nested_query(self, parent: ParentView) -> str:
        """Return the name of the query of the list below a parent."""
        many = len(self.parents) > 1
        name = camel(f"{self.name}_of_{parent.role}_query")
        return name if many else f"{self.camel}Filters"

    @property
    def filters_model(self) -> str:
        """Return the name of what the queries of all its lists have in common."""
        return next(self.queries).name

    @property
    def _query_lines(self) -> Iterator[str]:
        """Give the lines of the queries of all its lists."""
        choices = ", ".join(f'"{key}"' for key in self.sorts)
        yield f'sort: Literal[{choices}] = "{self.listing.default_sort}"'
        if self.state and self.state in self.listing.filter:
            yield _many(self.state, self.state_enum)
        for view in self.filtered:
            yield from view.query_lines
        if "owner" in self.listing.filter:
            yield _many("owner_id")
        for link in self.linked_filters:
            yield _many(link.filter)
        for name, kind in self.moments:
            for suffix in ("lt", "le", "gt", "ge"):
                yield f"{name}_{suffix}: {kind} | None = None"
        if self.listing.search:
            words = label(" or ".join(self.listing.search))
            said = f'default=None, description="A part of the {words}."'
            yield f"search: SearchText | None = Field({said})"

    @property
    def moments(self) -> list[tuple[str, str]]:
        """Return the moments of every row by which its list can be filtered."""
        return [
            (name, "Moment")
            for name in ("created_at", "updated_at")
            if name in self.listing.filter
        ]

    @property
    def filtered(self) -> list[FieldView]:
        """Return the fields by which its list can be filtered."""
        return [f for f in self.fields if f.name in self.listing.filter]

    @property
    def filters(self) -> list[str]:
        """Return the columns by which its list can be filtered."""
        return [
            *(parent.column for parent in self.parents),
            *(["owner_id"] if "owner" in self.listing.filter else []),
            *([self.state] if self.state and self.state in self.listing.filter else []),
            *(view.name for view in self.filtered),
            *(name for name, _ in self.moments),
        ]

    @property
    def has_body(self) -> bool:
        """Say whether there is anything to send for a new row."""
        return any(True for _ in self.create_lines)

    @property
    def linked_filters(self) -> list[LinkView]:
        """Return the links by which its list can be filtered."""
        return [link for link in self.links if link.role in self.listing.filter]

    @property
    def hidden(self) -> tuple[FieldView, ...]:
        """Return the fields that not everybody who sees a row may read."""
        return tuple(
            f
            for f in self.fields
            if f.spec.read is not None
            and not f.spec.write_only
            and not {"public", "user"} & set(f.spec.read)
        )

    @property
    def guarded(self) -> tuple[FieldView, ...]:
        """Return the fields that not everybody who writes a row may set."""
        return tuple(
            f
            for f in self.settable
            if f.spec.write is not None and not {"public", "user"} & set(f.spec.write)
        )

    def guarded_in(self, operation: str) -> tuple[FieldView, ...]:
        """Return those among them that not everybody may set who does an operation."""
        grants = grants_of(self.subject.resource, operation)
        people = {grant.who for grant in grants}
        return tuple(f for f in self.guarded if not people <= {*(f.spec.write or ())})

    @property
    def kept(self) -> list[str]:
        """Return the fields that stay as they are if a whole row does not name them."""
        guarded = {view.name for view in self.guarded}
        return [
            f.name
            for f in self.changeable
            if f.name in guarded or (f.is_dynamic and not f.spec.optional)
        ]


def _many(name: str, type_: str = "UUID") -> str:
    """Return the line of a parameter that has any number of values."""
    return f"{name}: list[{type_}] = Field(default=[], max_length=100)"
