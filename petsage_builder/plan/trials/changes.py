"""What is sent to make, to change and to replace the sample rows of one resource."""

from collections.abc import Iterator
from dataclasses import dataclass

from petsage_builder.lazy import lazy
from petsage_builder.plan.people import Scenery, role_of
from petsage_builder.plan.trials.cast import Cast
from petsage_builder.solver import Person, Row
from petsage_builder.solver.callers import granted
from petsage_builder.solver.worlds import WORLDS
from petsage_builder.spec.resources import Check, Resource


@dataclass(frozen=True)
class Changes:
    """Rows as they are sent, and changes to the first of them."""

    cast: Cast

    @property
    def rows(self) -> Iterator[Row]:
        """Give the sample rows, without what their makers may not send."""
        cast = self.cast
        for row, who in zip(cast.samples.rows, cast.makers, strict=True):
            sendable = (name for name in row if cast.people.writes(who, name, who))
            yield {name: row[name] for name in sendable}

    @lazy
    def changeable(self) -> frozenset[str]:
        """Return the names of the fields that a change can set."""
        return frozenset(field.name for field in self.cast.view.changeable)

    @property
    def whole(self) -> Row:
        """Return what replaces the first row, but for what only some may write.

        It is as the second, or as much of that as keeps the rules.
        """
        first, second = self.cast.samples.rows[:2]
        stuck = self.cast.stuck("replace")
        new = {
            field.name: (first if field.name in stuck else second).get(field.name)
            for field in self.cast.view.changeable
            if field.spec.write is None
        }
        if self.keeps_lasting(new):
            return new
        found = self.unchanged
        for name, value in new.items():
            changed = {**found, name: value}
            found = changed if self.keeps_lasting(changed) else found
        return found

    @property
    def unchanged(self) -> Row:
        """Return what replaces the first row with the same."""
        return {
            field.name: self.cast.first.get(field.name)
            for field in self.cast.view.changeable
            if field.spec.write is None
        }

    @property
    def single(self) -> Iterator[tuple[str, Row]]:
        """Give changes of no field, and of one, with who makes them."""
        updater = self.cast.doer("update")
        if not updater:
            return
        yield updater, {}
        first, second = self.cast.samples.rows[:2]
        for field in self.cast.view.changeable:
            value = second.get(field.name)
            who = self.cast.writers_of(field.name)[1]
            changes = {field.name: value}
            if who and value != first.get(field.name) and self.keeps_lasting(changes):
                yield who, changes

    def keeps_rules(self, changes: Row) -> bool:
        """Say whether the first row can be made with some changes: it keeps rules."""
        return self.are_kept_by({**self.cast.made, **changes})

    def are_kept_by(self, row: Row) -> bool:
        """Say whether a new row keeps every rule."""
        return self._said_of(row, self._resource.checks) == {None}

    def keeps_lasting(self, changes: Row) -> bool:
        """Say whether the first row can be changed so: it keeps what lasts."""
        return self.are_lasting_kept_by({**self.cast.made, **changes})

    def are_lasting_kept_by(self, row: Row) -> bool:
        """Say whether a row keeps every rule that lasts."""
        return self._said_of(row, self._resource.lasting) == {None}

    def broken_first(self, row: Row) -> Check | None:
        """Return the rule for which a row is refused a change, if it is always that."""
        found = self._said_of(row, self._resource.lasting)
        return found.pop() if len(found) == 1 else None

    @property
    def _resource(self) -> Resource:
        return self.cast.view.subject.resource

    def _said_of(self, row: Row, checks: list[Check]) -> set[Check | None]:
        """Return which checks a row breaks first, one in each world, or None."""
        people, view = self.cast.people, self.cast.view
        scenery = Scenery(row, people.scenery.state, people.maker)
        rules = [(rule, view.rules.condition(rule.check)) for rule in checks]
        return {
            next(
                (r for r, tree in rules if people.value(tree, scenery, world) is False),
                None,
            )
            for world in WORLDS
        }

    def completed(self, changes: Row) -> Row | None:
        """Return changes with what the row lacks beside them; None if none keep rules.

        The row lacks what its maker may not set; who sets some of it sets all of that.
        """
        tried = (changes, self._with_missing(changes))
        return next(filter(self.keeps_rules, tried), None)

    def breaking(self, changes: Row, rule: Check) -> Row | None:
        """Return changes with which a rule is the first that a new row breaks.

        They may need what the row lacks beside them; None if it breaks another one.
        """
        for found in (changes, self._with_missing(changes)):
            row = {**self.cast.made, **found}
            if self._said_of(row, self._resource.checks) == {rule}:
                return found
        return None

    def _with_missing(self, changes: Row) -> Row:
        """Return changes with all that the row lacks and the same people set."""
        writers = self.cast.writers
        people = {writers.get(name) for name in changes}
        first, made = self.cast.first, self.cast.made
        missing = (n for n in first if n not in made and writers.get(n) in people)
        return {**{name: first[name] for name in missing}, **changes}

    @property
    def unwanted(self) -> Iterator[Row]:
        """Give changes after which a condition of an access rule is not true."""
        people = self.cast.people
        found = self._unwanted
        yield from (c for c in found if people.writes_all(people.maker, c))

    @property
    def unwanted_later(self) -> Iterator[Row]:
        """Give such changes that the maker of the row cannot make."""
        people = self.cast.people
        found = self._unwanted
        yield from (c for c in found if not people.writes_all(people.maker, c))

    @property
    def _unwanted(self) -> Iterator[Row]:
        own = len(self.cast.view.subject.resource.rules)
        for broken in self.cast.samples.broken:
            if broken.rule >= own:
                yield broken.changes
        for name, known in self.cast.first.items():
            if isinstance(known, Person) and (who := self._unfit(name, known.name)):
                yield {name: Person(who)}

    def _unfit(self, name: str, known: str) -> str:
        """Return somebody who may do less than others if their id is in a field."""
        people, subject = self.cast.people.all[1:], self.cast.view.subject
        named = {grant.who for grant in granted(subject, name)}
        others = (
            who
            for who in reversed(people)
            if who != known and role_of(who) not in named
        )
        return next(others, "")
