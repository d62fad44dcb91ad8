"""Paths as a tree, as people draw it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

Folder: TypeAlias = Mapping[str, Any]


def file_tree(paths: Iterable[str]) -> str:
    """Return the tree of these paths: folders first, each in the order of its names."""
    root: dict[str, Any] = {}
    for path in paths:
        folder = root
        *folders, name = path.split("/")
        for part in folders:
            folder = folder.setdefault(part, {})
        folder[name] = {}
    return "\n".join([".", *_lines(root, "")])


def _lines(folder: Folder, before: str) -> Iterator[str]:
    names = sorted(folder, key=lambda name: (not folder[name], name))
    for name in names:
        is_last = name == names[-1]
        inner = folder[name]
        yield f"{before}{'└── ' if is_last else '├── '}{name}{'/' if inner else ''}"
        yield from _lines(inner, before + ("    " if is_last else "│   "))
