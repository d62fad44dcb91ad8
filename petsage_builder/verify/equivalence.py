"""Mutants of access rules that answer every request as before: no test can tell.

A rule asks for the role of somebody who may do something with rows that are not their
own. Where only that role sees such rows, it makes no difference if the rule does not
ask: everybody else is told that there is no such row before.

Rules are read as conditions over parts that are true or not, whatever these are: what
is so for each choice of the parts is so for each caller and row.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import PurePosixPath
from typing import TypeAlias

from petsage_builder.syntax import parse

MOST = 10  # parts that are neither true nor false from the beginning
WHERE = {"visible", "permitted"}
TRUE = {"True", "true()", "__import__('sqlalchemy').true()"}
FALSE = {"False", "false()"}
FEATURE = 3  # parts of the path of its package

# What one use of rules comes to: whether the row is seen, and whether it may be done.
Outcome: TypeAlias = tuple[bool, bool]


class NotReadError(Exception):
    """Code that is written in another way than rules are."""


@dataclass(frozen=True)
class Rules:
    """The functions of a module that return conditions."""

    functions: Mapping[str, ast.FunctionDef]

    @classmethod
    def of(cls, source: str) -> "Rules":
        """Read a module."""
        body = parse(source).body
        return cls({f.name: f for f in body if isinstance(f, ast.FunctionDef)})

    def holds(self, name: str, parts: "Chosen") -> bool:
        """Say whether a rule is true. Raise `NotReadError`."""
        ways: dict[str, list[bool]] = {}
        found = self._run(self.functions[name].body, ways, parts)
        if found is None:
            raise NotReadError
        return found

    def _run(
        self,
        body: Sequence[ast.stmt],
        ways: dict[str, list[bool]],
        parts: "Chosen",
    ) -> bool | None:
        """Run statements until one returns."""
        for statement in body:
            match statement:
                case ast.Expr(ast.Constant()):
                    pass
                case ast.Return(ast.expr() as value):
                    return self._value(value, ways, parts)
                case ast.If(test, inner, []):
                    if self._value(test, ways, parts):
                        found = self._run(inner, ways, parts)
                        if found is not None:
                            return found
                case ast.AnnAssign(ast.Name(name), _, ast.List(elements)) | ast.Assign(
                    [ast.Name(name)], ast.List(elements)
                ):
                    ways[name] = [self._value(e, ways, parts) for e in elements]
                case ast.Expr(
                    ast.Call(ast.Attribute(ast.Name(name), "append"), [value])
                ) if name in ways:
                    ways[name].append(self._value(value, ways, parts))
                case _:
                    raise NotReadError
        return None

    def _value(
        self, tree: ast.expr, ways: Mapping[str, list[bool]], parts: "Chosen"
    ) -> bool:
        match tree:
            case ast.BoolOp(ast.And(), values) | ast.Call(ast.Name("and_"), values, []):
                return all([*self._values(values, ways, parts)])
            case ast.BoolOp(ast.Or(), values) | ast.Call(ast.Name("or_"), values, []):
                return any([*self._values(values, ways, parts)])
            case ast.UnaryOp(ast.Not(), operand):
                return not self._value(operand, ways, parts)
            case ast.BinOp(ast.Attribute(actor, "roles"), ast.BitAnd(), ast.Set(roles)):
                who = ast.unparse(actor)
                has = [parts.of(f"{who}.has({ast.unparse(r)})") for r in roles]
                return any(has)
            case ast.Call(ast.Name(name), _, []) if name in self.functions:
                return self.holds(name, parts)
        if any(isinstance(n, ast.Name) and n.id in ways for n in ast.walk(tree)):
            raise NotReadError
        return parts.of(ast.unparse(tree))

    def _values(
        self,
        trees: Sequence[ast.expr],
        ways: Mapping[str, list[bool]],
        parts: "Chosen",
    ) -> Iterator[bool]:
        for tree in trees:
            match tree:
                case ast.Starred(ast.Name(name)) if name in ways:
                    yield from ways[name]
                case _:
                    yield self._value(tree, ways, parts)


@dataclass
class Chosen:
    """A choice of what is true. Parts that it does not know are added, as false."""

    known: dict[str, bool] = field(default_factory=dict)

    def of(self, text: str) -> bool:
        """Say whether a part is true."""
        if text in TRUE or text in FALSE:
            return text in TRUE
        if "not_(" in text or "~" in text:
            raise NotReadError  # of what is unknown, the opposite is not true either
        if " is None" in text or " is not None" in text:
            raise NotReadError  # what is asked of nobody is no condition, but a fault
        return self.known.setdefault(text, False)

    @property
    def is_possible(self) -> bool:
        """Say whether a value is not both another's and different from it."""
        return not any(
            true and self.known.get(text.replace(" == ", " != "))
            for text, true in self.known.items()
            if " == " in text
        )


def changes_nothing(
    function: str, path: str, mutated: str, modules: Mapping[str, str]
) -> bool:
    """Say whether all rules of a module come to the same, however it is used.

    The module at `path` is one of access rules, broken in a function that rows are
    found with in `modules`. If one of them is written in another way, it may matter.
    """
    try:
        before, after = Rules.of(modules[path]), Rules.of(mutated)
        uses = {*_uses(function, path, modules)}
        return bool(uses) and all(_is_same(before, after, use) for use in uses)
    except (NotReadError, KeyError):
        return False


def _uses(
    function: str, path: str, modules: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Give by which rule rows are seen, and by which something may be done with them.

    Raise `NotReadError` if the function is used for anything else.
    """
    feature = PurePosixPath(path).parts[:FEATURE]
    for other, source in modules.items():
        if PurePosixPath(other).parts[:FEATURE] != feature:
            continue
        named = 0
        for node in ast.walk(parse(source)):
            match node:
                case ast.Call(keywords=words):
                    found = {w.arg: w.value for w in words if w.arg in WHERE}
                    if found.keys() == WHERE and _names(found["permitted"], function):
                        named -= 1
                        yield _rule(found["visible"]), _rule(found["permitted"])
                case ast.Name(name) if name == function:
                    named += 1
        if named:
            raise NotReadError


def _names(tree: ast.expr, function: str) -> bool:
    return any(isinstance(n, ast.Name) and n.id == function for n in ast.walk(tree))


def _rule(tree: ast.expr) -> str:
    match tree:
        case ast.Call(ast.Name("true" as name), [], []):
            return name
        case ast.Call(ast.Name(name), [_], []):
            return name
    raise NotReadError


def _is_same(before: Rules, after: Rules, use: tuple[str, str]) -> bool:
    """Say whether a use of two rules comes to the same for each choice of the parts."""
    due: list[dict[str, bool]] = [{}]
    for parts in due:
        chosen = Chosen(dict(parts))
        results = [_outcome(rules, use, chosen) for rules in (before, after)]
        new = sorted(chosen.known.keys() - parts.keys())
        if len(chosen.known) > MOST:
            raise NotReadError
        if new:
            choices = product((False, True), repeat=len(new))
            due += (parts | dict(zip(new, c, strict=True)) for c in choices)
        elif chosen.is_possible and results[0] != results[1]:
            return False
    return True


def _outcome(rules: Rules, use: tuple[str, str], parts: Chosen) -> Outcome:
    seen, done = use
    is_seen = seen == "true" or rules.holds(seen, parts)
    may = rules.holds(done, parts)
    return is_seen, is_seen and may
