"""What 500 features cost a backend: its start, its routes and its OpenAPI document.

`python -m benchmarks.many_features [ROUNDS] [FEATURES]` makes an empty backend and one
with so many features as large as `pet_management`, and prints medians and the spread.
The document is made once: it takes a minute.
"""

import json
import os
import platform
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from http.client import HTTPConnection
from pathlib import Path

from petsage_builder.blueprint import PROJECT
from petsage_builder.skeleton import new
from petsage_builder.wiring import wire

FEATURE = "pet_management"
ROUTES = Path(__file__).with_name("many_routes.py")
TARGETS = {
    "start to first answer, s": 1.5,
    "start to answer of last feature, s": 1.5,
    "last route / first route": 1.2,
    "404, ms": 0.2,
}
FIRST_SECONDS = 300
TICKS = os.sysconf("SC_CLK_TCK")
Figures = dict[str, list[float]]


def main() -> None:
    """Make two backends, measure one after the other, and print a table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 500  # noqa: PLR2004
    figures: dict[int, Figures] = {0: defaultdict(list), count: defaultdict(list)}
    with tempfile.TemporaryDirectory() as folder:
        for features in figures:
            root = Path(folder) / str(features)
            make_backend(root, features)
            start(root, "/livez")  # it migrates, and leaves compiled modules
        for _ in range(rounds):
            for features, found in figures.items():
                for name, value in measure(Path(folder) / str(features), features):
                    found[name].append(value)
        for features, found in figures.items():
            for name, value in routes(
                Path(folder) / str(features), features, "document"
            ):
                found[name].append(value)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load average")
    print(f"{os.getloadavg()[0]:.1f}, {rounds} rounds, medians (least to most)")
    print_table(figures)


def make_backend(root: Path, count: int) -> None:
    """Make a backend with copies of a feature, each with names of its own."""
    new(root)
    main = root / "app" / "main.py"
    source = main.read_text("utf-8")
    for number in range(1, count + 1):
        feature = renamed(FEATURE, number)
        copy(f"app/features/{FEATURE}", root / "app" / "features", number)
        copy("migrations/versions", root / "migrations" / "versions", number)
        source = wire(source, feature)
    main.write_text(source, "utf-8")


def copy(folder: str, into: Path, number: int) -> None:
    """Copy the modules of the feature, with another name."""
    for file in (PROJECT / folder).glob("*.py"):
        if FEATURE in str(file):
            text = renamed(file.read_text("utf-8"), number)
            name = renamed(str(file.relative_to(PROJECT / folder)), number)
            path = into / ("" if "versions" in folder else renamed(FEATURE, number))
            path.mkdir(exist_ok=True)
            (path / name).write_text(text, "utf-8")


def renamed(text: str, number: int) -> str:
    """Return a text with the names of another feature."""
    return re.sub(r"(?i)(pet|visit)(?!sage)", rf"\g<1>{number:03}", text)


def measure(root: Path, features: int) -> list[tuple[str, float]]:
    """Start the backend twice, and ask it."""
    last = f"/pet{features:03}s/" if features else "/accounts/me"
    seconds, spent = start(root, "/livez")
    return [
        ("start to first answer, s", seconds),
        ("CPU time until then, s", spent),
        ("start to answer of last feature, s", start(root, last)[0]),
        *routes(root, features, "routes"),
    ]


def routes(root: Path, features: int, what: str) -> list[tuple[str, float]]:
    """Return what a process with the application in it finds."""
    done = subprocess.run(
        [sys.executable, str(ROUTES), str(features), what],
        cwd=root,
        env=environment(root) | {"PYTHONPATH": str(root)},
        check=True,
        capture_output=True,
    )
    return [*json.loads(done.stdout).items()]


def environment(root: Path) -> dict[str, str]:
    """Return the variables of a backend with a database of its own."""
    return os.environ | {
        "DATABASE_URL": f"sqlite:///{root}/petsage.db",
        "FEATURES_ON_DEMAND": "true",
    }


def start(root: Path, path: str) -> tuple[float, float]:
    """Return the seconds until a new process answers, and its CPU time until then."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "app"],
        cwd=root,
        env=environment(root) | {"PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as service:
        try:
            while not answers(port, path):
                if service.poll() is not None:
                    raise RuntimeError("the service has ended")
                if time.perf_counter() - started > FIRST_SECONDS:
                    raise TimeoutError
                time.sleep(0.002)
            passed = time.perf_counter() - started
            fields = Path(f"/proc/{service.pid}/stat").read_text("utf-8")
            user, system = fields.rpartition(")")[2].split()[11:13]
            return passed, (int(user) + int(system)) / TICKS
        finally:
            service.kill()


def answers(port: int, path: str) -> bool:
    """Say whether somebody answers, however."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path)
        status = connection.getresponse().status
    except ConnectionError:
        return False
    finally:
        connection.close()
    if status not in {200, 401}:
        raise RuntimeError(f"GET {path} is answered with {status}")
    return True


def print_table(figures: dict[int, Figures]) -> None:
    """Print a line for each figure, with its target."""
    empty, many = figures.values()
    heads = "".join(f"{f'{count} features':>26}" for count in figures)
    print(f"{'':<36}{heads}{'target':>9}")
    for name in many:
        cells = "".join(f"{written(found.get(name)):>26}" for found in (empty, many))
        print(f"{name:<36}{cells}{TARGETS.get(name, ''):>9}")


def written(values: list[float] | None) -> str:
    """Return a median and the spread around it."""
    if not values:
        return "-"
    median = statistics.median(values)
    return f"{median:.3f} ({min(values):.3f} to {max(values):.3f})"


if __name__ == "__main__":
    main()
