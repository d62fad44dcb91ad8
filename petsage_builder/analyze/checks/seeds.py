"""Seed rows: each is a row that could have been created."""

from collections.abc import Iterator

from petsage_builder.analyze.structured import nearest
from petsage_builder.analyze.values import refusal
from petsage_builder.analyze.vocabulary import Subject
from petsage_builder.decode import JsonValue
from petsage_builder.errors import Problem
from petsage_builder.spec.fields import AnyField


def check_seeds(subject: Subject) -> Iterator[Problem]:
    """Give what is wrong with the rows that are there at once."""
    resource, where = subject.resource, f"{subject.where}.seed"
    if not resource.seed:
        return
    if resource.owned_by or any(not p.optional for p in resource.belongs_to.values()):
        what = "a seed row has neither an owner nor a parent"
        yield Problem(where, what, "a resource that stands alone")
    for index, row in enumerate(resource.seed):
        yield from _row(subject, row, f"{where}[{index}]")
    yield from _repeated(subject, where)


def _row(subject: Subject, row: dict[str, JsonValue], where: str) -> Iterator[Problem]:
    for name, value in row.items():
        field = subject.stored.get(name)
        if not isinstance(field, AnyField):
            known = ", ".join(subject.stored)
            near = nearest(name, subject.stored)
            yield Problem(f"{where}.{name}", "is no field", known, near)
        elif why := refusal(field, value):
            yield Problem(f"{where}.{name}", *why)
    for name, field in subject.stored.items():
        needed = isinstance(field, AnyField) and not field.optional
        if needed and name not in row and getattr(field, "default", None) is None:
            yield Problem(f"{where}.{name}", "is missing", "a value")


def _repeated(subject: Subject, where: str) -> Iterator[Problem]:
    for name, field in subject.stored.items():
        if isinstance(field, AnyField) and field.unique is True:
            values = [row.get(name) for row in subject.resource.seed]
            for index, value in enumerate(values):
                if value is not None and value in values[:index]:
                    place = f"{where}[{index}].{name}"
                    yield Problem(place, f"{value!r} is there already", "each once")
