"""How each operation on the row that is asked for is answered, and what it sends."""

from dataclasses import dataclass
from http import HTTPStatus

from petsage_builder.plan.access import ANYBODY
from petsage_builder.plan.endpoints import Endpoint
from petsage_builder.plan.moves import Move
from petsage_builder.plan.people import NOBODY
from petsage_builder.plan.trials.cast import Cast
from petsage_builder.plan.trials.changes import Changes
from petsage_builder.plan.trials.states import States
from petsage_builder.solver import Row
from petsage_builder.spec.resources import Frozen

DONE = {"create": HTTPStatus.CREATED, "delete": HTTPStatus.NO_CONTENT}


@dataclass(frozen=True)
class Answers:
    """Requests about the row that `cast.people` ask for, and their answers."""

    cast: Cast
    changes: Changes
    states: States

    def status(self, operation: str, who: str) -> HTTPStatus:
        """Return how an operation is answered to somebody."""
        people = self.cast.people
        if operation == "create":
            return people.create(who)
        if operation == "list":
            return people.listing(who)
        status = people.item(who, operation)
        return self._beyond(operation, who) if status == HTTPStatus.OK else status

    def _beyond(self, operation: str, who: str) -> HTTPStatus:
        """Return how an operation on a row is answered to somebody who may do it."""
        people = self.cast.people
        if move := self._move(operation):
            legal = people.scenery.state in move.transition.from_
            if legal and move.model and not people.writes_all(who, move.requires):
                return HTTPStatus.FORBIDDEN  # it sends what others may set
            return self.states.answer(move, people.scenery)
        if self.is_frozen(operation):
            return HTTPStatus.CONFLICT
        if operation == "replace" and not self._sees_parents(who):
            return HTTPStatus.NOT_FOUND  # a whole row says what it belongs to
        return DONE.get(operation, HTTPStatus.OK)

    def _sees_parents(self, who: str) -> bool:
        """Say whether somebody sees what a whole row has to belong to."""
        view, people = self.cast.view, self.cast.people
        return all(
            people.above(parent.role, parent.subject).sees(who)
            for parent in view.movable
            if not parent.link.optional and parent.subject != view.subject
        )

    def _move(self, operation: str) -> Move | None:
        moves = self.cast.view.moves
        return next((move for move in moves if move.action == operation), None)

    def is_frozen(self, operation: str) -> bool:
        """Say whether a rule keeps the row from an operation."""
        people = self.cast.people
        return any(
            operation in rule.frozen and people.holds(rule.when, people.scenery)
            for rule in self.cast.view.subject.resource.rules
            if isinstance(rule, Frozen) and not rule.fields
        )

    def is_kept(self, changes: Row) -> bool:
        """Say whether a rule keeps the row from some changes."""
        people = self.cast.people
        return any(
            "update" in rule.frozen
            and (not rule.fields or changes.keys() & {*rule.fields})
            and people.holds(rule.when, people.scenery)
            for rule in self.cast.view.subject.resource.rules
            if isinstance(rule, Frozen)
        )

    def body(self, operation: str) -> Row | None:
        """Return what an operation sends, if it sends anything."""
        move = self._move(operation)
        if move and move.model:
            return {name: self.cast.first.get(name) for name in move.requires}
        return {"update": {}, "replace": self.changes.whole}.get(operation)

    def path(self, endpoint: Endpoint) -> str:
        """Return a path in which the row's id has the name that the tests fill in."""
        return endpoint.path.replace(f"{{{self.cast.view.id}}}", "{id}")

    def actor(self, operation: str) -> tuple[str, list[str]]:
        """Return who can do something, and after which moves of the row."""
        cast, rules = self.cast, self.cast.view.access.rules
        if operation not in rules:
            return "", []
        if move := self._move(operation):
            return self.states.way_through(move)
        if (ANYBODY, None) in rules[operation]:
            return NOBODY, []
        if operation == "create":
            return cast.maker, []
        people = cast.people.all[1:]
        return next((who for who in people if self.is_done(operation, who)), ""), []

    def is_done(self, operation: str, who: str) -> bool:
        """Say whether somebody does something with success."""
        return self.status(operation, who) < HTTPStatus.MULTIPLE_CHOICES
