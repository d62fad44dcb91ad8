"""On what a benchmark ran, and how figures are written."""

import os
import platform
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path


def described() -> str:
    """Return the machine, the versions, the load and the day."""
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        if line.startswith("model name")
    ]
    return (
        f"{models[0] if models else platform.machine()}, {os.cpu_count()} cores, "
        f"{platform.system()}, Python {platform.python_version()}, "
        f"load average {os.getloadavg()[0]:.1f}, {datetime.now(UTC):%Y-%m-%d}"
    )


def median(values: Sequence[float], unit: str) -> str:
    """Return a median, and the spread around it."""
    middle = statistics.median(values)
    spread = f"{least_digits(min(values))} to {least_digits(max(values))}"
    return f"{least_digits(middle)} {unit} ({spread}; {len(values)} rounds)"


def least_digits(value: float) -> str:
    """Return a figure with three digits that count."""
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"  # noqa: PLR2004
