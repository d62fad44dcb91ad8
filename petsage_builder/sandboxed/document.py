"""Print the OpenAPI document of the backend in the current folder."""

import json
from importlib import import_module


def main() -> None:
    """Print it."""
    print(json.dumps(import_module("app.main").app.openapi()))


main()
