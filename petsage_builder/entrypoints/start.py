"""Where the command `petsage` begins: with a warm builder if one runs, else alone.

Imports little: with a warm builder, this is all that a command has to load.
"""

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

SWITCH = "PETSAGE_WARM"  # "off": alone, and start no warm builder
PACKAGE = Path(__file__).parents[1]
# What is done alone: it is the warm builder itself, or not worth one.
ALONE = {"serve", "--help"}
# After these, a warm builder is started, since more of them may follow.
STARTS = {"build", "listen"}
STREAMS = (0, 1, 2)  # in, out and error
PASSED_ON = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SECONDS = 10.0  # for a warm builder to say that it has begun


def main() -> NoReturn:
    """Let a warm builder run the command, or run it here."""
    arguments = sys.argv[1:]
    is_wanted = os.environ.get(SWITCH) != "off" and not ALONE.intersection(arguments)
    if is_wanted and arguments:
        status = ask(arguments)
        if status is not None:
            sys.exit(status)
    from petsage_builder.entrypoints.cli import main as run

    try:
        run()
    finally:
        if is_wanted and STARTS.intersection(arguments[:1]):
            begin()


def address() -> Path:
    """Return the socket of this user's warm builder, for this Python and builder."""
    own = f"{sys.executable} {sys.version} {PACKAGE} {os.environ.get('XDG_CACHE_HOME')}"
    name = hashlib.sha256(own.encode()).hexdigest()[:16]
    folder = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    return Path(folder) / f"petsage-{os.getuid()}" / f"{name}.sock"


def is_private(folder: Path) -> bool:
    """Say whether nobody else can have put anything into a folder."""
    with suppress(OSError):
        found = folder.lstat()
        return found.st_uid == os.getuid() and not found.st_mode & 0o077
    return False


def ask(arguments: list[str]) -> int | None:
    """Return the exit status of the command, or None if no warm builder ran it.

    It has our standard streams, environment and folder, and gets our signals.
    """
    path = address()
    if not is_private(path.parent):
        return None
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.settimeout(SECONDS)
            connection.connect(str(path))
            socket.send_fds(connection, [b"\0"], STREAMS)
            connection.sendall(_request(arguments))
            with connection.makefile("r", encoding="utf-8") as answers:
                begun = json.loads(answers.readline() or "{}").get("begun")
                if begun is None:
                    return None
                _pass_signals_to(begun)
                connection.settimeout(None)
                ended = answers.readline()
                return int(json.loads(ended)["status"]) if ended else _lost()
        except (OSError, ValueError):
            return None


def _lost() -> int:
    """Say that the warm builder was killed, and return the exit status for that."""
    what = "the warm builder was killed before it was done; run the command again"
    sys.stderr.write(f"petsage: {what}\n")
    return 1


def _request(arguments: list[str]) -> bytes:
    mask = os.umask(0o077)
    os.umask(mask)
    asked = {
        "arguments": arguments,
        "folder": str(Path.cwd()),
        "environment": dict(os.environ),
        "umask": mask,
    }
    return json.dumps(asked).encode() + b"\n"


def _pass_signals_to(process: int) -> None:
    def pass_on(number: int, _: object) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(process, number)

    for number in PASSED_ON:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, pass_on)


def begin() -> None:
    """Start a warm builder, which the next command will find."""
    with suppress(OSError):
        subprocess.Popen(
            [sys.executable, "-m", "petsage_builder.entrypoints.start", "serve"],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


if __name__ == "__main__":
    main()
