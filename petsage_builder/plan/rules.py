"""The rules of a resource as lines of its service."""

import ast
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from petsage_builder.analyze.expressions import read_condition, read_expression
from petsage_builder.analyze.vocabulary import Subject, states_of
from petsage_builder.compiler import (
    Attribute,
    criterion,
    fails,
    fields_of,
    holds,
    number_of,
    value,
)
from petsage_builder.plan.attributes import attributes
from petsage_builder.plan.ownership import plural, way_to_owner
from petsage_builder.python_text import literal
from petsage_builder.spec.expressions import (
    Compare,
    Constant,
    Expression,
    Field,
    Membership,
    Negation,
)
from petsage_builder.spec.fields import AnyField, ComputedField
from petsage_builder.spec.resources import Check, Frozen, NoOverlap
from petsage_builder.syntax import parse_expression
from petsage_builder.wording import joined, label

OUTPUTS = {
    "text": "str",
    "boolean": "bool",
    "date": "date",
    "time": "time",
    "datetime": "datetime",
    "duration": "timedelta",
    "id": "UUID",
}
OPPOSITE: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
NUMBERS = {"integer": "int", "decimal": "Decimal", "float": "float"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A condition, and the error that is raised if it is true."""

    condition: str
    error: str

    @property
    def said(self) -> str:
        """Return what the caller is told."""
        return str(json.loads(self.error[self.error.rindex('("') + 1 : -1]))


@dataclass(frozen=True, slots=True)
class Overlap:
    """A rule that two rows do not lie in time at once."""

    name: str
    begin: str
    end: str
    columns: tuple[str, ...]
    applies: str
    counts: str
    message: str
    purpose: str
    states: frozenset[str] | None = None

    def counts_in(self, state: str) -> bool:
        """Say whether a row in a state may be one of those that must not overlap."""
        return self.states is None or state in self.states


@dataclass(frozen=True, slots=True)
class Computed:
    """A field that nobody sets, as a property of the row."""

    name: str
    type: str
    text: str
    description: str


@dataclass(frozen=True)
class Rules:
    """What the rules of one resource become."""

    subject: Subject

    @property
    def row(self) -> str:
        """Return the name of the variable that holds the row."""
        return self.subject.name

    def texts(self) -> Iterator[str]:
        """Give what is asked of a row before it is stored."""
        for check in (*self.lasting, *self.asked_once):
            yield check.condition
        for overlap in self.overlaps():
            yield from (f"{self.row}.{column}" for column in overlap.columns)
            yield overlap.applies
        for name, field in self.subject.stored.items():
            if isinstance(field, AnyField) and field.default_expression:
                yield self.default(name)

    def names(self, row: str = "") -> dict[tuple[str, ...], Attribute]:
        """Return what the paths stand for."""
        return attributes(self.subject, row or self.row)

    def condition(self, written: str) -> Expression:
        """Return the tree of a condition."""
        return read_condition(written, self.subject.scope)

    def trees(self) -> Iterator[Expression]:
        """Give every tree that the service reads with its row loaded."""
        resource = self.subject.resource
        yield from (self.condition(rule.check) for rule in resource.lasting)
        for rule in resource.rules:
            if not isinstance(rule, Check) and rule.when:
                yield self.condition(rule.when)
        for move in resource.states.transitions.values() if resource.states else ():
            if move.when:
                yield self.condition(move.when)
        for field in resource.fields.values():
            if isinstance(field, ComputedField):
                yield read_expression(field.value, self.subject.scope)
            elif field.default_expression:
                yield read_expression(field.default_expression, self.subject.scope)

    @property
    def lasting(self) -> list[Refusal]:
        """Return what a new row, or one that was changed, is refused for."""
        return [self._refusal(rule) for rule in self.subject.resource.lasting]

    @property
    def asked_once(self) -> list[Refusal]:
        """Return what only a new row is refused for."""
        checks = self.subject.resource.checks
        return [self._refusal(rule) for rule in checks if not rule.lasts]

    def _refusal(self, rule: Check) -> Refusal:
        """Return the condition with which a row breaks a rule, and how that is said."""
        where = literal(self.where(rule))
        error = f"InvalidError({where}, {literal(rule.message)})"
        return Refusal(fails(self.condition(rule.check), self.names()).text, error)

    def checked(self) -> Iterator[tuple[tuple[str, ...], ...]]:
        """Give for each check of a new row what it speaks of."""
        for rule in self.subject.resource.checks:
            yield fields_of(self.condition(rule.check))

    def lasting_names(self) -> set[str]:
        """Return the fields and parents of which the checks of a change speak."""
        trees = (self.condition(rule.check) for rule in self.subject.resource.lasting)
        return {path[0] for tree in trees for path in fields_of(tree)}

    def where(self, rule: Check) -> str:
        """Return the part of a request at which it is said that a rule is broken."""
        return f"/body/{self.pointer(self.condition(rule.check))}".rstrip("/")

    def pointer(self, tree: Expression) -> str:
        """Return the field of a body that a rule speaks of first."""
        for found in fields_of(tree):
            field = self.subject.stored.get(found[0])
            if len(found) == 1 and isinstance(field, AnyField) and not field.read_only:
                return found[0]
        for found in fields_of(tree):
            if found[0] in self.subject.resource.belongs_to:
                return f"{found[0]}_id"
        return ""

    def frozen(self, operation: str) -> Iterator[Refusal]:
        """Give what keeps a row from an operation."""
        for rule in self.subject.resource.rules:
            if isinstance(rule, Frozen) and operation in rule.frozen:
                condition = holds(self.condition(rule.when), self.names()).text
                if rule.fields and operation != "delete":
                    condition = (
                        f"{self._touches(rule, operation)} and {closed(condition)}"
                    )
                yield Refusal(condition, f"ConflictError({literal(rule.message)})")

    def open_states(self, operation: str) -> frozenset[str]:
        """Return the states in which no rule freezes an operation; `""` if none is."""
        states = self.subject.resource.states
        found = frozenset(states_of(self.subject.resource)) if states else {""}
        for rule in self.subject.resource.rules:
            if isinstance(rule, Frozen) and operation in rule.frozen and states:
                tree = self.condition(rule.when)
                if not rule.fields:
                    found -= self._states(tree) or frozenset()
        return frozenset(found)

    def _touches(self, rule: Frozen, operation: str) -> str:
        if operation == "update":
            parents = self.subject.resource.belongs_to
            columns = [f"{n}_id" if n in parents else n for n in rule.fields]
            names = ", ".join(map(literal, columns))
            return f"data.model_fields_set & {{{names}}}"
        parents = self.subject.resource.belongs_to
        columns = [f"{n}_id" if n in parents else n for n in rule.fields]
        changed = [f"data.{name} != {self.row}.{name}" for name in columns]
        return changed[0] if len(changed) == 1 else f"({' or '.join(changed)})"

    def overlaps(self) -> Iterator[Overlap]:
        """Give the rules about rows that lie in time at once."""
        rules = [r for r in self.subject.resource.rules if isinstance(r, NoOverlap)]
        for index, rule in enumerate(rules):
            begin, end = rule.no_overlap
            tree = self.condition(rule.when) if rule.when else None
            columns = tuple(self.names()[name,].column for name in rule.per)
            many = label(plural(self.subject))
            yield Overlap(
                name=f"_check_overlap{index + 1 if index else ''}",
                begin=begin,
                end=end,
                columns=columns,
                applies=self._spared(rule, tree),
                counts=criterion(tree, self.names()).text if tree else "",
                message=rule.message,
                purpose=f"{many} per {joined([label(name) for name in rule.per])}",
                states=self._states(tree),
            )

    def _states(self, tree: Expression | None) -> frozenset[str] | None:
        """Return the states in which a condition is true, if it asks for nothing else.

        In all others it is false.
        """
        states = self.subject.resource.states
        everywhere = frozenset(states_of(self.subject.resource))
        match tree:
            case Compare("=", Field((name,)), Constant(str(word))) if states:
                return frozenset({word}) if name == states.field else None
            case Membership(Field((name,)), options) if states:
                words = {o.value for o in options if isinstance(o, Constant)}
                return frozenset(map(str, words)) if name == states.field else None
            case Compare("!=", left, right):
                named = self._states(Compare("=", left, right))
            case Negation(inner):
                named = self._states(inner)
            case _:
                return None
        return None if named is None else everywhere - named

    def _spared(self, rule: NoOverlap, tree: Expression | None) -> str:
        """Return what is true of a row that can lie in time with any other."""
        names = [self.names()[name,] for name in (*rule.no_overlap, *rule.per)]
        ways = [f"{name.python} is None" for name in names if name.optional]
        if tree:
            ways.append(fails_to_hold(tree, self.names()))
        return " or ".join(f"({way})" if " and " in way else way for way in ways)

    def computed(self) -> Iterator[Computed]:
        """Give the fields that are computed."""
        for name, field in self.subject.resource.fields.items():
            if isinstance(field, ComputedField):
                tree = read_expression(field.value, self.subject.scope)
                code = value(tree, self.names("self"))
                number = number_of(tree, self.names("self"))
                kind = NUMBERS[number] if number else OUTPUTS[tree.kind]
                empty = " | None" if self._may_be_empty(tree) else ""
                yield Computed(name, f"{kind}{empty}", code.text, field.description)

    def _may_be_empty(self, tree: Expression) -> bool:
        return any(self.names()[found].optional for found in fields_of(tree))

    def default(self, name: str) -> str:
        """Return the value of a default that the row itself decides."""
        field = self.subject.resource.fields[name]
        assert isinstance(field, AnyField)  # noqa: S101 - for the type checker
        if field.default_from:
            source = self.names()[tuple(field.default_from.split("."))]
            own = self.names()[name,].enum
            found = f"{own}({source.python})" if own else source.python
            empty = list(source.guards)
            if own and source.optional:
                empty.append(source.python)
            missing = " or ".join(f"{each} is None" for each in empty)
            return f"None if {missing} else {found}" if missing else found
        tree = read_expression(field.default_expression or "", self.subject.scope)
        return value(tree, self.names()).text

    def loaded(self, *, is_new: bool = False) -> list[tuple[str, ...]]:
        """Return the ways to the parents that the service must have loaded."""
        ways: set[tuple[str, ...]] = set()
        checks = self.subject.resource.checks if is_new else ()
        for tree in (*self.trees(), *(self.condition(r.check) for r in checks)):
            for found in fields_of(tree):
                ways.add(self._way(found))
        for field in self.subject.resource.fields.values():
            if isinstance(field, AnyField) and field.default_from:
                ways.add(tuple(field.default_from.split("."))[:-1])
        ways.discard(())
        return sorted(ways)

    def _way(self, found: tuple[str, ...]) -> tuple[str, ...]:
        if found[-1] == "owner":
            python = self.names()[found].python
            return tuple(python.split(".")[1:-1])
        return found[:-1]

    def owner_way(self) -> tuple[str, ...]:
        """Return the way to the parent that has the owner."""
        return tuple(step.role for step in way_to_owner(self.subject))


def fails_to_hold(tree: Expression, names: dict[tuple[str, ...], Attribute]) -> str:
    """Return the condition that a rule is not true."""
    return negated(holds(tree, names).text)


def negated(condition: str) -> str:
    """Return the opposite of a condition, as one would write it."""
    match parse_expression(condition):
        case ast.Compare(left, [operator], [right]) if type(operator) in OPPOSITE:
            sign = OPPOSITE[type(operator)]
            return f"{_source(condition, left)} {sign} {_source(condition, right)}"
        case ast.UnaryOp(ast.Not(), operand):
            return _source(condition, operand)
    return f"not {closed(condition)}"


def _source(condition: str, part: ast.expr) -> str:
    return ast.get_source_segment(condition, part) or ""


def closed(condition: str) -> str:
    """Return a condition that can stand beside others."""
    return f"({condition})" if " " in condition else condition
