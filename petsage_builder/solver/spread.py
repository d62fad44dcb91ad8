"""Rows that can stand beside each other: no two of them lie in time at once."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from petsage_builder.solver.puzzle import Law, Puzzle
from petsage_builder.solver.samples import FromNow, FromToday, Row, Value
from petsage_builder.solver.worlds import WORLDS, Real, World, read
from petsage_builder.spec.expressions import Kind
from petsage_builder.spec.resources import NoOverlap

STEPS = (1, 2, 3, -1, -2, 10)  # in spans of the row itself


def spread(puzzle: Puzzle, rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return rows of which none lies in time with one before it, where that can be.

    Rather than that, a row does without what is only wished of it.
    """
    placed: list[Row] = []
    wanted = puzzle.laws, [law for law in puzzle.laws if not law.any_state]
    for row in rows:
        moved = (new for laws in wanted for new in _moved(puzzle, row, laws))
        free = (new for new in moved if not _meets(puzzle, new, placed))
        placed.append(next(free, row))
    return tuple(placed)


def next_to(row: Row, begin: str, end: str, kind: Kind | None, steps: int = 1) -> Row:
    """Return the time that begins when that of a row ends; empty if it has none.

    More `steps` are so many times its length later.
    """
    first, last = _span(row, begin, end, kind, WORLDS[0])
    if not isinstance(first, date) or not isinstance(last, date) or last <= first:
        return {}
    by = (last - first) * steps
    return {begin: later(row[begin], by), end: later(row[end], by)}


def _moved(puzzle: Puzzle, row: Row, laws: Sequence[Law]) -> Iterator[Row]:
    """Give a row, and then the row at other times that its fields and laws allow."""
    yield row
    for steps in STEPS if _times(puzzle) else ():
        new = dict(row)
        for begin, end in _times(puzzle):
            kind = puzzle.fields[begin].kind
            new |= next_to(row, begin, end, kind, steps)
        names = new.keys() - {name for name in row if row[name] == new[name]}
        takes = all(puzzle.takes(name, new[name]) for name in names)
        if takes and all(puzzle.holds(law, new) for law in laws):
            yield new


def _times(puzzle: Puzzle) -> tuple[tuple[str, str], ...]:
    """Return the fields between which no two rows may lie, if a caller sets them."""
    rules = puzzle.subject.resource.rules
    found = (tuple(r.no_overlap) for r in rules if isinstance(r, NoOverlap))
    return tuple(
        (begin, end) for begin, end in found if {begin, end} <= puzzle.fields.keys()
    )


def _meets(puzzle: Puzzle, row: Row, others: Sequence[Row]) -> bool:
    """Say whether a row lies in time at once with another, whenever the test runs."""
    for begin, end in _times(puzzle):
        kind = puzzle.fields[begin].kind
        for world in WORLDS:
            own = _span(row, begin, end, kind, world)
            spans = (_span(other, begin, end, kind, world) for other in others)
            if any(_overlap(own, span) for span in spans):
                return True
    return False


def _overlap(one: tuple[Real, Real], other: tuple[Real, Real]) -> bool:
    """Say whether two spans have a moment in common; one without an end has none."""
    (first, last), (start, stop) = one, other
    if not isinstance(first, date) or not isinstance(start, date):
        return False
    if not isinstance(last, date) or not isinstance(stop, date):
        return False
    return first < stop and start < last


def _span(
    row: Mapping[str, Value], begin: str, end: str, kind: Kind | None, world: World
) -> tuple[Real, Real]:
    return read(row.get(begin), kind, world), read(row.get(end), kind, world)


def later(value: Value, by: timedelta) -> Value:
    """Return a day or a moment that is later by a span."""
    match value:
        case FromToday():
            return FromToday(value.days + by.days)
        case FromNow():
            return FromNow(value.delta + by)
        case str() if len(value) > len("2026-01-31"):
            moment = datetime.fromisoformat(value) + by
            return moment.isoformat().replace("+00:00", "Z")
        case _:
            return (date.fromisoformat(str(value)) + by).isoformat()
