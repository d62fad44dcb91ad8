"""Which tests have passed, kept for the next proof of a backend with the same parts."""

import json
import os
import tempfile
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from petsage_builder.digest import sha256

CACHE = "XDG_CACHE_HOME"
MOST = 2000  # entries; the oldest go first


@dataclass(frozen=True, slots=True)
class Kept:
    """A folder with an entry for each part whose tests have passed.

    `circumstances` names all that a result rests on beside the files of a backend. An
    entry that cannot be read or written is as if it were not there.
    """

    folder: Path
    circumstances: str

    @classmethod
    def of_user(cls, circumstances: str) -> "Kept":
        """Return those of this user."""
        cache = os.environ.get(CACHE) or Path.home() / ".cache"
        return cls(Path(cache) / "petsage" / "passed", circumstances)

    def passed(self, part: str) -> frozenset[str] | None:
        """Return the tests that passed with a part, which its digest names."""
        path = self._path(part)
        with suppress(OSError, ValueError):
            found = json.loads(path.read_text("utf-8"))
            if isinstance(found, list) and all(isinstance(t, str) for t in found):
                os.utime(path)
                return frozenset(found)
        return None

    def keep(self, part: str, tests: Collection[str]) -> None:
        """Keep that these tests have passed, beside those that are kept already."""
        known = self.passed(part)
        if known is not None and known.issuperset(tests):
            return
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            text = json.dumps(sorted((known or frozenset()).union(tests)))
            with tempfile.NamedTemporaryFile(
                "w", dir=self.folder, delete=False, encoding="utf-8"
            ) as file:
                file.write(text)
            Path(file.name).replace(self._path(part))
            self._forget_the_oldest()

    def _path(self, part: str) -> Path:
        name = sha256(f"{self.circumstances}\n{part}".encode())
        return self.folder / f"{name}.json"

    def _forget_the_oldest(self) -> None:
        entries = [*self.folder.iterdir()]
        if len(entries) > MOST:
            entries.sort(key=lambda entry: entry.stat().st_mtime)
            for entry in entries[: len(entries) - MOST]:
                entry.unlink(missing_ok=True)
