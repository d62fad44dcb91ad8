"""The modules of a feature with data: one of each kind, or one for each resource.

A module that would be longer than `LONGEST` lines becomes a package of the same name
with a module for each resource. The router and the service are divided together. What
tests state is divided in the same way: see `test_layout`.
"""

import ast
from collections.abc import Iterator, Mapping

from petsage_builder.clashes import clashes
from petsage_builder.errors import Problem, RefusedError
from petsage_builder.plan import ResourcesPlan
from petsage_builder.syntax import parse
from petsage_builder.templates import render
from petsage_builder.test_layout import Tidy, divided_tests

LONGEST = 400
MOST = 800  # lines of a module that is about one resource, and is not divided

Files = Mapping[str, bytes]


def write_resources(plan: ResourcesPlan, tidy: Tidy) -> dict[str, bytes]:
    """Return the files of a feature, or raise `RefusedError`.

    It is refused if a name would mean two things in one of its modules, or a module
    that cannot be divided has more than `MOST` lines.
    """
    tidy = _once(tidy)
    texts = {path: _render(plan, path) for path in plan.files}
    modules = {path: text for path, text in texts.items() if path.endswith(".py")}
    if problems := list(clashes(modules)):
        raise RefusedError(problems)
    files = tidy(texts)
    long = {
        kind for kind in ("models", "service", "router") if _is_long(plan, files, kind)
    }
    if long & {"service", "router"}:
        long |= {"service", "router"}
    if long:
        apart = {path for kind in long for path in [f"{plan.names.package}/{kind}.py"]}
        texts = {path: text for path, text in texts.items() if path not in apart}
        for kind in sorted(long):
            texts |= dict(_package(plan, kind))
        files = tidy(texts)
    if files.get(plan.names.test, b"").count(b"\n") > LONGEST:
        texts = {path: text for path, text in texts.items() if path != plan.names.test}
        files = tidy(texts | divided_tests(plan, tidy, LONGEST))
    _refuse_long(files)
    return files


def _once(tidy: Tidy) -> Tidy:
    """Return how to tidy up, where nothing that stays the same is tidied up twice."""
    known: dict[tuple[str, str], bytes] = {}

    def tidied(texts: Mapping[str, str]) -> dict[str, bytes]:
        new = {path: text for path, text in texts.items() if (path, text) not in known}
        if new:
            known.update(((p, new[p]), content) for p, content in tidy(new).items())
        return {path: known[path, text] for path, text in texts.items()}

    return tidied


def rendered(plan: ResourcesPlan) -> dict[str, str]:
    """Return the modules of a feature but its tests, neither divided nor formatted."""
    return {
        path: _render(plan, path)
        for path in plan.files
        if path.endswith(".py") and path != plan.names.test
    }


def _render(plan: ResourcesPlan, path: str) -> str:
    if path == plan.names.test:
        return render("resource/test.py", **plan.test_context)
    if path.startswith("migrations/"):
        return render("resource/migration.py", **plan.context)
    return render(f"resource/{path.rpartition('/')[2]}", **plan.context)


def _is_long(plan: ResourcesPlan, files: Files, kind: str) -> bool:
    return files[f"{plan.names.package}/{kind}.py"].count(b"\n") > LONGEST


def _package(plan: ResourcesPlan, kind: str) -> Iterator[tuple[str, str]]:
    """Give the modules that stand for one module, and say what they are together."""
    folder = f"{plan.names.package}/{kind}"
    texts = {}
    for view in plan.views:
        context = plan.context_of(view)
        texts[view.plural] = render(f"resource/{kind}.py", **context)
        yield f"{folder}/{view.plural}.py", texts[view.plural]
    offered = {name: _classes(text) for name, text in texts.items()}
    yield (
        f"{folder}/__init__.py",
        render(f"resource/{kind}_package.py", offered=offered, **plan.context),
    )


def _classes(text: str) -> list[str]:
    return sorted(n.name for n in parse(text).body if isinstance(n, ast.ClassDef))


def _refuse_long(files: Files) -> None:
    problems = []
    for path, content in files.items():
        lines = content.count(b"\n")
        if lines > MOST and path.endswith(".py"):
            what = f"would make {path} {lines} lines long"
            less = "fewer fields, rules, scenarios or resources in one feature"
            accepted = f"{MOST} lines: {less}"
            problems.append(Problem("requirements.resources", what, accepted))
    if problems:
        raise RefusedError(problems)
