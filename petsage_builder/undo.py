"""Take a built feature out of a backend again, byte for byte."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from petsage_builder.align import added_files, edited_files, read_main
from petsage_builder.blueprint.backend import MAIN, Backend, backend_at
from petsage_builder.blueprint.imports import names_feature
from petsage_builder.deliver import Delivery
from petsage_builder.errors import ConflictError, Problem, RefusedError
from petsage_builder.plan import Names
from petsage_builder.transaction import Change, apply
from petsage_builder.wiring import UneditableError, is_wired, unwire


def undo(root: Path, feature: str) -> Delivery:
    """Remove what the build of `feature` made, and nothing else.

    Raises `RefusedError` if it was not built here, and `ConflictError`, with nothing
    removed, if its files were edited or other code depends on it.
    """
    with backend_at(root) as backend:
        manifest = backend.built.get(feature)
        if manifest is None:
            raise RefusedError([_not_built(backend, feature)])
        problems = [
            *_edits(backend, feature),
            *_added(backend, feature),
            *_dependents(backend, feature),
        ]
        if problems:
            raise ConflictError(problems)
        main = unwire(read_main(backend), feature).encode()
        gone = (*manifest.artifacts, manifest.path)
        apply(
            root,
            [
                Change(MAIN, backend.files[MAIN], main),
                *(Change(path, backend.files[path], None) for path in gone),
            ],
        )
        _remove_caches(root / Names(feature).package)
        return Delivery(written=(MAIN,), removed=gone)


def _not_built(backend: Backend, feature: str) -> Problem:
    built = ", ".join(sorted(backend.built)) or "none is"
    return Problem("feature", f"{feature!r} is not built here", f"a built one: {built}")


def _edits(backend: Backend, feature: str) -> Iterator[Problem]:
    for path in edited_files(backend, feature):
        yield Problem(path, "was edited since it was built", "the file as it was built")
    try:
        if not is_wired(read_main(backend), feature):
            yield Problem(MAIN, f"its lines for {feature} were edited", "both as built")
    except (UneditableError, UnicodeDecodeError) as error:
        yield Problem(MAIN, f"cannot be edited: {error}")


def _dependents(backend: Backend, feature: str) -> Iterator[Problem]:
    """Give each module outside the feature that names it, by an import or a text."""
    own = {*backend.built[feature].artifacts, MAIN}
    for path, text in backend.modules():
        if path not in own and names_feature(path, text, feature):
            yield Problem(path, f"depends on {feature}", "no import of the feature")


def _added(backend: Backend, feature: str) -> Iterator[Problem]:
    for path in added_files(backend, feature):
        what = "was added to the feature since it was built"
        yield Problem(path, what, "a place outside the feature")


def _remove_caches(package: Path) -> None:
    """Remove the compiled modules that running the feature has left behind."""
    shutil.rmtree(package / "__pycache__", ignore_errors=True)
    if package.is_dir() and not any(package.iterdir()):
        package.rmdir()
