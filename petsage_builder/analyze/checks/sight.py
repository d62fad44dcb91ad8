"""Sight: nobody is shown, or asked for, what they may not see."""

from collections.abc import Iterator

from petsage_builder.analyze.expressions import read_expression
from petsage_builder.analyze.tokens import ExpressionError
from petsage_builder.analyze.vocabulary import Subject
from petsage_builder.errors import Problem
from petsage_builder.spec.fields import AnyField, ComputedField
from petsage_builder.spec.resources import (
    Check,
    Frozen,
    Grant,
    Link,
    NoOverlap,
    Parent,
    Resource,
)
from petsage_builder.wording import article

READING = ("get", "list")


def check_sight(subject: Subject) -> Iterator[Problem]:
    """Give what would show a row to whoever may not see it, or needs to know them."""
    yield from _shown(subject)
    yield from _unknown_callers(subject)
    yield from _unmakeable(subject)


def _shown(subject: Subject) -> Iterator[Problem]:
    resource = subject.resource
    for part, links in (
        ("belongs_to", resource.belongs_to),
        ("many_to_many", resource.many_to_many),
    ):
        for role, link in links.items():
            target = subject.vocabulary.target(role, link)
            where = f"{subject.where}.{part}.{role}"
            if role in resource.embed:
                where = f"{subject.where}.embed[{resource.embed.index(role)}]"
            if target is None or (part == "belongs_to" and role not in resource.embed):
                continue
            if blind := _blind(subject, target, role):
                one = article(subject.name)
                what = f"{blind} may see {one}, but not each {target.name}"
                accepted = f"get of {target.name} for everybody who gets {subject.name}"
                yield Problem(where, what, accepted)
            if role in resource.embed:
                yield from _partial(subject, target, where)
    for many, (role, child) in subject.children.items():
        if many in resource.embed:
            where = f"{subject.where}.embed[{resource.embed.index(many)}]"
            yield from _shown_below(subject, child, role, where)


def _shown_below(
    subject: Subject, child: Subject, role: str, where: str
) -> Iterator[Problem]:
    """Give who sees a row, but not each of those that belong to it."""
    seeing = {grant.who for grant in _readers(child.resource) if grant.when is None}
    if not _has_this_owner(child, subject, role):
        seeing.discard("owner")
    # A row that was just made has none; but what shows parts of rows knows who looks.
    shown = (f for one in (child, *_shown_within(child)) for f in one.stored.values())
    parts = any(isinstance(field, AnyField) and field.read for field in shown)
    looks = _looks(subject.resource, *(() if parts else ("create",)))
    looking = [grant.who for grants in looks for grant in grants]
    for who in looking:
        if not seeing & {who, "public"} and ("user" not in seeing or who == "public"):
            what = f"{who} may see {article(subject.name)}, but not each {child.name}"
            accepted = f"get of {child.name} for everybody who gets {subject.name}"
            yield Problem(where, what, accepted)
            break
    yield from _partial(subject, child, where)


def _partial(subject: Subject, target: Subject, where: str) -> Iterator[Problem]:
    if _leads_back(target, subject):
        what = f"{target.name!r} would show {subject.name!r} again, without end"
        yield Problem(where, what, "the id alone")
    is_near = target.vocabulary is subject.vocabulary
    shown = [target] if is_near else [target, *_shown_within(target)]
    for one in shown:
        hidden = [
            name
            for name, field in one.stored.items()
            if isinstance(field, AnyField)
            and (field.sensitive or (field.read and not is_near))
        ]
        if hidden:
            what = f"{', '.join(hidden)} of {one.name} cannot be shown to everybody"
            limits = "sensitive" if is_near else "read, sensitive"
            yield Problem(where, what, f"the id alone, or a field without {limits}")


def _shown_within(target: Subject, depth: int = 20) -> Iterator[Subject]:
    """Give what is shown within a row, and within that."""
    for near in _embedded(target) if depth else ():
        yield near
        yield from _shown_within(near, depth - 1)


def _leads_back(target: Subject, home: Subject, depth: int = 20) -> bool:
    if target == home or not depth:
        return True
    return any(_leads_back(near, home, depth - 1) for near in _embedded(target))


def _embedded(target: Subject) -> Iterator[Subject]:
    """Give what is shown within a row."""
    resource = target.resource
    links: list[tuple[str, Parent | Link]] = [
        *resource.belongs_to.items(),
        *resource.many_to_many.items(),
    ]
    for role, link in links:
        near = target.vocabulary.target(role, link)
        if near and role in resource.embed:
            yield near
    for role, (_, child) in target.children.items():
        if role in resource.embed:
            yield child


def _blind(subject: Subject, target: Subject, role: str) -> str:
    """Return who may see rows of `subject`, but not each row that they refer to."""
    seeing = {grant.who for grant in _readers(target.resource) if grant.when is None}
    if "public" in seeing:
        return ""
    for grants in _looks(subject.resource):
        for grant in grants:
            who = grant.who
            owns = who == "owner" and not _has_this_owner(subject, target, role)
            if who == "public" or (
                "user" not in seeing and (owns or who not in seeing)
            ):
                return who
    return ""


def _looks(resource: Resource, *but: str) -> Iterator[list[Grant]]:
    """Give who does each of what is answered with a row, but for some operations."""
    for grants in (resource.access, _moves(resource)):
        for operation, people in grants.items():
            if operation not in {"delete", *but}:
                yield people


def _has_this_owner(subject: Subject, target: Subject, role: str) -> bool:
    """Say whether the owner of a row owns what `role` stands for, for sure."""
    resource = subject.resource
    owned = [
        name
        for name, parent in resource.belongs_to.items()
        if (t := subject.vocabulary.target(name, parent)) and t.is_owned
    ]
    return resource.owned_by is None and owned == [role] and target.is_owned


def _readers(resource: Resource) -> list[Grant]:
    return resource.access.get("get") or resource.access.get("list") or []


def _moves(resource: Resource) -> dict[str, list[Grant]]:
    moves = resource.states.transitions.items() if resource.states else ()
    return {action: move.by for action, move in moves}


def _unknown_callers(subject: Subject) -> Iterator[Problem]:
    """Give what asks who calls, where nobody need say."""
    resource = subject.resource
    for name, field in resource.fields.items():
        where = f"{subject.where}.fields.{name}"
        if isinstance(field, ComputedField) and _asks(subject, field.value):
            what = "depends on who looks"
            yield Problem(f"{where}.value", what, "the row, its parents and the clock")
    for operation, grants in (*resource.access.items(), *_moves(resource).items()):
        for index, grant in enumerate(grants):
            place = f"{subject.where}.access.{operation}[{index}]"
            if grant.who != "public":
                continue
            if grant.when and _asks(subject, grant.when):
                what = "asks who calls, and the public does not say"
                yield Problem(f"{place}.when", what, "user, or no `caller`")
            if operation not in READING and (asking := _asking(subject)):
                what = f"{asking} asks who calls, and the public does not say"
                yield Problem(place, what, "user, or a role")


def _asking(subject: Subject) -> str:
    """Return what of a resource must know the caller, if there is any."""
    for name, field in subject.stored.items():
        if isinstance(field, AnyField) and (field.write or field.default == "caller"):
            return f"the field {name}"
    for index, rule in enumerate(subject.resource.rules):
        match rule:
            case Check():
                text: str | None = rule.check
            case Frozen() | NoOverlap():
                text = rule.when
        if text and _asks(subject, text):
            return f"rule {index}"
    return ""


def _asks(subject: Subject, text: str) -> bool:
    try:
        return "Caller(" in repr(read_expression(text, subject.scope))
    except ExpressionError:
        return False  # another check says why


def _unmakeable(subject: Subject) -> Iterator[Problem]:
    resource = subject.resource
    if "create" not in resource.access and not resource.seed:
        what = "nobody may create one, and none is there from the beginning"
        yield Problem(f"{subject.where}.access", what, "create in access, or seed rows")
