"""Resources to be solved, and what their samples promise."""

from collections.abc import Mapping
from typing import Any

from petsage_builder.analyze.structured import read_requirements
from petsage_builder.analyze.values import refusal
from petsage_builder.analyze.vocabulary import Subject, Vocabulary
from petsage_builder.solver import (
    Row,
    Samples,
    Value,
    solve,
)
from petsage_builder.solver.acceptance import stricter
from petsage_builder.solver.puzzle import Puzzle
from petsage_builder.solver.worlds import WORLDS, sent
from petsage_builder.spec.fields import AnyField


def subject(
    fields: Mapping[str, Any],
    *rules: str,
    **more: Any,  # noqa: ANN401
) -> Subject:
    """Return a resource with fields and check rules."""
    checks = [{"check": rule, "message": "It is so."} for rule in rules]
    resource = {"fields": fields, "rules": checks, "access": {"get": ["user"]}, **more}
    requirements = read_requirements({"resources": {"thing": resource}})
    return Subject(Vocabulary(requirements), "thing")


def solved(fields: Mapping[str, Any], *rules: str, **more: Any) -> Samples:  # noqa: ANN401
    """Return samples of such a resource, once all that they promise was seen."""
    found = subject(fields, *rules, **more)
    samples = solve(found)
    require_all_kept(found, samples)
    return samples


def why_not(field: AnyField, value: Value) -> set[str | None]:
    """Return why the API refuses a value, in each world; None where it does not."""
    reasons = set()
    for world in WORLDS:
        found: Any = sent(value, world)
        wrong = refusal(field, found)
        reasons.add(wrong[0] if wrong else stricter(field, found, world))
    return reasons


def require_all_kept(found: Subject, samples: Samples) -> None:
    """Require that rows are right, and that what is wrong is wrong as it says."""
    puzzle = Puzzle(found, {})
    first = samples.rows[0]
    for row in (*samples.rows, *({**first, **row} for _, row in samples.accepted)):
        require_right(puzzle, row)
        assert row.keys() == puzzle.fields.keys()
    require_right(puzzle, samples.minimal)
    assert samples.minimal.keys() >= puzzle.required
    for name, changes in samples.accepted:
        assert name in changes
    for wrong in samples.refused:
        reasons = why_not(puzzle.fields[wrong.field], wrong.value)
        assert None not in reasons, wrong
    for broken in samples.broken:
        row = {**first, **broken.changes}
        require_right(puzzle, row, broken.rule)


def require_right(puzzle: Puzzle, row: Row, broken: int | None = None) -> None:
    """Require that each field takes its value, and that one rule alone is broken."""
    for name, value in row.items():
        assert why_not(puzzle.fields[name], value) == {None}, (name, value)
    for law in puzzle.laws:
        verdict = puzzle.breaks if law.index == broken else puzzle.holds
        assert verdict(law, row), (law, row)
