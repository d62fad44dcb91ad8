"""What is shown of a row, held against what has to be."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from petsage_builder.reference.seeing import Sight
from petsage_builder.reference.state import UnmodelledError, Values
from petsage_builder.reference.system import Kind
from petsage_builder.reference.values import agree, shown
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
    for name, expected in known.items():
        if name not in body:
            yield f"does not show {name}"
        elif not _agrees(kind, name, expected, body[name]):
            yield f"shows {name} as {body[name]!r}, and not {expected!r}"
    yield from (f"shows {name}" for name in sorted(body.keys() - known))


def _expected(
    kind: Kind, sight: Sight, row: Values, *, in_list: bool
) -> dict[str, Any]:
    """Return what is shown of a row, by the names that an answer has for it."""
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
    for role in kind.resource.embed:
        found[role] = _embedded(kind, sight, row, role)
    return found


def _computed(kind: Kind, sight: Sight, row: Values, written: str) -> Any:  # noqa: ANN401
    found = sight.result(kind, row, written)
    later = replace(sight.state, now=sight.state.now + SOON)
    if replace(sight, state=later).result(kind, row, written) != found:
        raise UnmodelledError("what is computed of this very moment")
    return found


def _embedded(kind: Kind, sight: Sight, row: Values, role: str) -> Any:  # noqa: ANN401
    """Return the id of a row that is shown within another, or the set of some."""
    if role in kind.resource.belongs_to:
        return row[f"{role}_id"]
    if role in kind.resource.many_to_many:
        return row[role]
    as_parent, child = kind.subject.children[role]
    rows = sight.state.of((kind.feature, child.name)).values()
    return frozenset(r["id"] for r in rows if r[f"{as_parent}_id"] == row["id"])


def _agrees(kind: Kind, name: str, expected: Any, body: Any) -> bool:  # noqa: ANN401
    spec: object = kind.resource.fields.get(name)
    if name in kind.resource.embed:
        return agree(expected, _ids(body))
    if isinstance(expected, frozenset):
        return agree(expected, frozenset(body))
    if isinstance(spec, ComputedField):
        return _is_result(expected, body)
    if name in ("created_at", "updated_at"):
        spec = MOMENT
    return agree(expected, shown(spec, body) if isinstance(spec, AnyField) else body)


def _ids(body: Any) -> Any:  # noqa: ANN401 - one row, several, or nothing
    if isinstance(body, list):
        return frozenset(one["id"] for one in body)
    return body and body["id"]


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
