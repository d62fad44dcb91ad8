"""Whether what a receipt says of a build still holds for a backend.

Its feature is compared as it stands, made anew from the request, and proven again: in
the sandbox, on a copy. Other features may have come or gone meanwhile.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from petsage_builder.align import align, read_main
from petsage_builder.analyze import analyze
from petsage_builder.artifacts import Artifacts
from petsage_builder.blueprint.backend import MAIN, Backend, backend_at
from petsage_builder.decode.request import check_request
from petsage_builder.digest import sha256
from petsage_builder.errors import BuilderError, Problem, RefusedError
from petsage_builder.evidence import Tell
from petsage_builder.generate import generate
from petsage_builder.identity import artifacts_digest, whole
from petsage_builder.plan import Found, Names, Plan, ResourcesPlan
from petsage_builder.receipt import SEAL, seal
from petsage_builder.receive import Payload
from petsage_builder.verdict import Receipt, Verdict
from petsage_builder.verify import verify
from petsage_builder.wiring import UneditableError, is_wired, unwire

DIGESTS = ("payload", "blueprint", "builder", "artifacts", "build")
RECEIPT = "what `petsage build --format json` printed of a build that was delivered"


def read_receipt(received: Payload) -> Receipt:
    """Return what a receipt says, or raise `RefusedError` for what is none."""
    found = _loaded(received)
    if found[SEAL] != seal(found):
        what = "was altered since it was printed: its seal is that of another text"
        raise _refused(received, what)
    if found.get("status") != "complete" or found.get("dry_run"):
        dry = "a dry run, which delivers nothing"
        ended = (
            dry if found.get("dry_run") else f"a build that was {found.get('status')}"
        )
        raise _refused(received, f"is of {ended}")
    try:
        files = {one["path"]: one["sha256"] for one in found["artifacts"]}
        digest = {name: str(found["digest"][name]) for name in DIGESTS}
        version, request = str(found["builder"]), found["request"]
        left_out = tuple(
            (str(one["rows"]), str(one["table"]), str(one["row"]))
            for one in found.get("left_out", ())
        )
        added = tuple(map(Found.model_validate, found.get("found", ())))
    except (KeyError, TypeError, ValidationError) as error:
        raise _refused(received, "does not say what was built") from error
    parts = {name: part for name, part in digest.items() if name != "build"}
    if digest != whole({**parts, "artifacts": artifacts_digest(files)}):
        raise _refused(received, "names files that are not those of its digest")
    spec = analyze(check_request(request, "receipt"))
    return Receipt(spec, version, digest, files, left_out, added)


def _loaded(received: Payload) -> dict[str, Any]:
    try:
        found = json.loads(received.content)
    except (ValueError, RecursionError) as error:
        raise _refused(received, f"is no JSON: {error}") from error
    if not isinstance(found, dict) or not isinstance(found.get(SEAL), str):
        raise _refused(received, "is no receipt: it has no seal")
    return found


def _refused(received: Payload, what: str) -> RefusedError:
    return RefusedError([Problem(received.source, what, RECEIPT)])


def prove_again(root: Path, receipt: Receipt, tell: Tell) -> Verdict:
    """Return what has become of a build in the backend at `root`; nothing is written.

    `tell` hears of each check as soon as it ends. Raises `RefusedError` if there is no
    backend, and `ConflictError` if another build is at work in it.
    """
    backend = _read(root)
    missing, changed = _deviations(backend, receipt)
    try:
        made = generate(_planned(backend, receipt))
    except BuilderError as error:
        return Verdict(receipt, missing, changed, problems=error.problems)
    evidence = None
    if not missing:
        evidence = verify(_standing(made, backend, receipt), tell, afresh=True)
    return Verdict(receipt, missing, changed, _others(made, receipt), (), evidence)


def _planned(backend: Backend, receipt: Receipt) -> Plan:
    """Return the plan of a build as if its feature had never been built.

    It has no tests that were left out then, and those that were added.
    """
    plan = align(receipt.spec, _without(backend, receipt.names))
    if isinstance(plan, ResourcesPlan):
        return plan.without(receipt.left_out).telling(receipt.found)
    return plan


def _read(root: Path) -> Backend:
    """Read a backend while no build is at work in it; others may go on then."""
    with backend_at(root) as backend:
        return backend


def _deviations(
    backend: Backend, receipt: Receipt
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return which files of a build are gone from a backend, and which differ."""
    own = {path: digest for path, digest in receipt.files.items() if path != MAIN}
    missing = [path for path in own if path not in backend.files]
    changed = [
        path
        for path, digest in own.items()
        if path in backend.files and sha256(backend.files[path]) != digest
    ]
    if not _is_wired(backend, receipt.names):
        changed.append(MAIN)
    return tuple(missing), tuple(changed)


def _is_wired(backend: Backend, names: Names) -> bool:
    try:
        return is_wired(read_main(backend), names.feature)
    except (UneditableError, UnicodeDecodeError):
        return False


def _others(made: Artifacts, receipt: Receipt) -> tuple[str, ...]:
    """Return the files that the request makes otherwise, or no longer, or only now."""
    now = {p: sha256(content) for p, content in made.files.items() if p != MAIN}
    then = {path: digest for path, digest in receipt.files.items() if path != MAIN}
    differ = (p for p in now.keys() | then.keys() if now.get(p) != then.get(p))
    return tuple(sorted(differ))


def _without(backend: Backend, names: Names) -> Backend:
    """Return a backend as if a feature had never been built into it."""
    manifest = backend.built.get(names.feature)
    own = {names.manifest, names.test, *(manifest.artifacts if manifest else ())}
    files = {
        path: content
        for path, content in backend.files.items()
        if path not in own and not path.startswith(f"{names.package}/")
    }
    if _is_wired(backend, names):
        files[MAIN] = unwire(read_main(backend), names.feature).encode()
    built = {n: found for n, found in backend.built.items() if n != names.feature}
    return replace(backend, files=files, built=built)


def _standing(made: Artifacts, backend: Backend, receipt: Receipt) -> Artifacts:
    """Return the feature as it stands in a backend."""
    names = receipt.names
    own = {
        path: backend.files[path]
        for path in receipt.files
        if path not in {MAIN, names.manifest}
    }
    current = backend.built.get(names.feature)
    plan = replace(made.plan, backend=backend, current=current)
    return Artifacts(plan, own, backend.files[MAIN], backend.files[names.manifest])
