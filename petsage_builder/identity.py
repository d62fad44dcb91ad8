"""What a build was made of and what came out, each as one digest.

Neither a time, nor a folder, nor the machine is part of it: the same build elsewhere,
by the same builder, has the same digests, whether that is installed from a checkout or
from a wheel.
"""

from collections.abc import Mapping

from petsage_builder.artifacts import Artifacts
from petsage_builder.blueprint.backend import MAIN
from petsage_builder.circumstances import blueprint_digest, builder_digest
from petsage_builder.digest import sha256, sha256_of_json
from petsage_builder.spec import Spec


def identity(artifacts: Artifacts) -> dict[str, str]:
    """Return the digests of a build, and one of all of them.

    `payload` is that of the request in its canonical form, `blueprint` that of the
    templates and conventions, `builder` that of its modules and its version,
    `artifacts` that of the feature's own files: what `app/main.py` is beside its two
    lines is the backend's.
    """
    digests = {path: sha256(content) for path, content in artifacts.files.items()}
    return whole(
        {
            "payload": payload_digest(artifacts.plan.spec),
            "blueprint": blueprint_digest(),
            "builder": builder_digest(),
            "artifacts": artifacts_digest(digests),
        }
    )


def whole(parts: Mapping[str, str]) -> dict[str, str]:
    """Return digests, and that of all of them as `build`."""
    return {**parts, "build": sha256_of_json(parts)}


def payload_digest(spec: Spec) -> str:
    """Return the digest of what was asked for, however it was spelled."""
    return sha256_of_json(spec.canonical)


def artifacts_digest(digests: Mapping[str, str]) -> str:
    """Return the digest of a feature's files, given each one's by its path."""
    return sha256_of_json({p: d for p, d in digests.items() if p != MAIN})
