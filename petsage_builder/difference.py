"""Changes as people read them."""

from collections.abc import Iterable
from difflib import unified_diff as lines_of_diff

from petsage_builder.transaction import Change


def unified_diff(changes: Iterable[Change]) -> str:
    """Return the changes as one unified diff, a/ before and b/ after."""
    return "".join(_diff(change) for change in sorted(changes, key=lambda c: c.path))


def _diff(change: Change) -> str:
    before = "/dev/null" if change.before is None else f"a/{change.path}"
    after = "/dev/null" if change.after is None else f"b/{change.path}"
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for line in lines_of_diff(
            _lines(change.before), _lines(change.after), before, after
        )
    )


def _lines(content: bytes | None) -> list[str]:
    return (content or b"").decode("utf-8", "replace").splitlines(keepends=True)
