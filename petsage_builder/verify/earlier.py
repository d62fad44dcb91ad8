"""What earlier proofs show of a backend: which of its tests need not run again.

A test that has passed passes again if nothing that it rests on has changed: the files
of its part (`parts`), the circumstances (`kept`), and what the other parts do to these
(`apart`). Left out are tests of the skeleton, unless they look at all features
(`pytest.mark.whole`), and those of features that were built. Tests that somebody wrote
by hand may look at anything: they always run.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from petsage_builder.artifacts import Artifacts
from petsage_builder.blueprint import is_of_skeleton
from petsage_builder.manifest import Manifest
from petsage_builder.verify.apart import touched
from petsage_builder.verify.kept import Kept
from petsage_builder.verify.parts import BASE, Part, divide

WHOLE = b"mark.whole"
OPERATIONS = "operations"  # the tests that there are of each
TYPES = "types"
UNKNOWN = "?"  # the feature of an operation, as `sandboxed/stated.py` says it
Parts: TypeAlias = Mapping[str, Part]


@dataclass(frozen=True, slots=True)
class Earlier:
    """Tests that have passed, by the names that JUnit reports have for them.

    No test of the modules `ignored` need be collected; those of other modules may have
    some that are new, or that look at all features. Of the tests of operations, those
    of the `features` are to be collected, of all if there are none; all others that
    there are of these, `untried`, have passed.
    """

    passed: frozenset[str] = frozenset()
    ignored: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    untried: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Proofs:
    """Earlier proofs of the parts of a backend, which a new one is added to.

    `before` are the parts whose results may be known, `after` those whose results are
    to be kept; `whole` are the modules with tests that look at all features.
    """

    kept: Kept
    own: str
    before: Parts
    after: Parts
    whole: frozenset[str]

    @classmethod
    def of(
        cls, artifacts: Artifacts, parts: Parts, kept: Kept, *, afresh: bool = False
    ) -> "Proofs":
        """Return those of a backend as it will be, of these parts; `afresh`, none."""
        files, own = artifacts.applied, artifacts.plan.names.feature
        known = {
            name: replace(part, tests=tuple(_known(part, files)))
            for name, part in parts.items()
        }
        whole = (m for m in known[BASE].tests if WHOLE in files[m]) if known else ()
        others = {name: part for name, part in known.items() if name != own}
        before = {} if afresh else others
        return cls(kept, own, before, known, frozenset(whole))

    def look_up(self, *, one_database: bool) -> Earlier:
        """Return what they show, of tests on one kind of database or on all."""
        passed: set[str] = set()
        ignored, tried, untried = [], [self.own], set[str]()
        for part in self.before.values():
            known = self.kept.passed(part.sha256) or frozenset()
            modules = self.whole.union(part.tests)
            passed |= {test for test in known if home(test) in modules}
            for module in (*part.tests, OPERATIONS):
                ended = {_ended(module), *([_on_one(module)] if one_database else [])}
                if not ended & known:
                    tried += [part.name] if module == OPERATIONS else []
                elif module == OPERATIONS:
                    untried |= {test for test in known if home(test) in self.whole}
                elif module not in self.whole:
                    ignored.append(module)
        if BASE in tried or not self.before:
            return Earlier(frozenset(passed), tuple(sorted(ignored)))
        return Earlier(
            frozenset(passed),
            tuple(sorted(ignored)),
            tuple(sorted(tried)),
            frozenset(untried),
        )

    def typed(self) -> frozenset[str]:
        """Return the names of the parts in which the type checker finds nothing."""
        return frozenset(
            name
            for name, part in self.before.items()
            if _ended(TYPES) in (self.kept.passed(part.sha256) or ())
        )

    def add_typed(self) -> None:
        """Add that it finds nothing in any part."""
        for part in self.after.values():
            self.kept.keep(part.sha256, {_ended(TYPES)})

    def add(
        self,
        passed: Mapping[str, str | None],
        again: Collection[str],
        *,
        one_database: bool,
    ) -> None:
        """Add tests that have passed now, or earlier, where none has failed now.

        Each that has passed now comes with the feature whose operation it has tried.
        One that looks at all features is never left out, and not kept.
        """
        end = _on_one if one_database else _ended
        found: dict[str, set[str]] = {}
        for test in (*passed, *again):
            found.setdefault(home(test), set()).add(test)
        kept = {name: {end(OPERATIONS)} for name in self.after}
        for name, part in self.after.items():
            for module in (found.keys() - self.whole).intersection(part.tests):
                kept[name] |= {end(module), *found[module]}
        for test, feature in passed.items():
            if home(test) in self.whole and feature != UNKNOWN:
                kept[feature if feature and feature in self.after else BASE].add(test)
        for name, tests in kept.items():
            self.kept.keep(self.after[name].sha256, tests)


NOTHING = Proofs(Kept(Path(), ""), "", {}, {}, frozenset())


def parts_apart(files: Mapping[str, bytes], built: Mapping[str, Manifest]) -> Parts:
    """Return the parts of a backend (path -> content); none if they do not keep apart.

    They keep apart if no feature does anything to what is not its own.
    """
    parts = divide(files, built)
    if parts is None or any(_touched(files, built[p]) for p in parts if p):
        return {}
    return parts


def _touched(files: Mapping[str, bytes], manifest: Manifest) -> bool:
    own = {path: files[path] for path in manifest.artifacts if path in files}
    return any(True for _ in touched(own))


def _known(part: Part, files: Mapping[str, bytes]) -> Iterator[str]:
    """Give the modules whose tests look at nothing but what they are known to."""
    for path in part.tests:
        if part.name != BASE or is_of_skeleton(path, files[path]):
            yield path


def home(test: str) -> str:
    """Return the path of the module that a test is in, or in a class of."""
    return "/".join(test.partition("::")[0].split(".")[:2]) + ".py"


def _ended(module: str) -> str:
    """Return what is kept when every test of a module has been run."""
    return f"{module} ended"


def _on_one(module: str) -> str:
    """Return the same of those that need no other database than SQLite."""
    return f"{module} ended on SQLite"
