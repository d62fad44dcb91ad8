"""Relations: what they lead to is there, and rows can come and go."""

from collections.abc import Iterator

from petsage_builder.analyze.structured import nearest
from petsage_builder.analyze.vocabulary import Subject
from petsage_builder.errors import Problem
from petsage_builder.spec.resources import Link, Parent

MOST_SHOWN = 100  # as many as a page has at most


def check_relations(subject: Subject) -> Iterator[Problem]:
    """Give each relation to nothing, or that no row can have."""
    resource = subject.resource
    for part, links in (
        ("belongs_to", resource.belongs_to),
        ("many_to_many", resource.many_to_many),
    ):
        for role, link in links.items():
            yield from _target(subject, f"{subject.where}.{part}.{role}", role, link)
    for role, parent in resource.belongs_to.items():
        where = f"{subject.where}.belongs_to.{role}"
        if parent.on_delete == "set_null" and not parent.optional:
            what = "cannot be set to null: it is not optional"
            yield Problem(
                f"{where}.on_delete", what, "cascade, restrict, optional: true"
            )
        if _leads_back(subject, role, parent):
            what = "needs a row that needs this one first"
            yield Problem(where, what, "optional: true in one of them")
    for index, role in enumerate(resource.embed):
        yield from _embedded(subject, role, f"{subject.where}.embed[{index}]")
    if resource.one_per_user and not resource.owned_by:
        where = f"{subject.where}.one_per_user"
        yield Problem(where, "nobody owns a row", "owned_by: user beside it")


def _embedded(subject: Subject, role: str, where: str) -> Iterator[Problem]:
    resource, children = subject.resource, subject.children
    if role in resource.belongs_to or role in resource.many_to_many:
        return
    if role not in children:
        known = [*resource.belongs_to, *resource.many_to_many, *children]
        what = f"{role[:80]!r} is no relation of {subject.name}"
        accepted = (
            ", ".join(known) or "a role in belongs_to or many_to_many, or children"
        )
        yield Problem(where, what, accepted, nearest(role, known))
    elif role in subject.columns or role in resource.fields:
        yield Problem(where, f"{role!r} is a field of {subject.name}", "another name")
    else:
        parent, child = children[role]
        most = child.resource.limits.per_parent.get(parent)
        if not isinstance(most, int) or most > MOST_SHOWN:
            what = f"shows any number of {role} with each {subject.name}"
            accepted = (
                f"limits: {{per_parent: {{{parent}: …}}}} of at most {MOST_SHOWN} "
                f"in {child.name}"
            )
            yield Problem(where, what, accepted)


def _target(
    subject: Subject, where: str, role: str, link: Parent | Link
) -> Iterator[Problem]:
    known = subject.vocabulary.resources
    if not link.feature and (link.to or role) not in known:
        name = link.to or role
        accepted = f"{', '.join(known)}, or the name of another `feature`"
        what = f"there is no resource {name[:80]!r}"
        yield Problem(where, what, accepted, nearest(name, known))


def _leads_back(subject: Subject, role: str, parent: Parent) -> bool:
    """Say whether required parents lead from a row back to itself."""
    resources = subject.vocabulary.resources
    due, seen = [(role, parent)], set[str]()
    while due:
        name, link = due.pop()
        target = link.to or name
        if link.optional or link.feature or target in seen:
            continue
        if target == subject.name:
            return True
        seen.add(target)
        if target in resources:
            due += resources[target].belongs_to.items()
    return False
