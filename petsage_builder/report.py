"""The report of a build, for people: the Markdown between the status lines."""

from collections.abc import Mapping

from petsage_builder.artifacts import Artifacts
from petsage_builder.build import Build
from petsage_builder.evidence import Evidence
from petsage_builder.status import Report
from petsage_builder.templates import render

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
    names = artifacts.plan.names
    return render(
        "probe/report.md",
        dry_run=build.dry_run,
        title=names.title,
        feature=names.feature,
        package=names.package,
        test=names.test,
        manifest=names.manifest,
        files=files,
    )


def _evidence(build: Build, evidence: Evidence, numbered: bool) -> str:  # noqa: FBT001
    return render(
        "evidence.md",
        number=6 if numbered else 1,
        holds=evidence.holds,
        checks=evidence.checks,
        failures=evidence.failures,
        isolation=evidence.isolation,
        assumptions=build.spec.assumptions if build.spec else (),
    )
