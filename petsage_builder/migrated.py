"""What a built feature's migration has done already, and would do otherwise now.

A database that has run a migration does not run it again: written anew, its tables
would not be as the code says, and rows would have no place.
"""

import ast
from collections.abc import Iterator, Mapping

from petsage_builder.errors import Problem
from petsage_builder.plan import Plan, ProbePlan
from petsage_builder.syntax import parse
from petsage_builder.templates import render

RESOURCES = "requirements.resources"
ACCEPTED = (
    "what is stored as it was built; or --allow-destructive, which writes {migration} "
    "anew, for databases without it (`alembic downgrade {feature}@base` takes its "
    "tables out of one, with their rows)"
)


def rewritten(plan: Plan) -> Iterator[Problem]:
    """Give each table, column, constraint, index and row that a rebuild would change.

    There is nothing to say of a feature that was not built before, or had no tables.
    """
    names = plan.names
    path = f"migrations/versions/{names.migration}.py"
    if plan.current is None or path not in plan.current.artifacts:
        return
    old, new = _parts(plan.backend.files[path].decode()), _parts(_migration(plan))
    accepted = ACCEPTED.format(migration=names.migration, feature=names.feature)
    for part in dict.fromkeys((*old, *new)):
        before, after = old.get(part), new.get(part)
        if before != after:
            what = f"{part} {_change(before, after)}"
            yield Problem(RESOURCES, what, accepted)


def _migration(plan: Plan) -> str:
    if isinstance(plan, ProbePlan):
        return ""
    return render("resource/migration.py", **plan.context)


def _change(before: str | None, after: str | None) -> str:
    if before is None:
        return "would be new, and is not in a database that was migrated already"
    if after is None:
        return "would go"
    return f"would change: {before} -> {after}"


def _parts(migration: str) -> Mapping[str, str]:
    """Return what a migration that was generated makes, by what it is called."""
    return {
        part: text
        for node in parse(migration).body
        if isinstance(node, ast.FunctionDef) and node.name == "upgrade"
        for statement in node.body
        for part, text in _made(statement)
    }


def _made(statement: ast.stmt) -> Iterator[tuple[str, str]]:
    """Give what one statement makes, each with all that is said of it."""
    match statement:
        case ast.Expr(call) | ast.Assign(value=call):
            yield from _made_by(call)
        case _:
            yield f"the step `{ast.unparse(statement)}`", ""


def _made_by(call: ast.expr) -> Iterator[tuple[str, str]]:
    match call:
        case ast.Call(
            ast.Attribute(attr="create_table"), [ast.Constant(str(table)), *parts]
        ):
            yield f"the table {table}", ""
            yield from (_part_of(table, part) for part in parts)
        case ast.Call(
            ast.Attribute(attr="create_index"), [ast.Constant(str(name)), *parts]
        ):
            yield f"the index {name}", ", ".join(map(ast.unparse, parts))
        case ast.Call(ast.Attribute(attr="bulk_insert"), [table, rows]):
            yield f"what {ast.unparse(table)} begins with", ast.unparse(rows)
        case _:
            yield f"the step `{ast.unparse(call)}`", ""


def _part_of(table: str, part: ast.expr) -> tuple[str, str]:
    """Return a column, or a constraint by its name, with what is said of it."""
    match part:
        case ast.Call(
            ast.Attribute(attr="Column"),
            [ast.Constant(str(name)), *rest],
            keywords=words,
        ):
            told = ", ".join(map(ast.unparse, (*rest, *words)))
            return f"the column {table}.{name}", told
        case ast.Call(keywords=words):
            named = (w.value for w in words if w.arg == "name")
            name = next((ast.unparse(value).strip("'") for value in named), table)
            return f"the constraint {name}", ast.unparse(part)
    return f"the table {table}", ast.unparse(part)
