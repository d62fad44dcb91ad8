"""Print what the backend in the current folder offers.

The argument is a path. The answer is `{"document": …, "taken": [path]}`: the OpenAPI
document, and the paths of all routes, documented or not, that answer a GET of it.
"""

import json
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from starlette.routing import Match, Mount


def main() -> None:
    """Print it."""
    app = import_module("app.main").app
    taken = list(_taken(app, sys.argv[1]))
    print(json.dumps({"document": app.openapi(), "taken": taken}))


def _taken(app: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - somebody else's
    """Give each route for a path; a mount at the root is there for what is left."""
    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "app": app}
    for route in app.router.routes:
        is_rest = isinstance(route, Mount) and not route.path
        match, _ = route.matches({**scope, "headers": []})
        if match is Match.FULL and not is_rest:
            yield str(getattr(route, "path", route))


main()
