"""The modules of long tests: the kinds of rows, and what is true of each.

tests/test_<feature>.py           a class of tests for each resource
tests/facts/<feature>/__init__.py   the kinds of rows
tests/facts/<feature>/<plural>.py   what is true of a resource
tests/facts/<feature>/scenarios_of_<plural>.py   its scenarios, if all of it is long
tests/facts/<feature>/fields_of_<plural>.py   the part about its fields, if that is long
tests/facts/<feature>/requests_of_<plural>.py   then, who is answered how
tests/facts/<feature>/part_1_of_<module>.py   what one of these begins with
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate, chain, pairwise
from typing import TypeAlias

from petsage_builder.plan import ResourcesPlan
from petsage_builder.plan.facts import (
    OF_FIELDS,
    OF_REQUESTS,
    OF_SCENARIOS,
    tables,
)
from petsage_builder.plan.trials import Trials
from petsage_builder.templates import render

Texts: TypeAlias = Mapping[str, str]
Tidy: TypeAlias = Callable[[Texts], dict[str, bytes]]
Tables: TypeAlias = Mapping[str, list[str]]

BASE = "FeatureTests"
# What leaves a module that is too long, one after the other, and its tables.
PARTS = {"scenarios": OF_SCENARIOS, "fields": OF_FIELDS, "requests": OF_REQUESTS}


@dataclass(frozen=True, slots=True)
class Module:
    """A module of facts: the class in it, and which one that extends."""

    name: str
    about: str
    facts: str
    camel: str
    tables: Tables
    base: str = BASE
    base_module: str = "tests.features"
    continued: str = ""  # the table that the base begins


def divided_tests(plan: ResourcesPlan, tidy: Tidy, longest: int) -> dict[str, str]:
    """Return the modules of the tests; few are longer than so many lines."""
    whole = [_whole(trials, plan) for trials in plan.testing.own]
    tidy(_texts(plan, whole))  # at once: each time takes long
    found = [_divided(plan, module, tidy, longest) for module in whole]
    kinds = {f"{plan.names.facts}/__init__.py": _render(plan, "kinds")}
    tests = _render(plan, "test_divided", modules=[parts[-1] for parts in found])
    return kinds | _texts(plan, chain.from_iterable(found)) | {plan.names.test: tests}


def _divided(
    plan: ResourcesPlan, module: Module, tidy: Tidy, longest: int
) -> list[Module]:
    """Return a module that is not too long, behind those of what has left it."""
    left = []
    for part, names in PARTS.items():
        if names & module.tables.keys() and _lines(plan, module, tidy) > longest:
            apart, module = _halves(module, part, names)
            left.append(apart)
    return [m for one in (*left, module) for m in _cut(plan, one, tidy, longest)]


def _cut(plan: ResourcesPlan, module: Module, tidy: Tidy, longest: int) -> list[Module]:
    """Return a module in as many pieces as it takes; the last has its name."""
    rows = [(name, row) for name, table in module.tables.items() for row in table]
    found = [module]
    while len(found) < len(rows) and any(
        _lines(plan, piece, tidy) > longest for piece in found
    ):
        found = _pieces(module, rows, len(found) + 1)
    return found


def _pieces(module: Module, rows: list[tuple[str, str]], number: int) -> list[Module]:
    """Return pieces of about the same size, each of which extends that before it."""
    sizes = [*accumulate(len(row) for _, row in rows)]
    ends = [bisect_left(sizes, sizes[-1] * n / number) + 1 for n in range(1, number)]
    found: list[Module] = []
    for begin, end in pairwise((0, *ends, len(rows))):
        before = found[-1] if found else module
        tables = _tables(rows[begin:end])
        begun = {name for name, _ in rows[:begin]} & tables.keys()
        name = f"part_{len(found) + 1}_of_{module.name}"
        piece = replace(
            module,
            name=name if end < len(rows) else module.name,
            facts=module.facts + (str(len(found) + 1) if end < len(rows) else ""),
            tables=tables,
            base=before.facts if found else module.base,
            base_module=before.name if found else module.base_module,
            continued=next(iter(begun), ""),
        )
        found.append(piece)
    return found


def _tables(rows: Iterable[tuple[str, str]]) -> Tables:
    found: dict[str, list[str]] = {}
    for name, row in rows:
        found.setdefault(name, []).append(row)
    return found


def _whole(trials: Trials, plan: ResourcesPlan) -> Module:
    view = trials.view
    found = tables(plan.facts[view.plural])
    return Module(view.plural, view.labels, f"{view.camel}Facts", view.camel, found)


def _halves(module: Module, part: str, names: frozenset[str]) -> tuple[Module, Module]:
    """Return what some tables state, and the rest, which extends it."""
    apart = replace(
        module,
        name=f"{part}_of_{module.name}",
        about=f"the {part} of {module.about}",
        facts=f"{module.camel}{part.removesuffix('s').capitalize()}Facts",
        tables={n: t for n, t in module.tables.items() if n in names},
    )
    rest = {n: t for n, t in module.tables.items() if n not in names}
    return apart, replace(module, tables=rest, base=apart.facts, base_module=apart.name)


def _lines(plan: ResourcesPlan, module: Module, tidy: Tidy) -> int:
    return tidy(_texts(plan, [module]))[_path(plan, module)].count(b"\n")


def _texts(plan: ResourcesPlan, modules: Iterable[Module]) -> dict[str, str]:
    return {
        _path(plan, module): _render(plan, "facts", module=module) for module in modules
    }


def _path(plan: ResourcesPlan, module: Module) -> str:
    return f"{plan.names.facts}/{module.name}.py"


def _render(plan: ResourcesPlan, template: str, **more: object) -> str:
    return render(
        f"resource/{template}.py", **plan.context, testing=plan.testing, **more
    )
