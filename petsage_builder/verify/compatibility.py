"""What an API offered before a build, and offers no longer after it."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeAlias

Document: TypeAlias = Mapping[str, Any]

METHODS = frozenset({"delete", "get", "head", "options", "patch", "post", "put"})


def broken_promises(before: Document, after: Document) -> Iterator[str]:
    """Give each operation of `before` that is gone from `after`, or differs there.

    A build adds operations; it has no reason to alter one, so any difference counts.
    References are followed: a renamed schema of the same shape is no difference.
    """
    for path, method, operation in _operations(before):
        found = after.get("paths", {}).get(path, {}).get(method)
        if found is None:
            yield f"{method.upper()} {path} is gone"
            continue
        old, new = _resolve(operation, before, ()), _resolve(found, after, ())
        for place in _differences(old, new, f"{method.upper()} {path}"):
            yield f"{place} has changed"


def additions(before: Document, after: Document) -> list[str]:
    """Return the operations that only `after` has."""
    old = {(path, method) for path, method, _ in _operations(before)}
    return [
        f"{method.upper()} {path}"
        for path, method, _ in _operations(after)
        if (path, method) not in old
    ]


def operations_at(document: Document, paths: Collection[str]) -> list[str]:
    """Return the operations at these paths, each as `METHOD path`."""
    return [
        f"{method.upper()} {path}"
        for path, method, _ in _operations(document)
        if path in paths
    ]


def _operations(document: Document) -> Iterator[tuple[str, str, Any]]:
    for path, item in sorted(document.get("paths", {}).items()):
        for method, operation in sorted(item.items()):
            if method in METHODS:
                yield path, method, operation


def _resolve(node: Any, document: Document, seen: tuple[str, ...]) -> Any:  # noqa: ANN401
    """Return `node` with every reference replaced by what it refers to."""
    match node:
        case {"$ref": str(reference)}:
            if reference in seen:
                return {"$ref": "itself"}
            target: Any = document
            for part in reference.removeprefix("#/").split("/"):
                target = target[part]
            return _resolve(target, document, (*seen, reference))
        case dict():
            return {k: _resolve(v, document, seen) for k, v in node.items()}
        case list():
            return [_resolve(item, document, seen) for item in node]
        case _:
            return node


def _differences(old: Any, new: Any, place: str) -> Iterator[str]:  # noqa: ANN401
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            if key not in old or key not in new:
                yield f"{place}, {key}"
            else:
                yield from _differences(old[key], new[key], f"{place}, {key}")
    elif old != new:
        yield place
