"""How many payloads are built that the plan was not made for.

`python -m benchmarks.untried [NAME...]` builds those in `benchmarks/untried`, each into
a fresh backend, and prints how each ended, how long it took, and why, if it is not
complete. Whoever writes further ones should not look at what the plan knows.
"""

import sys
import tempfile
import time
from functools import partial
from io import BytesIO
from pathlib import Path

from petsage_builder.build import Build
from petsage_builder.pipeline import build
from petsage_builder.receive import receive
from petsage_builder.skeleton import new

PAYLOADS = {path.stem: path for path in Path(__file__).with_name("untried").iterdir()}
SHOWN = 200  # letters of a reason


def main() -> None:
    """Build what is named, or all."""
    names = sys.argv[1:] or sorted(PAYLOADS)
    complete = 0
    for name in names:
        started = time.perf_counter()
        found = built(name)
        seconds = time.perf_counter() - started
        complete += found.status == "complete"
        left = f", {len(found.left_out)} tests left out" if found.left_out else ""
        print(f"{name}: {found.status} in {seconds:.0f} s{left}", flush=True)
        for reason in reasons(found):
            print(f"    {reason[:SHOWN]}", flush=True)
    print(f"{complete} of {len(names)} are complete")


def built(name: str) -> Build:
    """Build a payload into a fresh backend, which is thrown away then."""
    content = PAYLOADS[name].read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "backend"
        new(root)
        received = partial(receive, BytesIO(content), name)
        return build(received, root, lambda _: None, dry_run=True)


def reasons(found: Build) -> list[str]:
    """Return why a build is not complete."""
    failures = found.evidence.failures if found.evidence else ()
    return [
        *map(str, found.problems),
        *(f"{check.check}: {check.detail.splitlines()[0]}" for check in failures),
    ]


if __name__ == "__main__":
    main()
