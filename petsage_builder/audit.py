"""How good a feature's tests are: whether they notice when its code is wrong."""

import ast
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Any

from petsage_builder.align import align
from petsage_builder.allowances import EVERYTHING
from petsage_builder.analyze import analyze
from petsage_builder.blueprint.backend import FEATURES, Backend, backend_at
from petsage_builder.decode import decode
from petsage_builder.digest import sha256
from petsage_builder.errors import Problem, RefusedError
from petsage_builder.generate import generate
from petsage_builder.manifest import read_manifest
from petsage_builder.receive import Payload
from petsage_builder.syntax import parse
from petsage_builder.verify.earlier import parts_apart
from petsage_builder.verify.mutation import Mutant, feature_mutants
from petsage_builder.verify.sandbox import open_sandbox
from petsage_builder.verify.stem import Stem, stem
from petsage_builder.verify.trial import Outcome, try_mutants

SECONDS = 3600.0
AROUND = 2  # lines of a diff


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no test has noticed; `tests` is how many went through it."""

    path: str
    kind: str
    what: str
    tests: int
    diff: str


@dataclass(frozen=True, slots=True)
class Audit:
    """What came of all mutants of a feature.

    `mutants` counts those that could be run at all; `broken` those that could not even
    be imported, and so show nothing.
    """

    feature: str
    tests: int
    mutants: int
    broken: int
    survivors: tuple[Survivor, ...]
    seconds: float

    @property
    def kill_rate(self) -> float:
        """Return how many of a hundred mutants the tests have noticed."""
        return 100 * (self.mutants - len(self.survivors)) / self.mutants

    def as_json(self) -> str:
        """Return it as a JSON object."""
        found: dict[str, Any] = {**asdict(self), "kill_rate": round(self.kill_rate, 2)}
        return json.dumps(found, indent=2, ensure_ascii=False)

    def as_text(self) -> str:
        """Return it as people read it."""
        noticed = self.mutants - len(self.survivors)
        what = f"{noticed} of {self.mutants} mutants noticed, {self.kill_rate:.1f} %"
        how = f"{_tests(self.tests)}, {self.seconds:.0f} s"
        lines = [f"{self.feature}: {what} ({how})"]
        for survivor in self.survivors:
            tried = f"{_tests(survivor.tests)} there"
            lines += ["", f"{survivor.path} {survivor.what} ({tried})"]
            lines += [survivor.diff.rstrip()]
        return "\n".join(lines)


def _tests(number: int) -> str:
    return {0: "no test", 1: "1 test"}.get(number, f"{number} tests")


def audit(
    root: Path, target: str, received: Payload | None = None, most: int | None = None
) -> Audit:
    """Break a feature in every way that is known, and run its own tests each time.

    It is the feature `target` of the backend at `root`, as its files stand there, or
    that which the payload `received` would make. There are `most` mutants at most,
    drawn by their digests. Raises `RefusedError` if there is no such feature, or its
    tests fail on the code as it is.
    """
    with backend_at(root) as backend:
        built = dict(backend.built)
        if received is None:
            name, files = target, _built(backend, target)
        else:
            spec = analyze(decode(received))
            artifacts = generate(align(spec, backend, EVERYTHING))
            name, files = artifacts.plan.names.feature, artifacts.applied
            built[name] = read_manifest(artifacts.manifest)
    imported = stem(name, files, files, built, parts_apart(files, built))
    return _audited(name, files, imported, most)


def _built(backend: Backend, name: str) -> Mapping[str, bytes]:
    """Return the files of a backend that has a feature with tests."""
    for path in (f"{FEATURES}/{name}/__init__.py", f"tests/test_{name}.py"):
        if path not in backend.files:
            what = f"is no feature that can be audited: there is no {path}"
            known = ", ".join(sorted(backend.features)) or "none is there"
            accepted = f"a payload's file, or a feature of the backend: {known}"
            raise RefusedError([Problem(name, what, accepted)])
    return backend.files


def _audited(
    name: str, files: Mapping[str, bytes], imported: Stem, most: int | None
) -> Audit:
    modules = {
        path: content.decode()
        for path, content in sorted(files.items())
        if _is_of(name, path)
    }
    mutants = _drawn(feature_mutants(modules), most)
    with open_sandbox(backend=files) as sandbox:
        sandbox.warm_up(imported)
        test = f"tests/test_{name}.py"
        trial = try_mutants(sandbox, test, mutants, SECONDS)
    if trial.faults:
        problem = Problem(test, "\n".join(trial.faults), "tests that pass")
        raise RefusedError([problem])
    tried = [(m, outcome) for m, outcome in trial.outcomes if outcome.ended != "broken"]
    return Audit(
        feature=name,
        tests=trial.tests,
        mutants=len(tried),
        broken=len(trial.outcomes) - len(tried),
        survivors=tuple(
            _survivor(mutant, modules[mutant.path], outcome)
            for mutant, outcome in tried
            if not outcome.noticed
        ),
        seconds=round(trial.done.seconds, 1),
    )


def _drawn(mutants: Sequence[Mutant], most: int | None) -> list[Mutant]:
    """Return some mutants, in their order, or all."""
    drawn = {*sorted(map(_lot, mutants))[:most]}
    return [mutant for mutant in mutants if _lot(mutant) in drawn]


def _lot(mutant: Mutant) -> str:
    return sha256(f"{mutant.path} {mutant.what} {mutant.text}".encode())


def _is_of(name: str, path: str) -> bool:
    """Say whether it is a module of the feature, or one of its migrations."""
    if re.fullmatch(f"migrations/versions/{name}_[0-9]+[.]py", path):
        return True
    return path.startswith(f"{FEATURES}/{name}/") and path.endswith(".py")


def _survivor(mutant: Mutant, source: str, outcome: Outcome) -> Survivor:
    """Compare with the module without its comments, as the mutant was written down."""
    before = ast.unparse(parse(source)).splitlines()
    after = mutant.text.splitlines()
    diff = unified_diff(before, after, "", "", lineterm="", n=AROUND)
    lines = [line for line in diff if not line.startswith(("---", "+++", "@@"))]
    text = "\n".join(lines)
    return Survivor(mutant.path, mutant.kind, mutant.what, outcome.ran, text)
