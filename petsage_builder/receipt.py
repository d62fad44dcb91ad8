"""The machine-readable record of a build."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from petsage_builder import __version__
from petsage_builder.build import Build
from petsage_builder.digest import sha256, sha256_of_json
from petsage_builder.evidence import Evidence
from petsage_builder.identity import identity
from petsage_builder.plan import Found, LeftOut
from petsage_builder.symbols import symbols
from petsage_builder.traceability import untested

SEAL = "seal"


def receipt(build: Build) -> dict[str, Any]:
    """Return everything that a reader of a build may want to know, as JSON values.

    `build` names payload, backend and builder in one digest, so that the same build
    has the same name; `digest` holds those of all that it was made of, and of what came
    out; `seconds` holds wall time per stage. `trace` says of each part of the request
    what it was understood as, which code is there for it, and which tests ask it;
    `untested` are those parts that none asks. The `seal` is the digest of all the rest.
    """
    found = _unsealed(build)
    return {**found, SEAL: seal(found)}


def seal(receipt: Mapping[str, Any]) -> str:
    """Return the digest of all that a receipt says, but for its seal."""
    return sha256_of_json({n: part for n, part in receipt.items() if n != SEAL})


def _unsealed(build: Build) -> dict[str, Any]:
    request, spec, evidence = build.request, build.spec, build.evidence
    return {
        "build": _name(build),
        "status": build.status,
        "builder": __version__,
        "digest": build.artifacts and identity(build.artifacts),
        "payload": build.payload
        and {"source": build.payload.source, "sha256": build.payload.sha256},
        "encoding": request and request.encoding,
        "request": request and json.loads(request.as_json()),
        "spec": spec and spec.structure,
        "assumptions": list(spec.assumptions) if spec else [],
        "problems": [asdict(problem) for problem in build.problems],
        "artifacts": _artifacts(build),
        "evidence": evidence_values(evidence),
        "isolation": evidence and evidence.isolation,
        "trace": list(_trace(build)),
        "untested": untested(build.traced),
        "left_out": left_out_values(build.left_out),
        "found": found_values(build.found),
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


def evidence_values(evidence: Evidence | None) -> list[dict[str, Any]]:
    """Return each check as JSON values."""
    names = ("check", "command", "outcome", "seconds", "detail")
    checks = evidence.checks if evidence else ()
    return [{name: getattr(check, name) for name in names} for check in checks]


def left_out_values(left_out: Iterable[LeftOut]) -> list[dict[str, str]]:
    """Return the tests that a feature does without, as JSON values."""
    names = ("rows", "table", "row")
    return [dict(zip(names, one, strict=True)) for one in left_out]


def found_values(found: Iterable[Found]) -> list[dict[str, Any]]:
    """Return the requests that have become tests, as JSON values."""
    return [one.model_dump(mode="json") for one in found]


def _trace(build: Build) -> Iterator[dict[str, Any]]:
    if build.artifacts is None or not build.traced:
        return
    code = symbols(build.artifacts, tuple(one.part for one in build.traced))
    for one in build.traced:
        yield {
            "part": one.part.where,
            "kind": one.part.kind,
            "value": one.part.short,
            "symbols": code[one.part.where],
            "tests": list(one.tests),
            "check": "tests" if one.tests else None,
        }
