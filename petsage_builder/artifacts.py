"""What `generate` returns: every file of a feature, as text, nothing on disk."""

from collections.abc import Mapping
from dataclasses import dataclass

from petsage_builder.blueprint.backend import MAIN
from petsage_builder.digest import sha256_of_files
from petsage_builder.plan import Plan
from petsage_builder.transaction import Change


@dataclass(frozen=True, slots=True)
class Artifacts:
    """The content of each path that a build makes or changes.

    `own` belongs to the feature alone; `main` is the edited `app/main.py`;
    `manifest` is what the backend will remember.
    """

    plan: Plan
    own: Mapping[str, bytes]
    main: bytes
    manifest: bytes

    @property
    def files(self) -> dict[str, bytes]:
        """Return every path with its content."""
        return {**self.own, MAIN: self.main, self.plan.names.manifest: self.manifest}

    @property
    def sha256(self) -> str:
        """Return a digest of every path and content."""
        return sha256_of_files(self.files)

    @property
    def applied(self) -> dict[str, bytes]:
        """Return every path of the backend as it will be."""
        files = dict(self.plan.backend.files)
        for change in self.changes:
            if change.after is None:
                del files[change.path]
            else:
                files[change.path] = change.after
        return files

    @property
    def changes(self) -> tuple[Change, ...]:
        """Return what differs from the backend, also what the feature gives up."""
        before = self.plan.backend.files
        current = self.plan.current
        gone = set(current.artifacts if current else ()) - self.own.keys()
        return tuple(
            Change(path, before.get(path), after)
            for path, after in (*self.files.items(), *((path, None) for path in gone))
            if before.get(path) != after
        )
