"""Whose a row is: its own owner's, or that of the parent that has one."""

from dataclasses import dataclass

from petsage_builder.analyze.vocabulary import Subject
from petsage_builder.spec.resources import Link, Parent, Resource
from petsage_builder.wording import camel, plural_of


@dataclass(frozen=True, slots=True)
class Step:
    """A parent through which a row has its owner."""

    role: str
    parent: Parent
    subject: Subject


def relations_of(resource: Resource) -> list[tuple[str, Parent | Link]]:
    """Return each role of a resource, and what it leads to."""
    return [*resource.belongs_to.items(), *resource.many_to_many.items()]


def plural(subject: Subject) -> str:
    """Return the name of many rows of a resource."""
    return subject.resource.plural or plural_of(subject.name)


def way_to_owner(subject: Subject) -> tuple[Step, ...]:
    """Return the parents between a row and its owner; none if it is owned itself.

    The first parent in the payload that has an owner decides, those that a row always
    has before the others.
    """
    if subject.resource.owned_by:
        return ()
    parents = sorted(
        subject.resource.belongs_to.items(), key=lambda item: item[1].optional
    )
    for role, parent in parents:
        target = subject.vocabulary.target(role, parent)
        if target and target != subject and target.is_owned:
            return (Step(role, parent, target), *way_to_owner(target))
    return ()


def owner_criterion(subject: Subject) -> str:
    """Return what is true of the rows that an actor owns, as SQLAlchemy has it."""
    way = way_to_owner(subject)
    name = camel(subject.name)
    if not way:
        return f"{name}.owner_id == actor.id"
    first = way[0]
    parent = camel(first.subject.name)
    return (
        f"{name}.{first.role}_id.in_("
        f"select({parent}.id).where(own_{plural(first.subject)}(actor)))"
    )


def owns(subject: Subject, row: str, *, denied: bool = False) -> str:
    """Return the condition that an actor owns a loaded row, or does not."""
    found, closed = "", row
    for step in way_to_owner(subject):
        closed = f"{closed}.{step.role}"
        if step.parent.optional:
            found += f"{closed} is {'None or' if denied else 'not None and'} "
    text = f"{found}{closed}.owner_id {'!=' if denied else '=='} actor.id"
    return f"({text})" if found else text
