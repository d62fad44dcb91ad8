"""How each operation is answered."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from petsage_builder.plan.grants import grants_of
from petsage_builder.reference.bodies import CREATE, REPLACE, UPDATE, Sent, read_body
from petsage_builder.reference.changes import (
    as_stored,
    broken,
    default,
    derived,
    frozen,
    full,
    is_barred,
    made,
    overlapping,
    taken,
    unseen,
)
from petsage_builder.reference.deletions import gone
from petsage_builder.reference.lists import listed
from petsage_builder.reference.outcomes import (
    FORBIDDEN,
    UNAUTHENTICATED,
    Done,
    Outcome,
    Refusal,
    Refused,
    StoppedError,
    forbid_unless,
    missing,
    stop_for,
)
from petsage_builder.reference.seeing import Sight
from petsage_builder.reference.state import UnmodelledError, Values
from petsage_builder.reference.system import Call, Kind

OWN = "_own"
Query = list[tuple[str, str]]


def answer(call: Call, sight: Sight, body: object, query: Query) -> Outcome:
    """Return how a request is answered; `body` is JSON, `query` what stands after `?`.

    Raises `UnmodelledError` for what the reference says nothing of.
    """
    try:
        _require_sign_in(call, sight)
        ids = {name: _uuid(text) for name, text in call.ids.items()}
        if call.operation in ("list", "nested"):
            return listed(replace(call, ids=ids), sight, query)
        if query:
            raise UnmodelledError("a query that the operation does not take")
        if call.operation == CREATE:
            return _create(call.kind, sight, body)
        return _on_a_row(replace(call, ids=ids), sight, body)
    except StoppedError as stopped:
        return Refused(stopped.reasons)


def _require_sign_in(call: Call, sight: Sight) -> None:
    """Raise `StoppedError` if an operation asks who calls, and nobody has said so."""
    operation = "list" if call.operation == "nested" else call.operation
    people = {grant.who for grant in grants_of(call.kind.resource, operation)}
    is_open = "public" in people and not call.operation.endswith(OWN)
    if sight.caller is None and not is_open:
        raise StoppedError([UNAUTHENTICATED])


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError as error:
        raise UnmodelledError("an id that is none") from error


def _on_a_row(call: Call, sight: Sight, body: object) -> Outcome:
    """Answer what is asked of one row."""
    kind, operation = call.kind, call.operation.removesuffix(OWN)
    has_body = operation not in ("get", "delete")
    sent = read_body(kind, operation, body, sight.state) if has_body else {}
    row = _row(call, sight, operation)
    if operation == "get":
        return Done(200, sight.state, kind, row)
    forbid_unless(sight.may(kind, row, grants_of(kind.resource, operation)))
    if operation == "delete":
        stop_for(frozen(kind, sight, row, operation, ()))
        return Done(204, gone(kind, sight.state, row), kind)
    ways: Mapping[str, Callable[..., Outcome]] = {UPDATE: _update, REPLACE: _replace}
    if operation in ways:
        return ways[operation](kind, sight, row, sent)
    return _move(kind, sight, row, sent, operation)


def _row(call: Call, sight: Sight, operation: str) -> Values:
    """Return the row that is meant, if the caller may know of it."""
    kind, rows = call.kind, sight.state.of(call.kind.home)
    if operation != call.operation:
        mine = (row for row in rows.values() if sight.is_one("owner", kind, row))
        found, said = next(mine, None), f"Your {kind.words} not found."
    else:
        row_id = call.ids[kind.view.id]
        found, said = rows.get(row_id), missing(kind, row_id).detail
    if found is None or not sight.sees(kind, found, operation):
        raise StoppedError([Refusal(404, said)])
    return found


def _create(kind: Kind, sight: Sight, body: object) -> Outcome:
    sent = read_body(kind, CREATE, body, sight.state) if kind.view.has_body else {}
    away = tuple(unseen(kind, sight, sent))
    if away:
        named = [parent.column for parent in kind.view.parents]
        seen = sum(sent.get(column) is not None for column in named) > len(away)
        barred = seen and _cannot_be(kind, sight, sent)
        raise StoppedError((*away, FORBIDDEN) if barred else away)
    row = made(kind, sight, sent)
    grants = grants_of(kind.resource, CREATE)
    may = sight.may(kind, row, grants)
    # What depends on the row is asked when it is stored.
    is_asked_last = any(grant.when for grant in grants) or _is_owned_perhaps(kind)
    forbid_unless(may or is_asked_last)
    differs = {n for n in kind.subject.stored if n in sent}
    differs = {n for n in differs if sent[n] != default(kind, sight, n)}
    forbid_unless(not is_barred(kind, sight, row, differs))
    stop_for(full(kind, sight, row))
    _require_kept(kind, sight, row, is_new=True)
    forbid_unless(may)
    row = as_stored(kind, row, sent)
    return Done(201, sight.state.with_row(kind.home, row), kind, row)


def _cannot_be(kind: Kind, sight: Sight, sent: Sent) -> bool:
    """Say whether the caller may not make a row, of which some parents are unseen."""
    try:
        row = made(kind, sight, sent)
        return not sight.may(kind, row, grants_of(kind.resource, CREATE))
    except (KeyError, UnmodelledError):
        return False


def _is_owned_perhaps(kind: Kind) -> bool:
    """Say whether only a parent that need not be there gives a row its owner."""
    parents = kind.resource.belongs_to
    own = [role for role in parents if kind.above(role).subject.is_owned]
    is_loose = all(parents[role].optional for role in own)
    return not kind.resource.owned_by and bool(own) and is_loose


def _update(kind: Kind, sight: Sight, row: Values, sent: Sent) -> Outcome:
    forbid_unless(not is_barred(kind, sight, row, sent))
    stop_for(frozen(kind, sight, row, UPDATE, sent))
    stop_for(unseen(kind, sight, sent))
    return _changed(kind, sight, {**row, **sent})


def _replace(kind: Kind, sight: Sight, row: Values, sent: Sent) -> Outcome:
    forbid_unless(not is_barred(kind, sight, row, sent))
    others = _unsent(kind, sight)
    new = {**row, **others, **sent}
    touched = [name for name in new if new[name] != row.get(name)]
    stop_for(frozen(kind, sight, row, REPLACE, touched))
    stop_for(unseen(kind, sight, {**others, **sent}))
    return _changed(kind, sight, new)


def _unsent(kind: Kind, sight: Sight) -> dict[str, Any]:
    """Return what a whole row sets where nothing is sent."""
    view = kind.view
    others: dict[str, Any] = {parent.column: None for parent in view.movable}
    others |= {link.role: frozenset() for link in view.links}
    for field in view.changeable:
        if field.name not in view.kept:
            is_derived = field.is_dynamic or field.name in derived(kind)
            others[field.name] = (
                None if is_derived else default(kind, sight, field.name)
            )
    return others


def _changed(kind: Kind, sight: Sight, row: Values) -> Outcome:
    """Return what comes of a change: the row as it is then."""
    _require_kept(kind, sight, row)
    return Done(200, sight.state.with_row(kind.home, row), kind, row)


def _require_kept(
    kind: Kind, sight: Sight, row: Values, *, is_new: bool = False
) -> None:
    """Raise `StoppedError` if a row breaks a rule, or stands in another one's way."""
    stop_for(broken(kind, sight, row, is_new=is_new))
    stop_for(overlapping(kind, sight, row))
    stop_for(taken(kind, sight, row))


def _move(kind: Kind, sight: Sight, row: Values, sent: Sent, action: str) -> Outcome:
    states = kind.resource.states
    assert states  # noqa: S101 - all else is no move
    move = states.transitions[action]
    if row[states.field] not in move.from_:
        words = move.to.replace("_", " ")
        said = f"A {row[states.field]} {kind.words} cannot become {words}."
        raise StoppedError([Refusal(409, said)])
    forbid_unless(not is_barred(kind, sight, row, sent))
    new = {**row, **sent}
    view = next(one for one in kind.view.moves if one.action == action)
    stops = [new[name] is None for name in move.requires]
    if move.when:
        stops.append(sight.holds(kind, new, move.when) is not True)
    told = zip(view.refusals, stops, strict=True)
    stop_for(Refusal(409, refusal.said) for refusal, stop in told if stop)
    new[states.field] = move.to
    if kind.view.move_checks(view):
        return _changed(kind, sight, new)
    stop_for(overlapping(kind, sight, new))
    stop_for(taken(kind, sight, new))
    return Done(200, sight.state.with_row(kind.home, new), kind, new)
