"""What goes with a row that is deleted, and what keeps it from being so."""

from typing import TypeAlias

from petsage_builder.reference.outcomes import IN_USE, StoppedError
from petsage_builder.reference.state import Home, State, UnmodelledError, Values
from petsage_builder.reference.system import Kind

Rows: TypeAlias = set[tuple[Home, str]]


def gone(kind: Kind, state: State, row: Values) -> State:
    """Return the state without a row, or raise `StoppedError`."""
    went: Rows = set()
    kept: Rows = set()
    state = _without(kind, state, str(row["id"]), went, kept)
    if kept & went:
        raise UnmodelledError("a row that both goes along and stands in the way")
    if kept:
        raise StoppedError([IN_USE])
    return state


def _without(kind: Kind, state: State, row_id: str, went: Rows, kept: Rows) -> State:
    went.add((kind.home, row_id))
    state = state.without(kind.home, [row_id])
    for below, role, parent in kind.below:
        column = f"{role}_id"
        rows = [r for r in state.of(below.home).values() if r[column] == row_id]
        for row in rows:
            if parent.on_delete == "restrict":
                kept.add((below.home, row["id"]))
            elif parent.on_delete == "set_null":
                state = state.with_row(below.home, {**row, column: None})
            elif (below.home, row["id"]) not in went:
                state = _without(below, state, row["id"], went, kept)
    return _unlinked(kind, state, row_id)


def _unlinked(kind: Kind, state: State, row_id: str) -> State:
    """Return the state in which no row is linked to one that is gone."""
    for other in kind.system.kinds:
        for role in other.resource.many_to_many:
            if other.linked(role).home != kind.home:
                continue
            for row in state.of(other.home).values():
                if row_id in row[role]:
                    less = {**row, role: row[role] - {row_id}}
                    state = state.with_row(other.home, less)
    return state
