"""An answer, held against what it has to be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from petsage_builder.reference.leaving import left_otherwise
from petsage_builder.reference.operations import answer
from petsage_builder.reference.outcomes import Done, Listed, Outcome, Refusal, Refused
from petsage_builder.reference.seeing import Sight
from petsage_builder.reference.showing import shown_otherwise
from petsage_builder.reference.state import State
from petsage_builder.reference.system import Call, Kind
from petsage_builder.reference.values import ANY

OK = 200


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
    yield from left_otherwise(call, expected, sight.state, after)


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
                yield from _listed(expected, sight, found.body)


def _is_said(kind: Kind, reason: Refusal, found: Answer) -> bool:
    if found.status != reason.status:
        return False
    if not reason.errors:
        return reason.detail in ("", _detail(found))
    told = _errors(found)
    rules = {rule.message for rule in kind.resource.checks}
    return {*map(_place, told)} == {*reason.errors} and all(
        text == wanted
        if (wanted := reason.errors[_place(pointer)])
        else text not in rules
        for pointer, text in told.items()
    )


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


def _listed(expected: Listed, sight: Sight, body: Mapping[str, Any]) -> Iterator[str]:
    kind, items = expected.kind, body["items"]
    ids = [item["id"] for item in items]
    if strange := {*ids} - expected.ids:
        yield f"lists {sorted(strange)}, which it has to leave out"
        return
    if len({*ids}) != min(len(expected.ids), expected.limit) or len({*ids}) != len(ids):
        yield f"lists {len(ids)} of {len(expected.ids)}"
    if (body["next"] is None) != (len(expected.ids) <= expected.limit):
        yield "says wrongly whether there is another page"
    if kind.view.listing.total and body["total"] != len(expected.ids):
        yield f"counts {body['total']}, and not {len(expected.ids)}"
    for item in items:
        row = sight.state.of(kind.home)[item["id"]]
        yield from shown_otherwise(kind, sight, row, item, in_list=True)
