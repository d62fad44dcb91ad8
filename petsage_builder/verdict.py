"""What has become of a build since its receipt, for people and for programs."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from petsage_builder import __version__
from petsage_builder.circumstances import blueprint_digest, builder_digest
from petsage_builder.errors import Problem
from petsage_builder.evidence import Evidence
from petsage_builder.identity import payload_digest
from petsage_builder.plan import Found, LeftOut, Names
from petsage_builder.receipt import evidence_values, found_values, left_out_values
from petsage_builder.spec import Spec

SHOWN = 12  # characters of a digest


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says of a build that was delivered."""

    spec: Spec
    version: str
    digest: Mapping[str, str]
    files: Mapping[str, str]
    left_out: tuple[LeftOut, ...] = ()
    found: tuple[Found, ...] = ()

    @property
    def names(self) -> Names:
        """Return the names of its feature."""
        return Names(self.spec.feature)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What has become of a build.

    `missing` and `changed` are files of the backend; `other` are those that the request
    makes otherwise today, or `problems` say why it makes nothing. There is no evidence
    if files are missing: nothing could be run.
    """

    receipt: Receipt
    missing: tuple[str, ...]
    changed: tuple[str, ...]
    other: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    evidence: Evidence | None = None

    @property
    def same_builder(self) -> bool:
        """Say whether this builder is that of the receipt."""
        return self.receipt.digest["builder"] == builder_digest()

    @property
    def same_blueprint(self) -> bool:
        """Say whether features are written from the same templates."""
        return self.receipt.digest["blueprint"] == blueprint_digest()

    @property
    def same_payload(self) -> bool:
        """Say whether the request is still understood as it was."""
        return self.receipt.digest["payload"] == payload_digest(self.receipt.spec)

    @property
    def proven(self) -> bool:
        """Say whether every check passed, on the feature as it stands."""
        return self.evidence is not None and self.evidence.holds

    @property
    def reproduced(self) -> bool:
        """Say whether the request still makes the same bytes."""
        return not self.other and not self.problems

    @property
    def holds(self) -> bool:
        """Say whether the receipt still holds.

        That other builders make other files of the request is no fault of the build.
        """
        same = self.same_builder and self.same_blueprint
        stands = not self.missing and not self.changed
        return stands and self.proven and (self.reproduced or not same)


def as_json(verdict: Verdict) -> str:
    """Return a verdict as one JSON object."""
    receipt = verdict.receipt
    found = {
        "feature": receipt.spec.feature,
        "build": receipt.digest["build"],
        "holds": verdict.holds,
        "files": {"missing": verdict.missing, "changed": verdict.changed},
        "payload": {
            "same": verdict.same_payload,
            "reproduced": verdict.reproduced,
            "otherwise": verdict.other,
            "problems": [str(problem) for problem in verdict.problems],
        },
        "builder": {
            "same": verdict.same_builder,
            "then": {"version": receipt.version, "sha256": receipt.digest["builder"]},
            "now": {"version": __version__, "sha256": builder_digest()},
        },
        "blueprint": {
            "same": verdict.same_blueprint,
            "then": {"sha256": receipt.digest["blueprint"]},
            "now": {"sha256": blueprint_digest()},
        },
        "proof": {
            "holds": verdict.proven,
            "evidence": evidence_values(verdict.evidence),
            "isolation": verdict.evidence and verdict.evidence.isolation,
            "left_out": left_out_values(receipt.left_out),
            "found": found_values(receipt.found),
        },
    }
    return json.dumps(found, indent=2, ensure_ascii=False)


def as_text(verdict: Verdict) -> str:
    """Return a verdict as people read it."""
    holds = "holds" if verdict.holds else "does not hold any more"
    feature = verdict.receipt.spec.feature
    return "\n".join([f"{feature}: the receipt {holds}", *_lines(verdict)])


def _lines(verdict: Verdict) -> Iterator[str]:
    yield from (f"  files: {path} is missing" for path in verdict.missing)
    yield from (f"  files: {path} is not as it was" for path in verdict.changed)
    if not verdict.missing and not verdict.changed:
        yield "  files: as they were delivered"
    yield from (f"  payload: {problem}" for problem in verdict.problems)
    yield from (f"  payload: makes {path} otherwise" for path in verdict.other)
    if verdict.reproduced:
        yield "  payload: makes the same bytes"
    yield f"  builder: {_builder(verdict)}"
    yield f"  blueprint: {_blueprint(verdict)}"
    yield f"  proof: {_proof(verdict)}"
    for many, table, row in verdict.receipt.left_out:
        yield f"  left out of the tests: {many}, {table}: {row}"
    yield from (f"  added to the tests: {one.said}" for one in verdict.receipt.found)


def _builder(verdict: Verdict) -> str:
    if verdict.same_builder:
        return f"the same, {__version__}"
    receipt = verdict.receipt
    then = f"{receipt.version} ({receipt.digest['builder'][:SHOWN]})"
    return f"another: it was {then}, and is {__version__} ({builder_digest()[:SHOWN]})"


def _blueprint(verdict: Verdict) -> str:
    if verdict.same_blueprint:
        return "the same"
    then = verdict.receipt.digest["blueprint"][:SHOWN]
    return f"another: it was {then}, and is {blueprint_digest()[:SHOWN]}"


def _proof(verdict: Verdict) -> str:
    if verdict.evidence is None:
        return "could not be run: " + (
            "files are missing" if verdict.missing else "the payload makes no feature"
        )
    if verdict.proven:
        return "every check passed"
    failed = (f"{check.check}: {check.detail}" for check in verdict.evidence.failures)
    return "; ".join(failed) or "not every check was made"
