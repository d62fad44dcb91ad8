"""Do work in forks of this process, some at once."""

import json
import os
import select
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any

AT_ONCE = os.cpu_count() or 1
SECONDS = 60  # for one fork

Json = dict[str, Any]
Work = Callable[[], Json]

BROKEN = {"ended": "broken", "by": None, "ran": 0}
TIMEOUT = {"ended": "timeout", "by": None, "ran": 0}


def fork_each(
    works: Mapping[str, Work], seconds: int | None = SECONDS
) -> dict[str, Json]:
    """Do each work in a fork of this process, some at once; return their answers."""
    running: dict[int, tuple[str, int]] = {}
    found: dict[str, Json] = {}
    for name, work in works.items():
        if len(running) == AT_ONCE:
            _wait(running, found)
        running.update([_start(name, work, seconds)])
    while running:
        _wait(running, found)
    return found


def _start(name: str, work: Work, seconds: int | None) -> tuple[int, tuple[str, int]]:
    sys.stdout.flush()
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, (name, reading)
    try:
        if seconds:
            signal.alarm(seconds)
        answer = json.dumps(work()).encode()
        with open(writing, "wb") as pipe:  # noqa: PTH123 - a descriptor
            pipe.write(answer)
    finally:
        os._exit(0)


def _wait(running: dict[int, tuple[str, int]], found: dict[str, Json]) -> None:
    """Wait until one of those that run has ended."""
    readable = {reading: child for child, (_, reading) in running.items()}
    ready, _, _ = select.select([*readable], [], [])
    child = readable[ready[0]]
    name, reading = running.pop(child)
    with open(reading, "rb") as pipe:  # noqa: PTH123 - a descriptor
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    if answer:
        found[name] = json.loads(answer)
    else:
        is_late = os.waitstatus_to_exitcode(status) == -signal.SIGALRM
        found[name] = TIMEOUT if is_late else BROKEN
