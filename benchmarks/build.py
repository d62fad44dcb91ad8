"""Time a build of the seed's payload: cold process, per stage and per check.

`python -m benchmarks.build [ROUNDS]` prints medians and the spread, in seconds.
"""

import json
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from petsage_builder.skeleton import new

PROJECT = Path(__file__).parents[1]
PAYLOAD = PROJECT / "payloads" / "smoke_test.json"
PETSAGE = Path(sys.executable).with_name("petsage")


def main() -> None:
    """Build again and again, each time into a fresh backend."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    seconds: defaultdict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        skeleton = Path(folder) / "skeleton"
        new(skeleton)
        for number in range(rounds):
            root = Path(folder) / f"backend{number}"
            shutil.copytree(skeleton, root)
            for name, value in _build(root).items():
                seconds[name].append(value)
    print(f"Python {platform.python_version()}, {rounds} builds of {PAYLOAD.name}")
    print(f"{'':<24}{'median':>8}{'least':>8}{'most':>8}")
    for name, values in seconds.items():
        median = statistics.median(values)
        print(f"{name:<24}{median:8.3f}{min(values):8.3f}{max(values):8.3f}")


def _build(root: Path) -> dict[str, float]:
    started = time.perf_counter()
    command = [str(PETSAGE), "build", str(PAYLOAD), "--into", str(root)]
    command += ["--format", "json"]
    done = subprocess.run(command, check=True, capture_output=True)
    whole = time.perf_counter() - started
    receipt = json.loads(done.stdout)
    return {
        "whole, cold process": whole,
        **{f"stage {name}": s for name, s in receipt["seconds"].items()},
        **{f"check {e['check']}": e["seconds"] for e in receipt["evidence"]},
    }


if __name__ == "__main__":
    main()
