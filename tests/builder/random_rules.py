"""Rules as nobody would write them."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any, get_args

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from petsage_builder.spec.expressions import (
    Calculate,
    Caller,
    Compare,
    Comparison,
    Constant,
    Emptiness,
    Expression,
    Field,
    Join,
    Kind,
    Membership,
    Moment,
    Negation,
)
from tests.builder.visits import ENUMS, FIELDS, SCOPE

Trees = SearchStrategy[Expression]
HALVES = ("-1", "0", "0.5", "1", "2", "2.5")
SPANS = (timedelta(), timedelta(hours=1), timedelta(days=1), timedelta(days=30))


@st.composite
def made(draw: st.DrawFn, make: Callable[..., Trees], *arguments: Any) -> Expression:  # noqa: ANN401
    """Draw from what is made only then, which keeps descriptions short."""
    return draw(make(*arguments))


def fields(kind: Kind) -> list[Expression]:
    """Return the fields of one kind that rows have."""
    return [
        Field(tuple(name.split(".")), kind)
        for name, (found, _) in FIELDS.items()
        if found == kind and name != "follows.status"
    ]


def constants(kind: Kind, values: Iterable[str | Decimal | timedelta]) -> Trees:
    """Return some constants."""
    return st.sampled_from([Constant(value, kind) for value in values])


def calculated(left: Trees, signs: str, right: Trees, kind: Kind) -> Trees:
    """Return sums or products."""
    return st.builds(Calculate, st.sampled_from(signs), left, right, st.just(kind))


def numbers(depth: int = 2) -> Trees:
    """Return numbers; nothing is divided by what can be 0."""
    halves = constants("number", map(Decimal, HALVES))
    plain = st.one_of(st.sampled_from(fields("number")), halves)
    if not depth:
        return plain
    inner = made(numbers, depth - 1)
    divisor = st.one_of(
        constants("number", map(Decimal, ("2", "-0.5"))),
        st.sampled_from(
            [Field(tuple(n.split(".")), "number") for n in sorted(SCOPE.never_zero)]
        ),
    )
    return st.one_of(
        plain,
        calculated(inner, "+-*", inner, "number"),
        calculated(inner, "/", divisor, "number"),
    )


def spans(depth: int = 2) -> Trees:
    """Return durations."""
    plain = st.one_of(constants("duration", SPANS), st.sampled_from(fields("duration")))
    if not depth:
        return plain
    inner = made(spans, depth - 1)
    return st.one_of(
        plain,
        constants("duration", SPANS),
        *(
            calculated(made(moments, kind, 0), "-", made(moments, kind, 0), "duration")
            for kind in ("date", "datetime")
        ),
        calculated(inner, "+-", inner, "duration"),
        calculated(inner, "*", made(numbers, 1), "duration"),
        calculated(numbers(0), "*", inner, "duration"),
    )


def moments(kind: Kind, depth: int = 2) -> Trees:
    """Return dates, or datetimes."""
    clock = Moment("now", "datetime") if kind == "datetime" else Moment("today", "date")
    plain = st.sampled_from([*fields(kind), clock])
    if not depth:
        return plain
    inner = made(moments, kind, depth - 1)
    return st.one_of(plain, calculated(inner, "+-", made(spans, depth - 1), kind))


def texts() -> Trees:
    """Return texts, and members of enums as fields."""
    return st.one_of(
        st.sampled_from(fields("text")), constants("text", ("Jo", "home", "it's"))
    )


def of_enum() -> SearchStrategy[tuple[Expression, list[Constant]]]:
    """Return a field and its words."""
    found = [
        (
            Field(tuple(name.split(".")), "text"),
            [Constant(str(member), "text") for member in enum],
        )
        for name, enum in ENUMS.items()
        if name != "follows.status"
    ]
    return st.sampled_from(found)


def values(kind: Kind) -> Trees:
    """Return values that are compared."""
    return made(_values, kind)


def _values(kind: Kind) -> Trees:
    match kind:
        case "number":
            return numbers()
        case "duration":
            return spans()
        case "date" | "datetime":
            return moments(kind)
        case "id":
            return st.sampled_from([*fields("id"), Caller()])
        case "boolean":
            true = Constant(value=True, kind="boolean")
            return st.sampled_from([*fields("boolean"), true])
        case _:
            return st.sampled_from(fields("text"))


KINDS: tuple[Kind, ...] = ("number", "duration", "date", "datetime")


def leaves() -> Trees:
    """Return conditions that contain no other."""
    signs, equal = st.sampled_from(get_args(Comparison)), st.sampled_from(("=", "!="))
    ordered = [st.builds(Compare, signs, values(k), values(k)) for k in KINDS]
    same: list[Trees] = [
        st.builds(Compare, equal, values(k), values(k))
        for k in ("id", "boolean", "text")
    ]
    words = of_enum().flatmap(
        lambda enum: st.builds(
            Compare, equal, st.just(enum[0]), st.sampled_from(enum[1])
        )
    )
    named = st.builds(Compare, equal, st.sampled_from(_texts_without_words()), texts())
    return st.one_of(
        *ordered,
        *same,
        words,
        named,
        st.sampled_from(fields("boolean")),
        *(st.builds(Emptiness, values(k)) for k in (*KINDS, "text", "boolean")),
        *(memberships(values(k)) for k in (*KINDS, "boolean")),
        of_enum().flatmap(
            lambda enum: memberships(st.just(enum[0]), st.sampled_from(enum[1]))
        ),
    )


def _texts_without_words() -> list[Expression]:
    return [
        field
        for field in fields("text")
        if isinstance(field, Field) and ".".join(field.path) not in ENUMS
    ]


def memberships(operand: Trees, options: Trees | None = None) -> Trees:
    """Return whether something is one of up to three others."""
    several = st.lists(
        operand if options is None else options, min_size=1, max_size=3
    ).map(tuple)
    return st.builds(Membership, operand, several)


def conditions() -> Trees:
    """Return conditions of conditions."""

    def more(inner: Trees) -> Trees:
        several = st.lists(inner, min_size=2, max_size=3).map(tuple)
        joined = st.builds(Join, st.sampled_from(("and", "or")), several)
        return st.one_of(st.builds(Negation, inner), joined)

    return st.recursive(leaves(), more, max_leaves=5)
