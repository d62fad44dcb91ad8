"""Sample parents that have to fit each other, or a row, before there is any row."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice, product

from petsage_builder.analyze.tokens import RESERVED, Token, tokens_of
from petsage_builder.analyze.vocabulary import Subject
from petsage_builder.errors import RefusedError
from petsage_builder.plan.samples import Solutions
from petsage_builder.solver import FromNow, FromToday, Row
from petsage_builder.spec.fields import DateField, DatetimeField
from petsage_builder.spec.resources import Check

NUMBER = re.compile(r"-?\d+(\.\d+)?")
BOUNDS = ("ge", "le", "gt", "lt")
DAYS = ("", " - 7 days", " + 7 days")
HOURS = (" - 2 hours", " + 2 hours", " + 7 days")
MOST = 40  # demands that are tried


def reconcile(solutions: Solutions, subject: Subject) -> None:
    """Let a parent be such that there can be a row below it, if none is found.

    Each rule about it is asked with the values that others have: what the row belongs
    to beside it, or the bounds of the row's own fields, and days and moments near now.
    """
    before = _in_the_way(solutions, subject)
    if not before:
        return
    for target, demand in islice(_demands(solutions, subject), MOST):
        solutions.demand(target, demand)
        after = _in_the_way(solutions, subject)
        if not after:
            return
        if after == before:
            solutions.withdraw(target, demand)
        before = after


def _in_the_way(solutions: Solutions, subject: Subject) -> str:
    """Return what keeps a resource from having a row; empty if it has one."""
    try:
        solutions.of(subject)
    except RefusedError as error:
        return str(error)
    return ""


def _demands(solutions: Solutions, subject: Subject) -> Iterator[tuple[Subject, str]]:
    """Give what could be asked of each parent alone."""
    try:
        parents = solutions.parents_of(subject)
    except RefusedError:
        return  # it is a parent of which there is no row
    resource = subject.resource
    for rule in (rule for rule in resource.rules if isinstance(rule, Check)):
        tokens = tokens_of(rule.check)
        words = {t.text for t in tokens if t.type == "word"} - RESERVED
        for role, link in resource.belongs_to.items():
            target = subject.vocabulary.target(role, link)
            own = [word for word in words if word.rpartition(".")[0] == role]
            if target and own and target != subject and not link.optional:
                for others in _values(subject, parents, words - {*own}):
                    yield target, " ".join(_said(t, role, others) for t in tokens)


def _values(
    subject: Subject, parents: Mapping[str, Row], words: set[str]
) -> Iterator[dict[str, str]]:
    """Give what can stand for the other words of a rule."""
    found = {word: [*_known(subject, parents, word)] for word in sorted(words)}
    if found and all(found.values()):
        for values in product(*found.values()):
            yield dict(zip(found, values, strict=True))


def _known(subject: Subject, parents: Mapping[str, Row], word: str) -> Iterator[str]:
    """Give the value at the end of a path, or what a field of the row can be."""
    path, _, name = word.rpartition(".")
    if path:
        yield from _written(parents.get(path, {}).get(name))
        return
    spec = subject.stored.get(name)
    for bound in BOUNDS:
        yield from _written(getattr(spec, bound, None))
    if isinstance(spec, DateField | DatetimeField):
        clock, span = ("today", DAYS) if spec.kind == "date" else ("now", HOURS)
        yield from (f"{clock}{near}" for near in span)


def _written(value: object) -> Iterator[str]:
    """Give a value as rules have it, if they can."""
    match value:
        case FromToday(days):
            yield f"today {'-' if days < 0 else '+'} {abs(days)} days"
        case FromNow(delta):
            seconds = int(delta.total_seconds())
            yield f"now {'-' if seconds < 0 else '+'} {abs(seconds)} seconds"
        case bool():
            yield str(value).lower()
        case str() if value.isprintable() and not {'"', "\\"} & {*value}:
            yield value if NUMBER.fullmatch(value) else f'"{value}"'
        case _ if NUMBER.fullmatch(str(value)):
            yield str(value)


def _said(token: Token, role: str, others: Mapping[str, str]) -> str:
    """Return a part of a rule as the parent says it."""
    if token.type == "text":
        return f'"{token.text}"'
    return others.get(token.text, token.text.removeprefix(f"{role}."))
