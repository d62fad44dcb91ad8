"""Rules and limits: they speak of fields that are there, and can be kept."""

from collections.abc import Iterator

from petsage_builder.analyze.vocabulary import EVERY_ROW, Subject
from petsage_builder.errors import Problem
from petsage_builder.spec.fields import ComputedField
from petsage_builder.spec.resources import Check, Frozen, NoOverlap, Rule
from petsage_builder.wording import article

MOMENTS = {"date", "datetime"}


def check_rules(subject: Subject) -> Iterator[Problem]:
    """Give what is wrong with each rule, computed field and limit."""
    for index, rule in enumerate(subject.resource.rules):
        yield from _rule(subject, rule, f"{subject.where}.rules[{index}]")
    for name, field in subject.resource.fields.items():
        if isinstance(field, ComputedField):
            where = f"{subject.where}.fields.{name}.value"
            yield from subject.wrong_expression(field.value, where)
    yield from _limits(subject)


def _rule(subject: Subject, rule: Rule, where: str) -> Iterator[Problem]:
    match rule:
        case Check():
            yield from subject.wrong_condition(rule.check, f"{where}.check")
            if not rule.lasts and "create" not in subject.resource.access:
                what = "nobody creates a row"
                yield Problem(f"{where}.on", what, "create in access, or no `on`")
        case Frozen():
            yield from subject.wrong_condition(rule.when, f"{where}.when")
            yield from subject.unknown_columns(rule.fields, f"{where}.fields")
            yield from _unchangeable(subject, rule, f"{where}.fields")
        case NoOverlap():
            yield from subject.wrong_condition(rule.when, f"{where}.when")
            yield from subject.unknown_columns(rule.no_overlap, f"{where}.no_overlap")
            yield from subject.unknown_columns(rule.per, f"{where}.per")
            yield from subject.inherited_owner(rule.per, f"{where}.per")
            kinds = {subject.columns.get(name) for name in rule.no_overlap}
            if len(kinds) != 1 or not kinds <= MOMENTS:
                what = "does not begin and end at two dates, or two datetimes"
                yield Problem(f"{where}.no_overlap", what, "two fields of one type")


def _unchangeable(subject: Subject, rule: Frozen, where: str) -> Iterator[Problem]:
    """Give the fields that no change can name."""
    state = subject.resource.states.field if subject.resource.states else None
    for index, name in enumerate(rule.fields):
        field = subject.stored.get(name)
        fixed = getattr(field, "read_only", False) or getattr(field, "immutable", False)
        if fixed or name in {*EVERY_ROW, "owner", state}:
            what = f"{name!r} cannot be changed anyway"
            yield Problem(f"{where}[{index}]", what, "a field that a caller can change")


def _limits(subject: Subject) -> Iterator[Problem]:
    limits, where = subject.resource.limits, f"{subject.where}.limits"
    if limits.per_owner is not None and not subject.resource.owned_by:
        yield Problem(f"{where}.per_owner", "nobody owns a row", "owned_by: user")
    elif limits.per_owner is not None and subject.resource.one_per_user:
        yield Problem(f"{where}.per_owner", "is one already", "one_per_user alone")
    for role, limit in limits.per_parent.items():
        place = f"{where}.per_parent.{role}"
        if role not in subject.resource.belongs_to:
            known = ", ".join(subject.resource.belongs_to)
            yield Problem(place, f"{role[:80]!r} is no parent", known or "belongs_to")
        elif subject.resource.belongs_to[role].optional:
            what = f"a row without {article(role)} would not be counted"
            yield Problem(place, what, "a parent that each row has")
        elif isinstance(limit, str):
            numbers = [*_numbers(subject, role)]
            if limit not in numbers:
                what = f"{limit[:80]!r} is no number of {role}"
                yield Problem(place, what, ", ".join(("a number", *numbers)))


def _numbers(subject: Subject, role: str) -> Iterator[str]:
    """Give the fields of a parent that are numbers."""
    for path, kind in subject.scope.fields.items():
        above, _, name = path.partition(".")
        if above == role and kind == "number" and "." not in name:
            yield name
