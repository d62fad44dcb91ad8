"""What is shown of a row, held against what has to be."""

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from petsage_builder.reference.seeing import Sight
from petsage_builder.reference.state import UnmodelledError, Values
from petsage_builder.reference.system import Kind
from petsage_builder.reference.values import is_written, shown
from petsage_builder.spec.fields import (
    AnyField,
    ComputedField,
    DatetimeField,
    DurationField,
)

LAST_DIGIT = 1e-9
MOMENT = DatetimeField(type="datetime")
SOON = timedelta(seconds=10)
SPAN = DurationField(type="duration")


def shown_otherwise(
    kind: Kind,
    sight: Sight,
    row: Values,
    body: Mapping[str, Any],
    *,
    in_list: bool = False,
) -> Iterator[str]:
    """Give each value that an answer shows of a row otherwise than it is."""
    known = _expected(kind, sight, row, in_list=in_list)
    embedded = {*kind.resource.embed}
    for name, expected in known.items():
        if name not in body:
            yield f"does not show {name}"
        elif not _agrees(kind, name, expected, body[name]):
            yield f"shows {name} as {body[name]!r}, and not {expected!r}"
    for role in kind.resource.embed:
        if role not in body:
            yield f"does not show {role}"
        else:
            yield from _embedded_otherwise(kind, sight, row, role, body[role])
    yield from (f"shows {name}" for name in sorted(body.keys() - known - embedded))


def _expected(
    kind: Kind, sight: Sight, row: Values, *, in_list: bool
) -> dict[str, Any]:
    """Return what is shown of a row itself, by the names that an answer has for it."""
    links = {link.role: link.ids for link in kind.view.links}
    found: dict[str, Any] = {}
    for name, value in row.items():
        spec = kind.resource.fields.get(name)
        if not isinstance(spec, AnyField):
            found[links.get(name, name)] = value
        elif not spec.write_only and not (in_list and spec.sensitive):
            reads = sight.is_among(spec.read, kind, row)
            found[name] = value if reads else None
    for name, spec in kind.resource.fields.items():
        if isinstance(spec, ComputedField):
            found[name] = _computed(kind, sight, row, spec.value)
    return found


def _embedded_otherwise(
    kind: Kind,
    sight: Sight,
    row: Values,
    role: str,
    body: Any,  # noqa: ANN401 - one row, several, or nothing
) -> Iterator[str]:
    """Give what is shown within a row otherwise than it is."""
    other, ids = _embedded(kind, sight, row, role)
    is_one = role in kind.resource.belongs_to
    items = ([] if body is None else [body]) if is_one else body
    if sorted(item["id"] for item in items) != sorted(ids):
        yield f"shows {role} as {body!r}, and not {sorted(ids)}"
        return
    for item in items:
        inner = sight.state.of(other.home)[item["id"]]
        for wrong in shown_otherwise(other, sight, inner, item):
            yield f"in {role} {wrong}"


def _embedded(
    kind: Kind, sight: Sight, row: Values, role: str
) -> tuple[Kind, Collection[str]]:
    """Return what kind of rows is shown within a row, and the ids of these."""
    if role in kind.resource.belongs_to:
        found = row[f"{role}_id"]
        return kind.above(role), [] if found is None else [found]
    if role in kind.resource.many_to_many:
        return kind.linked(role), row[role]
    as_parent, child = kind.subject.children[role]
    below = kind.system.kind(kind.feature, child.name)
    rows = sight.state.of(below.home).values()
    return below, [r["id"] for r in rows if r[f"{as_parent}_id"] == row["id"]]


def _computed(kind: Kind, sight: Sight, row: Values, written: str) -> Any:  # noqa: ANN401
    found = sight.result(kind, row, written)
    later = replace(sight.state, now=sight.state.now + SOON)
    if replace(sight, state=later).result(kind, row, written) != found:
        raise UnmodelledError("what is computed of this very moment")
    return found


def _agrees(kind: Kind, name: str, expected: Any, body: Any) -> bool:  # noqa: ANN401
    """Say whether a value is what is shown, and written as the API writes it."""
    spec: object = kind.resource.fields.get(name)
    if isinstance(expected, frozenset):
        return isinstance(body, list) and sorted(body) == sorted(expected)
    if isinstance(spec, ComputedField):
        return _is_result(expected, body)
    if name in ("created_at", "updated_at"):
        spec = MOMENT
    if not isinstance(spec, AnyField):
        return bool(expected == body)
    return bool(expected == shown(spec, body)) and is_written(spec, body)


def _is_result(expected: Any, body: Any) -> bool:  # noqa: ANN401 - any value
    """Say whether a computed value is right; numbers may differ by their last digit."""
    match expected:
        case Decimal():
            return math.isclose(float(expected), float(body), rel_tol=LAST_DIGIT)
        case datetime():
            return bool(expected == shown(MOMENT, body))
        case date() | time():
            return bool(expected.isoformat() == body)
        case timedelta():
            return bool(expected == shown(SPAN, body))
    return bool(expected == body)
