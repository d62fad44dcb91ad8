"""What is kept of a list, and what it cannot be asked for."""

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeAlias

from petsage_builder.analyze.vocabulary import EVERY_ROW
from petsage_builder.plan.facts.fact import Fact, fact
from petsage_builder.plan.facts.parts import of_parameter
from petsage_builder.plan.sources import listed, source, text
from petsage_builder.plan.trials import Trials
from petsage_builder.plan.views import ORDERED, FieldView
from petsage_builder.solver import Value
from petsage_builder.solver.likely import likely
from petsage_builder.solver.spelling import as_answered
from petsage_builder.solver.worlds import WORLDS, World, read
from petsage_builder.spec.fields import AnyField, EnumField

COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}
LONGEST = 200  # of a text to be looked for, as `app.core.models` has it
ANY_ID = "00000000-0000-0000-0000-000000000000"
# What is before all that a test makes.
LONG_AGO: Mapping[str, Value] = {
    "id": ANY_ID,
    "date": "2001-01-01",
    "datetime": "2001-01-01T00:00:00Z",
}
INSIDE = slice(1, 4)  # of a text, to be looked for in it
# The parameters of a list, and the numbers of the sample rows that they keep.
Case: TypeAlias = tuple[dict[str, Value], list[int]]


def filters(t: Trials) -> Iterator[Fact]:
    """Give the facts about the parameters of a list, right ones and wrong ones."""
    found = list(_cases(t))
    cases = [f"({source(params)}, {rows})" for _, (params, rows) in found]
    if cases:
        of = [part for parts, _ in found for part in parts]
        yield fact("FILTERED", t, listed(cases), of=of)
    wrong = list(_wrong(t))
    of = [part for params in wrong for name in params for part in of_parameter(t, name)]
    yield fact("WRONG_QUERIES", t, source(wrong), of=of)
    for name, value in _many(t):
        yield fact("MANY", t, text(name), source(value), of=of_parameter(t, name))


def _cases(t: Trials) -> Iterator[tuple[list[str], Case]]:
    """Give each case, and the parts of the resource that decide what is kept."""
    maker = t.cast.maker
    if not maker:
        yield from _of_seeds(t)
        return
    states = t.resource.states
    if states and states.field in t.view.listing.filter:
        later = next(iter(states.transitions.values())).to
        of = of_parameter(t, states.field)
        yield of, ({states.field: states.initial}, [0, 1, 2])
        yield of, ({states.field: later}, [])
    for name in _ids(t):
        yield of_parameter(t, name), ({name: ANY_ID}, [])
    for name in t.view.listing.filter:
        if EVERY_ROW.get(name) == "datetime":
            before = {f"{name}_lt": LONG_AGO["datetime"]}
            yield of_parameter(t, name), (before, [])
    for field in t.view.filtered:
        is_set = not field.spec.read_only and t.people.writes(maker, field.name, maker)
        of = of_parameter(t, field.name)
        cases = _of_field(t, field) if is_set else _of_given(t, field)
        yield from ((of, case) for case in cases)
    yield from ((_deciding(t, case), case) for case in _of_search(t))


def _deciding(t: Trials, case: Case) -> list[str]:
    """Return the fields without which a search would keep other rows."""
    params, kept = case
    names = t.view.listing.search
    others = [[other for other in names if other != name] for name in names]
    needle = str(params["search"])
    return [
        f"list.search[{index}]"
        for index, rest in enumerate(others)
        if not rest or _having(t, rest, needle) != kept
    ]


def _of_search(t: Trials) -> Iterator[Case]:
    names = t.view.listing.search
    for name in names[:1]:
        spec = t.view.subject.stored[name]
        needle = str(t.cast.first.get(name))[INSIDE].swapcase().strip()
        if isinstance(spec, AnyField) and needle.isascii() and needle:
            yield {"search": needle}, _having(t, names, needle)
        yield {"search": "%"}, _having(t, names, "%")


def _having(t: Trials, names: list[str], needle: str) -> list[int]:
    """Return the rows that have a text in one of some fields, in whatever case."""
    return [
        number
        for number, row in enumerate(t.cast.samples.rows)
        if any(
            (value := row.get(name)) and needle.lower() in str(value).lower()
            for name in names
        )
    ]


def _of_field(t: Trials, field: FieldView) -> Iterator[Case]:
    """Give each parameter of a field, and the rows that it keeps at any time.

    What a day of the calendar and a day beside the test's keep depends on that.
    """
    first, *later = (list(_in_world(t, field, world)) for world in WORLDS)
    for number, case in enumerate(first):
        if all(other[number] == case for other in later):
            yield case


def _of_given(t: Trials, field: FieldView) -> Iterator[Case]:
    """Give for a field that the maker of a row does not set a value that none has."""
    if field.is_dynamic:
        if field.is_clock and (before := LONG_AGO.get(field.spec.kind or "")):
            yield {field.name: before}, []
        return
    default = as_answered(field.spec, field.spec.default)
    values = [value for value in _usual(t, field) if value != default]
    yield from (({field.name: value}, []) for value in values[:1])


def _of_seeds(t: Trials) -> Iterator[tuple[list[str], Case]]:
    """Give for each field a value that no row has from the beginning."""
    for name in _ids(t):
        yield of_parameter(t, name), ({name: ANY_ID}, [])
    for field in t.view.filtered:
        of = of_parameter(t, field.name)
        default = field.spec.default
        there = [row.get(field.name, default) for row in t.resource.seed]
        known = {repr(as_answered(field.spec, value)) for value in there}
        values = (v for v in _usual(t, field) if repr(v) not in known)
        yield from ((of, ({field.name: value}, [])) for value in islice(values, 1))


def _usual(t: Trials, field: FieldView) -> Iterator[Value]:
    """Give values of a field that a query can hold."""
    for value in likely(t.view.name, field.name, field.spec, clock=False):
        if value != "" and len(str(value)) <= LONGEST:
            yield value


def _in_world(t: Trials, field: FieldView, world: World) -> Iterator[Case]:
    name, kind = field.name, field.spec.kind
    values = [row.get(name) for row in t.cast.samples.rows]
    real = [read(value, kind, world) for value in values]
    if kind == "boolean":
        for flag in (True, False):
            yield {name: flag}, [i for i, found in enumerate(real) if found is flag]
    else:
        yield from _equal(name, values, real)
    if field.spec.optional:
        empty = [i for i, found in enumerate(real) if found is None]
        full = [i for i, found in enumerate(real) if found is not None]
        yield {f"{name}_is_null": True}, empty
        yield {f"{name}_is_null": False}, full
    if kind in ORDERED and real[0] is not None:
        for suffix, compare in COMPARISONS.items():
            known = [(i, found) for i, found in enumerate(real) if found is not None]
            kept = [i for i, found in known if compare(found, real[0])]
            yield {f"{name}_{suffix}": values[0]}, kept
    if kind == "text" and not isinstance(field.spec, EnumField):
        needle = str(values[0])[INSIDE].swapcase()
        if needle:
            yield {f"{name}_contains": needle}, _having(t, [name], needle)


def _equal(
    name: str, values: Sequence[Value], real: Sequence[object]
) -> Iterator[Case]:
    """Give the values of the first two rows, and the rows that have them.

    Both are asked for at once, too.
    """
    texts = list(map(str, values))
    if texts[0] != texts[1] and not {texts[0], texts[1]} & {"None", ""}:
        either = [i for i, found in enumerate(real) if found in real[:2]]
        both: list[Any] = list(values[:2])
        yield {name: both}, either
    for value in dict.fromkeys(texts[:2]):
        number = texts.index(value)
        if values[number] not in (None, ""):
            kept = [i for i, found in enumerate(real) if found == real[number]]
            yield {name: values[number]}, kept


def _many(t: Trials) -> Iterator[tuple[str, Value]]:
    """Give each parameter that takes any number of values, and one of these."""
    yield from ((name, ANY_ID) for name in _ids(t))
    if t.view.state and t.view.state in t.view.listing.filter:
        yield t.view.state, t.resource.states.initial if t.resource.states else ""
    for field in t.view.filtered:
        samples = (row.get(field.name) for row in t.cast.samples.rows)
        values = (*samples, *_usual(t, field))
        value = next((v for v in values if v not in (None, "")), None)
        is_short = len(str(value)) <= LONGEST
        if field.spec.kind != "boolean" and value is not None and is_short:
            yield field.name, value


def _ids(t: Trials) -> list[str]:
    """Return each parameter that takes the id of another row, or of an account."""
    ids = [parent.column for parent in t.view.parents]
    ids += [link.filter for link in t.view.linked_filters]
    return ids + ["owner_id"] * ("owner" in t.view.listing.filter)


def _wrong(t: Trials) -> Iterator[dict[str, Value]]:
    """Give what a list is asked for wrongly."""
    for field in t.view.filtered:
        if isinstance(field.spec, EnumField):
            yield {field.name: "unheard_of"}
        elif field.spec.kind in {*ORDERED, "id"}:
            yield {field.name: "x"}
    if t.view.listing.search:
        yield {"search": ""}
        yield {"search": "\0"}
