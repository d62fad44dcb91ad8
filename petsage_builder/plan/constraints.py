"""What the database keeps true of a table, and finds quickly in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from petsage_builder.plan.access import OWNER
from petsage_builder.python_text import literal
from petsage_builder.spec.fields import AnyField
from petsage_builder.wording import identifier, joined, label

if TYPE_CHECKING:
    from petsage_builder.plan.resources import ResourceView


@dataclass(frozen=True, slots=True)
class Constraint:
    """A unique constraint, with what is said when it is broken, or an index."""

    table: str
    columns: tuple[str, ...]
    conflict: str = ""

    @property
    def is_unique(self) -> bool:
        """Say whether no two rows may agree in these columns."""
        return bool(self.conflict)

    @property
    def name(self) -> str:
        """Return its name in the database."""
        kind = "uq" if self.is_unique else "ix"
        return identifier("_".join((kind, self.table, *self.columns)))

    @property
    def quoted(self) -> str:
        """Return its columns as arguments."""
        return ", ".join(map(literal, self.columns))

    @property
    def in_table(self) -> str:
        """Return how the table declares it."""
        if self.is_unique:
            conflict = f'info={{"conflict": {literal(self.conflict)}}}'
            name = f"name={literal(self.name)}, " if self.is_long else ""
            return f"sa.UniqueConstraint({self.quoted}, {name}{conflict})"
        return (
            f"sa.Index({literal(self.name) if self.is_long else None}, {self.quoted})"
        )

    @property
    def is_long(self) -> bool:
        """Say whether the naming convention would make a name that is too long."""
        kind = "uq" if self.is_unique else "ix"
        return "_".join((kind, self.table, *self.columns)) != self.name


def constraints(view: "ResourceView") -> Iterator[Constraint]:
    """Give what the table of a resource needs, each once."""
    yield from _unique(view)
    seen: set[tuple[str, ...]] = set()
    for columns in _indexes(view):
        if columns not in seen:
            seen.add(columns)
            yield Constraint(view.plural, columns)


def _unique(view: "ResourceView") -> Iterator[Constraint]:
    if view.one_per_user:
        yield Constraint(view.plural, ("owner_id",), f"You have {view.a} already.")
    for name, field in view.subject.stored.items():
        if not isinstance(field, AnyField) or not field.unique:
            continue
        said = label(name)
        if field.unique is True:
            conflict = f"Another {view.label} has this {said}."
            yield Constraint(view.plural, (name,), conflict)
        elif field.unique == "per_owner":
            conflict = f"Another of your {view.labels} has this {said}."
            yield Constraint(view.plural, ("owner_id", name), conflict)
        else:
            others = [_column(view, other) for other in field.unique]
            words = joined([label(other) for other in field.unique])
            conflict = f"Another {view.label} of this {words} has this {said}."
            yield Constraint(view.plural, (*others, name), conflict)


def _column(view: "ResourceView", name: str) -> str:
    is_row = name == "owner" or name in view.subject.resource.belongs_to
    return f"{name}_id" if is_row else name


def _indexes(view: "ResourceView") -> Iterator[tuple[str, ...]]:
    keys = dict.fromkeys(key.removeprefix("-") for key in view.sorts)
    default = next(iter(keys))
    if view.is_owned and not view.one_per_user:
        yield from (("owner_id", key, "id") for key in keys)
    for parent in view.parents:
        yield parent.column, default, "id"
    rule = view.access.rules.get("list", frozenset())
    if any(who != OWNER for who, _ in rule):
        yield from ((key, "id") for key in keys)
        for name in view.filters:
            if not name.endswith("_at") and name not in keys:
                is_parent = any(parent.column == name for parent in view.parents)
                yield from () if is_parent else ((name, default, "id"),)
    for name, field in view.subject.stored.items():
        if isinstance(field, AnyField) and field.indexed and name not in keys:
            yield (name,)
