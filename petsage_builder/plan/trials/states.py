"""The moves of the first row from state to state, and who makes them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from petsage_builder.lazy import lazy
from petsage_builder.plan.moves import Move
from petsage_builder.plan.people import NOBODY, Scenery
from petsage_builder.plan.trials.cast import Cast


@dataclass(frozen=True)
class States:
    """The states of the first row."""

    cast: Cast

    def at(self, state: str, way: Sequence[str] = ()) -> Scenery:
        """Return the first row in a state, with what moves on its way have set.

        Whenever it was changed before, the last of them has just changed it.
        """
        cast = self.cast
        by_action = {move.action: move for move in cast.view.moves}
        names = {name for action in way for name in by_action[action].requires}
        sent = {name: value for name, value in cast.first.items() if name in names}
        fresh = {"updated_at"} if way else set()
        kept = {name: v for name, v in cast.made.items() if name not in fresh}
        return Scenery({**kept, **sent}, state, cast.maker)

    @lazy
    def ways(self) -> Mapping[str, list[str]]:
        """Return for each state the moves that lead there, the shortest way."""
        states = self.cast.view.subject.resource.states
        if states is None:
            return {}
        found: dict[str, list[str]] = {states.initial: []}
        due = [states.initial]
        for state in due:
            for move in self._open(self.at(state, found[state])):
                if move.transition.to not in found:
                    found[move.transition.to] = [*found[state], move.action]
                    due.append(move.transition.to)
        return found

    def _open(self, scenery: Scenery) -> Iterator[Move]:
        """Give the moves that somebody can make of a row."""
        for move in self.cast.view.moves:
            done = self.answer(move, scenery) == HTTPStatus.OK
            if done and self.mover(move, scenery):
                yield move

    @property
    def reached(self) -> Iterator[tuple[Scenery, list[str]]]:
        """Give the first row in each state, and the moves that lead there."""
        ways = self.ways or {"": []}
        return ((self.at(state, way), way) for state, way in ways.items())

    def onward(self, start: Scenery) -> Iterator[tuple[Scenery, list[str]]]:
        """Give a row in each further state that it can reach, the shortest way."""
        due: list[tuple[Scenery, list[str]]] = [(start, [])]
        seen = {start.state}
        for scenery, way in due:
            for move in self._open(scenery):
                if (to := move.transition.to) not in seen:
                    seen.add(to)
                    sent = {n: self.cast.first.get(n) for n in move.requires}
                    after = replace(scenery, row={**scenery.row, **sent}, state=to)
                    due.append((after, [*way, move.action]))
        yield from due[1:]

    def answer(self, move: Move, scenery: Scenery) -> HTTPStatus:
        """Return how a move of a row is answered to somebody who may."""
        transition = move.transition
        sent = {name: self.cast.first.get(name) for name in move.requires}
        row = {**scenery.row, **sent} if move.model else scenery.row
        after = replace(scenery, row=row)
        possible = (
            scenery.state in transition.from_
            and all(row.get(name) is not None for name in move.requires)
            and (not transition.when or self.cast.people.holds(transition.when, after))
        )
        return HTTPStatus.OK if possible else HTTPStatus.CONFLICT

    def mover(self, move: Move, scenery: Scenery) -> str:
        """Return who may make a move of a row, with all that it needs."""
        return next(self.movers(move, scenery), "")

    def movers(self, move: Move, scenery: Scenery) -> Iterator[str]:
        """Give everybody who may make a move of a row, with all that it needs."""
        people = self.cast.people
        grants = people.grants(move.action)
        return (
            who
            for who in (*people.all[1:], NOBODY)
            if people.may(who, grants, scenery)
            and people.writes_all(who, move.requires)
        )

    def usual_mover(self, move: Move) -> str:
        """Return who makes a move in tests: who may in most states; empty if nobody."""
        state = move.transition.from_[0]
        movers = [*self.movers(move, self.at(state, self.ways.get(state, ())))]
        there = [{*self.movers(move, scenery)} for scenery, _ in self.reached]
        return max(movers, key=lambda w: sum(w in may for may in there), default="")

    def begun(self, move: Move) -> tuple[Scenery, list[str]] | None:
        """Return a row of which somebody can make a move, and the moves before it."""
        for scenery, way in self.reached:
            done = self.answer(move, scenery) == HTTPStatus.OK
            if done and self.mover(move, scenery):
                return scenery, way
        return None

    def way_through(self, move: Move) -> tuple[str, list[str]]:
        """Return who can make a move, and after which moves; nobody if it is closed."""
        if found := self.begun(move):
            scenery, way = found
            return self.mover(move, scenery), way
        return "", []
