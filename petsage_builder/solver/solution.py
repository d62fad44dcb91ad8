"""From a puzzle to samples: rows first, then what lies at and beyond their edges."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

from petsage_builder.lazy import lazy
from petsage_builder.solver.acceptance import why_refused
from petsage_builder.solver.boundaries import END, edges, inside
from petsage_builder.solver.callers import named
from petsage_builder.solver.evaluation import named_values
from petsage_builder.solver.likely import likely
from petsage_builder.solver.puzzle import ABSENT, Absent, Draft, Law, Puzzle
from petsage_builder.solver.samples import Broken, Row, UnsolvableError, Value
from petsage_builder.solver.search import (
    FEWER_TRIES,
    TURN,
    USUAL,
    Options,
    Search,
    around,
    derived,
    turns,
)
from petsage_builder.spec.fields import AnyField, UuidField
from petsage_builder.spec.resources import Check, NoOverlap

MOST_CHANGED = 3


@dataclass(frozen=True)
class Solution:
    """Answers to one puzzle, or `UnsolvableError`."""

    puzzle: Puzzle

    @lazy
    def likely(self) -> Mapping[str, Sequence[Value]]:
        """Return the values that each field takes, the likeliest first."""
        return {name: tuple(self._likely(name)) for name in self.puzzle.fields}

    def _likely(self, name: str) -> Iterator[Value]:
        subject, spec = self.puzzle.subject, self.puzzle.fields[name]
        seeded = [row.get(name) for row in subject.resource.seed if spec.unique]
        clock = self.puzzle.looks_at_clock(name)
        found: list[str] = []
        value: Value = None
        people = named(subject, name) if isinstance(spec, UuidField) else ()
        for value in (*people, *likely(subject.name, name, spec, clock=clock)):
            known = repr(value) in found or value in seeded
            if not known and self.puzzle.takes(name, value):
                found.append(repr(value))
                yield value
        if not found:
            why = why_refused(spec, value)
            what = f"no value was found that {name} takes: {value!r} is refused ({why})"
            raise UnsolvableError(what, field=name)

    @lazy
    def first(self) -> Row:
        """Return the row that has a value in every field."""
        options = {n: self._with_null(n, v) for n, v in self.likely.items()}
        return self._row(options, unlike={})

    @lazy
    def second(self) -> Row:
        """Return the row that differs from the first wherever it can."""
        options = {name: self._others(name) for name in self.likely}
        return self._row(options, unlike=self.first)

    @lazy
    def third(self) -> Row:
        """Return the row that is as the first, but for what must be unique."""
        unique = {name for name, spec in self.puzzle.fields.items() if spec.unique}
        apart = unique | {*self._apart}
        row = self._row({n: self._third(n, unique=n in apart) for n in self.likely})
        for name in unique:
            self._require_distinct(name, row)
        return row

    @property
    def _apart(self) -> Iterator[str]:
        """Give what differs in rows at one time, as nobody sets when they end."""
        for rule in self.puzzle.subject.resource.rules:
            if isinstance(rule, NoOverlap) and not self.puzzle.fields.keys() >= {
                *rule.no_overlap
            }:
                yield from (name for name in rule.per if name in self.puzzle.fields)

    @lazy
    def minimal(self) -> Row:
        """Return what must be sent, and nothing else."""
        required = self.puzzle.required
        options: Options = {
            name: [*([] if name in required else [ABSENT]), *self._from_first(name)]
            for name in self.likely
        }
        return self._row(options)

    def _with_null(self, name: str, values: Sequence[Value]) -> Sequence[Value]:
        return [*values, None] if self.puzzle.fields[name].optional else values

    def _from_first(self, name: str) -> Sequence[Value]:
        own = self.first[name]
        others = [value for value in self.likely[name] if value != own]
        return self._with_null(name, [own, *others])

    def _others(self, name: str) -> Sequence[Value]:
        """Return the values of a field, those that the first row has not first."""
        own = self.first[name]
        found = [value for value in self.likely[name] if not _same(value, own)]
        if self.puzzle.fields[name].kind == "text":
            found.sort(key=lambda value: str(value)[:1] == str(own)[:1])
        null: list[Value] = [None] if self.puzzle.fields[name].optional else []
        return [*null, *found, own]

    def _third(self, name: str, *, unique: bool) -> Sequence[Value]:
        if not unique:
            return self._from_first(name)
        others = [v for v in self._others(name) if v is not None]
        second = self.second[name]
        fresh = [v for v in others if not _same(v, second)]
        return [*fresh, *self._with_null(name, others)]

    def _require_distinct(self, name: str, third: Row) -> None:
        """Refuse rows that cannot stand beside each other, whoever has them."""
        together = self.puzzle.fields[name].unique
        own = {name, *(together if isinstance(together, list) else ())}
        if together == "per_owner" or own - self.puzzle.fields.keys():
            return  # they can have other owners or parents
        rows = self.first, self.second, third
        for one, other in combinations(rows, 2):
            if all(one[n] is not None and _same(one[n], other[n]) for n in own):
                what = f"{name} must be unique, and has too few values for three rows"
                raise UnsolvableError(what, field=name)

    def _row(self, options: Options, unlike: Draft | None = None) -> Row:
        draft: Draft = {}
        never = [law for law in self.puzzle.laws if not law.fields]
        if broken := [law for law in never if not self.puzzle.holds(law, draft)]:
            raise self._unkept(broken[:1])
        for group in self.puzzle.groups:
            search = Search(self.puzzle, options, unlike=unlike)
            found = search.run(group, draft)
            if found is None:
                raise self._conflict(group, options)
            draft = found
        return _sent(draft, self.likely)

    def _conflict(self, group: Sequence[str], options: Options) -> UnsolvableError:
        """Return which rules stand in each other's way: no fewer of them do."""
        ignored: frozenset[int] = frozenset()
        for law in self.puzzle.laws_of(group):
            fewer = ignored | {law.index}
            search = Search(self.puzzle, options, ignored=fewer, most=FEWER_TRIES)
            if search.run(group, {}) is None and not search.gave_up:
                ignored = fewer
        left = [law for law in self.puzzle.laws_of(group) if law.index not in ignored]
        return self._unkept(left)

    def _unkept(self, laws: Iterable[Law]) -> UnsolvableError:
        rules = self.puzzle.subject.resource.rules
        left = tuple(law.index for law in laws)
        said = [f"`{r.check}`" for i in left if isinstance(r := rules[i], Check)]
        return UnsolvableError(
            f"no row was found that keeps {' and '.join(said)}", rules=left
        )

    def accepted(self) -> Iterator[tuple[str, Row]]:
        """Give changes to the first row that put a field at a boundary."""
        seeds = self.puzzle.subject.resource.seed
        for name, spec in self.puzzle.fields.items():
            seen: list[Row] = []
            taken = [row.get(name) for row in seeds if spec.unique]
            for changes in chain(self._at_edges(name, spec), self._at_rules(name)):
                if changes not in seen and changes.get(name) not in taken:
                    seen.append(changes)
                    yield name, changes

    def _at_edges(self, name: str, spec: AnyField) -> Iterator[Row]:
        for value in chain(self._edges(name, spec), inside(spec)):
            if self.puzzle.takes(name, value):
                changes = self._with(name, value)
                if changes is not None:
                    yield changes

    def _edges(self, name: str, spec: AnyField) -> Iterator[Value]:
        """Give what is just accepted; rules may not be able to count to the ends."""
        is_counted = bool(self.puzzle.laws_of([name]))
        for inner, _, reason in edges(spec):
            if not (is_counted and reason == END):
                yield inner

    def _at_rules(self, name: str) -> Iterator[Row]:
        """Give changes with which a rule only just holds: beside them it does not."""
        yield from ({name: value} for value in self._just_kept(name, self.first))
        for broken in self.broken:
            row = {**self.first, **broken.changes}
            for value in self._just_kept(name, row) if name in broken.changes else ():
                yield {name: value, **self._changes({**row, name: value})}

    def _just_kept(self, name: str, row: Row) -> Iterator[Value]:
        laws = self.puzzle.laws_of(self.puzzle.group_of(name))
        for turn in turns(self.puzzle, name, row):
            near = [(rank, value) for rank, value in turn if rank < USUAL]
            held = [
                (rank, value)
                for rank, value in near
                if self._all_hold(laws, {**row, name: value})
            ]
            nearest = min((rank for rank, _ in held), default=USUAL)
            if len(held) < len(near):
                yield from (value for rank, value in held if rank == nearest)
        for point in (p for law in laws for p in named_values(law.tree, name)):
            for rank, value in around(self.puzzle.fields[name], point, relative=False):
                is_taken = rank == TURN and self.puzzle.takes(name, value)
                if is_taken and self._all_hold(laws, {**row, name: value}):
                    yield value

    def _all_hold(self, laws: Iterable[Law], draft: Draft) -> bool:
        return all(self.puzzle.holds(law, draft) for law in laws)

    def _with(self, name: str, value: Value) -> Row | None:
        """Return changes to the first row after which `name` has the value."""
        group = self.puzzle.group_of(name)
        options = {other: self._from_first(other) for other in group}
        rest = [other for other in group if other != name]
        search = self._search({**options, name: [value]})
        found = search.run([name, *rest], self.first)
        return None if found is None else {name: value, **self._changes(found)}

    def _search(
        self,
        options: Options,
        broken: int | None = None,
        ignored: frozenset[int] = frozenset(),
    ) -> Search:
        return Search(self.puzzle, options, broken, ignored, most=FEWER_TRIES)

    def _changes(self, draft: Draft) -> Row:
        row = _sent(draft, self.likely)
        return {n: v for n, v in row.items() if not _same(v, self.first[n])}

    @lazy
    def broken(self) -> tuple[Broken, ...]:
        """Return for each rule the fewest changes to the first row that break it."""
        return tuple(self._broken())

    def _broken(self) -> Iterator[Broken]:
        for law in self.puzzle.laws:
            changes = next(self._breaking(law), None)
            if changes is None:
                changes = next(self._breaking(law, self._behind(law)), None)
            if changes is not None:
                yield Broken(law.index, changes)

    def _behind(self, law: Law) -> frozenset[int]:
        """Return the rules that nobody asks for once this one is broken."""
        return frozenset(o.index for o in self.puzzle.laws if o.index > law.index)

    @property
    def broken_otherwise(self) -> tuple[Broken, ...]:
        """Return for each rule other changes of one field that break it alone."""
        return tuple(
            Broken(law.index, changes)
            for law in self.puzzle.laws
            for changes in self._breaking_singly(law)
            if Broken(law.index, changes) not in self.broken
        )

    def _breaking_singly(self, law: Law) -> Iterator[Row]:
        """Give for each field the value at which a rule breaks, and one beyond."""
        others = [other for other in self.puzzle.laws if other != law]
        for name in filter(law.fields.__contains__, self.likely):
            wrong = [
                (rank, value)
                for rank, value in derived(self.puzzle, name, self.first)
                if self.puzzle.breaks(law, {**self.first, name: value})
                and self._all_hold(others, {**self.first, name: value})
            ]
            at_turn = [value for rank, value in wrong if rank == TURN]
            beyond = [value for rank, value in wrong if rank != TURN]
            yield from ({name: values[0]} for values in (at_turn, beyond) if values)

    def _breaking(
        self, law: Law, ignored: frozenset[int] = frozenset()
    ) -> Iterator[Row]:
        names = [name for name in self.likely if name in law.fields]
        options = {name: self._from_first(name) for name in self.likely}
        for count in range(1, min(len(names), MOST_CHANGED) + 1):
            for changed in reversed(list(combinations(names, count))):
                search = self._search(options, law.index, ignored)
                found = search.run(changed, self.first)
                if found is not None:
                    yield self._changes(found)
        for group in self.puzzle.groups:
            if law.fields & set(group):
                search = self._search(options, law.index, ignored)
                found = search.run(group, self.first)
                if found is not None:
                    yield self._changes(found)


def _same(one: Value, other: Value) -> bool:
    return type(one) is type(other) and one == other


def _sent(draft: Draft, names: Iterable[str]) -> Row:
    found = ((name, draft[name]) for name in names)
    return {name: v for name, v in found if not isinstance(v, Absent)}
