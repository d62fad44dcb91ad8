"""Defaults that are expressions, such as `default: today + 90 days`."""

from collections.abc import Iterator

from petsage_builder.analyze.expressions import read_expression
from petsage_builder.analyze.tokens import ExpressionError
from petsage_builder.analyze.values import MOMENTARY, refusal
from petsage_builder.analyze.vocabulary import Subject, Vocabulary
from petsage_builder.spec.expressions import Constant
from petsage_builder.spec.fields import AnyField
from petsage_builder.spec.resources import Requirements, Resource


def with_expressions(requirements: Requirements) -> Requirements:
    """Return requirements in which each default that is calculated says so."""
    vocabulary = Vocabulary(requirements)
    changed: dict[str, Resource] = {}
    for name, resource in requirements.resources.items():
        subject = Subject(vocabulary, name)
        if calculated := dict(_calculated(subject)):
            fields = {**resource.fields, **calculated}
            changed[name] = resource.model_copy(update={"fields": fields})
    if not changed:
        return requirements
    resources = {**requirements.resources, **changed}
    return requirements.model_copy(update={"resources": resources})


def _calculated(subject: Subject) -> Iterator[tuple[str, AnyField]]:
    for name, field in subject.stored.items():
        if isinstance(field, AnyField) and _is_expression(subject, field):
            told = {"default": None, "default_expression": field.default}
            yield name, field.model_copy(update=told)


def _is_expression(subject: Subject, field: AnyField) -> bool:
    """Say whether a default is no value of its field, and makes one.

    A text is itself, and so is a number that is written as one.
    """
    text, others = field.default, (field.default_from, field.default_expression)
    if not isinstance(text, str) or field.kind == "text" or any(others):
        return False
    if MOMENTARY.get(text) == getattr(field, "type", ""):
        return False
    if refusal(field, text) is None:
        return False
    try:
        found = read_expression(text, subject.scope)
    except ExpressionError:
        return False
    is_plain = isinstance(found, Constant) and found.kind != "duration"
    return found.kind == field.kind and not is_plain
