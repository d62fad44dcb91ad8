"""Run what was made, in a copy of the backend, and keep what was seen."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from threading import Lock
from typing import TypeAlias

from petsage_builder.artifacts import Artifacts
from petsage_builder.circumstances import circumstances
from petsage_builder.evidence import REQUIRED, Check, Evidence, Tell
from petsage_builder.manifest import read_manifest
from petsage_builder.verify.behaviour import check_contract, check_served
from petsage_builder.verify.earlier import Proofs, parts_apart
from petsage_builder.verify.history import check_migrations
from petsage_builder.verify.kept import Kept
from petsage_builder.verify.sandbox import Sandbox, open_sandbox
from petsage_builder.verify.sensitivity import check_sensitivity
from petsage_builder.verify.static import check_imports, check_style, check_types
from petsage_builder.verify.stem import stem
from petsage_builder.verify.tested import check_tests

Probe: TypeAlias = Callable[[Sandbox, Artifacts], Iterator[Check]]

AT_ONCE = 3
# The longest first.
PROBES: tuple[Probe, ...] = (
    check_tests,
    check_contract,
    check_sensitivity,
    check_served,
    check_migrations,
    check_types,
    check_imports,
    check_style,
)


def verify(
    artifacts: Artifacts,
    tell: Tell,
    probes: Sequence[Probe] = PROBES,
    *,
    afresh: bool = False,
) -> Evidence:
    """Return what each check found; `tell` hears of each as soon as it ends.

    The user's own files are read, never written, and nothing of them is run in place.
    If it is `afresh`, also those tests run of which an earlier proof tells.
    """
    before = artifacts.plan.backend.files
    files, own = artifacts.applied, artifacts.plan.names.feature
    built = {**artifacts.plan.backend.built, own: read_manifest(artifacts.manifest)}
    parts = parts_apart(files, built)
    with open_sandbox(backend=files, before=before) as place:
        place.warm_up(stem(own, files, before, built, parts), "before")
        kept = Kept.of_user(f"{circumstances()} {place.isolated}")
        proofs = Proofs.of(artifacts, parts, kept, afresh=afresh)
        resting: dict[Probe, Probe] = {
            check_tests: partial(check_tests, proofs=proofs),
            check_types: partial(check_types, proofs=proofs),
        }
        checks = sorted(
            _run(place, artifacts, tell, [resting.get(p, p) for p in probes]),
            key=lambda check: REQUIRED.index(check.check),
        )
        return Evidence(artifacts.sha256, place.isolation, tuple(checks))


def _run(
    place: Sandbox, artifacts: Artifacts, tell: Tell, probes: Sequence[Probe]
) -> Iterator[Check]:
    lock = Lock()

    def make(probe: Probe) -> list[Check]:
        checks = list(probe(place, artifacts))
        with lock:
            for check in checks:
                tell(check)
        return checks

    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            running = [pool.submit(make, probe) for probe in probes]
            for future in as_completed(running):
                yield from future.result()
        except BaseException:  # an interrupt must not wait for what runs
            place.stop()
            raise
