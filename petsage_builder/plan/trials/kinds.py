"""A kind of rows, as the tests write it down, and all that is tried with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from petsage_builder.lazy import lazy
from petsage_builder.plan.people import People, Scenery
from petsage_builder.plan.resources import ResourceView
from petsage_builder.plan.sources import listed, source, text
from petsage_builder.plan.trials.answers import Answers
from petsage_builder.plan.trials.cast import Cast
from petsage_builder.plan.trials.changes import Changes
from petsage_builder.plan.trials.states import States
from petsage_builder.plan.twins import twins_of
from petsage_builder.solver import Row
from petsage_builder.spec.fields import AnyField, ComputedField
from petsage_builder.spec.resources import Check, NoOverlap, Resource


@dataclass(frozen=True)
class Trials:
    """The tests of one resource."""

    view: ResourceView
    people: People

    @lazy
    def cast(self) -> Cast:
        """Return who does what."""
        return Cast(self.view, self.people)

    @lazy
    def changes(self) -> Changes:
        """Return what is sent."""
        return Changes(self.cast)

    @lazy
    def states(self) -> States:
        """Return the ways from state to state."""
        return States(self.cast)

    @lazy
    def answers(self) -> Answers:
        """Return how everything is answered."""
        return Answers(self.cast, self.changes, self.states)

    def after(self, changes: Row) -> "Trials":
        """Return the same with a row that is asked for after it has been changed."""
        row = {**self.cast.made, **changes}
        return self.at(replace(self.people.scenery, row=row))

    def at(self, scenery: Scenery) -> "Trials":
        """Return the same with another row that is asked for."""
        return Trials(self.view, replace(self.people, at=scenery))

    def beside(self, role: str, scenery: Scenery) -> "Trials":
        """Return the same with the row below another parent, or one of its parents."""
        people = replace(self.people, at=self.people.scenery)
        return Trials(self.view, replace(people, parents={role: scenery}))

    @property
    def name(self) -> str:
        """Return the name of its constant."""
        return self.view.name.upper()

    @property
    def resource(self) -> Resource:
        """Return what the payload says of it."""
        return self.view.subject.resource

    @property
    def rows(self) -> list[str]:
        """Return the sample rows as they are sent."""
        return [source(row) for row in self.changes.rows]

    @property
    def minimal(self) -> str:
        """Return as little as makes a row."""
        return source(self.cast.minimal)

    @property
    def parents(self) -> list[tuple[str, str]]:
        """Return the columns of its required parents, and the kinds of these."""
        return [
            (parent.column, parent.subject.name.upper())
            for parent in self.view.parents
            if not parent.link.optional and parent.subject != self.view.subject
        ]

    @property
    def movable(self) -> list[str]:
        """Return the columns of its required parents that a whole row has, too."""
        if not self.view.has("replace"):
            return []
        known = {column for column, _ in self.parents}
        return [p.column for p in self.view.movable if p.column in known]

    @property
    def twins(self) -> list[str]:
        """Return the columns of parents that must be others than those before."""
        roles = twins_of(self.view.subject)
        return [parent.column for parent in self.view.parents if parent.role in roles]

    @property
    def linked(self) -> list[tuple[str, str]]:
        """Return the fields of its links to others, and the kinds of these."""
        return [
            (link.ids, link.subject.name.upper())
            for link in self.view.links
            if link.subject != self.view.subject
        ]

    @property
    def unseen(self) -> list[str]:
        """Return what no answer shows."""
        return [field.name for field in self.view.fields if field.spec.write_only]

    @property
    def rules(self) -> list[str]:
        """Return what rules say of fields that are refused some values before."""
        limited = {f"/body/{wrong.field}" for wrong in self.cast.samples.refused}
        found = (rule for rule in self.resource.rules if isinstance(rule, Check))
        return [r.message for r in found if self.view.rules.where(r) in limited]

    @property
    def unread(self) -> list[tuple[str, list[str]]]:
        """Return what the maker of the first row, and who changes it, may not read.

        Nothing if that is the same for all of them.
        """
        names = [field.name for field in self.view.hidden]
        people = (self.cast.maker, *(who for who, _ in self.changes.single))
        found = {
            who: [name for name in names if not self.people.reads(who, name)]
            for who in people
        }
        differ = any(hidden != found[self.cast.maker] for hidden in found.values())
        return [(who, hidden) for who, hidden in found.items() if hidden and differ]

    @property
    def computed(self) -> list[str]:
        """Return what follows from the rest of a row, or is shown with it."""
        fields = self.resource.fields.items()
        found = [name for name, spec in fields if isinstance(spec, ComputedField)]
        return [*found, *self.resource.embed]

    @property
    def initial(self) -> str:
        """Return the first state."""
        return self.resource.states.initial if self.resource.states else ""

    @property
    def mover(self) -> str:
        """Return who makes each move, with which body, and to where, as a table."""
        rows = []
        for move in self.view.moves:
            if who := self.who_moves(move.action):
                body = source(self.answers.body(move.action))
                parts = text(who), text(move.path), body, text(move.transition.to)
                rows.append(f"{text(move.action)}: ({', '.join(parts)})")
        return f"{{{', '.join(rows)}}}" if rows else ""

    def who_moves(self, action: str) -> str:
        """Return who makes a move of the first row; empty if nobody does."""
        move = next(move for move in self.view.moves if move.action == action)
        return self.states.usual_mover(move)

    @property
    def settings(self) -> list[tuple[str, str]]:
        """Return the columns of parents that something happens to before, and what."""
        found = [
            (parent.column, self.people.solutions.place(self.view.subject, parent.role))
            for parent in self.view.parents
        ]
        return [
            (column, listed(placed.steps))
            for column, placed in found
            if not placed.is_as_made
        ]

    @property
    def later(self) -> list[str]:
        """Return for each sample row what its makers may not set, if it is unique."""
        needed = {name for move in self.view.moves for name in move.requires}
        stored = self.view.subject.stored
        names = [
            name
            for name in sorted(needed)
            if isinstance(spec := stored[name], AnyField)
            and spec.unique
            and not self.people.sets(self.cast.maker, name)
        ]
        rows = self.cast.samples.rows
        return [source({n: row.get(n) for n in names}) for row in rows if names]

    @property
    def apart(self) -> tuple[str, ...]:
        """Return the columns in which samples differ, as they are at the same time.

        Where callers set the time, the samples follow each other instead.
        """
        rules = [rule for rule in self.resource.rules if isinstance(rule, NoOverlap)]
        fixed = [rule for rule in rules if not self._is_settable(rule.no_overlap)]
        found = [name for rule in fixed for name in rule.per]
        for name, spec in self.view.subject.stored.items():
            together = spec.unique if isinstance(spec, AnyField) else False
            if isinstance(together, list) and self._are_alike([name, *together]):
                found += together
        roles = dict.fromkeys(found)
        return tuple(p.column for p in self.view.parents if p.role in roles)

    def _are_alike(self, names: Sequence[str]) -> bool:
        """Say whether two sample rows have the same in all that they are asked for."""
        sent = [name for name in names if name in self.cast.first]
        if not sent and not any(map(self._is_the_same, names)):
            return False
        rows = [[row.get(n) for n in sent] for row in self.cast.samples.rows]
        full = [row for row in rows if None not in row]
        return any(full.count(row) > 1 for row in full)

    def _is_the_same(self, name: str) -> bool:
        """Say whether a field that nobody sends is the same in all rows of a maker."""
        spec = self.view.subject.stored.get(name)
        if not isinstance(spec, AnyField) or not spec.read_only:
            return False
        return spec.default is not None and str(spec.default) not in ("new", "now")

    def _is_settable(self, names: Iterable[str]) -> bool:
        return all(name in self.cast.first for name in names)
