"""What a request leaves behind, held against what it has to be."""

from collections.abc import Iterator
from dataclasses import dataclass

from petsage_builder.reference.outcomes import Done, Outcome
from petsage_builder.reference.state import State, Values
from petsage_builder.reference.system import Call, Kind
from petsage_builder.reference.values import ANY, About

WRITTEN = {"created_at", "updated_at"}
READING = ("get", "get_own")


def left_otherwise(
    call: Call, expected: Outcome, before: State, after: State
) -> Iterator[str]:
    """Give each row that is there otherwise after a request than it has to be."""
    is_done = isinstance(expected, Done) and call.operation not in READING
    wanted = expected.state if isinstance(expected, Done) else before
    target = expected.row["id"] if is_done and expected.row else None  # type: ignore[union-attr]
    cuts_off = is_done and target is None  # a deletion
    for kind in call.kind.system.kinds:
        change = _Change(kind, wanted, before, after, target, cuts_off)
        yield from change.differences()


@dataclass(frozen=True, slots=True)
class _Change:
    """The rows of a kind before and after a request, and as they have to be.

    `target` is the row that is meant to change; a deletion, which has none, `cuts_off`
    others from what they belonged to, without a trace of when.
    """

    kind: Kind
    wanted: State
    before: State
    after: State
    target: object
    cuts_off: bool

    def differences(self) -> Iterator[str]:
        """Give what is otherwise."""
        home, words = self.kind.home, self.kind.words
        rows, found = {**self.wanted.of(home)}, self.after.of(home)
        if ANY in rows:
            new = [row_id for row_id in found if row_id not in rows]
            if len(new) != 1:
                yield f"has made {len(new)} rows of {words}"
                return
            rows[new[0]] = {**rows.pop(ANY), "id": new[0]}
        if rows.keys() != found.keys():
            yield f"leaves {len(found)} rows of {words}, and not {len(rows)}"
            return
        for row_id, row in rows.items():
            yield from self._values(row, found[row_id])
            was = self.before.of(home).get(row_id)
            yield from self._times(was, found[row_id])

    def _values(self, row: Values, now: Values) -> Iterator[str]:
        for name in row.keys() - WRITTEN:
            if not self._agree(row[name], now.get(name)):
                said = f"{now.get(name)!r}, and not {row[name]!r}"
                yield f"stores {name} of {self.kind.words} as {said}"

    def _agree(self, wanted: object, found: object) -> bool:
        if wanted is ANY:
            return found is not None
        if isinstance(wanted, About):
            return wanted.means(found, self.before.now, self.after.now)
        return wanted == found

    def _times(self, was: Values | None, now: Values) -> Iterator[str]:
        """Give what a row says wrongly of when it was made and changed."""
        words = self.kind.words
        if was is None:
            made, changed = now["created_at"], now["updated_at"]
            if not self.before.now <= made == changed <= self.after.now:
                yield f"says that {words} was made at {made}, and changed at {changed}"
            return
        if now["created_at"] != was["created_at"]:
            yield f"changes when {words} was made"
        has_changed = any(was[n] != now.get(n) for n in was.keys() - WRITTEN)
        is_later = now["updated_at"] > was["updated_at"]
        is_same = now["updated_at"] == was["updated_at"]
        if has_changed and not is_later and not self.cuts_off:
            yield f"does not say that {words} was changed"
        if not has_changed and not is_same and now["id"] != self.target:
            yield f"says that {words} was changed, which it was not"
