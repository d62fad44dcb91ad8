"""What a row becomes, and what stands in its way."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from petsage_builder.analyze.expressions import read_expression
from petsage_builder.plan.constraints import constraints
from petsage_builder.reference.outcomes import Refusal, missing
from petsage_builder.reference.seeing import Sight
from petsage_builder.reference.state import Values
from petsage_builder.reference.system import Kind
from petsage_builder.reference.values import ANY, About, read
from petsage_builder.solver.evaluation import leaves
from petsage_builder.spec.expressions import Moment
from petsage_builder.spec.fields import AnyField
from petsage_builder.spec.resources import Frozen, NoOverlap

CLOCKS = ("now", "today", "new", "caller")
MOMENTARY = ("date", "datetime", "id")


def made(kind: Kind, sight: Sight, sent: Mapping[str, Any]) -> Values:
    """Return the row that is made of what was sent."""
    row: dict[str, Any] = {
        "id": ANY,
        "created_at": sight.state.now,
        "updated_at": sight.state.now,
        **{parent.column: None for parent in kind.view.parents},
        **{link.role: frozenset() for link in kind.view.links},
    }
    if kind.resource.owned_by:
        row["owner_id"] = sight.caller.id if sight.caller else None
    if kind.resource.states:
        row[kind.resource.states.field] = kind.resource.states.initial
    row |= {name: default(kind, sight, name) for name in kind.subject.stored}
    row |= sent
    for name in derived(kind):
        if name not in sent:
            row[name] = _derive(kind, sight, row, name)
    return row


def default(kind: Kind, sight: Sight, name: str) -> Any:  # noqa: ANN401 - any value
    """Return what a field is that was not sent, if no other field decides it."""
    spec = _field(kind, name)
    if spec.default is None:
        return None
    if spec.kind in MOMENTARY and spec.default in CLOCKS:
        known = {
            "now": sight.state.now,
            "today": sight.state.now.date(),
            "new": ANY,
            "caller": sight.caller.id if sight.caller else None,
        }
        return known[str(spec.default)]
    return read(spec, spec.default)


def derived(kind: Kind) -> list[str]:
    """Return the fields that others decide, those that nobody sends at the end."""
    found = [
        name
        for name in kind.subject.stored
        if _field(kind, name).default_from or _field(kind, name).default_expression
    ]
    return sorted(found, key=lambda name: _field(kind, name).read_only)


def _derive(kind: Kind, sight: Sight, row: Values, name: str) -> Any:  # noqa: ANN401
    spec = _field(kind, name)
    if spec.default_from:
        return sight.value(kind, row, spec.default_from.split("."))
    return sight.result(kind, row, spec.default_expression or "")


def as_stored(kind: Kind, row: Values, sent: Iterable[str]) -> Values:
    """Return a new row; what comes of a look at the clock is known to a minute."""
    told = {*sent}
    vague: set[str] = set()
    for name in (*kind.subject.stored, *derived(kind)):
        spec = _field(kind, name)
        looked = spec.kind in ("date", "datetime") and spec.default in CLOCKS
        if spec.default_expression and not looked:
            tree = read_expression(spec.default_expression, kind.subject.scope)
            looked = any(
                isinstance(leaf, Moment) or {*leaf.path} & {*vague, "created_at"}
                for leaf in leaves(tree)
            )
        if looked and name not in told and isinstance(row[name], date):
            vague.add(name)
    return {n: About(v) if n in vague else v for n, v in row.items()}


def _field(kind: Kind, name: str) -> AnyField:
    spec = kind.resource.fields[name]
    assert isinstance(spec, AnyField)  # noqa: S101 - what is stored is not computed
    return spec


# What stands in its way.


def unseen(kind: Kind, sight: Sight, sent: Mapping[str, Any]) -> Iterator[Refusal]:
    """Give each row to which one was sent to belong, and that the caller cannot see."""
    for parent in kind.view.parents:
        found = sent.get(parent.column)
        if found is not None:
            yield from _hidden(kind.above(parent.role), sight, [found])
    for link in kind.view.links:
        yield from _hidden(kind.linked(link.role), sight, sent.get(link.role, ()))


def _hidden(kind: Kind, sight: Sight, ids: Iterable[str]) -> Iterator[Refusal]:
    rows = sight.state.of(kind.home)
    for row_id in ids:
        if row_id not in rows or not sight.sees(kind, rows[row_id]):
            yield missing(kind, row_id)


def is_barred(kind: Kind, sight: Sight, row: Values, names: Iterable[str]) -> bool:
    """Say whether the caller may not set one of some fields of a row."""
    return any(
        not sight.is_among(_field(kind, name).write, kind, row)
        for name in names
        if name in kind.subject.stored
    )


def frozen(
    kind: Kind, sight: Sight, row: Values, operation: str, changed: Iterable[str]
) -> Iterator[Refusal]:
    """Give each rule that keeps a row from an operation that changes some of it."""
    touched = {*changed}
    for rule in kind.resource.rules:
        if not isinstance(rule, Frozen) or operation not in rule.frozen:
            continue
        parents = kind.resource.belongs_to
        fields = {f"{n}_id" if n in parents else n for n in rule.fields}
        concerns = operation == "delete" or not fields or fields & touched
        if concerns and sight.holds(kind, row, rule.when) is True:
            yield Refusal(409, rule.message)


def broken(kind: Kind, sight: Sight, row: Values, *, is_new: bool) -> Iterator[Refusal]:
    """Give each rule that a row does not keep; some are asked of new rows alone."""
    for rule in kind.resource.checks:
        is_asked = is_new or rule.on is None
        if is_asked and sight.holds(kind, row, rule.check) is False:
            where = kind.view.rules.where(rule)
            yield Refusal(422, errors={where: rule.message})


def overlapping(kind: Kind, sight: Sight, row: Values) -> Iterator[Refusal]:
    """Give each rule that lets a row not lie in time with another one that is there."""
    for rule in kind.resource.rules:
        if isinstance(rule, NoOverlap) and any(
            _overlap(kind, sight, rule, row, other)
            for other in sight.state.of(kind.home).values()
            if other["id"] != row["id"]
        ):
            yield Refusal(409, rule.message)


def _overlap(
    kind: Kind, sight: Sight, rule: NoOverlap, row: Values, other: Values
) -> bool:
    begin, end = rule.no_overlap
    times = (row[begin], row[end], other[begin], other[end])
    keys = [
        [sight.value(kind, each, [name]) for name in rule.per] for each in (row, other)
    ]
    if any(part is None for part in (*times, *keys[0])) or keys[0] != keys[1]:
        return False
    if rule.when and not all(
        sight.holds(kind, each, rule.when) is True for each in (row, other)
    ):
        return False
    return bool(other[begin] < row[end] and other[end] > row[begin])


def taken(kind: Kind, sight: Sight, row: Values) -> Iterator[Refusal]:
    """Give each constraint by which another row has what only one may have."""
    others = [o for o in sight.state.of(kind.home).values() if o["id"] != row["id"]]
    for constraint in constraints(kind.view):
        key = [row.get(column) for column in constraint.columns]
        if not constraint.is_unique or any(part in (None, ANY) for part in key):
            continue
        if any([o.get(c) for c in constraint.columns] == key for o in others):
            yield Refusal(409, constraint.conflict)


def full(kind: Kind, sight: Sight, row: Values) -> Iterator[Refusal]:
    """Give each limit that leaves no room for a new row."""
    limits, view = kind.resource.limits, kind.view
    others = sight.state.of(kind.home).values()
    if limits.per_owner is not None:
        own = [o for o in others if o.get("owner_id") == row.get("owner_id")]
        if len(own) >= limits.per_owner:
            said = f"You have reached the limit of {limits.per_owner} {view.labels}."
            yield Refusal(409, said)
    for limit in view.creation.limits:
        role = limit.part.removeprefix("per_parent.")
        if role not in limits.per_parent or row[f"{role}_id"] is None:
            continue
        most: Any = limits.per_parent[role]
        if isinstance(most, str):
            most = sight.value(kind, row, [role, most])
        beside = [o for o in others if o[f"{role}_id"] == row[f"{role}_id"]]
        if most is not None and len(beside) >= most:
            yield Refusal(409, limit.said.format(most))
