"""What a rule reads of a sample row, and of the rows that it belongs to."""

from collections.abc import Callable
from dataclasses import dataclass

from petsage_builder.analyze.expressions import read_expression
from petsage_builder.analyze.vocabulary import EVERY_ROW, Subject
from petsage_builder.plan.people.scenery import Scenery
from petsage_builder.solver.evaluation import Scene, evaluate
from petsage_builder.solver.worlds import Real, Unseen, World, read
from petsage_builder.spec.expressions import (
    Caller,
    Compare,
    Constant,
    Expression,
    Field,
    Join,
    Kind,
    Membership,
    Negation,
)
from petsage_builder.spec.fields import AnyField


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads a row in a world; `above` gives the reader of the row of a parent.

    `given` are the optional parents that it has.
    """

    subject: Subject
    scenery: Scenery
    owner: str
    world: World
    above: Callable[[str, Subject], "Reader"]
    given: frozenset[str] = frozenset()

    def field(self, field: Field) -> Real:
        """Return what a field is."""
        return self.at(field.path)

    def at(self, path: tuple[str, ...]) -> Real:
        """Return what is at the end of a path, which goes from the row outwards."""
        name, *rest = path
        if (link := self.subject.resource.belongs_to.get(name)) is None:
            return self._own(name)
        if link.optional and name not in self.given:
            return None  # most tests make rows without it
        if not rest:
            return Unseen.PRESENT
        target = self.subject.vocabulary.target(name, link)
        if target is None or (target == self.subject and name not in self.given):
            return Unseen.UNKNOWN
        above = self.above(name, target)
        is_made = bool(above.scenery.maker)  # else it is any that is there
        return above.at(tuple(rest)) if is_made else Unseen.UNKNOWN

    def _own(self, name: str) -> Real:
        states = self.subject.resource.states
        if name == "owner":
            return self.owner
        if EVERY_ROW.get(name) == "datetime":
            made = self.scenery.row.get(name)
            return read(made, "datetime", self.world) if made else self.world.start
        if states and name == states.field:
            return self.scenery.state
        return self._stored(name)

    def _stored(self, name: str) -> Real:
        spec, row = self.subject.stored.get(name), self.scenery.row
        if not isinstance(spec, AnyField):
            return Unseen.UNKNOWN
        if name in row:
            return read(row[name], spec.kind, self.world)
        return self._default(spec)

    def _default(self, spec: AnyField) -> Real:
        """Return what a field is that was not sent."""
        if spec.default_from is not None:
            return self.at(tuple(spec.default_from.split(".")))
        if spec.default_expression is not None:
            tree = read_expression(spec.default_expression, self.subject.scope)
            return evaluate(tree, Scene(self.world, self.field))
        dynamic: dict[tuple[str, Kind | None], Real] = {
            ("now", "datetime"): self.world.start,
            ("today", "date"): self.world.start.date(),
            ("caller", "id"): self.scenery.maker,
            ("new", "id"): Unseen.PRESENT,
        }
        if isinstance(spec.default, str) and (spec.default, spec.kind) in dynamic:
            return dynamic[spec.default, spec.kind]
        return read(spec.default, spec.kind, self.world)


def called_by(who: str, tree: Expression) -> Expression:
    """Return a tree in which the caller is somebody."""
    match tree:
        case Caller():
            return Constant(who, "id")
        case Negation():
            return Negation(called_by(who, tree.operand))
        case Compare():
            left, right = called_by(who, tree.left), called_by(who, tree.right)
            return Compare(tree.operator, left, right)
        case Join():
            operands = tuple(called_by(who, part) for part in tree.operands)
            return Join(tree.operator, operands)
        case Membership():
            options = tuple(called_by(who, part) for part in tree.options)
            return Membership(called_by(who, tree.operand), options)
        case _:
            return tree
