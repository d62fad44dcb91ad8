"""The journal of a delivery, from which whoever comes next can finish it or undo it.

Below `.petsage/delivery` stand the contents of all files after the change, and before
it, and then the journal, renamed into place: from that moment the delivery will happen.
A delivery that cannot be finished is turned back; the journal's other name says so, so
that it is turned back even if that is interrupted too.
"""

import json
import os
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path, PurePosixPath

from petsage_builder.digest import sha256
from petsage_builder.errors import ConflictError, Problem

OWN = ".petsage"
DELIVERY = f"{OWN}/delivery"
FORWARD, BACK = "journal.json", "journal.back.json"
STAGED = re.compile(r"(after|before)-\d+")
MENDED = f"the files as they should be, and no {DELIVERY}"


@dataclass(frozen=True, slots=True)
class Change:
    """The content of one path before and after; None means that nothing is there.

    `path` is relative to the folder, with `/` between its parts.
    """

    path: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True, slots=True)
class Step:
    """A change as the journal has it: digests, and the names of the kept contents."""

    path: str
    before: str | None
    after: str | None
    kept: str | None
    staged: str | None


def stage(root: Path, changes: Iterable[Change]) -> None:
    """Write a journal below `root`: from its last rename on, the changes are due."""
    delivery = root / DELIVERY
    delivery.mkdir(parents=True)
    steps = []
    for number, change in enumerate(changes):
        kept = _stage(root, change, change.before, f"before-{number}")
        staged = _stage(root, change, change.after, f"after-{number}")
        before, after = _digest(change.before), _digest(change.after)
        steps.append(Step(change.path, before, after, kept, staged))
    text = json.dumps([asdict(step) for step in steps])
    _write(delivery / "journal.new", text.encode())
    (delivery / "journal.new").replace(delivery / FORWARD)
    _sync(delivery)


def _stage(root: Path, change: Change, content: bytes | None, name: str) -> str | None:
    if content is None:
        return None
    _write(root / DELIVERY / name, content)
    if change.before is not None:
        shutil.copymode(root / change.path, root / DELIVERY / name)
    return name


def turn_back(root: Path) -> None:
    """Undo what a journal has done so far."""
    delivery = root / DELIVERY
    (delivery / FORWARD).replace(delivery / BACK)
    _sync(delivery)
    settle(root)


def settle(root: Path) -> None:
    """Bring what a journal below `root` says to its end: all after, or all before.

    A file that somebody has edited meanwhile stays as it is, and decides: if the
    delivery had not reached it, the other files are turned back. Raises
    `ConflictError`, with nothing touched, if two such files contradict each other, or
    the journal is none of ours.
    """
    delivery = root / DELIVERY
    for folder in (root / OWN, delivery):
        if folder.is_symlink():
            where = folder.relative_to(root).as_posix()
            raise ConflictError([Problem(where, "is a symbolic link", "a folder")])
    for name, forward in ((FORWARD, True), (BACK, False)):
        if (delivery / name).is_file():
            steps = _read(root, delivery / name)
            edited = [step for step in steps if _is_edited(root, step)]
            if forward and edited and not _goes_on(root, edited):
                turn_back(root)
                return
            for step in steps:
                if step not in edited:
                    (_redo if forward else _undo)(root, step)
            (delivery / name).unlink()
    forget(root)


def _goes_on(root: Path, edited: Sequence[Step]) -> bool:
    reached = {_is_reached(root, step) for step in edited}
    if len(reached) == 1:
        return reached.pop()
    raise ConflictError(
        Problem(step.path, "was edited after a delivery was interrupted", MENDED)
        for step in edited
    )


def _is_edited(root: Path, step: Step) -> bool:
    return digest_at(root / step.path) not in (step.before, step.after)


def _is_reached(root: Path, step: Step) -> bool:
    return step.staged is not None and not (root / DELIVERY / step.staged).exists()


def _read(root: Path, journal: Path) -> list[Step]:
    """Return the steps of a journal, if this builder can have written it."""
    try:
        steps = [Step(**step) for step in json.loads(journal.read_bytes())]
        if all(_is_sound(root, step) for step in steps):
            return steps
    except (ValueError, TypeError, RecursionError):
        pass
    where = journal.relative_to(root).as_posix()
    raise ConflictError([Problem(where, "is no journal of this builder", MENDED)])


def _is_sound(root: Path, step: Step) -> bool:
    values = [getattr(step, part.name) for part in fields(Step)]
    names = [name for name in (step.kept, step.staged) if name is not None]
    return (
        all(value is None or isinstance(value, str) for value in values)
        and all(STAGED.fullmatch(name) for name in names)
        and is_inside(step.path)
        and linked_parent(root, step.path) is None
    )


def is_inside(path: str) -> bool:
    """Say whether a path is relative and stays in its folder."""
    parts = PurePosixPath(path)
    return bool(parts.parts) and not parts.is_absolute() and ".." not in parts.parts


def linked_parent(root: Path, path: str) -> PurePosixPath | None:
    """Return the first part of a path that is a symbolic link, if one is."""
    parts = PurePosixPath(path)
    for part in (*reversed(parts.parents[:-1]), parts):
        if (root / part).is_symlink():
            return part
    return None


def _redo(root: Path, step: Step) -> None:
    if step.staged is None:
        _remove(root, step)
    else:
        _put(root, step.path, step.staged)


def _undo(root: Path, step: Step) -> None:
    if step.kept is None:
        _remove(root, step)
    elif digest_at(root / step.path) != step.before:
        _put(root, step.path, step.kept)


def _put(root: Path, path: str, staged: str) -> None:
    if (root / DELIVERY / staged).exists():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / DELIVERY / staged).replace(root / path)
        _sync((root / path).parent)


def _remove(root: Path, step: Step) -> None:
    path = root / step.path
    path.unlink(missing_ok=True)
    _prune(root, path.parent)


def _prune(root: Path, folder: Path) -> None:
    """Remove the folders that a removed file leaves empty."""
    while folder != root:
        try:
            folder.rmdir()
        except FileNotFoundError:
            pass
        except OSError:
            return  # not empty
        folder = folder.parent


def forget(root: Path) -> None:
    """Remove what was staged, and the folders that it leaves empty."""
    delivery = root / DELIVERY
    if delivery.is_dir():
        for path in delivery.iterdir():
            if path.is_dir() and not path.is_symlink():
                where = path.relative_to(root).as_posix()
                raise ConflictError([Problem(where, "is not of this builder", MENDED)])
        for path in delivery.iterdir():
            path.unlink()
    _prune(root, delivery)


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def digest_at(path: Path) -> str | None:
    """Return the digest of a file; None if nothing is there."""
    try:
        return sha256(path.read_bytes())
    except FileNotFoundError:
        return None
    except (IsADirectoryError, NotADirectoryError):
        return "no file"


def _digest(content: bytes | None) -> str | None:
    return None if content is None else sha256(content)
