"""Sample rows of every resource that a feature has, or refers to."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from petsage_builder.analyze.vocabulary import Subject, Vocabulary
from petsage_builder.errors import Problem, RefusedError
from petsage_builder.plan.demands import demands_of
from petsage_builder.plan.sources import change, text
from petsage_builder.plan.twins import TWIN, twins_of
from petsage_builder.solver import Person, Row, Samples, UnsolvableError, solve
from petsage_builder.solver.puzzle import Puzzle, Wish
from petsage_builder.solver.spread import next_to
from petsage_builder.solver.words import UUIDS
from petsage_builder.spec.fields import AnyField
from petsage_builder.spec.resources import Check, Frozen, NoOverlap, Resource

Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Placed:
    """The state of a row, and the moves that led there.

    Where a step is no move, somebody changes the row: who that is, and what is sent.
    `above` says by the role where the row's own parents go on to, once it is made.
    """

    state: str = ""
    way: tuple[str | tuple[str, Row], ...] = ()
    above: tuple[tuple[str, "Placed"], ...] = ()

    @property
    def moves(self) -> list[str]:
        """Return the moves of the row alone."""
        return [step for step in self.way if isinstance(step, str)]

    @property
    def is_as_made(self) -> bool:
        """Say whether nothing happens to the row, nor to what it belongs to."""
        return not self.way and not self.above

    @property
    def steps(self) -> list[str]:
        """Return the way as the source of tests."""
        own = [
            text(step) if isinstance(step, str) else change(*step) for step in self.way
        ]
        for role, placed in self.above:
            own += [text(f"{role}_id/{move}") for move in placed.moves]
        return own


AS_MADE = Placed()
ROOMS = (20, 5, 3, 2)  # rows, for those tests that are not about room


@dataclass
class Solutions:
    """The samples of each resource, solved when they are first asked for.

    `states` say in which state the row of a role is when another belongs to it.
    `demands` are what rules below a resource want of its rows, `hopes` what must be
    true of them so that everything can be done below.
    """

    plain: dict[Key, "Fulfilled"] = field(default_factory=dict)
    found: dict[Key, Samples] = field(default_factory=dict)
    demands: dict[Key, list[str]] = field(default_factory=dict)
    hopes: dict[Key, list[str]] = field(default_factory=dict)
    rooms: dict[Key, list[str]] = field(default_factory=dict)
    states: dict[tuple[Key, str], Placed] = field(default_factory=dict)
    soonest: dict[tuple[Key, str], Placed] = field(default_factory=dict)

    def of(self, subject: Subject) -> Samples:
        """Return the samples of a resource, or raise `RefusedError`.

        Its rows fulfil the conditions of its access rules and moves too, if they can.
        """
        key = _key(subject)
        if key not in self.found:
            self.found[key] = self._fulfilling(subject)
        return self.found[key]

    def usual(self, subject: Subject, *, fulfilled: bool = False) -> Samples:
        """Return samples that keep the rules, and those of what belongs to them.

        Nobody is named in them. Only if they are `fulfilled`, what can be done with
        them is thought of, too. Raise `RefusedError` if there is no such row.
        """
        found = self.of(subject) if fulfilled else self._plain(subject).samples
        one, two, three = map(_unnamed, found.rows)
        broken = (replace(b, changes=_unnamed(b.changes)) for b in found.broken)
        return replace(
            found,
            rows=(one, two, three),
            minimal=_unnamed(found.minimal),
            broken=tuple(broken),
        )

    def _plain(self, subject: Subject) -> "Fulfilled":
        key = _key(subject)
        if key not in self.plain:
            parents = self.parents_of(subject)
            try:
                found = Fulfilled(subject, parents, solve(subject, parents))
            except UnsolvableError as error:
                raise RefusedError([_problem(subject, error)]) from error
            found.fulfil(self.demands.get(key, ()), needed=True)
            self.plain[key] = found
        return self.plain[key]

    def place(self, subject: Subject, role: str) -> Placed:
        """Return how the row of a role is when another belongs to it."""
        return self.states.get((_key(subject), role), AS_MADE)

    def near(self, subject: Subject, role: str) -> Placed:
        """Return how the row of a role can be soonest when another belongs to it."""
        return self.soonest.get((_key(subject), role), AS_MADE)

    def put(self, subject: Subject, role: str, placed: Placed) -> None:
        """Say how the row of a role is when another belongs to it."""
        self.states[_key(subject), role] = placed

    def keep_nearest(self, subject: Subject) -> None:
        """Let what is said now be how rows can be soonest, unless that is known."""
        key = _key(subject)
        if not any(known == key for known, _ in self.soonest):
            said = {at: placed for at, placed in self.states.items() if at[0] == key}
            self.soonest.update(said)

    def ask_parents(self, subject: Subject) -> None:
        """Let sample parents be as the rules of a resource want them, with room."""
        resource, key = subject.resource, _key(subject)
        checks = [rule.check for rule in resource.rules if isinstance(rule, Check)]
        _pass_on(subject, (*checks, *self.demands.get(key, ())), self.demands)
        conditions = *conditions_of(resource), *self.hopes.get(key, ())
        _pass_on(subject, conditions, self.hopes)
        for role, most in resource.limits.per_parent.items():
            target = subject.vocabulary.target(role, resource.belongs_to[role])
            if isinstance(most, str) and target:
                self.rooms.setdefault(_key(target), []).append(most)

    def demand(self, subject: Subject, condition: str) -> None:
        """Want one thing more of a resource; what is solved is solved anew."""
        self.demands.setdefault(_key(subject), []).append(condition)
        self._forget()

    def withdraw(self, subject: Subject, condition: str) -> None:
        """Want something of a resource no longer."""
        self.demands[_key(subject)].remove(condition)
        self._forget()

    def _forget(self) -> None:
        self.plain.clear()
        self.found.clear()

    def parents_of(self, subject: Subject, depth: int = 2) -> dict[str, Row]:
        """Return the first row of each parent, by the path that leads there."""
        found: dict[str, Row] = {}
        twins = twins_of(subject)
        for role, parent in subject.resource.belongs_to.items():
            target = subject.vocabulary.target(role, parent)
            if target is None or target == subject or not depth:
                continue
            found[role] = self.of(target).rows[TWIN if role in twins else 0]
            further = self.parents_of(target, depth - 1)
            found |= {f"{role}.{path}": row for path, row in further.items()}
        return found

    def breaking(self, subject: Subject, condition: str) -> Row:
        """Return the fewest changes to the first row that break a condition alone."""
        wanted, parents = _with_checks(subject, (condition,)), self.parents_of(subject)
        try:
            found = solve(wanted, parents).broken
        except UnsolvableError:
            return {}
        last = len(subject.resource.rules)
        changes = next((b.changes for b in found if b.rule == last), {})
        row, puzzle = {**self.of(subject).rows[0], **changes}, Puzzle(wanted, parents)
        *own, law = puzzle.laws
        keeps = all(puzzle.holds(known, row) for known in own)
        return changes if keeps and puzzle.breaks(law, row) else {}

    def _fulfilling(self, subject: Subject) -> Samples:
        """Return samples that fulfil as many conditions as they can."""
        found = replace(self._plain(subject))
        found.fulfil(_given(subject), needed=True)
        found.fulfil(dict.fromkeys(conditions_of(subject.resource)))
        found.fulfil(dict.fromkeys(self.hopes.get(_key(subject), ())), needed=True)
        found.fulfil(_wishes(subject, found.samples.rows[0]), needed=True)
        for name in self.rooms.get(_key(subject), ()):
            found.make_room(name)
        return found.samples


@dataclass
class Fulfilled:
    """Samples that fulfil more and more conditions beside the rules."""

    subject: Subject
    parents: Mapping[str, Row]
    samples: Samples
    kept: tuple[str, ...] = ()

    def fulfil(self, conditions: Iterable[str], *, needed: bool = False) -> None:
        """Fulfil each condition that can be; only if it is `needed`, with a new row.

        A row that breaks a condition is a sample too, unless that is `needed`.
        """
        for condition in conditions:
            if needed and self._holds(condition):
                continue
            more = (*self.kept, condition)
            try:
                found = solve(_with_checks(self.subject, more), self.parents)
            except UnsolvableError:
                continue
            known = {b.rule for b in self.samples.broken}
            known |= {*range(len(self.subject.resource.rules))}
            broken = tuple(b for b in found.broken if not needed or b.rule in known)
            least = self.samples.minimal if needed else found.minimal
            self.samples = replace(
                found, accepted=self._accepted(found), broken=broken, minimal=least
            )
            self.kept = more

    def _accepted(self, found: Samples) -> tuple[tuple[str, Row], ...]:
        """Return what fields just take, whether or not it fulfils the conditions."""
        known = [(name, changes[name]) for name, changes in found.accepted]
        further = (
            (name, {name: changes[name]})
            for name, changes in self.samples.accepted
            if (name, changes[name]) not in known
        )
        return (*found.accepted, *further)

    def _holds(self, condition: str) -> bool:
        """Say whether all rows fulfil a condition already."""
        puzzle = Puzzle(_with_checks(self.subject, (condition,)), self.parents)
        return all(puzzle.holds(puzzle.laws[-1], row) for row in self.samples.rows)

    def make_room(self, name: str) -> None:
        """Let a row have room for more than one row below it, where it can."""
        puzzle = Puzzle(_with_checks(self.subject, self.kept), self.parents)
        for room in ROOMS if name in puzzle.fields else ():
            rows = tuple({**row, name: room} for row in self.samples.rows)
            holds = all(puzzle.holds(law, row) for law in puzzle.laws for row in rows)
            if puzzle.takes(name, room) and holds:
                one, two, three = rows
                self.samples = replace(self.samples, rows=(one, two, three))
                return
        self.fulfil([f"{name} >= {ROOMS[-1]}"], needed=True)


def _pass_on(
    subject: Subject, texts: Iterable[str], wanted: dict[Key, list[str]]
) -> None:
    """Let the parents of a resource know what some texts want of them alone."""
    for said in texts:
        for role, demand in demands_of(said, subject.columns):
            link = subject.resource.belongs_to.get(role)
            target = link and subject.vocabulary.target(role, link)
            if target and target != subject:
                wanted.setdefault(_key(target), []).append(demand)


def _unnamed(row: Row) -> Row:
    """Return a row with another id where that of somebody is."""
    return {n: UUIDS[0] if isinstance(v, Person) else v for n, v in row.items()}


def _key(subject: Subject) -> Key:
    return id(subject.vocabulary.requirements), subject.name


def _wishes(subject: Subject, row: Row) -> Iterator[str]:
    """Give what a first row lacks: what its moves need, and a time that lasts."""
    resource = subject.resource
    for move in resource.states.transitions.values() if resource.states else ():
        missing = (name for name in move.requires if row.get(name) is None)
        yield from (f"{name} is not empty" for name in missing)
    for rule in resource.rules:
        if isinstance(rule, NoOverlap):
            begin, end = rule.no_overlap
            if not next_to(row, begin, end, subject.stored[begin].kind):
                yield f"{end} is not empty and {end} > {begin}"


def _given(subject: Subject) -> Iterator[str]:
    """Give what a move sets of a row that is kept as it is once it has that.

    Whoever makes the row does not send it, and nothing is kept before.
    """
    resource = subject.resource
    rules = " ".join(rule.when for rule in resource.rules if isinstance(rule, Frozen))
    makers = {grant.who for grant in resource.access.get("create", ())}
    for move in resource.states.transitions.values() if resource.states else ():
        for name in move.requires:
            spec = subject.stored[name]
            writers = spec.write if isinstance(spec, AnyField) else None
            if (
                writers
                and makers.isdisjoint(writers)
                and f"{name} is not empty" in rules
            ):
                yield f"{name} is not empty"


def conditions_of(resource: Resource) -> Iterator[str]:
    """Give what must be true of a row so that everything can be done with it."""
    for move in resource.states.transitions.values() if resource.states else ():
        if move.when:
            yield move.when
    for grants in resource.access.values():
        yield from (grant.when for grant in grants if grant.when)
    for rule in resource.rules:
        if isinstance(rule, Frozen):
            yield f"not ({rule.when})"


def _with_checks(subject: Subject, conditions: tuple[str, ...]) -> Subject:
    """Return the resource with further rules, behind its own."""
    more = [Wish(check=text, message="wanted") for text in conditions]
    resource = subject.resource.model_copy(
        update={"rules": [*subject.resource.rules, *more]}
    )
    requirements = subject.vocabulary.requirements
    changed = requirements.model_copy(
        update={"resources": {**requirements.resources, subject.name: resource}}
    )
    return Subject(Vocabulary(changed, subject.vocabulary.others), subject.name)


def _problem(subject: Subject, error: UnsolvableError) -> Problem:
    where = subject.where
    if error.rules:
        where = f"{where}.rules[{error.rules[0]}].check"
    elif error.field:
        where = f"{where}.fields.{error.field}"
    return Problem(where, error.what, "rules and limits that some row can keep")
