"""Serve the backend on a socket, and let a shell run the commands of a README.

The argument is a file that holds a JSON list of scripts; they run in one shell, one
after the other, with `curl.py` for curl. The answer is `{"answers": [{"example",
"request", "status", "body"}], "said": …, "document": …}`: each answer with the index of
its script, what the shell said if a script failed, and the served OpenAPI.
"""

import http.client
import json
import os
import shlex
import socket
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from petsage_builder.sandboxed.serving import serving
from petsage_builder.sandboxed.storage import migrate

CURL = Path(__file__).with_name("curl.py")
SECONDS = 60
LAST_LETTERS = 2000


def main() -> None:
    """Serve, run, print."""
    scripts = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    app = import_module("app.main").app
    migrate()
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    with serving(app, listener), tempfile.TemporaryDirectory() as folder:
        answers, said = _run(scripts, port, Path(folder))
        document = json.loads(_get(port, "/openapi.json"))
    print(json.dumps({"answers": answers, "said": said, "document": document}))


def _run(
    scripts: list[str], port: int, folder: Path
) -> tuple[list[dict[str, object]], str]:
    curl, kept = folder / "curl", folder / "answers"
    python = shlex.quote(sys.executable)
    curl.write_text(f'#!/bin/sh\nexec {python} -I -S {shlex.quote(str(CURL))} "$@"\n')
    curl.chmod(0o755)
    kept.touch()
    parts = (f"export EXAMPLE={n}\n{text}" for n, text in enumerate(scripts))
    done = subprocess.run(  # noqa: S603 - this is what a reader would do
        ["/bin/sh", "-eu", "-c", "\n".join(parts)],
        env={
            **os.environ,
            "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
            "PORT": str(port),
            "ANSWERS": str(kept),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    answers = [json.loads(line) for line in kept.read_text("utf-8").splitlines()]
    return answers, done.stderr[-LAST_LETTERS:] if done.returncode else ""


def _get(port: int, path: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    return connection.getresponse().read().decode()


main()
