"""What a list has."""

from collections.abc import Callable, Iterator
from operator import ge, gt, le, lt
from typing import Any, TypeAlias

from petsage_builder.analyze.vocabulary import EVERY_ROW
from petsage_builder.plan.grants import grants_of
from petsage_builder.reference.outcomes import (
    Listed,
    Refusal,
    StoppedError,
    forbid_unless,
    missing,
)
from petsage_builder.reference.seeing import Sight
from petsage_builder.reference.state import UnmodelledError, Values
from petsage_builder.reference.system import Call, Kind
from petsage_builder.reference.values import READERS
from petsage_builder.spec.fields import AnyField, EnumField

LIMIT, MOST = 20, 100
NUL = "\0"
PAGING = ("limit", "cursor", "sort")
EVERYBODY = {"public", "user", "owner"}
WORDS = {"true": True, "false": False}
Keep: TypeAlias = Callable[[Values], bool]


def listed(call: Call, sight: Sight, query: list[tuple[str, str]]) -> Listed:
    """Return which rows a list has, or raise `StoppedError`."""
    kind = call.kind
    asked: dict[str, list[str]] = {}
    for name, value in query:
        asked.setdefault(name, []).append(value)
    [(parent, above_id)] = call.ids.items() or [("", "")]
    known = {*_names(kind)} - {parent}
    if unknown := [name for name in asked if name not in known]:
        errors = {f"/query/{name}": "" for name in unknown}
        raise StoppedError([Refusal(422, errors=errors)])
    limit = _limit(kind, asked)
    keep = [_filter(kind, n, v) for n, v in asked.items() if n not in PAGING]
    if parent:
        above = kind.above(parent.removesuffix("_id"))
        row = sight.state.of(above.home).get(above_id)
        if row is None or not sight.sees(above, row):
            raise StoppedError([missing(above, above_id)])
        keep.append(lambda row: bool(row[parent] == above_id))
    grants = grants_of(kind.resource, "list")
    people = {grant.who for grant in grants}
    roles = sight.caller.roles if sight.caller else frozenset()
    forbid_unless(people & {*EVERYBODY, *roles})
    found = frozenset(
        row_id
        for row_id, row in sight.state.of(kind.home).items()
        if sight.may(kind, row, grants) and all(kept(row) for kept in keep)
    )
    return Listed(kind, found, limit)


def _names(kind: Kind) -> Iterator[str]:
    """Give each parameter of a list."""
    view = kind.view
    yield from PAGING
    yield from view.filters
    if view.listing.search:
        yield "search"
    yield from (link.filter for link in view.linked_filters)
    for field in view.filtered:
        yield from (line.partition(":")[0] for line in field.query_lines)
    yield from (f"{name}{end}" for name, _ in view.moments for end in COMPARED)


def _limit(kind: Kind, asked: dict[str, list[str]]) -> int:
    """Return how many rows a page has at most, if that can be asked for."""
    if "cursor" in asked:
        raise UnmodelledError("a page after the first")
    if not {*asked.get("sort", ())} <= {*kind.view.sorts}:
        raise UnmodelledError("an order that the list does not have")
    values = asked.get("limit", [str(LIMIT)])
    if len(values) > 1 or not values[0].isdigit() or not 1 <= int(values[0]) <= MOST:
        raise UnmodelledError("a limit that is none")
    return int(values[0])


def _filter(kind: Kind, name: str, values: list[str]) -> Keep:
    """Return what is true of the rows that a parameter asks for."""
    if len(values) > MOST:
        raise UnmodelledError("more values than a list can be asked for")
    if any(not value or NUL in value for value in values):
        raise UnmodelledError("a value that is empty, or holds NUL")
    links = {link.filter: link.role for link in kind.view.linked_filters}
    if name in links:
        return lambda row: bool(row[links[name]] & {*values})
    if name == "search":
        names = kind.view.listing.search
        return lambda row: any(_has(row[n], values[0]) for n in names)
    for end, narrow in ENDS.items():
        field = name.removesuffix(end)
        if field != name and name not in kind.resource.fields:
            return narrow(kind, field, values[0])
    found = [_value(kind, name, value) for value in values]
    return lambda row: row[name] in found


def _compared(compare: Callable[[Any, Any], bool]) -> Callable[[Kind, str, str], Keep]:
    def narrow(kind: Kind, name: str, text: str) -> Keep:
        bound = _value(kind, name, text)
        return lambda row: row[name] is not None and compare(row[name], bound)

    return narrow


def _contains(_: Kind, name: str, text: str) -> Keep:
    return lambda row: _has(row[name], text)


def _is_null(_: Kind, name: str, text: str) -> Keep:
    if text not in WORDS:
        raise UnmodelledError("neither true nor false")
    return lambda row: (row[name] is None) is WORDS[text]


COMPARED = {
    "_lt": _compared(lt),
    "_le": _compared(le),
    "_gt": _compared(gt),
    "_ge": _compared(ge),
}
ENDS = {**COMPARED, "_contains": _contains, "_is_null": _is_null}


def _has(text: object, part: str) -> bool:
    return isinstance(text, str) and part.lower() in text.lower()


def _value(kind: Kind, name: str, text: str) -> Any:  # noqa: ANN401 - any value
    """Return the value that a parameter is."""
    spec = kind.resource.fields.get(name)
    what = spec.kind if isinstance(spec, AnyField) else EVERY_ROW.get(name)
    if what == "boolean":
        return WORDS.get(text)
    if isinstance(spec, EnumField) and text not in spec.values:
        raise UnmodelledError(f"{text!r} as {name}")
    reader = READERS.get(what) if what else None
    try:
        return reader(text) if reader else text
    except (ArithmeticError, ValueError) as error:
        raise UnmodelledError(f"{text!r} as {name}") from error
