"""The report of a build, for people: the Markdown between the status lines."""

from collections.abc import Iterable, Mapping
from typing import assert_never

from petsage_builder.artifacts import Artifacts
from petsage_builder.build import Build
from petsage_builder.evidence import Evidence
from petsage_builder.file_tree import file_tree
from petsage_builder.plan import Names, ProbePlan, ResourcesPlan
from petsage_builder.status import Report
from petsage_builder.templates import render
from petsage_builder.traceability import summary
from petsage_builder.wording import sentence

MODULES = {
    "models": (
        "This file defines the Pydantic data models for the feature's API requests and "
        "responses, ensuring type-safe and validated input and output."
    ),
    "tables": (
        "This file defines the SQLAlchemy tables, with the constraints that the "
        "database itself keeps."
    ),
    "access": (
        "This file says who may see and change which rows, as conditions that become "
        "part of every query."
    ),
    "service": (
        "This file contains the core business logic: rules, limits and changes of "
        "state, each of which logs one event."
    ),
    "router": "This file defines the FastAPI router and the API endpoints.",
}
MIGRATION = (
    "This file makes the tables in a database that is in use, and takes them back out."
)
HEADINGS = {"refused": "REQUEST REFUSED", "conflict": "DELIVERY CONFLICT"}


def report(build: Build) -> Report:
    """Return the report of a build that is complete, failed, refused or in conflict."""
    if build.artifacts is None or build.evidence is None or build.problems:
        heading = HEADINGS[build.status]
        return _framed(render("problems.md", heading=heading, problems=build.problems))
    evidence = _evidence(build, build.evidence, build.status == "complete")
    if build.status != "complete":
        return _framed(evidence)
    return _framed(_feature(build, build.artifacts) + "\n---\n\n" + evidence)


def _framed(text: str) -> Report:
    return Report(f"\n---\n\n{text.strip()}\n\n---")


def _feature(build: Build, artifacts: Artifacts) -> str:
    files: Mapping[str, str] = {
        path: content.decode() for path, content in artifacts.files.items()
    }
    plan = artifacts.plan
    names = plan.names
    context = {
        "dry_run": build.dry_run,
        "title": names.title,
        "feature": names.feature,
        "package": names.package,
        "test": names.test,
        "manifest": names.manifest,
        "files": files,
    }
    match plan:
        case ProbePlan():
            return render("probe/report.md", **context)
        case ResourcesPlan():
            return render(
                "resource/report.md",
                **context,
                description=sentence(plan.spec.description),
                tree=file_tree(path for path in files if path != names.manifest),
                modules=_modules(names, files),
            )
        case _:
            assert_never(plan)


def _modules(names: Names, files: Iterable[str]) -> list[tuple[str, str]]:
    """Return the path of each module to be shown, and what it is for.

    A module may be a package, with a part for each resource.
    """
    found = [
        (path, what)
        for kind, what in MODULES.items()
        for path in sorted(files)
        if path == f"{names.package}/{kind}.py"
        or path.startswith(f"{names.package}/{kind}/")
    ]
    return [*found, (f"migrations/versions/{names.migration}.py", MIGRATION)]


def _evidence(build: Build, evidence: Evidence, numbered: bool) -> str:  # noqa: FBT001
    return render(
        "evidence.md",
        number=6 if numbered else 1,
        holds=evidence.holds,
        checks=evidence.checks,
        failures=evidence.failures,
        isolation=evidence.isolation,
        traced=summary(build.traced) if build.traced else "",
        left_out=build.left_out,
        found=build.found,
        assumptions=build.spec.assumptions if build.spec else (),
    )
