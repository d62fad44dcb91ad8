"""What an API offered before a build, and whether its clients still get it after.

`schemas.py` says what a changed schema breaks. Besides, these break: an operation, a
parameter, a field, a form of a body or a status of success that is gone; a parameter
or a body that is needed now; a new status that is no error; another `operationId`,
since clients are generated from it; and more that is asked of who is calling. What is
new and optional, a new status of an error too, is an addition.
"""

from collections.abc import Collection, Iterator

from petsage_builder.verify.operation import Both, Operation
from petsage_builder.verify.references import Document
from petsage_builder.verify.schemas import Difference

METHODS = frozenset({"delete", "get", "head", "options", "patch", "post", "put"})
# What an operation may take from its path or from the document.
INHERITED = ("security", "servers")


def differences(before: Document, after: Document) -> Iterator[Difference]:
    """Give all that clients of `before` may notice, and what only `after` has.

    Both are OpenAPI documents, as FastAPI makes them.
    """
    old, new = dict(_operations(before)), dict(_operations(after))
    for place in sorted(old.keys() | new.keys()):
        if place not in new:
            yield Difference(place, "is gone", breaks=True)
        elif place not in old:
            yield Difference(place, "", breaks=False)
        else:
            both = Both(place, old[place], new[place], before, after)
            yield from both.differences()
    yield from _schemes(before, after)


def operations_at(document: Document, paths: Collection[str]) -> list[str]:
    """Return the operations at these paths, each as `METHOD path`."""
    return [
        place for place, _ in _operations(document) if place.partition(" ")[2] in paths
    ]


def _operations(document: Document) -> Iterator[tuple[str, Operation]]:
    """Give each operation, as `METHOD path`, with all that it takes from elsewhere."""
    common = {word: document[word] for word in INHERITED if word in document}
    for path, item in sorted(document.get("paths", {}).items()):
        near = {word: item[word] for word in INHERITED if word in item}
        for method, operation in sorted(item.items()):
            if method in METHODS:
                shared = [*item.get("parameters", ()), *operation.get("parameters", ())]
                whole = {**common, **near, **operation, "parameters": shared}
                yield f"{method.upper()} {path}", whole


def _schemes(before: Document, after: Document) -> Iterator[Difference]:
    """Give each way of signing in that is not as it was."""
    old, new = (
        document.get("components", {}).get("securitySchemes", {})
        for document in (before, after)
    )
    for name in sorted(old.keys() & new.keys()):
        one, other = ({**part, "description": ""} for part in (old[name], new[name]))
        if one != other:
            yield Difference(f"security {name}", "has changed", breaks=True)
