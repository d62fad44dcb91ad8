"""Tests of which steps of a migration are said to cost rows."""

import pytest

from petsage_builder.verify.destruction import destructive_steps

HEAD = "import sqlalchemy as sa\nfrom alembic import op\n\n\ndef upgrade():\n"
TAIL = '\n\ndef downgrade():\n    op.drop_table("pets")\n'

HARMFUL = {
    'op.drop_table("pets")': "drops the table pets",
    'op.drop_column("pets", "name")': "drops the column pets.name",
    "op.drop_table(table_name=NAME)": "drops the table that is not named in place",
    'op.rename_table("pets", "cats")': "calls `rename_table`, which cannot be judged",
    'op.execute("DELETE FROM pets")': "executes DELETE FROM pets",
    'op.execute("update pets set a = 1")': "executes update pets set a = 1",
    'op.execute(sa.text("TRUNCATE pets"))': "executes TRUNCATE pets",
    'op.execute("DROP TABLE pets")': "executes DROP TABLE pets",
    'op.execute("ALTER TABLE pets ADD a")': "executes ALTER TABLE pets ADD a",
    'op.execute("INSERT OR REPLACE INTO a VALUES (1)")': (
        "executes INSERT OR REPLACE INTO a VALUES (1)"
    ),
    'op.execute("INSERT INTO a VALUES (1); PRAGMA x")': (
        "executes INSERT INTO a VALUES (1); PRAGMA x"
    ),
    'op.execute("WITH x AS (DELETE FROM a) INSERT INTO b SELECT 1")': (
        "executes WITH x AS (DELETE FROM a) INSERT INTO b SELECT 1"
    ),
    'op.execute(f"INSERT INTO {NAME}")': "executes what cannot be read",
    "op.execute(pets.delete())": "executes what cannot be read",
    "op.get_bind().execute(X)": "calls `get_bind`, which cannot be judged",
    "tool = op": "hands `op` on: what comes of it cannot be read",
    'getattr(op, "drop_table")("a")': (
        "hands `op` on: what comes of it cannot be read"
    ),
    "downgrade()": "calls the downgrade",
    "import alembic.op": (
        "imports alembic.op of Alembic: what comes of it cannot be read"
    ),
    "from alembic import op as o": (
        "imports op of Alembic: what comes of it cannot be read"
    ),
    'op.alter_column("pets", "name", nullable=False)': (
        "makes pets.name required, without a default for the rows that lack it"
    ),
    'op.alter_column("pets", "name", nullable=WHO_KNOWS)': (
        "makes pets.name required, without a default for the rows that lack it"
    ),
    'op.alter_column("pets", "name", new_column_name="a")': (
        "renames the column pets.name"
    ),
    'op.alter_column("pets", "name", type_=sa.String(9))': (
        "changes the type of pets.name from an unknown type to sa.String(9)"
    ),
    'op.alter_column("pets", "n", existing_type=sa.String(9), type_=sa.String(8))': (
        "changes the type of pets.n from sa.String(9) to sa.String(8)"
    ),
    'op.alter_column("pets", "n", existing_type=sa.Text(), type_=sa.Integer())': (
        "changes the type of pets.n from sa.Text() to sa.Integer()"
    ),
    'with op.batch_alter_table("pets") as batch: batch.drop_column("a")': (
        "drops the column a"
    ),
    'with op.batch_alter_table("pets") as batch: batch.alter_column("a", '
    "nullable=False)": (
        "makes a required, without a default for the rows that lack it"
    ),
}
HARMLESS = [
    'op.create_table("pets", sa.Column("id", sa.Uuid))',
    'pets = op.create_table("pets")\n    op.bulk_insert(pets, [])',
    'op.add_column("pets", sa.Column("name", sa.Text))',
    'op.create_index("ix", "pets", ["name"])',
    'op.drop_index("ix", "pets")',
    "op.execute(\"INSERT INTO roles (name) SELECT 'update' WHERE 1\")",
    "op.execute(sa.text('insert into roles (name) values (1);'))",
    'op.alter_column("pets", "name", nullable=True)',
    'op.alter_column("pets", "name", nullable=False, server_default="x")',
    'op.alter_column("pets", "n", existing_type=sa.String(8), type_=sa.String(9))',
    'op.alter_column("p", "n", existing_type=sa.String(length=8), type_=sa.Text())',
    'op.alter_column("pets", "n", existing_type=sa.Text(), type_=sa.Text)',
    'with op.batch_alter_table("pets") as batch: batch.add_column(sa.Column("a"))',
]


@pytest.mark.parametrize("step", HARMFUL)
def test_a_step_that_may_cost_rows_is_told_with_its_line(step: str) -> None:
    found = list(destructive_steps(f"{HEAD}    {step}\n{TAIL}"))

    assert found == [f"line 6 {HARMFUL[step]}"]


@pytest.mark.parametrize("step", HARMLESS)
def test_a_step_that_keeps_every_row_is_let_through(step: str) -> None:
    assert list(destructive_steps(f"{HEAD}    {step}\n{TAIL}")) == []


def test_other_functions_are_read_too() -> None:
    helper = '\n\ndef clean():\n    op.drop_table("cats")\n'

    found = list(destructive_steps(f"{HEAD}    clean()\n{helper}{TAIL}"))

    assert found == ["line 10 drops the table cats"]
