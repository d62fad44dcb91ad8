"""Is a backend as the blueprint says, and each feature as its payload makes it."""

from collections.abc import Iterator
from pathlib import Path

from petsage_builder.align import added_files, align
from petsage_builder.allowances import EVERYTHING
from petsage_builder.analyze import analyze
from petsage_builder.blueprint.backend import Backend, backend_at, conformity
from petsage_builder.decode import Request, decode
from petsage_builder.errors import BuilderError, Problem
from petsage_builder.generate import generate
from petsage_builder.manifest import Manifest
from petsage_builder.receive import Payload


def check_backend(root: Path) -> tuple[list[str], list[Problem]]:
    """Return the built features of the backend at `root`, and all that is wrong.

    Of a feature it is said how many tests were left out of it, or added.
    """
    with backend_at(root) as backend:
        problems = conformity(backend)
        for manifest in backend.built.values():
            problems.extend(_deviations(backend, manifest))
        problems.extend(_strangers(backend))
        return sorted(map(_named, backend.built.values())), problems


def _named(manifest: Manifest) -> str:
    counts = {"left out": len(manifest.left_out), "added": len(manifest.found)}
    tests = [
        f"{number} test{'s' * (number > 1)} {what}"
        for what, number in counts.items()
        if number
    ]
    return f"{manifest.feature} ({', '.join(tests)})" if tests else manifest.feature


def _deviations(backend: Backend, manifest: Manifest) -> Iterator[Problem]:
    """Build the feature anew, in memory, and compare."""
    try:
        spec = analyze(Request(**manifest.request, encoding="manifest"))  # type: ignore[arg-type]
        artifacts = generate(align(spec, backend, EVERYTHING))
    except BuilderError as error:
        yield from error.problems
        return
    for path in added_files(backend, manifest.feature):
        what = f"was added to {manifest.feature} since it was built"
        yield Problem(path, what, "a place outside the feature")
    for change in artifacts.changes:
        yield Problem(
            change.path,
            f"is not as the payload of {manifest.feature} makes it",
            f"what `petsage build` makes of {manifest.path}",
        )


def _strangers(backend: Backend) -> Iterator[Problem]:
    """Give each payload in the backend that says something else than what was built."""
    for path, content in backend.files.items():
        if not path.startswith("payloads/"):
            continue
        try:
            spec = analyze(decode(Payload(content, path)))
        except BuilderError as error:
            for problem in error.problems:
                yield Problem(
                    path, f"{problem.where}: {problem.what}", problem.accepted
                )
            continue
        manifest = backend.built.get(spec.feature)
        if manifest and manifest.request != spec.canonical:
            yield Problem(
                path, f"is not what {spec.feature} was built from", "a new build"
            )
