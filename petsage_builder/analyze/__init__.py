"""Understand a request, or say which words of it are not understood."""

from petsage_builder.analyze.description import refuse_unless_about_logs
from petsage_builder.decode import JsonValue, Request
from petsage_builder.errors import Problem, RefusedError
from petsage_builder.spec import Probe, Spec

__all__ = ["analyze", "understanding"]

ASSUMPTIONS = (
    "Everybody may call the endpoint: the request restricts it to nobody.",
    "Every log sink that the service has must confirm the line: none is left out.",
    "The line has the level INFO.",
    "A sink that does not confirm in time is a failure, which answers 503.",
)


def analyze(request: Request) -> Spec:
    """Return what `request` asks for, or raise `RefusedError` with every problem."""
    problems: list[Problem] = []
    if not _says_nothing(request.requirements):
        what = "cannot be built: this version builds what the description says"
        problems.append(Problem("requirements", what, '"none", null or nothing in it'))
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


def understanding(spec: Spec) -> str:
    """Return in a sentence what will be built."""
    return (
        f"`{spec.feature}` is a probe of the {spec.subject}: an endpoint that writes "
        "one log line, and succeeds once every log sink has confirmed that line."
    )


def _says_nothing(requirements: JsonValue) -> bool:
    if isinstance(requirements, str):
        return requirements.strip().casefold() in {"none", ""}
    return requirements in (None, [], {})
