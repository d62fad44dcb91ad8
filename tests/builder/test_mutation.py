"""Tests of the ways in which code is broken on purpose."""

import ast

import pytest

from petsage_builder.verify.mutation import (
    Mutant,
    Place,
    _kind,
    feature_mutants,
    in_turn,
    mutants,
    resource_mutants,
)
from petsage_builder.verify.operators import GENERAL
from petsage_builder.verify.slips import SLIPS

PROBE = """
async def perform():
    async with confirmed_delivery():
        logger.info("done")
    return Response(status="ok", count=3)
"""


def test_each_way_makes_one_mutant_that_can_be_compiled() -> None:
    found = {mutant.what: mutant.text for mutant in mutants(PROBE)}

    assert list(found) == [
        "line 3: no confirmed_delivery()",
        "line 4: nothing is logged",
        "line 5: another status",
    ]
    assert "confirmed_delivery" not in found["line 3: no confirmed_delivery()"]
    assert "logger" not in found["line 4: nothing is logged"]
    assert "status='mutated'" in found["line 5: another status"]
    for text in found.values():
        ast.parse(text)
        assert text != ast.unparse(ast.parse(PROBE))


def test_what_is_no_python_has_no_mutant() -> None:
    with pytest.raises(SyntaxError):
        list(mutants("def ("))


def only(name: str, source: str) -> list[tuple[str, str]]:
    """Return what was broken in a module, and what its last line became."""
    found = resource_mutants({f"app/features/pets/{name}.py": source})
    return [(mutant.what, mutant.text.splitlines()[-1].strip()) for mutant in found]


TRUE = "__import__('sqlalchemy').true()"


@pytest.mark.parametrize(
    ("module", "source", "expected"),
    [
        (
            "service",
            "await find(session, Pet, pet_id, visible=own(actor), permitted=true())",
            [
                (
                    "line 1: visible does not ask own(actor)",
                    f"await find(session, Pet, pet_id, visible={TRUE}, "  # noqa: ISC004
                    "permitted=true())",
                )
            ],
        ),
        (
            "service",
            "select(Pet).where(own(actor))",
            [("line 1: no select(Pet).where(own(actor))", "select(Pet).where()")],
        ),
        (
            "service",
            "forbid_unless(actor.has('vet'))",
            [("line 1: no forbid_unless(actor.has('vet'))", "None")],
        ),
        (
            "service",
            "await _check_overlap_of_visits(session, visit)",
            [("line 1: no _check_overlap_of_visits(session, visit)", "None")],
        ),
        (
            "service",
            "await session.delete(pet)",
            [("line 1: nothing is deleted", "None")],
        ),
        ("service", "data.apply_to(pet)", [("line 1: nothing is changed", "None")]),
        (
            "service",
            "log_event(session, logger, 'pet.created')",
            [("line 1: nothing is logged", "None")],
        ),
        (
            "service",
            "late = end > begin",
            [
                ("line 1: end > begin is the wrong way round", "late = end <= begin"),
                ("line 1: end > begin is off by one", "late = end >= begin"),
            ],
        ),
        (
            "access",
            "def own(actor):\n    return Pet.owner_id == actor.id",
            [
                (
                    "line 2: every row, and not Pet.owner_id == actor.id",
                    f"return {TRUE}",
                )
            ],
        ),
        (
            "tables",
            "__table_args__ = (sa.UniqueConstraint('name'), sa.Index(None, 'name'))",
            [
                (
                    "line 1: rows may be alike",
                    "__table_args__ = (sa.Index(None, 'name'),)",
                )
            ],
        ),
        (
            "models",
            "Name = Annotated[Line, Field(max_length=80)]",
            [
                (
                    "line 1: not max_length=80",
                    "Name = Annotated[Line, Field(max_length=79)]",
                )
            ],
        ),
        ("models", "species: list[str] = Field(default=[], max_length=100)", []),
        (
            "router",
            "router.post('/pets/', status_code=status.HTTP_201_CREATED)",
            [
                (
                    "line 1: the status is not HTTP_201_CREATED",
                    "router.post('/pets/', status_code=status.HTTP_200_OK)",
                )
            ],
        ),
    ],
)
def test_a_module_is_broken_in_ways_of_its_own(
    module: str, source: str, expected: list[tuple[str, str]]
) -> None:
    assert only(module, source) == expected


def test_a_role_that_is_not_asked_lets_everybody_in() -> None:
    source = "def seen(actor):\n    if actor.has('vet'):\n        return true()"

    (mutant,) = resource_mutants({"app/features/visits/access.py": source})

    assert mutant.what == "line 2: actor.has('vet') is not asked"
    assert "if True:" in mutant.text


def test_a_refusal_that_never_comes() -> None:
    source = "def check(visit):\n    if visit.is_over:\n        raise Conflict"

    (mutant,) = resource_mutants({"app/features/visits/service/visits.py": source})

    assert mutant.what == "line 2: visit.is_over is not refused"
    assert "if False:" in mutant.text


def test_mutants_are_drawn_of_each_kind_in_turn_and_always_in_the_same_order() -> None:
    found = [
        Mutant("service.py", kind, f"line {line}: {kind}", "", Place("", 1, 1))
        for kind in ("no_log", "no_guard", "no_refusal")
        for line in range(10)
    ]

    chosen = in_turn(found)

    assert chosen == in_turn(found[::-1])
    assert {*map(id, chosen)} == {*map(id, found)}
    kinds = [mutant.kind for mutant in chosen]
    assert kinds == [*kinds[:3]] * 10
    assert {*kinds[:3]} == {"no_log", "no_guard", "no_refusal"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = a and b", {"x = a or b"}),
        ("x = a or not b", {"x = a and (not b)", "x = a or +bool(b)"}),
        ("x = a + b", {"x = a - b"}),
        ("x = a if b else c", {"x = a if not b else c"}),
        ("x = 7", {"x = 8"}),
        ("x = 'bird'", {"x = 'mutated'"}),
        ("x = True", {"x = False"}),
        ("def f():\n    return x", {"def f():\n    return"}),
        ("def f():\n    return None", set()),
        ("pet.add(x)", {"None"}),
        ("pet.name = x", {"_ = None"}),
    ],
)
def test_any_code_is_broken_as_mutation_tools_do_it(
    source: str, expected: set[str]
) -> None:
    assert {mutant.text for mutant in mutants(source, weaknesses=GENERAL)} == expected


@pytest.mark.parametrize(
    "source",
    [
        '"""What it is for."""',
        'def f(x: "Pet") -> "Pet":\n    pass',
        "x: Literal['a', 'b']",
        "await serialize(session, 'pets')",
        "x = Field(description='What it is.')",
    ],
)
def test_what_does_nothing_is_not_broken(source: str) -> None:
    assert list(mutants(source, weaknesses=GENERAL)) == []


def test_a_mutant_knows_the_function_and_the_lines_of_its_statement() -> None:
    source = (
        "LIMIT = 50\n\n"
        "class Pet:\n    async def feed(self):\n        if self.full(\n"
        "            1\n        ):\n            return 2\n        return 3"
    )

    found = {
        mutant.what: mutant.place for mutant in mutants(source, weaknesses=GENERAL)
    }

    assert found["line 1: 51, and not 50"] == Place("", 1, 1)
    assert found["line 6: 2, and not 1"] == Place("Pet.feed", 5, 7)
    assert found["line 8: 2 is not returned"] == Place("Pet.feed", 8, 8)


TABLES = """
class Account(Record):
    email: Mapped[str]
    secret: Mapped[str]
    grants: Mapped[list["Grant"]] = relationship(lazy="raise")
"""
MODELS = """
class AccountCreate(Input):
    secret: str

class AccountResponse(Output):
    email: str
"""


def slips(
    name: str, source: str, folder: str = "app/features/pets"
) -> set[tuple[str, str]]:
    """Return what only an audit breaks in a module, and what its last line became."""
    kinds = {weakness.__name__ for weakness in SLIPS[_kind(f"{folder}/{name}.py")]}
    found = feature_mutants({f"{folder}/{name}.py": source})
    return {
        (mutant.what.partition(": ")[2], mutant.text.splitlines()[-1].strip())
        for mutant in found
        if mutant.kind in kinds
    }


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (
            "min_length=3, max_length=80",
            {
                "min_length=2, max_length=80",
                "min_length=4, max_length=80",
                "min_length=3, max_length=79",
                "min_length=3, max_length=81",
            },
        ),
        ("default=[], max_length=9", {f"default=[], max_length={n}" for n in (8, 10)}),
        ("ge=-5", {"ge=-6", "ge=-4"}),
        ("gt=0", {"gt=-1", "gt=1"}),
        ("lt=0.5", {"lt=-0.5", "lt=1.5"}),
        ("le=Decimal('0.50')", {"le=Decimal('0.49')", "le=Decimal('0.51')"}),
        ("multiple_of=5", {"multiple_of=6"}),
    ],
)
def test_each_limit_is_off_by_one_both_ways(limits: str, expected: set[str]) -> None:
    found = feature_mutants({"app/features/pets/models.py": f"x = Field({limits})"})

    made = {mutant.text for mutant in found}
    assert made >= {f"x = Field({limits})" for limits in expected}


def test_an_empty_text_is_refused_by_its_type_too() -> None:
    assert slips("models", "x = Annotated[Text, Field(min_length=1)]") == set()


CONFLICT = (
    "type('ConflictError', (ConflictError,), "
    "{'status': __import__('http').HTTPStatus(404)})"
)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "raise ConflictError('It is over.')",
            {("ConflictError answers 404", f"raise {CONFLICT}('It is over.')")},
        ),
        ("raise ConflictError", {("ConflictError answers 404", f"raise {CONFLICT}")}),
        ("raise ValueError", set()),
        (
            "find(session, Pet, key, visible=seen, permitted=own, lock=True)",
            {
                (
                    "seen is forbidden, and not hidden",
                    f"find(session, Pet, key, visible={TRUE}, permitted=seen & own, "  # noqa: ISC004
                    "lock=True)",
                ),
                (
                    "own is hidden, and not forbidden",
                    "find(session, Pet, key, visible=seen & own, lock=True)",
                ),
            },
        ),
        ("find(session, Pet, key, visible=true())", set()),
    ],
)
def test_a_refusal_has_another_status(
    source: str, expected: set[tuple[str, str]]
) -> None:
    assert slips("service", source) == expected


def test_what_is_forbidden_is_hidden() -> None:
    ((what, text),) = slips("service", "forbid_unless(actor.has('vet'))")

    assert what == "actor.has('vet') is hidden, and not forbidden"
    assert text.startswith("actor.has('vet') or ")
    assert "NotFoundError" in text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("key(ondelete='CASCADE')", {"key(ondelete='RESTRICT')"}),
        ("key(ondelete='SET NULL')", {"key(ondelete='CASCADE')"}),
        ("key(ondelete='RESTRICT')", {"key(ondelete='CASCADE')"}),
        (
            "sa.UniqueConstraint('name', name='uq_pets')",
            {"sa.CheckConstraint('1 = 1', name='uq_pets')"},
        ),
        ("sa.CheckConstraint('a < b')", {"sa.CheckConstraint('1 = 1')"}),
        ("op.create_unique_constraint('uq_pets', 'pets', ['name'])", {"None"}),
        (
            "op.create_index('pets', unique=True)",
            {"op.create_index('pets', unique=False)"},
        ),
        ("sa.Column('name', nullable=False)", set()),
    ],
)
def test_a_migration_makes_other_tables(source: str, expected: set[str]) -> None:
    text = f"def upgrade():\n    {source}"

    found = slips("pets_1", text, "migrations/versions")

    assert {last for _, last in found} == expected


def test_what_drops_tables_is_not_broken() -> None:
    text = "def downgrade():\n    key(ondelete='CASCADE')"

    assert slips("pets_1", text, "migrations/versions") == set()


def test_a_column_that_no_answer_shows_is_leaked() -> None:
    package = "app/features/accounts"

    found = feature_mutants(
        {f"{package}/models.py": MODELS, f"{package}/tables.py": TABLES}
    )

    (leaked,) = (mutant for mutant in found if mutant.kind == "leaked_column")
    assert leaked.what == "line 5: AccountResponse shows secret"
    assert leaked.text.endswith("email: str\n    secret: object")
