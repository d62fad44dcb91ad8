"""Access: whoever is named exists, and what is granted can be done."""

from collections.abc import Iterator, Sequence

from petsage_builder.analyze.structured import nearest
from petsage_builder.analyze.vocabulary import Subject
from petsage_builder.errors import Problem
from petsage_builder.spec.resources import Grant


def check_access(subject: Subject) -> Iterator[Problem]:
    """Give each grant that means nothing."""
    resource = subject.resource
    for operation, grants in resource.access.items():
        where = f"{subject.where}.access.{operation}"
        yield from _grants(subject, grants, where)
        if operation == "create" and resource.owned_by and _names(grants) & {"public"}:
            what = "public cannot own what it creates"
            yield Problem(where, what, "user, or a role")
    for action, move in (
        resource.states.transitions if resource.states else {}
    ).items():
        where = f"{subject.where}.states.transitions.{action}.by"
        yield from _grants(subject, move.by, where)
    for name, field in subject.stored.items():
        for part in ("read", "write"):
            people = getattr(field, part)
            where = f"{subject.where}.fields.{name}.{part}"
            yield from _people(subject, people or (), where)
    if not resource.access.keys() & {"update", "replace"}:
        return
    if not any(_can_be_set(field) for field in subject.stored.values()):
        what = "there is no field that could be changed"
        yield Problem(f"{subject.where}.access.update", what, "no update, or a field")


def _can_be_set(field: object) -> bool:
    return not (
        getattr(field, "immutable", False) or getattr(field, "read_only", False)
    )


def _names(grants: Sequence[Grant]) -> set[str]:
    return {grant.who for grant in grants}


def _grants(subject: Subject, grants: Sequence[Grant], where: str) -> Iterator[Problem]:
    yield from _people(subject, [grant.who for grant in grants], where)
    for index, grant in enumerate(grants):
        yield from subject.wrong_condition(grant.when, f"{where}[{index}].when")


def _people(subject: Subject, people: Sequence[str], where: str) -> Iterator[Problem]:
    known = ["public", "owner", *subject.vocabulary.roles]
    for index, who in enumerate(people):
        if who not in known:
            what = f"nobody is called {who[:80]!r}"
            accepted = f"{', '.join(known)}, or a role that `roles` declares"
            yield Problem(f"{where}[{index}]", what, accepted, nearest(who, known))
        elif who == "owner" and not subject.is_owned:
            what = "its rows have no owner"
            accepted = "owned_by: user, or a parent that is owned"
            yield Problem(f"{where}[{index}]", what, accepted)
        if who in people[:index]:
            yield Problem(f"{where}[{index}]", f"{who!r} is given twice", "each once")
