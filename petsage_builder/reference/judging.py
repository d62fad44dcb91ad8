"""An answer, and what it leaves behind, held against what they have to be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from petsage_builder.reference.operations import answer
from petsage_builder.reference.outcomes import Done, Listed, Outcome, Refusal, Refused
from petsage_builder.reference.seeing import Sight
from petsage_builder.reference.showing import shown_otherwise
from petsage_builder.reference.state import State, Values
from petsage_builder.reference.system import Call, Kind
from petsage_builder.reference.values import ANY, agree

OK = 200
WRITTEN = {"created_at", "updated_at"}


@dataclass(frozen=True, slots=True)
class Request:
    """What was sent beside method and path."""

    body: Any
    query: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service has answered."""

    status: int
    body: Any


def differences(
    call: Call, sight: Sight, request: Request, found: Answer, after: State
) -> Iterator[str]:
    """Give what an answer, or the state after it, is otherwise than it has to be.

    Raises `UnmodelledError` for what the reference says nothing of.
    """
    expected = answer(call, sight, request.body, request.query)
    yield from _answered(call.kind, expected, sight, found, after)
    state = expected.state if isinstance(expected, Done) else sight.state
    for kind in call.kind.system.kinds:
        yield from _stored(kind, state, sight.state, after)


def _answered(
    kind: Kind, expected: Outcome, sight: Sight, found: Answer, after: State
) -> Iterator[str]:
    answered = f"answers {found.status} {_detail(found)}".rstrip()
    match expected:
        case Refused():
            if not any(_is_said(kind, reason, found) for reason in expected.reasons):
                yield f"{answered}, and not {_in_words(expected)}"
        case Done():
            if found.status != expected.status:
                yield f"{answered}, and not {expected.status}"
            elif expected.row is not None:
                is_new = expected.row["id"] is ANY
                row_id = found.body["id"] if is_new else expected.row["id"]
                row = after.of(kind.home).get(row_id)
                if row is None:
                    yield f"has not stored {kind.words} {row_id}"
                else:  # as it has to be, or that is said below
                    seen = Sight(after, sight.caller)
                    yield from shown_otherwise(kind, seen, row, found.body)
        case Listed():
            if found.status != OK:
                yield f"{answered}, and not {OK}"
            else:
                yield from _listed(expected, sight, found.body["items"])


def _is_said(kind: Kind, reason: Refusal, found: Answer) -> bool:
    if found.status != reason.status:
        return False
    if not reason.errors:
        return reason.detail in ("", _detail(found))
    told = _errors(found)
    said = {text for text in reason.errors.values() if text}
    rules = {rule.message for rule in kind.resource.checks}
    return {_place(pointer) for pointer in told} == {*reason.errors} and {
        *told.values()
    } & rules == said


def _place(pointer: str) -> str:
    """Return the part of a request that a pointer leads to, or into."""
    return "/".join(pointer.split("/")[:3])


def _errors(found: Answer) -> Mapping[str, str]:
    errors = found.body.get("errors", ()) if isinstance(found.body, dict) else ()
    return {error["pointer"]: error["detail"] for error in errors}


def _detail(found: Answer) -> str:
    if errors := _errors(found):
        return str(errors)
    return str(found.body.get("detail", "")) if isinstance(found.body, dict) else ""


def _in_words(refused: Refused) -> str:
    said = (
        f"{reason.status} {dict(reason.errors) or reason.detail}".rstrip()
        for reason in refused.reasons
    )
    return " or ".join(said)


def _listed(
    expected: Listed, sight: Sight, items: list[Mapping[str, Any]]
) -> Iterator[str]:
    ids = [item["id"] for item in items]
    if strange := {*ids} - expected.ids:
        yield f"lists {sorted(strange)}, which it has to leave out"
        return
    if len(ids) != min(len(expected.ids), expected.limit):
        yield f"lists {len(ids)} of {len(expected.ids)}"
    for item in items:
        row = sight.state.of(expected.kind.home)[item["id"]]
        yield from shown_otherwise(expected.kind, sight, row, item, in_list=True)


def _stored(kind: Kind, expected: State, before: State, after: State) -> Iterator[str]:
    """Give each row that is there otherwise than it has to be."""
    rows, found = {**expected.of(kind.home)}, after.of(kind.home)
    if ANY in rows:
        new = [row_id for row_id in found if row_id not in rows]
        if len(new) != 1:
            yield f"has made {len(new)} rows of {kind.words}"
            return
        rows[new[0]] = {**rows.pop(ANY), "id": new[0]}
    if rows.keys() != found.keys():
        yield f"leaves {len(found)} rows of {kind.words}, and not {len(rows)}"
        return
    for row_id, row in rows.items():
        yield from _written(kind, row, before.of(kind.home).get(row_id), found[row_id])


def _written(kind: Kind, row: Values, was: Values | None, now: Values) -> Iterator[str]:
    """Give what is otherwise in a row than it has to be, and when it was written."""
    for name in row.keys() - WRITTEN:
        if not agree(row[name], now.get(name)):
            said = f"{now.get(name)!r}, and not {row[name]!r}"
            yield f"stores {name} of {kind.words} as {said}"
    if was is None:
        if now["created_at"] != now["updated_at"]:
            yield f"has changed {kind.words} since it was made"
        return
    if now["created_at"] != was["created_at"]:
        yield f"changes when {kind.words} was made"
    is_changed = _differ(was, now) and not _is_cut_off(was, row)
    if is_changed and now["updated_at"] <= was["updated_at"]:
        yield f"does not say that {kind.words} was changed"


def _differ(was: Values, now: Values) -> bool:
    return any(was[name] != now.get(name) for name in was.keys() - WRITTEN)


def _is_cut_off(was: Values, now: Values) -> bool:
    """Say whether a row has only lost something that it belonged or was linked to."""
    return all(
        now[name] is None or isinstance(now[name], frozenset)
        for name in was
        if now[name] != was[name]
    )
