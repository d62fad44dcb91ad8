"""What an answer says that tells code as it is from a mutant, as a test can ask it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from petsage_builder.sandboxed.forks import Json
from petsage_builder.sandboxed.refereed import Referee
from petsage_builder.sandboxed.table import REFUSED, UNTOLD, Table
from petsage_builder.sandboxed.traces import MOMENT, Trace


def ending(steps: Trace, right: Sequence[str], wrong: Sequence[str]) -> Trace:
    """Return the steps up to the first that is answered otherwise.

    Those before it that only look are left out.
    """
    both = zip(right, wrong, strict=False)
    number = next((n for n, (one, other) in enumerate(both) if one != other), 0)
    *before, last = steps[: number + 1]
    kept = (step for step in before if step.get("method") != "GET")
    return [*kept, {**last, "called": ""} if "who" in last else last]


def judged(table: Table, steps: Trace) -> Json:
    """Return what is answered, and what the second reading says of that."""
    referee = Referee.here(Path.cwd())
    answers = table.take(steps)
    told = referee.current
    return {"answers": answers, "wrong": told.wrong + told.unsaid}


def told_apart(steps: Trace, right: Json, wrong: Json) -> Json | None:
    """Return the last step with what is right; None if that is not known."""
    good, bad = right["answers"], wrong["answers"]
    if right["wrong"] or len(good) != len(steps) or "table" in steps[-1]:
        return None
    if good == bad or good[:-1] != bad[: len(good) - 1]:
        return None
    kept = [
        step
        for step, answer in zip(steps[:-1], good[:-1], strict=True)
        if answer.get("taken") or answer.get("status", REFUSED) < REFUSED
    ]
    end = _difference(good[-1], bad[-1])
    return end and {"before": kept, "ask": steps[-1], **end}


def _difference(good: Json, bad: Json) -> Json | None:
    """Return of an answer what another one has otherwise."""
    found: Json = {"status": good["status"]}
    if good["status"] >= REFUSED:
        messages = [*_messages(good["body"])]
        others = [*_messages(bad["body"])]
        told = next((m for m in messages if m not in others), None)
        found["message"] = told or next(iter(messages), "")
        return found if good["status"] != bad["status"] or told else None
    if good["status"] != bad["status"]:
        return found
    if good["body"] != bad["body"] and isinstance(good["body"], dict):
        other = bad["body"] if isinstance(bad["body"], dict) else {}
        body, other = _knowable(good["body"]), _knowable(other)
        shown = {n: p for n, p in body.items() if other.get(n, UNTOLD) != p}
        return {**found, "shown": shown} if shown else None
    return None


def _knowable(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return what is shown without the parts that no test can know."""
    match value:
        case dict():
            return {n: _knowable(p) for n, p in value.items() if not _is_untold(p)}
        case list():
            return [_knowable(part) for part in value]
    return value


def _is_untold(value: Any) -> bool:  # noqa: ANN401 - JSON
    return value == {MOMENT: UNTOLD} or (isinstance(value, str) and UNTOLD in value)


def _messages(problem: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Give each text of a refusal that a test can ask for."""
    if isinstance(problem, dict):
        parts = [problem, *problem.get("errors", ())]
        for part in parts:
            said = part.get("detail") if isinstance(part, dict) else None
            if isinstance(said, str) and UNTOLD not in said:
                yield said
