"""How long a build takes: the table of targets, each beside what was measured.

`python -m benchmarks.build [ROUNDS] [FEATURES]` prints medians and the spread. The last
figure is of a backend with so many probes.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from benchmarks.machine import described, median
from petsage_builder import transaction
from petsage_builder.align import align
from petsage_builder.analyze import analyze
from petsage_builder.blueprint import PROJECT
from petsage_builder.blueprint.backend import read_backend
from petsage_builder.decode import decode
from petsage_builder.generate import generate
from petsage_builder.receive import Payload, receive_file
from petsage_builder.skeleton import new

PETSAGE = Path(sys.executable).with_name("petsage")
PAYLOAD = PROJECT / "payloads" / "pet_management.json"
PROBE = "{{feature: {}, description: verify logs, requirements: none}}"
ROUNDS, FEATURES = 5, 500
AT_ONCE = 100  # of many features, how many one build proves


@dataclass
class Place:
    """A folder with backends, a cache and a warm builder of its own."""

    folder: Path
    names: Iterator[int] = field(default_factory=count)
    last: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables of a command that finds these."""
        return os.environ | {
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "XDG_RUNTIME_DIR": str(self.folder / "run"),
            "TMPDIR": str(self.folder / "tmp"),
        }

    def petsage(self, *arguments: str, said: str = "", warm: bool = True) -> None:
        """Run a command, or say why it failed."""
        done = subprocess.run(
            [PETSAGE, *arguments],
            env=self.environment | ({} if warm else {"PETSAGE_WARM": "off"}),
            input=said,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{arguments}: {done.stdout[-5000:]}{done.stderr}")

    def probe(self, root: Path, *, warm: bool = True) -> float:
        """Return the seconds of a build of a probe that is not there yet."""
        self.last = name = f"log_n{next(self.names)}"
        said = PROBE.format(name)
        return timed(
            lambda: self.petsage(
                "build", "-", "--into", str(root), said=said, warm=warm
            )
        )

    def pets(self, root: Path, *, warm: bool = True) -> float:
        """Return the seconds of a build of `pet_management`, which is undone then."""
        build = ("build", str(PAYLOAD), "--into", str(root))
        seconds = timed(lambda: self.petsage(*build, warm=warm))
        self.petsage("undo", "pet_management", "--into", str(root))
        return seconds

    def backend(self, name: str) -> Path:
        """Return a backend with a probe in it, so that the core's results are known."""
        root = self.folder / name
        new(root)
        self.probe(root, warm=False)
        return root

    def many(self, features: int) -> Path:
        """Return a backend with so many probes, which builds of others have proven."""
        root = self.backend("many")
        for number in range(1, features + 1):
            add(root, f"many_{number}")
            if number % AT_ONCE == 0 or number == features:
                self.probe(root)
        return root


def add(root: Path, name: str) -> None:
    """Write a probe into a backend without a proof."""
    payload = Payload(PROBE.format(name).encode(), name)
    artifacts = generate(align(analyze(decode(payload)), read_backend(root)))
    transaction.apply(root, artifacts.changes)


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds something takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


@contextmanager
def warm_builder(place: Place) -> Iterator[int]:
    """Have a warm builder; give its process id."""
    with subprocess.Popen(
        [PETSAGE, "serve", "--idle", "3600"],
        env=place.environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout  # noqa: S101 - it is a pipe
        server.stdout.readline()
        try:
            yield server.pid
        finally:
            server.terminate()


def generating(root: Path) -> float:
    """Return the milliseconds that it takes to understand and write a payload."""
    payload, backend = receive_file(PAYLOAD), read_backend(root)
    return 1000 * timed(lambda: generate(align(analyze(decode(payload)), backend)))


def memory(process: int) -> float:
    """Return the MiB that a process and its children have, what is shared once."""
    found = 0.0
    for line in Path(f"/proc/{process}/smaps_rollup").read_text("utf-8").splitlines():
        if line.startswith("Pss:"):
            found += int(line.split()[1]) / 1024
    for task in Path(f"/proc/{process}/task").iterdir():
        children = (task / "children").read_text("utf-8").split()
        found += sum(memory(int(child)) for child in children)
    return found


def main() -> None:
    """Measure, and print each figure as soon as it is known."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    features = int(sys.argv[2]) if len(sys.argv) > 2 else FEATURES  # noqa: PLR2004
    print(described(), flush=True)
    print(f"{'':<46}{'target':>10}{'stretch':>10}  measured: median (least to most)")
    folder = Path(tempfile.mkdtemp())
    place = Place(folder)
    for name in ("run", "tmp"):
        (folder / name).mkdir(mode=0o700)
    try:
        measure(place, rounds, features)
    finally:
        shutil.rmtree(folder)


def measure(place: Place, rounds: int, features: int) -> None:
    """Print the table."""
    root = place.backend("empty")
    generating(root)
    show(
        "generate only, pet_management, warm",
        "15 ms",
        "5 ms",
        "ms",
        [generating(root) for _ in range(rounds)],
    )
    with warm_builder(place) as server:
        place.probe(root)
        probes = [place.probe(root) for _ in range(rounds)]
        show("probe: whole build, warm", "0.3 s", "0.15 s", "s", probes)
        place.pets(root)  # which proves the core on the other database too
        pets = [place.pets(root) for _ in range(rounds)]
        show("pet_management: whole build, warm", "1.5 s", "0.6 s", "s", pets)
        per_minute = [60 / seconds for seconds in probes]
        show("builds per minute, warm, one by one, probe", "300", "600", "", per_minute)
        show(
            "memory of the warm builder", "300 MiB", "150 MiB", "MiB", [memory(server)]
        )
    cold = [place.pets(root, warm=False) for _ in range(rounds)]
    show("pet_management: whole build, cold process", "4 s", "2 s", "s", cold)
    audit = ("audit", str(PAYLOAD), "--into", str(root))
    seconds = [timed(lambda: place.petsage(*audit, warm=False))]
    show("audit of pet_management", "60 s", "20 s", "s", seconds)
    with warm_builder(place):
        many = place.many(features)
        slow, fast = (
            [place.probe(backend) for _ in range(1 + min(rounds, 3))][1:]
            for backend in (many, root)
        )
        ratios = [one / other for one, other in zip(slow, fast, strict=True)]
    show(f"build with {features} features / without", "1.3 x", "1.1 x", "x", ratios)


def show(
    name: str, target: str, stretch: str, unit: str, values: Sequence[float]
) -> None:
    """Print a line."""
    print(f"{name:<46}{target:>10}{stretch:>10}  {median(values, unit)}", flush=True)


if __name__ == "__main__":
    main()
