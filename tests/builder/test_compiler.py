"""Tests of rules as Python and as SQLAlchemy."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

from app.core.clock import scale, shift
from petsage_builder.analyze.expressions import read_condition, read_expression
from petsage_builder.compiler import (
    Code,
    CompileError,
    criterion,
    fails,
    fields_of,
    holds,
    number_of,
    value,
)
from petsage_builder.spec.expressions import Compare, Emptiness, Expression, Field
from tests.builder.compiled_rules import RULES
from tests.builder.random_rules import conditions, numbers, spans
from tests.builder.three_values import NoNumberError, result
from tests.builder.visits import (
    ACTOR,
    EXTREME,
    MODEST,
    NAMES,
    NOW,
    SCOPE,
    Base,
    Clinic,
    Pet,
    Place,
    Sitter,
    Status,
    Visit,
    visits,
)

BOUND = {
    "utc_now": lambda: NOW,
    "timedelta": timedelta,
    "Decimal": Decimal,
    "shift": shift,
    "scale": scale,
    "actor": ACTOR,
    **{c.__name__: c for c in (Visit, Pet, Sitter, Clinic, Status, Place)},
    **{n: getattr(sqlalchemy, n) for n in ("and_", "or_", "not_", "cast", "Numeric")},
}
ROWS = list(visits(EXTREME))
often = settings(
    database=None,
    deadline=None,
    max_examples=200,
    suppress_health_check=[HealthCheck.too_slow],
)


def evaluate(code: Code, row: Visit | None = None) -> Any:  # noqa: ANN401 - of any kind
    """Return what a text makes of a row, with no other names than it says it needs."""
    bound = {name: BOUND[name] for name in code.needs}
    names = {"__builtins__": {"float": float}, "visit": row, **bound}
    return eval(code.text, names)  # noqa: S307 - the compiler wrote it


def searched(tree: Expression) -> str:
    """Return a criterion, or the refusal."""
    try:
        return f"= {criterion(tree, NAMES).text}"
    except CompileError as error:
        return f"! {error.what}" if error.accepted else "nothing is accepted"


@pytest.mark.parametrize("rule", RULES)
def test_rules_read_as_if_written_by_hand(rule: str) -> None:
    tree = read_condition(rule, SCOPE)

    assert [
        f"+ {holds(tree, NAMES).text}",
        f"- {fails(tree, NAMES).text}",
        searched(tree),
    ] == RULES[rule]


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("due_on", "visit.due_on"),
        ("pet.clinic.seats", "visit.pet.clinic.seats if C else None"),
        ("due_on + 1 weeks", "shift(visit.due_on, timedelta(days=7)) if D else None"),
        ("seats / 2", "Decimal(visit.seats) / 2"),
        ("seats * 2 > 5", "visit.seats * 2 > 5"),
        ("tip > 5", "visit.tip > 5 if visit.tip is not None else None"),
        ("not paid", "not visit.paid if visit.paid is not None else None"),
        ("tip is empty", "visit.tip is None"),
        ("place in (home, requested)", "visit.place in (A, B) if P else None"),
        (
            "paid and published",
            (
                "True if visit.paid is True and visit.published else "
                "False if visit.paid is False or not visit.published else None"
            ),
        ),
        ("tip < tip", "False if visit.tip is not None else None"),
        ("tip = tip", "True if visit.tip is not None else None"),
        ("true", "True"),
        ("0.001 minutes", "timedelta(milliseconds=60)"),
        ("today", "utc_now().date()"),
    ],
)
def test_a_value_is_none_if_it_is_unknown(rule: str, text: str) -> None:
    short = {
        "C else": "visit.pet.clinic is not None else",
        "D else": "visit.due_on is not None else",
        "P else": "visit.place is not None else",
        "(A, B)": "(Place.HOME, Place.REQUESTED)",
    }
    for letter, long in short.items():
        text = text.replace(letter, long)

    assert value(read_expression(rule, SCOPE), NAMES).text == text


@pytest.mark.parametrize(
    ("rule", "number"),
    [
        ("seats", "integer"),
        ("seats * 2", "integer"),
        ("seats * 2.5", "decimal"),
        ("seats / 2", "decimal"),
        ("price", "decimal"),
        ("price * ratio", "float"),
        ("ratio / 2", "float"),
        ("2.0", "integer"),
        ("due_on", None),
        ("published", None),
        ("1 days", None),
    ],
)
def test_numbers_are_the_widest_of_their_parts(rule: str, number: str | None) -> None:
    assert number_of(read_expression(rule, SCOPE), NAMES) == number


def test_fields_are_named_once_and_in_order() -> None:
    rule = "pet.weight > seats or not (seats in (1, price) and pet.born_on is empty)"

    assert fields_of(read_condition(rule, SCOPE)) == (
        ("pet", "weight"),
        ("seats",),
        ("price",),
        ("pet", "born_on"),
    )


def test_a_text_says_what_it_needs() -> None:
    rule = "not sitter.free is empty and (place = home or tip > 2.5) and owner = caller"
    tree = read_condition(f"{rule} and starts_at + 1 hours < now", SCOPE)
    calls = {"shift", "timedelta", "utc_now", "actor"}

    assert holds(tree, NAMES).needs == {"Place", "Decimal", *calls}
    assert criterion(tree, NAMES).needs == {
        *("Visit", "Sitter", "Place", "Decimal", "and_", "or_"),
        *calls,
    }


@pytest.mark.parametrize("sign", "+-*")
def test_a_decimal_beside_a_float_is_compared_exactly(sign: str) -> None:
    tree = read_condition(f"seats in (ratio, seats {sign} price)", SCOPE)

    for row in ROWS:
        try:
            expected = result(tree, row)
        except NoNumberError:
            continue
        assert evaluate(holds(tree, NAMES), row) == (expected is True)
        assert evaluate(fails(tree, NAMES), row) == (expected is False)


PUBLISHED = Field(("published",), "boolean")
CONDITION = Compare("=", Field(("seats",), "number"), Field(("price",), "number"))


@pytest.mark.parametrize(
    "tree", [Emptiness(CONDITION), Compare("=", CONDITION, PUBLISHED)]
)
def test_what_the_parser_refuses_is_not_compiled(tree: Expression) -> None:
    with pytest.raises(CompileError):
        holds(tree, NAMES)


@often
@given(conditions())
def test_conditions_agree_with_three_valued_logic(tree: Expression) -> None:
    true, false, known = (how(tree, NAMES) for how in (holds, fails, value))

    for row in ROWS:
        found = evaluate(true, row), evaluate(false, row), evaluate(known, row)
        try:
            expected = result(tree, row)
        except NoNumberError:
            continue
        assert found == (expected is True, expected is False, expected)


@often
@given(numbers() | spans())
def test_values_agree_with_exact_arithmetic(tree: Expression) -> None:
    code = value(tree, NAMES)

    for row in ROWS:
        found = evaluate(code, row)
        try:
            assert found == result(tree, row)
        except NoNumberError:
            continue


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """Give a database of visits."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(visits(MODEST))
        session.commit()
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def session(engine: Engine) -> Iterator[Session]:
    """Give a session in which all of them are loaded."""
    with Session(engine) as session:
        yield session


@often
@given(conditions())
def test_a_search_finds_the_rows_that_the_rule_holds_for(
    session: Session, tree: Expression
) -> None:
    try:
        found = criterion(tree, NAMES)
    except CompileError:
        return
    true = holds(tree, NAMES)
    rows = session.scalars(select(Visit)).all()

    ids = session.scalars(select(Visit.id).where(evaluate(found))).all()

    assert set(ids) == {row.id for row in rows if evaluate(true, row)}
