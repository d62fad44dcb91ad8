"""Everybody in the tests of one resource, and how each of them is answered."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from petsage_builder.analyze.expressions import read_condition
from petsage_builder.analyze.vocabulary import Subject
from petsage_builder.compiler import fields_of
from petsage_builder.lazy import lazy
from petsage_builder.plan.access import ANYBODY, OWNER, SIGNED_IN
from petsage_builder.plan.grants import grants_of
from petsage_builder.plan.ownership import way_to_owner
from petsage_builder.plan.people.reading import Reader, called_by
from petsage_builder.plan.people.roles import role_of
from petsage_builder.plan.people.scenery import FIRST, NOBODY, SECOND, Scenery
from petsage_builder.plan.samples import Placed, Solutions
from petsage_builder.plan.twins import TWIN, twins_of
from petsage_builder.solver import Row
from petsage_builder.solver.evaluation import Scene, evaluate, speaks_of_caller
from petsage_builder.solver.worlds import WORLDS, Real, World
from petsage_builder.spec.expressions import Expression
from petsage_builder.spec.fields import AnyField
from petsage_builder.spec.resources import Check, Grant

CHANGES = {"update", "replace"}


@dataclass(frozen=True)
class People:
    """The people of the tests of one resource, and the row that they ask for.

    It is the first sample, made by the first who may, unless `at` says another one;
    what it belongs to is so too, unless `parents` says it by the role, or by a path
    such as `pet.clinic`. It has those optional parents that are said there.
    """

    subject: Subject
    solutions: Solutions
    roles: tuple[str, ...]
    at: Scenery | None = None
    parents: Mapping[str, Scenery] = field(default_factory=dict)
    # The same people before each resource, which is worked out once: a vocabulary
    # that is part of a key is alive as long as what it is the key of.
    _before: dict[tuple[int, str], "People"] = field(
        default_factory=dict, compare=False, repr=False
    )

    @property
    def all(self) -> tuple[str, ...]:
        """Return everybody."""
        return (NOBODY, FIRST, SECOND, *self.roles)

    def near(self, subject: Subject) -> "People":
        """Return the same people before another resource."""
        key = id(subject.vocabulary), subject.name
        if key not in self._before:
            self._before[key] = replace(self, subject=subject, at=None, parents={})
        return self._before[key]

    @lazy
    def maker(self) -> str:
        """Return who makes the rows; nobody if they are there from the beginning."""
        if self.at:
            return self.at.maker
        people = (FIRST, *self.roles, SECOND)
        done = [who for who in people if self.create(who) == HTTPStatus.CREATED]
        # Where the first owner may not, it is for a row of theirs: the second may.
        if FIRST not in done and SECOND in done:
            return SECOND
        return next(iter(done), "")

    @lazy
    def scenery(self) -> Scenery:
        """Return the row that the tests ask for."""
        return self.at or self.made_by(self.maker)

    def made_by(self, maker: str, sample: int = 0) -> Scenery:
        """Return the first sample row, or another, as it is when somebody has made it.

        It has nothing yet that they may not set.
        """
        states = self.subject.resource.states
        initial = states.initial if states else ""
        row = self.solutions.of(self.subject).rows[sample].items()
        made = {name: value for name, value in row if self.sets(maker, name)}
        return Scenery(made, initial, maker)

    def sets(self, maker: str, name: str) -> bool:
        """Say whether somebody may set a field of a row that they make."""
        return _is_among(self._writers(name), maker, maker)

    # Whose a row is.

    def owner_of(self, maker: str) -> str:
        """Return who owns a row that `maker` has made."""
        if self.subject.resource.owned_by:
            return maker
        way = way_to_owner(self.subject)
        if not way:
            return ""
        parent = self.above(way[0].role, way[0].subject)
        is_own = self.maker == parent.maker == FIRST and maker == SECOND
        return parent.owner_of(SECOND if is_own else parent.maker)

    def _owner_at_first_parents(self, who: str) -> str:
        """Return who owns a row that somebody makes at the first owner's parents."""
        if self.subject.resource.owned_by:
            return who
        way = way_to_owner(self.subject)
        if not way or way[0].parent.optional:
            return ""
        parent = self.above(way[0].role, way[0].subject)
        return parent.owner_of(parent.maker)

    def another_maker(self, name: str) -> str:
        """Return who makes a row with the first one's field too, as another owner."""
        owner, people = self.owner_of(self.maker), filter(self.makes_own, self.all[1:])
        others = (who for who in people if self.writes(who, name, who))
        return next((who for who in others if self.owner_of(who) != owner), "")

    def makes_own(self, who: str) -> bool:
        """Say whether somebody makes rows; the second owner, at their own parents."""
        if self.maker == FIRST and who == SECOND:
            return self.may_make_own(who) and not self._breaks_alone(who)
        return self.create(who) == HTTPStatus.CREATED

    def _breaks_alone(self, who: str) -> bool:
        """Say whether a rule about the row alone keeps somebody from making it."""
        trees = (
            read_condition(r.check, self.subject.scope) for r in self.broken_by(who)
        )
        return any(all(not path[1:] for path in fields_of(tree)) for tree in trees)

    def may_make_own(self, who: str) -> bool:
        """Say whether somebody may make a row of which they own all parents."""
        may = any(_is(who, grant.who, who) for grant in self.grants("create"))
        return may and all(
            near.may_make_own(who) if near.maker == FIRST else near.sees(who)
            for near in self._referred()
        )

    def makes_at_own(self, who: str) -> bool:
        """Say whether somebody makes rows, but only at parents that they make first."""
        may = any(_is(who, grant.who, who) for grant in self.grants("create"))
        owned = [near for near in self._referred() if near.maker == FIRST]
        return (
            may
            and bool(owned)
            and self.create(who) != HTTPStatus.CREATED
            and all(near.create(who) == HTTPStatus.CREATED for near in owned)
            and all(n.sees(who) for n in self._referred() if n.maker != FIRST)
        )

    # Who may do something.

    def grants(self, operation: str) -> list[Grant]:
        """Return who may do something, or go from one state to another."""
        return grants_of(self.subject.resource, operation)

    def may(
        self, who: str, grants: Iterable[Grant], scenery: Scenery | None = None
    ) -> bool:
        """Say whether somebody is among those who may."""
        scenery = scenery or self.scenery
        return self._is_any(grants, who, scenery, self.owner_of(scenery.maker))

    def _is_any(
        self, grants: Iterable[Grant], who: str, scenery: Scenery, owner: str
    ) -> bool:
        return any(
            _is(who, grant.who, owner)
            and (grant.when is None or self.holds(grant.when, scenery, who, owner))
            for grant in grants
        )

    def sees(self, who: str, operation: str = "") -> bool:
        """Say whether somebody may see the row, also for an operation on it."""
        reading = self.grants("get") or self.grants("list")
        if not reading and not operation:
            owner = self.owner_of(self.maker)
            return not self.subject.is_owned or who == owner
        return self.may(who, [*reading, *(self.grants(operation) if operation else [])])

    def writes(self, who: str, name: str, maker: str) -> bool:
        """Say whether somebody may set a field of a row that `maker` has made."""
        return _is_among(self._writers(name), who, self.owner_of(maker))

    def _writers(self, name: str) -> Iterable[str] | None:
        spec = self.subject.stored[name]
        return spec.write if isinstance(spec, AnyField) else None

    def writes_all(self, who: str, names: Iterable[str]) -> bool:
        """Say whether somebody may set all of some fields of the row."""
        return all(self.writes(who, name, self.maker) for name in names)

    def reads(self, who: str, name: str, maker: str = "") -> bool:
        """Say whether somebody may read a field of the row, or of one of `maker`."""
        spec = self.subject.stored[name]
        people = spec.read if isinstance(spec, AnyField) else None
        return _is_among(people, who, self.owner_of(maker or self.maker))

    def first(self, operation: str) -> str:
        """Return somebody who may do something with the row; empty if nobody may."""
        grants = self.grants(operation)
        if not grants:
            return ""
        if operation == "list":
            people = (who for who in self.all if self.listing(who) == HTTPStatus.OK)
            return next((who for who in people if self.may(who, grants)), "")
        everybody = (*self.all[1:], NOBODY)
        done = (w for w in everybody if self.item(w, operation) == HTTPStatus.OK)
        return next(done, "")

    # How a request is answered.

    def create(self, who: str) -> HTTPStatus:
        """Return how the creation of a row at the first owner's parents is answered."""
        if who not in self._created:
            self._created[who] = self._create(who)
        return self._created[who]

    @lazy
    def _created(self) -> dict[str, HTTPStatus]:
        return {}

    def _create(self, who: str) -> HTTPStatus:
        grants = self.grants("create")
        if not grants:
            return HTTPStatus.METHOD_NOT_ALLOWED
        if _must_sign_in(who, grants):
            return HTTPStatus.UNAUTHORIZED
        if not all(target.sees(who) for target in self._referred()):
            return HTTPStatus.NOT_FOUND
        owner = self._owner_at_first_parents(who)
        may = self._is_any(grants, who, self.made_by(who), owner)
        # What depends on the row is asked when it is stored, and so has kept its rules.
        is_asked_last = any(grant.when for grant in grants)
        if not may and not is_asked_last:
            return HTTPStatus.FORBIDDEN
        if self.broken_by(who):
            return HTTPStatus.UNPROCESSABLE_ENTITY
        return HTTPStatus.CREATED if may else HTTPStatus.FORBIDDEN

    def _referred(self) -> Iterator["People"]:
        """Give what a new row refers to: its required parents, and its links."""
        vocabulary, resource = self.subject.vocabulary, self.subject.resource
        for role, parent in resource.belongs_to.items():
            above = vocabulary.target(role, parent)
            if above and above != self.subject and not parent.optional:
                yield self.above(role, above)
        for role, link in resource.many_to_many.items():
            linked = vocabulary.target(role, link)
            if linked and linked != self.subject:
                yield self.near(linked)

    def above(self, role: str, subject: Subject) -> "People":
        """Return the same people before the row that a row belongs to."""
        near, placed = self.near(subject), self.solutions.place(self.subject, role)
        found = near.scenery
        if role in self.parents:
            found = self.parents[role]
        else:
            if role in twins_of(self.subject):
                found = near.made_by(near.maker, TWIN)
            found = near.moved(found, placed)
        further = near.higher(placed) | {
            path.removeprefix(f"{role}."): scenery
            for path, scenery in self.parents.items()
            if path.startswith(f"{role}.")
        }
        if found == near.scenery and not further:
            return near
        return replace(near, at=found, parents=further)

    def higher(self, placed: Placed) -> dict[str, Scenery]:
        """Return what the row belongs to, where that has gone on after it was made."""
        found = {}
        for role, onward in placed.above:
            link = self.subject.resource.belongs_to[role]
            if target := self.subject.vocabulary.target(role, link):
                far = self.above(role, target)
                found[role] = far.moved(far.scenery, onward)
        return found

    def moved(self, scenery: Scenery, placed: Placed) -> Scenery:
        """Return a row after some moves and changes, with what they have set."""
        states = self.subject.resource.states
        first = self.solutions.of(self.subject).rows[0]
        row = dict(scenery.row)
        for step in placed.way:
            if not isinstance(step, str):
                row |= step[1]
            elif states:
                row |= {n: first.get(n) for n in states.transitions[step].requires}
        return replace(scenery, state=placed.state or scenery.state, row=row)

    def broken_by(self, who: str, changes: Row | None = None) -> list[Check]:
        """Return the rules that a row breaks which somebody makes with some changes."""
        made, owner = self.made_by(who), self._owner_at_first_parents(who)
        scenery = replace(made, row={**made.row, **(changes or {})})
        readers = [self.reader(scenery, owner, world) for world in WORLDS]
        return [
            rule
            for rule in self.subject.resource.checks
            if any(self._is_broken(rule, who, reader) for reader in readers)
        ]

    def _is_broken(self, rule: Check, who: str, reader: Reader) -> bool:
        tree = called_by(who, read_condition(rule.check, self.subject.scope))
        return evaluate(tree, Scene(reader.world, reader.field)) is False

    def item(self, who: str, operation: str) -> HTTPStatus:
        """Return how an operation on the row is answered, OK if it is done."""
        grants = self.grants(operation)
        if _must_sign_in(who, grants):
            return HTTPStatus.UNAUTHORIZED
        if not self.sees(who, operation):
            return HTTPStatus.NOT_FOUND
        if not self.may(who, grants):
            return HTTPStatus.FORBIDDEN
        is_wrong = operation in CHANGES and self._breaks_by_calling(who)
        return HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK

    def _breaks_by_calling(self, who: str) -> bool:
        """Say whether a rule keeps somebody, whoever they are, from any change."""
        checks = (rule.check for rule in self.subject.resource.lasting)
        trees = ((text, read_condition(text, self.subject.scope)) for text in checks)
        return any(
            speaks_of_caller(tree) and self.fails(text, self.scenery, who)
            for text, tree in trees
        )

    def listing(self, who: str) -> HTTPStatus:
        """Return how a list is answered."""
        grants = self.grants("list")
        if _must_sign_in(who, grants):
            return HTTPStatus.UNAUTHORIZED
        people = {grant.who for grant in grants}
        may = people & {ANYBODY, SIGNED_IN, OWNER, role_of(who)}
        return HTTPStatus.OK if may else HTTPStatus.FORBIDDEN

    # What a rule says.

    def holds(
        self, condition: str, scenery: Scenery, who: str = "", owner: str = ""
    ) -> bool:
        """Say whether a condition is true of a row, whenever the tests run."""
        found = self._values(condition, scenery, who, owner)
        return all(value is True for value in found)

    def fails(self, condition: str, scenery: Scenery, who: str = "") -> bool:
        """Say whether a condition is false for a row, whenever the tests run."""
        found = self._values(condition, scenery, who, "")
        return all(value is False for value in found)

    def _values(
        self, condition: str, scenery: Scenery, who: str, owner: str
    ) -> Iterator[Real]:
        """Give what a condition is for a row, in each world."""
        tree = called_by(who, read_condition(condition, self.subject.scope))
        owner = owner or self.owner_of(scenery.maker)
        readers = (self.reader(scenery, owner, world) for world in WORLDS)
        return (evaluate(tree, Scene(reader.world, reader.field)) for reader in readers)

    def value(self, tree: Expression, scenery: Scenery, world: World) -> Real:
        """Return what an expression is for a row."""
        reader = self.reader(scenery, self.owner_of(scenery.maker), world)
        return evaluate(tree, Scene(world, reader.field))

    def reader(self, scenery: Scenery, owner: str, world: World) -> Reader:
        """Return what reads a row in a world."""

        def above(role: str, subject: Subject) -> Reader:
            parent = self.above(role, subject)
            owner = parent.owner_of(parent.maker)
            return parent.reader(parent.scenery, owner, world)

        given = frozenset(self.parents)
        return Reader(self.subject, scenery, owner, world, above, given)


def _is(who: str, named: str, owner: str) -> bool:
    """Say whether somebody is whom a grant names."""
    if named == ANYBODY:
        return True
    if who == NOBODY:
        return False
    if named == SIGNED_IN:
        return True
    return who == owner if named == OWNER else role_of(who) == named


def _is_among(people: Iterable[str] | None, who: str, owner: str) -> bool:
    """Say whether somebody is one of those named; everybody is if nobody is named."""
    return people is None or any(_is(who, named, owner) for named in people)


def _must_sign_in(who: str, grants: Iterable[Grant]) -> bool:
    return who == NOBODY and not any(grant.who == ANYBODY for grant in grants)
