"""What the paths of a rule stand for in the code of a feature."""

from collections.abc import Iterator

from petsage_builder.analyze.vocabulary import EVERY_ROW, Subject
from petsage_builder.compiler import Attribute, Number
from petsage_builder.plan.names import enum_of
from petsage_builder.plan.ownership import way_to_owner
from petsage_builder.spec.fields import (
    AnyField,
    DecimalField,
    EnumField,
    FieldSpec,
    FloatField,
    IntegerField,
    MoneyField,
)
from petsage_builder.wording import camel

DEPTH = 2  # as `Subject.scope` has it


def attributes(subject: Subject, row: str) -> dict[tuple[str, ...], Attribute]:
    """Return each path that a rule of `subject` may have, `row` being the row."""
    return dict(_around(subject, (), row, (), (), DEPTH))


def _around(  # noqa: PLR0913, PLR0917 - what is known on the way
    subject: Subject,
    path: tuple[str, ...],
    python: str,
    relations: tuple[str, ...],
    guards: tuple[str, ...],
    depth: int,
) -> Iterator[tuple[tuple[str, ...], Attribute]]:
    table = camel(subject.name)
    for name, column, optional, field in _columns(subject):
        enum, number = _kinds(subject, name, field)
        yield (
            (*path, name),
            Attribute(
                python=f"{python}.{column}",
                table=table,
                column=column,
                relations=relations,
                optional=optional or bool(guards),
                guards=guards,
                enum=enum,
                number=number,
            ),
        )
    if subject.is_owned and not subject.resource.owned_by:
        yield from _inherited_owner(subject, path, python, relations, guards)
    for role, parent in subject.resource.belongs_to.items() if depth else ():
        if target := subject.vocabulary.target(role, parent):
            there = f"{python}.{role}"
            yield from _around(
                target,
                (*path, role),
                there,
                (*relations, f"{table}.{role}"),
                (*guards, there) if parent.optional else guards,
                depth - 1,
            )


def _inherited_owner(
    subject: Subject,
    path: tuple[str, ...],
    python: str,
    relations: tuple[str, ...],
    guards: tuple[str, ...],
) -> Iterator[tuple[tuple[str, ...], Attribute]]:
    table, optional = subject, bool(guards)
    for step in way_to_owner(subject):
        relations = (*relations, f"{camel(table.name)}.{step.role}")
        python = f"{python}.{step.role}"
        guards = (*guards, python) if step.parent.optional else guards
        optional = optional or step.parent.optional
        table = step.subject
    attribute = Attribute(
        python=f"{python}.owner_id",
        table=camel(table.name),
        column="owner_id",
        relations=relations,
        optional=optional,
        guards=guards,
    )
    yield (*path, "owner"), attribute


def _columns(subject: Subject) -> Iterator[tuple[str, str, bool, FieldSpec | None]]:
    """Give each name, its column, whether it may be empty, and its field if any."""
    resource = subject.resource
    yield from ((name, name, False, None) for name in EVERY_ROW)
    if resource.owned_by:
        yield "owner", "owner_id", False, None
    for role, parent in resource.belongs_to.items():
        yield role, f"{role}_id", parent.optional, None
    for name, field in subject.stored.items():
        optional = isinstance(field, AnyField) and field.optional
        yield name, name, optional, field
    if resource.states:
        yield resource.states.field, resource.states.field, False, None


def _kinds(
    subject: Subject, name: str, field: FieldSpec | None
) -> tuple[str | None, Number | None]:
    states = subject.resource.states
    if isinstance(field, EnumField) or (states and states.field == name):
        return enum_of(subject.name, name), None
    match field:
        case IntegerField():
            return None, "integer"
        case DecimalField() | MoneyField():
            return None, "decimal"
        case FloatField():
            return None, "float"
        case _:
            return None, None
