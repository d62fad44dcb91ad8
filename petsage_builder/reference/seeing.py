"""Whose a row is, what a condition says of it, and who may do what with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from petsage_builder.analyze.expressions import read_condition, read_expression
from petsage_builder.plan.grants import grants_of
from petsage_builder.plan.people.reading import called_by
from petsage_builder.reference.state import Caller, State, UnmodelledError, Values
from petsage_builder.reference.system import Kind
from petsage_builder.reference.values import ANY
from petsage_builder.solver.evaluation import Scene, evaluate
from petsage_builder.solver.worlds import Real, Unseen, World
from petsage_builder.spec.expressions import Expression, Field
from petsage_builder.spec.resources import Grant

NOBODY = ""


@dataclass(frozen=True)
class Sight:
    """Some rows at a moment, as somebody has to do with them."""

    state: State
    caller: Caller | None

    # Whose a row is, and what it says.

    def owner_of(self, kind: Kind, row: Values) -> str | None:
        """Return the account that a row belongs to, if it has an owner."""
        if kind.resource.owned_by:
            return str(row["owner_id"])
        role = _role_of_owner(kind)
        above = self.above(kind, row, role) if role else None
        return None if above is None else self.owner_of(kind.above(role), above)

    def above(self, kind: Kind, row: Values, role: str) -> Values | None:
        """Return what a row belongs to; None if it belongs to nothing."""
        found = row.get(f"{role}_id")
        return None if found is None else self.state.of(kind.above(role).home)[found]

    def value(self, kind: Kind, row: Values, path: Sequence[str]) -> Any:  # noqa: ANN401
        """Return what is at a path that begins at a row."""
        name, *rest = path
        if rest:
            above = self.above(kind, row, name)
            return above and self.value(kind.above(name), above, rest)
        if name == "owner":
            return self.owner_of(kind, row)
        found = row[f"{name}_id" if name in kind.resource.belongs_to else name]
        if found is ANY:
            raise UnmodelledError(f"{name} is not known before it is stored")
        return found

    def holds(self, kind: Kind, row: Values, condition: str) -> bool | None:
        """Say whether a condition is true of a row; None if that is unknown."""
        found = self._made(kind, row, read_condition(condition, kind.subject.scope))
        return found if isinstance(found, bool) else None

    def result(self, kind: Kind, row: Values, expression: str) -> Real:
        """Return what an expression over a row makes."""
        return self._made(kind, row, read_expression(expression, kind.subject.scope))

    def _made(self, kind: Kind, row: Values, tree: Expression) -> Real:
        def value_of(field: Field) -> Real:
            found: Real = self.value(kind, row, field.path)
            return found

        tree = called_by(self.caller.id if self.caller else NOBODY, tree)
        scene = Scene(World(self.state.now, self.state.now - self.state.now), value_of)
        found = evaluate(tree, scene)
        if isinstance(found, Unseen):
            raise UnmodelledError("a condition was not understood")
        return found

    # Who may do what.

    def may(self, kind: Kind, row: Values, grants: Iterable[Grant]) -> bool:
        """Say whether the caller is among those who may, for a row."""
        return any(
            self.is_one(grant.who, kind, row)
            and (grant.when is None or self.holds(kind, row, grant.when) is True)
            for grant in grants
        )

    def is_one(self, who: str, kind: Kind, row: Values) -> bool:
        """Say whether the caller is who is meant, for a row."""
        if who == "public":
            return True
        if self.caller is None:
            return False
        if who == "owner":
            return self.owner_of(kind, row) == self.caller.id
        return who == "user" or who in self.caller.roles

    def is_among(self, people: Iterable[str] | None, kind: Kind, row: Values) -> bool:
        """Say whether the caller is one of those who read or write a field."""
        return people is None or any(self.is_one(who, kind, row) for who in people)

    def sees(self, kind: Kind, row: Values, operation: str = "") -> bool:
        """Say whether the caller may know of a row, also for an operation on it."""
        reading = grants_of(kind.resource, "get") or grants_of(kind.resource, "list")
        if not reading and not operation:
            is_own = not kind.subject.is_owned
            return is_own or self.is_one("owner", kind, row)
        doing = grants_of(kind.resource, operation) if operation else []
        return self.may(kind, row, [*reading, *doing])


def _role_of_owner(kind: Kind) -> str:
    """Return the parent that gives a row its owner: the first that has one.

    Those that a row always has come before the others.
    """
    parents = kind.resource.belongs_to
    for role in sorted(parents, key=lambda name: parents[name].optional):
        above = kind.above(role)
        if above.home != kind.home and above.subject.is_owned:
            return role
    return ""
