"""Print what the backend in the current folder offers.

The arguments are operations, such as `GET /pets/{pet_id}`. The answer is `{"document":
…, "taken": {operation: [route]}}`: the OpenAPI document, and for each operation the
routes, documented or not, that answer it.
"""

import json
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any
from uuid import UUID

from starlette.routing import Match, Mount


def main() -> None:
    """Print it."""
    app = import_module("app.main").app
    taken = {operation: list(_taken(app, operation)) for operation in sys.argv[1:]}
    print(json.dumps({"document": app.openapi(), "taken": taken}))


def _taken(app: Any, operation: str) -> Iterator[str]:  # noqa: ANN401 - somebody else's
    """Give each route for an operation; a mount at the root is there for what is left.

    What stands for an id in the path is filled in.
    """
    method, _, path = re.sub(r"\{\w+\}", str(UUID(int=0)), operation).partition(" ")
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "root_path": "",
        "app": app,
    }
    for route in app.router.routes:
        is_rest = isinstance(route, Mount) and not route.path
        match, _ = route.matches({**scope, "headers": []})
        if match is Match.FULL and not is_rest:
            yield str(getattr(route, "path", route))


main()
