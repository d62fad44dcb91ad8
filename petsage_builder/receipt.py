"""The machine-readable record of a build."""

import hashlib
import json
from dataclasses import asdict
from typing import Any

from petsage_builder import __version__
from petsage_builder.build import Build
from petsage_builder.digest import sha256


def receipt(build: Build) -> dict[str, Any]:
    """Return everything that a reader of a build may want to know, as JSON values.

    `build` names payload, backend and builder in one digest, so that the same build
    has the same name; `seconds` holds wall time per stage.
    """
    request, spec, evidence = build.request, build.spec, build.evidence
    return {
        "build": _name(build),
        "status": build.status,
        "builder": __version__,
        "payload": build.payload
        and {"source": build.payload.source, "sha256": build.payload.sha256},
        "encoding": request and request.encoding,
        "request": request and json.loads(request.as_json()),
        "spec": spec and spec.structure,
        "assumptions": list(spec.assumptions) if spec else [],
        "problems": [asdict(problem) for problem in build.problems],
        "artifacts": _artifacts(build),
        "evidence": [asdict(check) for check in evidence.checks] if evidence else [],
        "isolation": evidence and evidence.isolation,
        "delivery": build.delivery and asdict(build.delivery),
        "dry_run": build.dry_run,
        "allowances": asdict(build.allowances),
        "seconds": {stage: round(s, 4) for stage, s in build.seconds.items()},
    }


def receipt_text(build: Build, indent: int | None = 2) -> str:
    """Return the receipt as JSON; without `indent` it is one line."""
    return json.dumps(receipt(build), indent=indent, ensure_ascii=False)


def _name(build: Build) -> str:
    payload = build.payload.sha256 if build.payload else ""
    backend = build.plan.backend.sha256 if build.plan else ""
    return hashlib.sha256(f"{payload} {backend} {__version__}".encode()).hexdigest()[
        :16
    ]


def _artifacts(build: Build) -> list[dict[str, Any]]:
    files = build.artifacts.files if build.artifacts else {}
    return [
        {"path": path, "sha256": sha256(content), "bytes": len(content)}
        for path, content in files.items()
    ]
