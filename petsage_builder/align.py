"""Give a spec its place in a backend, or say every reason why it has none."""

import builtins
import keyword
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from petsage_builder import __version__
from petsage_builder.allowances import NOTHING, Allowances
from petsage_builder.analyze.checks import check_requirements
from petsage_builder.analyze.structured import read_requirements
from petsage_builder.analyze.vocabulary import Vocabulary
from petsage_builder.blueprint import load_blueprint
from petsage_builder.blueprint.backend import MAIN, Backend, conformity
from petsage_builder.blueprint.routes import clashing_route
from petsage_builder.digest import sha256
from petsage_builder.errors import ConflictError, Problem, RefusedError
from petsage_builder.manifest import Manifest
from petsage_builder.migrated import rewritten
from petsage_builder.plan import Found, LeftOut, Names, Plan, ProbePlan, ResourcesPlan
from petsage_builder.plan.found import read_found
from petsage_builder.plan.obstacles import obstacles
from petsage_builder.spec import Probe, Resources, Spec
from petsage_builder.spec.resources import Requirements
from petsage_builder.wiring import UneditableError, wire

SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
IDENTIFIER = "a snake_case name such as `smoke_test`"


@dataclass(frozen=True, slots=True)
class Rule:
    """One demand on a feature in a backend: what it says when it is broken."""

    id: str
    check: Callable[[Names, Backend], Iterator[Problem]]


def align(spec: Spec, backend: Backend, allowances: Allowances = NOTHING) -> Plan:
    """Return the plan of `spec` for `backend`.

    `allowances` go along with the plan, since the proof asks for them too. Raises
    `RefusedError` with all the problems that the rules find, and `ConflictError` if
    the feature was built before and edited since.
    """
    names = Names(spec.feature)
    problems = [
        replace(problem, rule=rule.id)
        for rule in RULES
        if isinstance(spec, Probe) or rule.check is not _route_is_free
        for problem in rule.check(names, backend)
    ]
    if problems:
        raise RefusedError(problems)
    _refuse_edits(backend, names)
    match spec:
        case Probe():
            plan: Plan = _plan_probe(spec, backend, names, allowances)
        case Resources():
            plan = plan_resources(spec, backend, names, allowances)
        case _:
            assert_never(spec)
    if not allowances.destructive and (problems := list(rewritten(plan))):
        raise RefusedError(problems)
    return plan


def _plan_probe(
    spec: Probe, backend: Backend, names: Names, allowances: Allowances
) -> ProbePlan:
    return ProbePlan(
        spec=spec,
        backend=backend,
        names=names,
        summary=f"Perform a system {names.label}",
        description=(
            "This endpoint verifies that the PetSage service is running and can "
            "produce logs. It's a simple health check to ensure basic functionality "
            "and observability."
        ),
        tag="Health & Status",
        message="PetSage service is running and logging is active.",
        log_line=(
            f"PetSage {names.label} endpoint executed successfully. Logging verified."
        ),
        files=(
            *(
                f"{names.package}/{name}"
                for name in (
                    "__init__.py",
                    "models.py",
                    "service.py",
                    "router.py",
                    "README.md",
                )
            ),
            names.test,
        ),
        main=wire(read_main(backend), names.feature),
        current=backend.built.get(names.feature),
        allowances=allowances,
    )


def plan_resources(
    spec: Resources, backend: Backend, names: Names, allowances: Allowances
) -> ResourcesPlan:
    """Return the plan of a feature with data, or raise `RefusedError`."""
    others = dict(_others(backend, names))
    # What is said of a feature that is not there is a consequence of just that.
    problems = list(_missing(spec, others))
    problems = problems or list(check_requirements(spec.requirements, others))
    if problems:
        raise RefusedError(problems)
    current = backend.built.get(names.feature)
    modules = ("__init__", "models", "tables", "access", "service", "router")
    plan = ResourcesPlan(
        spec=spec,
        backend=backend,
        names=names,
        vocabulary=Vocabulary(spec.requirements, others),
        files=(
            *(f"{names.package}/{module}.py" for module in modules),
            f"{names.package}/README.md",
            f"migrations/versions/{names.migration}.py",
            names.test,
        ),
        main=wire(read_main(backend), names.feature),
        current=current,
        allowances=allowances,
        left_out=_left_out(current, spec),
        found=_found(current, spec),
    )
    if problems := list(obstacles(plan)):
        raise RefusedError(problems)
    return plan


def _left_out(current: Manifest | None, spec: Resources) -> frozenset[LeftOut]:
    """Return the tests that this builder has left out of the same request before."""
    same = _same(current, spec)
    return frozenset(same.left_out) if same else frozenset()


def _found(current: Manifest | None, spec: Resources) -> tuple[Found, ...]:
    """Return what this builder has found to tell the same feature from broken ones."""
    same = _same(current, spec)
    return read_found(same.found) if same else ()


def _same(current: Manifest | None, spec: Resources) -> Manifest | None:
    """Return what is there, if this builder has made it of the same request."""
    if current is None:
        return None
    is_same = (current.builder, current.request) == (__version__, spec.canonical)
    return current if is_same else None


def _others(backend: Backend, names: Names) -> Iterator[tuple[str, Requirements]]:
    """Give the requirements of each other feature with data that is built here."""
    for feature, manifest in backend.built.items():
        written = manifest.request["requirements"]
        if feature != names.feature and isinstance(written, dict):
            yield feature, read_requirements(written)


def _missing(spec: Resources, others: Mapping[str, Requirements]) -> Iterator[Problem]:
    """Give each relation to a feature, or a resource of it, that is not built here."""
    for name, resource in spec.requirements.resources.items():
        for part, links in (
            ("belongs_to", resource.belongs_to),
            ("many_to_many", resource.many_to_many),
        ):
            for role, link in links.items():
                where = f"requirements.resources.{name}.{part}.{role}"
                if link.feature is None:
                    continue
                if link.feature not in others:
                    what = f"the feature {link.feature!r} is not built here"
                    yield Problem(f"{where}.feature", what, "to build it first")
                elif (link.to or role) not in others[link.feature].resources:
                    known = ", ".join(others[link.feature].resources)
                    what = f"{link.feature} has no resource {link.to or role!r}"
                    yield Problem(where, what, known)


def read_main(backend: Backend) -> str:
    """Return the text of the backend's `app/main.py`."""
    return backend.files[MAIN].decode("utf-8")


def _refuse_edits(backend: Backend, names: Names) -> None:
    edited = [
        Problem(
            path,
            "was edited since it was built",
            f"the file as it was built, or `petsage undo {names.feature}` once it is",
        )
        for path in edited_files(backend, names.feature)
    ]
    if edited:
        raise ConflictError(edited)


def edited_files(backend: Backend, feature: str) -> list[str]:
    """Return the files of a built feature that are gone, or not as they were built."""
    manifest = backend.built.get(feature)
    return [
        path
        for path, digest in (manifest.artifacts.items() if manifest else ())
        if path not in backend.files or sha256(backend.files[path]) != digest
    ]


def added_files(backend: Backend, feature: str) -> list[str]:
    """Return the files in the folder of a built feature that the build did not make."""
    manifest = backend.built.get(feature)
    package = f"{Names(feature).package}/"
    return [
        path
        for path in backend.files
        if manifest and path.startswith(package) and path not in manifest.artifacts
    ]


def _name_is_an_identifier(names: Names, _: Backend) -> Iterator[Problem]:
    longest = load_blueprint().longest_name
    if not SNAKE_CASE.fullmatch(names.feature):
        nearest = re.sub(r"[^a-z0-9]+", "_", names.feature.lower()).strip("_")
        legal = SNAKE_CASE.fullmatch(nearest) and len(nearest) <= longest
        yield Problem(
            "feature",
            f"{names.feature[:80]!r} is not a snake_case identifier",
            IDENTIFIER,
            nearest if legal else "",
        )
    if len(names.feature) > longest:
        yield Problem(
            "feature",
            f"the name has {len(names.feature)} characters",
            f"at most {longest} characters",
        )


def _name_is_not_reserved(names: Names, _: Backend) -> Iterator[Problem]:
    for what, words in RESERVED.items():
        if names.feature in words:
            yield Problem(
                "feature",
                f"{names.feature!r} is {what}",
                IDENTIFIER,
                f"{names.feature}_probe",
            )
            return


def _name_is_free(names: Names, backend: Backend) -> Iterator[Problem]:
    if names.feature in backend.built:
        return
    if names.feature in backend.features:
        yield Problem(
            "feature",
            f"{names.package} was written by hand",
            "a name that the backend does not use",
        )
    if f"{names.package}.py" in backend.files:
        yield Problem(
            "feature",
            f"{names.package}.py was written by hand",
            "a name that the backend does not use",
        )
    if names.test in backend.files:
        yield Problem(
            "feature",
            f"{names.test} belongs to another part of the backend",
            "a name that the backend does not use",
        )


def _route_is_free(names: Names, backend: Backend) -> Iterator[Problem]:
    if taken := clashing_route(backend, names.feature, f"{names.prefix}/"):
        yield Problem(
            "feature",
            f"the route {names.prefix}/ would clash with {taken}",
            "a name whose route is free",
        )


def _main_can_be_edited(names: Names, backend: Backend) -> Iterator[Problem]:
    if MAIN not in backend.files:
        return  # `_backend_conforms` says so
    try:
        wire(read_main(backend), names.feature)
    except UneditableError as error:
        yield Problem(
            MAIN, f"cannot be edited: {error}", "a main.py as in the skeleton"
        )
    except UnicodeDecodeError:
        yield Problem(MAIN, "cannot be edited: it is not UTF-8", "UTF-8 text")


def _backend_conforms(_: Names, backend: Backend) -> Iterator[Problem]:
    yield from conformity(backend)


RESERVED = {
    "a Python keyword": frozenset((*keyword.kwlist, *keyword.softkwlist)),
    "the name of a Python module": sys.stdlib_module_names,
    "the name of a Python builtin": frozenset(dir(builtins)),
    "a name of the backend's skeleton": load_blueprint().reserved,
}

RULES = (
    Rule("name-is-identifier", _name_is_an_identifier),
    Rule("name-is-not-reserved", _name_is_not_reserved),
    Rule("name-is-free", _name_is_free),
    Rule("route-is-free", _route_is_free),
    Rule("main-can-be-edited", _main_can_be_edited),
    Rule("backend-conforms", _backend_conforms),
)
