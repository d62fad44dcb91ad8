"""Start a program under limits: `launcher.py '{"memory": …}' program argument…`.

Runs by itself, without the rest of the builder: it must start in a few milliseconds.
"""

import ctypes
import json
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Set the limits, tie this process to its parent, and become the program."""
    limits = json.loads(sys.argv[1])
    for kind, name in (
        (resource.RLIMIT_AS, "memory"),
        (resource.RLIMIT_CPU, "seconds"),
        (resource.RLIMIT_FSIZE, "file_bytes"),
        (resource.RLIMIT_NOFILE, "files"),
        (resource.RLIMIT_CORE, "core"),
    ):
        _, hard = resource.getrlimit(kind)
        wanted = limits[name]
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (limit, limit))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 - the caller's own command


main()
