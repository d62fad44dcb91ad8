"""What was understood of a payload, for people and for programs."""

import json

from petsage_builder.analyze import analyze, understanding
from petsage_builder.decode import decode
from petsage_builder.receive import Payload


def as_text(payload: Payload) -> str:
    """Return what was understood, and what was assumed, in sentences."""
    request = decode(payload)
    spec = analyze(request)
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
    spec = analyze(request)
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
