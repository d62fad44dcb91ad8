"""Fields: what one says of itself can be true at once."""

from collections.abc import Iterator
from datetime import date

from petsage_builder.analyze import patterns
from petsage_builder.analyze.structured import nearest
from petsage_builder.analyze.values import MOMENTARY, moment, refusal
from petsage_builder.analyze.vocabulary import Subject
from petsage_builder.errors import Problem
from petsage_builder.spec.fields import (
    AnyField,
    Bounded,
    DecimalField,
    EnumField,
    StringField,
    TextField,
    Timed,
)
from petsage_builder.wording import article

LONGEST_WORD = 40
MAX_DIGITS = 15  # more than that, a float of SQLite does not keep exactly
WORD = "a word such as `in_progress`"
# What can be calculated, where a default is no value.
CALCULATED = {
    "date": "today + 90 days",
    "datetime": "now + 2 hours",
    "duration": "48 hours",
}


def check_fields(subject: Subject) -> Iterator[Problem]:
    """Give each contradiction in a field."""
    for name, field in subject.stored.items():
        if isinstance(field, AnyField):
            where = f"{subject.where}.fields.{name}"
            own = list(_contradictions(field, where))
            yield from own
            yield from _uniqueness(subject, field, f"{where}.unique")
            yield from _default(subject, field, where)
            if not own:
                yield from _values(field, where)


def _contradictions(field: AnyField, where: str) -> Iterator[Problem]:
    match field:
        case StringField() | TextField() if field.min_length > field.max_length:
            what = f"is more than max_length, which is {field.max_length}"
            yield Problem(f"{where}.min_length", what, f"at most {field.max_length}")
        case EnumField():
            yield from _words(field.values, f"{where}.values")
        case Bounded():
            yield from _bounds(field, where)
            if getattr(field, "max_digits", 0) > MAX_DIGITS:
                what = "is more than every database keeps exactly"
                yield Problem(f"{where}.max_digits", what, f"at most {MAX_DIGITS}")
        case Timed():
            yield from _moments(field, where)
    pattern = getattr(field, "pattern", None)
    if pattern is not None and (wrong := patterns.fault(pattern)):
        accepted = "one that repeats nothing twice over"
        yield Problem(f"{where}.pattern", wrong, accepted)
    if field.read_only and field.write_only:
        yield Problem(f"{where}.write_only", "is read_only too", "one of them")
    if field.read_only and field.immutable:
        yield Problem(f"{where}.immutable", "is read_only too", "read_only alone")


def _words(words: list[str], where: str) -> Iterator[Problem]:
    for index, word in enumerate(words):
        if word in words[:index]:
            yield Problem(f"{where}[{index}]", f"{word!r} is given twice", "each once")
        elif len(word) > LONGEST_WORD:
            what = f"has {len(word)} characters"
            yield Problem(f"{where}[{index}]", what, f"at most {LONGEST_WORD}")
        elif not word.replace("_", "").replace("-", "").isalnum() or not word.isascii():
            yield Problem(f"{where}[{index}]", f"{word[:80]!r} is no word", WORD)


def _bounds(field: Bounded, where: str) -> Iterator[Problem]:
    for one, other in (("ge", "gt"), ("le", "lt")):
        if getattr(field, one) is not None and getattr(field, other) is not None:
            yield Problem(f"{where}.{other}", f"is given beside {one}", "one of them")
    low = field.ge if field.ge is not None else field.gt
    high = field.le if field.le is not None else field.lt
    if low is not None and high is not None:
        open_ended = field.gt is not None or field.lt is not None
        if low > high or (low == high and open_ended):
            what = f"leaves no number between {low} and {high}"
            yield Problem(where, what, "a lower bound below the upper one")
    if isinstance(field, DecimalField) and field.decimal_places > field.max_digits:
        what = f"is more than max_digits, which is {field.max_digits}"
        yield Problem(f"{where}.decimal_places", what, f"at most {field.max_digits}")


def _moments(field: Timed, where: str) -> Iterator[Problem]:
    own = "today" if field.kind == "date" else "now"
    found = {}
    for part in ("not_before", "not_after"):
        text = getattr(field, part)
        try:
            found[part] = moment(text)
        except ValueError:
            what = f"{text[:80]!r} is no moment"
            yield Problem(f"{where}.{part}", what, f"{own}, or one in ISO 8601")
            continue
        fixed = found[part]
        other_clock = text in ("today", "now") and text != own
        is_day = type(fixed) is date
        if other_clock or (fixed is not None and is_day != (field.kind == "date")):
            yield Problem(f"{where}.{part}", f"{text!r} is no {field.kind}", own)
        elif getattr(fixed, "tzinfo", True) is None:
            yield Problem(f"{where}.{part}", f"{text!r} has no zone", f"{text}Z")
    first, last = found.get("not_before"), found.get("not_after")
    if first is not None and type(first) is type(last) and first > last:
        what = f"is after not_after, which is {field.not_after}"
        yield Problem(f"{where}.not_before", what, "a moment before it")


def _uniqueness(subject: Subject, field: AnyField, where: str) -> Iterator[Problem]:
    if field.unique == "per_owner" and not subject.resource.owned_by:
        yield Problem(where, "nobody owns a row", "true, or owned_by: user")
    if isinstance(field.unique, list):
        yield from subject.unknown_columns(field.unique, where)
        yield from subject.inherited_owner(field.unique, where)


def _default(subject: Subject, field: AnyField, where: str) -> Iterator[Problem]:
    given = [
        name
        for name in ("default", "default_from", "default_expression")
        if getattr(field, name) is not None
    ]
    if len(given) > 1:
        yield Problem(
            f"{where}.{given[1]}", f"is given beside {given[0]}", "one of them"
        )
    if field.read_only and not given and not field.optional:
        what = "is never set: it has no default"
        yield Problem(f"{where}.read_only", what, "a default, or optional: true")
    paths = [path for path in subject.scope.fields if "." in path]
    source = field.default_from
    if source and source not in paths and not subject.is_unseen(source):
        what = f"{source[:80]!r} is no field of a parent"
        accepted = ", ".join(paths) or "a parent's field"
        near = nearest(source, paths)
        yield Problem(f"{where}.default_from", what, accepted, near)
    elif source and not field.optional and _can_be_empty(subject, source):
        what = f"{source[:80]!r} can be empty, and this field cannot"
        yield Problem(f"{where}.default_from", what, "optional: true")
    yield from _copied(subject, field, where)
    yield from subject.wrong_expression(
        field.default_expression, f"{where}.default_expression"
    )


def _can_be_empty(subject: Subject, source: str) -> bool:
    """Say whether a field above has no value, or there is no row that has it."""
    *roles, name = source.split(".")
    for role in roles:
        link = subject.resource.belongs_to[role]
        target = subject.vocabulary.target(role, link)
        if link.optional or target is None:
            return link.optional
        subject = target
    spec = subject.stored.get(name)
    return isinstance(spec, AnyField) and spec.optional


def _copied(subject: Subject, field: AnyField, where: str) -> Iterator[Problem]:
    """Give what is wrong with the kind of a default that is copied or calculated."""
    kinds = {
        "default_from": subject.scope.fields.get(field.default_from or ""),
        "default_expression": subject.kind_of(field.default_expression),
    }
    for part, kind in kinds.items():
        if kind is not None and kind != field.kind:
            what = f"is a {kind}, and the field is a {field.kind or 'list or JSON'}"
            yield Problem(f"{where}.{part}", what, article(field.kind or "default"))


def _values(field: AnyField, where: str) -> Iterator[Problem]:
    kind = getattr(field, "type", "")
    for part in ("default", "example"):
        value = getattr(field, part)
        momentary = isinstance(value, str) and MOMENTARY.get(value) == kind
        if value is None or (part == "default" and momentary):
            continue
        if wrong := refusal(field, value):
            what, accepted = wrong
            if part == "default" and kind in CALCULATED:
                accepted += f", or an expression such as {CALCULATED[kind]}"
            yield Problem(f"{where}.{part}", what, accepted)
