"""Understand a request, or say which words of it are not understood."""

from typing import assert_never

from petsage_builder.analyze.assumptions import assumptions
from petsage_builder.analyze.checks import check_requirements
from petsage_builder.analyze.defaults import with_expressions
from petsage_builder.analyze.description import refuse_unless_about_logs
from petsage_builder.analyze.sentences import sentences
from petsage_builder.analyze.structured import read_requirements
from petsage_builder.decode import JsonValue, Request
from petsage_builder.errors import Problem, RefusedError
from petsage_builder.spec import Probe, Resources, Spec

__all__ = ["analyze", "understanding"]

ASSUMPTIONS = (
    "Everybody may call the endpoint: the request restricts it to nobody.",
    "Every log sink that the service has must confirm the line: none is left out.",
    "The line has the level INFO.",
    "A sink that does not confirm in time is a failure, which answers 503.",
)

PROBE = (
    "an endpoint that writes one log line, and succeeds once every log sink has "
    "confirmed that line"
)


def analyze(request: Request) -> Spec:
    """Return what `request` asks for, or raise `RefusedError` with every problem."""
    if isinstance(request.requirements, dict) and request.requirements:
        return _analyze_resources(request, request.requirements)
    problems: list[Problem] = []
    if not _says_nothing(request.requirements):
        what = "cannot be built: plain English is not understood yet"
        accepted = '"none", null, or an object with resources'
        problems.append(Problem("requirements", what, accepted))
    try:
        refuse_unless_about_logs(request.description)
    except RefusedError as error:
        problems += error.problems
    if problems:
        raise RefusedError(problems)
    return Probe(
        feature=request.feature,
        description=request.description,
        subject="logs",
        assumptions=ASSUMPTIONS,
    )


def _analyze_resources(request: Request, written: dict[str, JsonValue]) -> Resources:
    requirements = with_expressions(read_requirements(written))
    problems = list(check_requirements(requirements))
    if problems:
        raise RefusedError(problems)
    return Resources(
        feature=request.feature,
        description=request.description,
        requirements=requirements,
        assumptions=tuple(assumptions(requirements)),
    )


def understanding(spec: Spec) -> list[str]:
    """Return in sentences what will be built."""
    match spec:
        case Probe():
            name = f"`{spec.feature}` is a probe of the {spec.subject}"
            return [f"{name}: {PROBE}."]
        case Resources():
            return list(sentences(spec.requirements))
        case _:
            assert_never(spec)


def _says_nothing(requirements: JsonValue) -> bool:
    if isinstance(requirements, str):
        return requirements.strip().casefold() in {"none", ""}
    return requirements in (None, [], {})
