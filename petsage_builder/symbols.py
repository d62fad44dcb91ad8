"""Which definitions of a feature's code are there for which part of a request.

Each part is left out in turn, the code is written anew, in memory, and compared: what
has gone then, or changed, is there for that part. Whatever cannot be without the part
is left out along with it, such as a rule about a field.
"""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from petsage_builder.analyze.checks import check_requirements
from petsage_builder.analyze.structured import read_requirements
from petsage_builder.artifacts import Artifacts
from petsage_builder.decode.values import PathPart
from petsage_builder.errors import RefusedError
from petsage_builder.layout import rendered
from petsage_builder.plan import ProbePlan, ResourcesPlan
from petsage_builder.spec import Resources
from petsage_builder.spec.parts import Keys, Part
from petsage_builder.spec.resources import Requirements
from petsage_builder.syntax import parse

ROUNDS = 20  # of leaving out what cannot be without the rest
STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


def symbols(artifacts: Artifacts, parts: tuple[Part, ...]) -> Mapping[str, list[str]]:
    """Return for each part, by its place, what is there for it: `path:name`.

    A name is that of a constant, a function, a class, or `Class.name` of a member.
    """
    own = {path: text.decode() for path, text in artifacts.own.items()}
    real = definitions({p: t for p, t in own.items() if not p.startswith("tests/")})
    plan = artifacts.plan
    if isinstance(plan, ProbePlan):
        return {part.where: sorted(real) for part in parts}
    before = definitions(rendered(plan))
    places = _places(plan, real)
    found = {}
    for part in parts:
        after = _without(plan, part)
        lost = (name for name, text in before.items() if after.get(name) != text)
        found[part.where] = sorted({places[n] for n in lost if n in places})
    return found


def definitions(modules: Mapping[str, str]) -> dict[str, str]:
    """Return what some modules define, as `path:name`, each with its tree as text."""
    return {
        f"{path}:{name}": text
        for path, source in modules.items()
        if path.endswith(".py")
        for name, text in _defined(parse(source).body, "")
    }


def _defined(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, str]]:
    for node in body:
        match node:
            case ast.ClassDef():
                head = [ast.dump(part) for part in (*node.bases, *node.decorator_list)]
                yield f"{prefix}{node.name}", " ".join(head)
                yield from _defined(node.body, f"{prefix}{node.name}.")
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield f"{prefix}{node.name}", ast.dump(node)
            case ast.AnnAssign(target=ast.Name(name)):
                yield f"{prefix}{name}", ast.dump(node)
            case ast.Assign(targets=[ast.Name(name)]):
                yield f"{prefix}{name}", ast.dump(node)


def _places(plan: ResourcesPlan, real: Mapping[str, str]) -> Mapping[str, str]:
    """Return where each definition stands at last, if a module became a package."""
    found = {}
    for place in real:
        path, name = place.split(":")
        parts = path.removeprefix(f"{plan.names.package}/").split("/")
        if path.startswith(f"{plan.names.package}/") and len(parts) > 1:
            path = f"{plan.names.package}/{parts[0]}.py"
        found[f"{path}:{name}"] = place
    return found


def _without(plan: ResourcesPlan, part: Part) -> Mapping[str, str]:
    """Return the definitions if a part were not there; none if nothing could be."""
    if part.keys == ("description",):
        return definitions(rendered(plan))
    requirements = left_without(plan, part)
    if requirements is None:
        return {}
    spec = Resources(plan.spec.feature, plan.spec.description, requirements)
    return definitions(rendered(plan.saying(spec)))


def left_without(plan: ResourcesPlan, part: Part) -> Requirements | None:
    """Return the requirements without a part, and without all that needs it.

    None if nothing would be left of them.
    """
    left: Any = json.loads(json.dumps(plan.spec.canonical["requirements"]))
    due = [part.keys[1:]]
    for _ in range(ROUNDS):
        if not all(_leave_out(left, place) for place in sorted(due, reverse=True)):
            return None
        try:
            requirements = read_requirements(left)
        except RefusedError as error:
            due = [_keys(problem.where) for problem in error.problems]
            continue
        others = plan.vocabulary.others
        problems = check_requirements(requirements, others)
        if not (due := [_keys(problem.where) for problem in problems]):
            return requirements
    return None


def _keys(where: str) -> Keys:
    """Return the keys that lead to a place, below `requirements`."""
    steps: list[PathPart] = [
        int(number) if number else name for number, name in STEP.findall(where)
    ]
    return tuple(steps[1:])


def _leave_out(value: Any, keys: Keys) -> bool:  # noqa: ANN401 - JSON is any value
    """Take out what is there, or what lacks it; say if anything is left."""
    inner = value
    for depth, key in enumerate(keys):
        is_there = key in inner if isinstance(inner, dict) else _has(inner, key)
        if not is_there:
            return depth > 0 and _leave_out(value, keys[:depth])
        if depth == len(keys) - 1:
            del inner[key]
            return True
        inner = inner[key]
    return False


def _has(value: object, key: PathPart) -> bool:
    return isinstance(value, list) and isinstance(key, int) and key < len(value)
