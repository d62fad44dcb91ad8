"""Serve the backend on a socket, and send it the requests of a README.

Standard input is not used; the one argument is JSON: `{"examples": [{"method",
"target", "headers", "body"}]}`. The answer is `{"responses": [{"status", "body"}],
"document": …}`, in which the document is the served OpenAPI.
"""

import http.client
import json
import socket
import sys
import threading
import time
from importlib import import_module
from typing import Any

import uvicorn

from petsage_builder.sandboxed.storage import migrate

START_SECONDS = 30


def main() -> None:
    """Serve, ask, print."""
    work = json.loads(sys.argv[1])
    app = import_module("app.main").app
    migrate()
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        _wait_for(server, thread)
        port = listener.getsockname()[1]
        responses = [_ask(port, example) for example in work["examples"]]
        document = json.loads(_ask(port, {"target": "/openapi.json"})["body"])
    finally:
        server.should_exit = True
        thread.join()
    print(json.dumps({"responses": responses, "document": document}))


def _wait_for(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise SystemExit("the application did not start")
        time.sleep(0.005)


def _ask(port: int, example: dict[str, Any]) -> dict[str, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(
        example.get("method", "GET"),
        example["target"],
        body=example.get("body"),
        headers=example.get("headers", {}),
    )
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return {"status": response.status, "body": body}


main()
