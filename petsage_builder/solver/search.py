"""Find values that keep all rules together, the likeliest ones that do."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain
from operator import itemgetter
from typing import TypeAlias

from petsage_builder.solver import numerals
from petsage_builder.solver.inversion import turning_points
from petsage_builder.solver.puzzle import Absent, Draft, Puzzle
from petsage_builder.solver.samples import FromNow, FromToday, Value
from petsage_builder.solver.spans import written_duration
from petsage_builder.solver.worlds import WORLDS, Real, written_moment
from petsage_builder.spec.fields import AnyField, Bounded

MOST_TRIES, FEWER_TRIES = 4000, 800
# Ranks of values by how far they are from where a rule turns.
TURN, BESIDE, USUAL = 0, 1, 2
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
START = WORLDS[0].start

Options: TypeAlias = Mapping[str, Sequence[Value | Absent]]


@dataclass(slots=True)
class Search:
    """Tries one value after the other, and counts.

    `options` are the values of each field, the best first; `broken` is the one rule
    that must not hold, which is then broken by as little as can be; `ignored` are rules
    that need not hold. With `unlike`, a day or moment follows from those before it,
    and is none of that row.
    """

    puzzle: Puzzle
    options: Options
    broken: int | None = None
    ignored: frozenset[int] = frozenset()
    unlike: Draft | None = None
    most: int = MOST_TRIES
    tries: int = field(default=0)

    @property
    def gave_up(self) -> bool:
        """Say whether there was more to try."""
        return self.tries > self.most

    def run(self, names: Sequence[str], draft: Draft) -> Draft | None:
        """Return `draft` with a value for each of `names`; None if there is none."""
        backwards = tuple(reversed(names))
        chains = (self._chain(order) for order in (backwards, names))
        for order in dict.fromkeys(map(tuple, (names, backwards, *chains))):
            self.tries = 0
            bare = {n: v for n, v in draft.items() if n not in names}
            if (found := self._extend(bare, order)) is not None:
                return found
        return None

    def _chain(self, names: Sequence[str]) -> list[str]:
        """Return fields so that a rule ties each to those before it, where one does."""
        found, left = list(names[:1]), list(names[1:])
        while left:
            tied = self.puzzle.laws_of(found)
            near = (n for n in left if any(n in law.fields for law in tied))
            found.append(next(near, left[0]))
            left.remove(found[-1])
        return found

    def _extend(self, draft: Draft, names: Sequence[str]) -> Draft | None:
        if not names:
            return draft
        name, *rest = names
        for value in self._candidates(name, draft):
            self.tries += 1
            if self.gave_up:
                return None
            longer = {**draft, name: value}
            if self._keeps(longer, name, rest):
                found = self._extend(longer, rest)
                if found is not None:
                    return found
        return None

    def _candidates(self, name: str, draft: Draft) -> Iterator[Value | Absent]:
        options = self.options[name]
        if len(options) == 1:
            return iter(options)
        turning = list(derived(self.puzzle, name, draft))
        points = [value for _, value in turning]
        if self.broken is not None:
            nearest = (value for _, value in sorted(turning, key=itemgetter(0)))
            return _distinct(chain(nearest, options))
        first = [] if options[0] is not None else [None]
        usual = self._usual(name, turning)
        values, last = options, []
        if options[-1] is None:
            values, last = options[:-1], [None]
        return _distinct(chain(first, usual, values, points, last))

    def _usual(self, name: str, turning: list[tuple[int, Value]]) -> Iterator[Value]:
        """Give days and moments that a person would choose beside one before."""
        spec = self.puzzle.fields[name]
        if self.unlike is None or spec.kind not in ("date", "datetime") or spec.example:
            return iter(())
        row = self.unlike
        return (v for rank, v in turning if rank == USUAL and v != row.get(name))

    def _keeps(self, draft: Draft, name: str, left: Iterable[str]) -> bool:
        """Say whether each rule that the last field decides is as it should be."""
        undecided = set(left)
        return all(
            self.puzzle.breaks(law, draft)
            if law.index == self.broken
            else self.puzzle.holds(law, draft)
            for law in self.puzzle.laws_of([name])
            if not law.fields & undecided and law.index not in self.ignored
        )


def derived(puzzle: Puzzle, name: str, draft: Draft) -> Iterator[tuple[int, Value]]:
    """Give values of a field at which a rule turns, and beside them, with the rank."""
    return chain.from_iterable(turns(puzzle, name, draft))


def turns(puzzle: Puzzle, name: str, draft: Draft) -> Iterator[list[tuple[int, Value]]]:
    """Give for each point at which a rule turns the values that are taken there."""
    spec, bare = puzzle.fields[name], {**draft, name: None}
    for law in puzzle.laws_of([name]):
        scenes = (puzzle.scene(bare, world) for world in WORLDS)
        points = (turning_points(law.tree, (name,), scene) for scene in scenes)
        for point, *later in zip(*points, strict=True):
            moves = any(other != point for other in later)
            near = around(spec, point, relative=moves)
            yield [(rank, v) for rank, v in near if puzzle.takes(name, v)]


def _distinct(values: Iterable[Value | Absent]) -> Iterator[Value | Absent]:
    seen = set()
    for value in values:
        if repr(value) not in seen:
            seen.add(repr(value))
            yield value


def around(
    spec: AnyField, point: Real, *, relative: bool
) -> Iterator[tuple[int, Value]]:
    """Give a turning point and its neighbours as values of a field, with their rank."""
    match point:
        case Decimal() if isinstance(spec, Bounded):
            unit = numerals.step(spec)
            for rank, steps in ((TURN, 0), (BESIDE, 1), (BESIDE, -1)):
                yield rank, numerals.written(spec, point + steps * unit)
        case date() | timedelta():
            for rank, offset in _offsets(point, relative=relative):
                with suppress(OverflowError):
                    yield rank, _written(point + offset, relative=relative)
        case time():
            moment = datetime.combine(START.date(), point, UTC)
            for rank, offset in _beside(HOUR, SECOND):
                yield rank, (moment + offset).time().isoformat()
        case str() | bool():
            yield TURN, point


def _offsets(
    point: date | timedelta, *, relative: bool
) -> tuple[tuple[int, timedelta], ...]:
    if isinstance(point, datetime):
        return _beside(HOUR, MINUTE if relative else SECOND)
    return (
        _beside(MINUTE, SECOND) if isinstance(point, timedelta) else _beside(WEEK, DAY)
    )


def _beside(usual: timedelta, least: timedelta) -> tuple[tuple[int, timedelta], ...]:
    """Return offsets with their rank, the ones that a person would choose first."""
    return (
        (USUAL, usual),
        (USUAL, -usual),
        (TURN, timedelta()),
        (BESIDE, least),
        (BESIDE, -least),
    )


def _written(point: date | timedelta, *, relative: bool) -> Value:
    match point:
        case timedelta():
            return written_duration(point)
        case datetime():
            return FromNow(point - START) if relative else written_moment(point)
        case _:
            days = (point - START.date()).days
            return FromToday(days) if relative else point.isoformat()
