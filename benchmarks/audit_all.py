"""Audit every shipped payload and every case: how many mutants their tests notice.

`python -m benchmarks.audit_all [NAME...]` prints a line for each, then the means, and
writes each audit with its survivors to `build/audits/NAME.json`. Of each case it tries
mutants that a digest draws, 60 or `MUTANTS`; of what is shipped, all.
"""

import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from petsage_builder.audit import Audit, audit
from petsage_builder.blueprint import PROJECT
from petsage_builder.errors import RefusedError
from petsage_builder.receive import Payload, receive_file
from petsage_builder.skeleton import new
from tests.builder.test_case_proofs import Group
from tests.builder.test_cases import CASES, needs

AUDITS = PROJECT / "build" / "audits"
TARGET = 95.0
MOST = int(os.environ.get("MUTANTS", "60"))
SHIPPED = PROJECT / "payloads"


def main() -> None:
    """Audit what is named, or all."""
    chosen = sys.argv[1:] or [*CASES, "smoke_test"]
    AUDITS.mkdir(parents=True, exist_ok=True)
    rates = []
    for name, found in audits(chosen):
        (AUDITS / f"{name}.json").write_text(found.as_json(), "utf-8")
        print(found.as_text().splitlines()[0], flush=True)
        rates.append(found.kill_rate)
    lowest, mean = min(rates), statistics.mean(rates)
    print(f"{len(rates)} features: mean {mean:.2f} %, lowest {lowest:.2f} %")
    print(f"target: a mean of at least {TARGET:.0f} %")


def audits(names: list[str]) -> Iterator[tuple[str, Audit]]:
    """Give the audit of each feature, in a backend with what it refers to."""
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            group = Group(Path(folder) / "backend")
            new(group.root)
            for other in sorted(needs(name)) if name in CASES else ():
                group.add(other)
            try:
                yield name, audit(group.root, name, payload(name), most(name))
            except RefusedError as error:
                raise SystemExit(f"{name}: {error}") from error


def payload(name: str) -> Payload:
    """Return a shipped payload, or that of a case."""
    return receive_file(shipped(name) if shipped(name).is_file() else CASES[name])


def most(name: str) -> int | None:
    """Return how many mutants to draw: None if all of them are tried."""
    return None if shipped(name).is_file() else MOST


def shipped(name: str) -> Path:
    """Return where the payload is if it is shipped."""
    return SHIPPED / f"{name}.json"


if __name__ == "__main__":
    main()
