"""What was understood of a payload, for people and for programs."""

import json

from petsage_builder.analyze import analyze, understanding
from petsage_builder.analyze.vocabulary import Subject, Vocabulary
from petsage_builder.decode import Request, decode
from petsage_builder.errors import RefusedError
from petsage_builder.plan.history import referred
from petsage_builder.plan.requests import unanswered
from petsage_builder.plan.resources import ResourceView
from petsage_builder.receive import Payload
from petsage_builder.spec import Resources, Spec


def as_text(payload: Payload) -> str:
    """Return what was understood, and what was assumed, in sentences."""
    request = decode(payload)
    spec = _analyzed(request)
    return "\n".join(
        [
            f"feature: {spec.feature} ({request.encoding})",
            *(f"understood: {sentence}" for sentence in understanding(spec)),
            *(f"assumed: {assumption}" for assumption in spec.assumptions),
        ]
    )


def as_json(payload: Payload) -> str:
    """Return the same as one JSON object."""
    request = decode(payload)
    spec = _analyzed(request)
    return json.dumps(
        {
            "encoding": request.encoding,
            "request": json.loads(request.as_json()),
            "understood": understanding(spec),
            "spec": spec.structure,
            "assumptions": spec.assumptions,
        },
        indent=2,
        ensure_ascii=False,
    )


def _analyzed(request: Request) -> Spec:
    """Return what was understood. Raise `RefusedError`, also for a request of no route.

    Routes are known without a backend if the feature refers to no other.
    """
    spec = analyze(request)
    if isinstance(spec, Resources) and not any(referred(spec.requirements)):
        vocabulary = Vocabulary(spec.requirements)
        names = spec.requirements.resources
        views = [ResourceView(Subject(vocabulary, name)) for name in names]
        if problems := list(unanswered(views, spec.requirements.scenarios)):
            raise RefusedError(problems)
    return spec
