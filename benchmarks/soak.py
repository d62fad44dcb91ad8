"""What many builds leave behind in a warm builder: memory, files, processes, folders.

`python -m benchmarks.soak [BUILDS] [SECONDS]` makes so many builds in a row, then four
at once for so many seconds, and prints what there is after each tenth of them. It ends
with status 1 if anything has grown.
"""

import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.build import Place, memory, warm_builder
from benchmarks.machine import described

BUILDS, SECONDS, AT_ONCE = 200, 60.0, 4
MOST_GROWTH = 1.2  # of memory, from the first tenth of the builds on
CALM_SECONDS = 2.0  # until what is given up is gone


@dataclass(frozen=True, slots=True)
class State:
    """What there is of a warm builder."""

    mebibytes: float
    descriptors: int
    processes: int
    folders: int

    @classmethod
    def of(cls, server: int, place: Place) -> "State":
        """Look at a warm builder, and at the folder for temporary files."""
        time.sleep(CALM_SECONDS)
        return cls(
            memory(server),
            len([*Path(f"/proc/{server}/fd").iterdir()]),
            processes(server),
            len([*(place.folder / "tmp").iterdir()]),
        )

    def has_grown_since(self, before: "State") -> bool:
        """Say whether there is more than before."""
        return (
            self.mebibytes > MOST_GROWTH * before.mebibytes
            or self.descriptors > before.descriptors
            or self.processes > before.processes
            or self.folders > before.folders
        )


def processes(server: int) -> int:
    """Return how many processes a process has started that are there."""
    tasks = Path(f"/proc/{server}/task").iterdir()
    children = [c for task in tasks for c in (task / "children").read_text().split()]
    return len(children) + sum(processes(int(child)) for child in children)


def main() -> None:
    """Build, and look."""
    builds = int(sys.argv[1]) if len(sys.argv) > 1 else BUILDS
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else SECONDS  # noqa: PLR2004
    folder = Path(tempfile.mkdtemp())
    place = Place(folder)
    for name in ("run", "tmp"):
        (folder / name).mkdir(mode=0o700)
    try:
        root = place.backend("backend")
        others = [shutil.copytree(root, folder / f"b{n}") for n in range(AT_ONCE)]
        with warm_builder(place) as server:
            print(described(), flush=True)
            at_once(place, others, server, 1.0)  # from now on, all places are there
            early, late = in_a_row(place, root, server, builds)
            last = at_once(place, others, server, seconds)
        grown = late.has_grown_since(early) or last.has_grown_since(early)
        print("something has grown" if grown else "nothing has grown")
        sys.exit(grown)
    finally:
        shutil.rmtree(folder)


def in_a_row(place: Place, root: Path, server: int, builds: int) -> tuple[State, State]:
    """Build one probe after the other; return what there was at first and at last."""
    states = []
    started = time.perf_counter()
    for number in range(1, builds + 1):
        place.probe(root)
        # What many features cost is not what is asked for here.
        place.petsage("undo", place.last, "--into", str(root))
        if number % max(1, builds // 10) == 0:
            states.append(State.of(server, place))
            passed = time.perf_counter() - started
            print(f"{number} builds, {passed:.0f} s: {states[-1]}", flush=True)
    return states[0], states[-1]


def at_once(place: Place, roots: list[Path], server: int, seconds: float) -> State:
    """Build side by side for so many seconds; return what there is then."""
    end = time.monotonic() + seconds

    def build(root: Path) -> int:
        count = 0
        while time.monotonic() < end:
            place.probe(root)
            count += 1
        return count

    with ThreadPoolExecutor(AT_ONCE) as pool:
        counts = [*pool.map(build, roots)]
    state = State.of(server, place)
    print(f"{sum(counts)} builds, {AT_ONCE} at once, {seconds:.0f} s: {state}")
    return state


if __name__ == "__main__":
    main()
