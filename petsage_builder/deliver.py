"""Put proven artifacts into the backend: all of them, or none."""

from dataclasses import dataclass

from petsage_builder import transaction
from petsage_builder.artifacts import Artifacts
from petsage_builder.blueprint.backend import Backend, read_backend
from petsage_builder.errors import ConflictError, Problem, RefusedError
from petsage_builder.evidence import Evidence
from petsage_builder.transaction import apply


@dataclass(frozen=True, slots=True)
class Delivery:
    """Which paths of the backend were written and removed."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class UnprovenError(Exception):
    """The evidence does not hold, or is of other artifacts: a fault of the builder."""


def deliver(artifacts: Artifacts, evidence: Evidence) -> Delivery:
    """Write the artifacts into the backend that they were proven on.

    The caller holds the backend's lock. Raises `UnprovenError` if the evidence does
    not hold for these very artifacts, and `ConflictError`, with nothing written, if
    the backend is not as it was read.
    """
    if not evidence.holds or evidence.artifacts != artifacts.sha256:
        raise UnprovenError
    read = artifacts.plan.backend
    try:
        now = read_backend(read.root)
    except RefusedError as error:  # it was there when it was read
        raise ConflictError(error.problems) from error
    _refuse_changes(read, now)
    apply(read.root, artifacts.changes)
    return Delivery(
        written=tuple(c.path for c in artifacts.changes if c.after is not None),
        removed=tuple(c.path for c in artifacts.changes if c.after is None),
    )


def require_place(artifacts: Artifacts) -> None:
    """Raise `ConflictError` if the artifacts could not be delivered."""
    transaction.require_place(artifacts.plan.backend.root, artifacts.changes)


def _refuse_changes(read: Backend, now: Backend) -> None:
    changed = sorted(
        path
        for path in read.files.keys() | now.files.keys()
        if read.files.get(path) != now.files.get(path)
    )
    if changed:
        raise ConflictError(
            Problem(
                path,
                "has changed while the feature was proven",
                "build again: the proof is about the files as they were",
            )
            for path in changed
        )
