"""Changes as people read them, and as `git apply` takes them."""

from collections.abc import Iterable
from difflib import unified_diff as lines_of_diff

from petsage_builder.transaction import Change


def unified_diff(changes: Iterable[Change]) -> str:
    """Return the changes as one unified diff, a/ before and b/ after."""
    return "".join(_diff(change) for change in sorted(changes, key=lambda c: c.path))


def _diff(change: Change) -> str:
    head = f"diff --git a/{change.path} b/{change.path}\n"
    before, after = f"a/{change.path}", f"b/{change.path}"
    if change.before is None:
        head, before = f"{head}new file mode 100644\n", "/dev/null"
    if change.after is None:
        head, after = f"{head}deleted file mode 100644\n", "/dev/null"
    return head + "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for line in lines_of_diff(
            _lines(change.before), _lines(change.after), before, after
        )
    )


def _lines(content: bytes | None) -> list[str]:
    """Split at line feeds alone: a text may hold other ends of lines."""
    text = (content or b"").decode("utf-8", "replace")
    return [f"{line}\n" for line in text.split("\n")[:-1]] + (
        [last] if (last := text.rpartition("\n")[2]) else []
    )
