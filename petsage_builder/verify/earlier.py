"""What earlier proofs show of a backend: which of its tests need not run again.

A test that has passed passes again if nothing that it rests on has changed: the files
of its part (`parts`), the circumstances (`kept`), and what the other parts do to these
(`apart`). Left out are tests of the skeleton, unless they look at all features
(`pytest.mark.whole`), and those of features that were built. Tests that somebody wrote
by hand may look at anything: they always run.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from petsage_builder.artifacts import Artifacts
from petsage_builder.blueprint import is_of_skeleton
from petsage_builder.digest import sha256
from petsage_builder.manifest import Manifest, read_manifest
from petsage_builder.verify.apart import touched
from petsage_builder.verify.kept import Kept
from petsage_builder.verify.parts import BASE, Part, divide

WHOLE = b"mark.whole"
Modules: TypeAlias = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Earlier:
    """Tests that have passed, by the names that JUnit reports have for them.

    No test of the modules `ignored` need be collected; those of other modules may have
    some that are new, or that look at all features.
    """

    passed: frozenset[str] = frozenset()
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proofs:
    """Earlier proofs of the parts of a backend, which a new one is added to.

    `before` are the modules of tests, by the digest of what they rest on, whose results
    may be known; `after` are those whose results are to be kept.
    """

    kept: Kept
    before: Modules
    after: Modules
    whole: frozenset[str]

    @classmethod
    def of(cls, artifacts: Artifacts, kept: Kept) -> "Proofs":
        """Return those of a backend as it will be; none if its parts do not keep apart.

        The parts keep apart if no feature does anything to what is not its own.
        """
        files, own = artifacts.applied, artifacts.plan.names.feature
        built = {**artifacts.plan.backend.built, own: read_manifest(artifacts.manifest)}
        parts = divide(files, built)
        if parts is None or any(_touched(files, built[p]) for p in parts if p):
            return cls(kept, {}, {}, frozenset())
        others = [part for part in parts.values() if part.name != own]
        before, after = _modules(others, files), _modules(parts.values(), files)
        whole = {module for module in files if _is_whole(module, files)}
        return cls(kept, before, after, frozenset(whole))

    def look_up(self, *, one_database: bool) -> Earlier:
        """Return what they show, of tests on one kind of database or on all."""
        passed: set[str] = set()
        ignored = []
        for digest, modules in self.before.items():
            known = self.kept.passed(digest) or frozenset()
            for module in modules:
                passed |= {test for test in known if is_in(test, module)}
                ended = {_ended(module), *([_on_one(module)] if one_database else [])}
                if ended & known and module not in self.whole:
                    ignored.append(module)
        return Earlier(frozenset(passed), tuple(sorted(ignored)))

    def add(self, passed: Iterable[str], *, one_database: bool) -> None:
        """Add tests that have passed now, or earlier, where none has failed now."""
        found = frozenset(passed)
        end = _on_one if one_database else _ended
        for digest, modules in self.after.items():
            tests = {m: {t for t in found if is_in(t, m)} for m in modules}
            ended = {end(module) for module, ran in tests.items() if ran}
            if ended:
                self.kept.keep(digest, ended.union(*tests.values()))


def _modules(parts: Iterable[Part], files: Mapping[str, bytes]) -> Modules:
    """Return the modules of tests by the digest of what they rest on.

    That is their part, or for those that look at all features everything there is.
    """
    found: dict[str, tuple[str, ...]] = {}
    whole: list[str] = []
    everything = sha256("\n".join(sorted(part.sha256 for part in parts)).encode())
    for part in parts:
        modules = [*_known(part, files)]
        whole += [module for module in modules if _is_whole(module, files)]
        found[part.sha256] = tuple(m for m in modules if m not in whole)
    return {**found, everything: tuple(whole)}


def _is_whole(module: str, files: Mapping[str, bytes]) -> bool:
    return WHOLE in files[module]


def _touched(files: Mapping[str, bytes], manifest: Manifest) -> bool:
    own = {path: files[path] for path in manifest.artifacts if path in files}
    return any(True for _ in touched(own))


def _known(part: Part, files: Mapping[str, bytes]) -> Iterator[str]:
    """Give the modules whose tests look at nothing but what they are known to."""
    for path in part.tests:
        if part.name != BASE or is_of_skeleton(path, files[path]):
            yield path


def is_in(test: str, module: str) -> bool:
    """Say whether a test is one of a module."""
    name = module.removesuffix(".py").replace("/", ".")
    return test.startswith((f"{name}::", f"{name}."))


def _ended(module: str) -> str:
    """Return what is kept when every test of a module has been run."""
    return f"{module} ended"


def _on_one(module: str) -> str:
    """Return the same of those that need no other database than SQLite."""
    return f"{module} ended on SQLite"
