"""The modules of long tests: the kinds of rows, and what is true of each.

tests/test_<feature>.py           a class of tests for each resource
tests/facts/<feature>/__init__.py   the kinds of rows
tests/facts/<feature>/<plural>.py   what is true of a resource
tests/facts/<feature>/fields_of_<plural>.py   the part about its fields, if that is long
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from petsage_builder.plan import ResourcesPlan
from petsage_builder.plan.facts import OF_FIELDS, tables_of
from petsage_builder.plan.trials import Trials
from petsage_builder.templates import render

Texts: TypeAlias = Mapping[str, str]
Tidy: TypeAlias = Callable[[Texts], dict[str, bytes]]
Tables: TypeAlias = Mapping[str, list[str]]

BASE = "FeatureTests"


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


def divided_tests(plan: ResourcesPlan, tidy: Tidy, longest: int) -> dict[str, str]:
    """Return the modules of the tests; few are longer than so many lines."""
    texts = {f"{plan.names.facts}/__init__.py": _render(plan, "kinds")}
    tested = []
    for trials in plan.testing.own:
        module = _whole(trials, tables_of(plan.testing, trials))
        path, text = _path(plan, module), _facts(plan, module)
        if tidy({path: text})[path].count(b"\n") > longest:
            fields, module = _halves(module)
            texts[_path(plan, fields)] = _facts(plan, fields)
        texts[path] = _facts(plan, module)
        tested.append(module)
    tests = _render(plan, "test_divided", modules=tested)
    return {**texts, plan.names.test: tests}


def _whole(trials: Trials, tables: Tables) -> Module:
    view = trials.view
    return Module(view.plural, view.labels, f"{view.camel}Facts", view.camel, tables)


def _halves(module: Module) -> tuple[Module, Module]:
    """Return what is about single fields, and the rest, which extends it."""
    fields = replace(
        module,
        name=f"fields_of_{module.name}",
        about=f"the fields of {module.about}",
        facts=f"{module.camel}FieldFacts",
        tables={n: t for n, t in module.tables.items() if n in OF_FIELDS},
    )
    rest = {n: t for n, t in module.tables.items() if n not in OF_FIELDS}
    return fields, replace(
        module, tables=rest, base=fields.facts, base_module=fields.name
    )


def _path(plan: ResourcesPlan, module: Module) -> str:
    return f"{plan.names.facts}/{module.name}.py"


def _facts(plan: ResourcesPlan, module: Module) -> str:
    return _render(plan, "facts", module=module)


def _render(plan: ResourcesPlan, template: str, **more: object) -> str:
    return render(
        f"resource/{template}.py", **plan.context, testing=plan.testing, **more
    )
