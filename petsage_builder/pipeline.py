"""The way of a payload: seven stages, each on what the one before returned."""

from collections.abc import Callable
from pathlib import Path

from petsage_builder import status
from petsage_builder.align import align
from petsage_builder.allowances import NOTHING, Allowances
from petsage_builder.analyze import analyze
from petsage_builder.artifacts import Artifacts
from petsage_builder.blueprint.backend import backend_at
from petsage_builder.build import Build
from petsage_builder.decode import decode
from petsage_builder.deliver import deliver, require_place
from petsage_builder.errors import BuilderError, ConflictError
from petsage_builder.evidence import Evidence
from petsage_builder.generate import generate
from petsage_builder.plan import ResourcesPlan
from petsage_builder.receive import Payload
from petsage_builder.report import report
from petsage_builder.status import Announce
from petsage_builder.traceability import Traced, facts_behind, lost, trace
from petsage_builder.verify import verify

UNTESTED = (
    "left without a test, since all answers in those that were planned are as a second "
    "reading says, and not as they expect: {}"
)
# What fails if tests are wrong, or some are missing.
MENDABLE = frozenset({"tests", "mutants"})
ROUNDS = 4  # in which tests are left out or added; each can show what was hidden


def build(
    receive: Callable[[], Payload],
    root: Path,
    announce: Announce,
    *,
    dry_run: bool = False,
    allowances: Allowances = NOTHING,
    afresh: bool = False,
) -> Build:
    """Build the payload that `receive` returns into the backend at `root`.

    If it is `afresh`, also those tests run of which an earlier proof tells.

    Whatever is wrong with the payload, the backend or the artifacts is said in the
    returned build, whose `status` tells how it ended; nothing is raised for it.
    """
    record = Build(dry_run=dry_run, afresh=afresh, allowances=allowances)
    try:
        announce(_run(record, receive, root, announce))
    except BuilderError as error:
        _refuse(record, error, announce)
    announce(status.AWAITING)
    return record


def _run(
    record: Build, receive: Callable[[], Payload], root: Path, announce: Announce
) -> status.Status:
    with record.stage("receive"):
        record.payload = receive()
    announce(status.RECEIVED)
    announce(status.DECODING)
    with record.stage("decode"):
        record.request = decode(record.payload)
    announce(status.decoded(record.request.as_json()))
    announce(status.ANALYZING)
    with record.stage("analyze"):
        record.spec = analyze(record.request)
    announce(status.VALIDATED)
    announce(status.ALIGNING)
    with backend_at(root) as backend:
        with record.stage("align"):
            record.plan = align(record.spec, backend, record.allowances)
        announce(status.GENERATING)
        with record.stage("generate"):
            record.artifacts = generate(record.plan)
        if not record.artifacts.changes:
            record.status = "unchanged"
            return status.UNCHANGED
        require_place(record.artifacts)
        announce(status.VERIFYING)
        with record.stage("verify"):
            artifacts, evidence = _prove(record, _whole(record.artifacts), announce)
        if not evidence.holds:
            record.status = "failed"
            announce(report(record))
            return status.FAILED
        with record.stage("deliver"):
            if not record.dry_run:
                record.delivery = deliver(artifacts, evidence)
    record.status = "complete"
    announce(report(record))
    return status.PROVEN if record.dry_run else status.COMPLETE


def _whole(artifacts: Artifacts) -> Artifacts:
    """Return artifacts with all tests that are planned, and none beside.

    What is to be built is not what was: which tests are refuted, and what tells broken
    code apart, is asked again.
    """
    plan = artifacts.plan
    if not isinstance(plan, ResourcesPlan) or not (plan.left_out or plan.found):
        return artifacts
    return generate(plan.without(()).telling(()))


def _prove(
    record: Build, artifacts: Artifacts, announce: Announce
) -> tuple[Artifacts, Evidence]:
    """Return what was proven in the end, and what the checks found.

    Tests that the request refutes are left out, those that tell broken code apart are
    added, and the feature that has become of it is proven as a whole. No part of the
    request may lose its only test so.
    """
    evidence = verify(artifacts, announce, afresh=record.afresh)
    for _ in range(ROUNDS):
        plan, refuted, found = artifacts.plan, evidence.refuted, evidence.found
        if not isinstance(plan, ResourcesPlan) or not (refuted or found):
            break
        if not {check.check for check in evidence.failures} <= MENDABLE:
            break  # other tests would not help
        if refuted:
            announce(status.left_out(len(refuted)))
            behind = facts_behind(plan, artifacts, refuted)
            plan = plan.without(plan.left_out | behind)
        if found:
            announce(status.found(len(found)))
            plan = plan.telling((*plan.found, *found))
        artifacts = generate(plan)
        evidence = verify(artifacts, announce, afresh=record.afresh)
    plan = artifacts.plan
    traced: tuple[Traced, ...] = ()
    if evidence.holds:
        traced = trace(artifacts, evidence)
        parts = lost(plan, traced) if isinstance(plan, ResourcesPlan) else []
        if parts:
            evidence = evidence.failing("tests", UNTESTED.format(", ".join(parts)))
    record.plan, record.artifacts = plan, artifacts
    record.evidence, record.traced = evidence, traced
    return artifacts, evidence


def _refuse(record: Build, error: BuilderError, announce: Announce) -> None:
    record.problems = error.problems
    is_conflict = isinstance(error, ConflictError)
    record.status = "conflict" if is_conflict else "refused"
    announce(report(record))
    announce((status.conflict if is_conflict else status.refused)(error.problems))
