"""The steps of a migration's upgrade after which rows may be gone or changed.

They are read from the syntax tree. What is known to keep every row is let through, and
anything else is told: what cannot be read, too.
"""

import ast
import re
from collections.abc import Collection, Iterator, Sequence

from petsage_builder.syntax import parse

# Of Alembic's operations, these keep the rows that are there.
KEEPS = frozenset(
    {
        "add_column",
        "batch_alter_table",
        "bulk_insert",
        "create_check_constraint",
        "create_exclude_constraint",
        "create_foreign_key",
        "create_index",
        "create_primary_key",
        "create_table",
        "create_table_comment",
        "create_unique_constraint",
        "drop_constraint",
        "drop_index",
        "drop_table_comment",
        "f",
    }
)
DROPS = {"drop_table": "drops the table", "drop_column": "drops the column"}
ADDS = re.compile(r"\s*INSERT\s", re.IGNORECASE)
CHANGES = re.compile(
    r"\b(ALTER|CREATE|DELETE|DROP|MERGE|REPLACE|TRUNCATE|UPDATE)\b|;\s*\S",
    re.IGNORECASE,
)
QUOTED = re.compile(r"'[^']*'")
LENGTH = re.compile(r"sa\.String\((?:length=)?(\d+)\)")
TEXT = re.compile(r"sa\.Text(\(\))?")
SHOWN = 60


def destructive_steps(migration: str) -> Iterator[str]:
    """Give each step that may cost rows, by its line, of all but the downgrade.

    `migration` is the text of its module, which imports `op` from Alembic.
    """
    tree = parse(migration)
    tree.body = [part for part in tree.body if not _is_downgrade(part)]
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.expr | ast.stmt)]
    handles = {"op", *_batches(tree)}
    called = {
        id(node.func.value)
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset)):
        if what := _harm(node, handles, called):
            yield f"line {node.lineno} {what}"


def _is_downgrade(part: ast.stmt) -> bool:
    return isinstance(part, ast.FunctionDef) and part.name == "downgrade"


def _batches(tree: ast.Module) -> Iterator[str]:
    """Give the names that `batch_alter_table` has in the migration."""
    for node in ast.walk(tree):
        match node:
            case ast.withitem(
                ast.Call(ast.Attribute(attr="batch_alter_table")), ast.Name(name)
            ):
                yield name


def _harm(node: ast.AST, handles: Collection[str], called: Collection[int]) -> str:
    """Say what a part of the code may do to rows, or nothing."""
    match node:
        case ast.Call(ast.Attribute(ast.Name(name), step)) if name in handles:
            return _harm_of_step(step, node)
        case ast.Name(name, ast.Load()) if name in handles and id(node) not in called:
            return f"hands `{name}` on: what comes of it cannot be read"
        case ast.Name("downgrade"):
            return "calls the downgrade"
        case ast.ImportFrom("alembic", names=[ast.alias("op", None)]):
            return ""
        case ast.Import(names) | ast.ImportFrom(names=names) if _is_alembic(node):
            told = ", ".join(alias.name for alias in names)
            return f"imports {told} of Alembic: what comes of it cannot be read"
    return ""


def _is_alembic(node: ast.Import | ast.ImportFrom) -> bool:
    names = [alias.name for alias in node.names]
    where = names if isinstance(node, ast.Import) else [node.module or ""]
    return any(name.partition(".")[0] == "alembic" for name in where)


def _harm_of_step(step: str, call: ast.Call) -> str:
    if step in DROPS:
        return f"{DROPS[step]} {_subject(call)}"
    if step == "execute":
        return _harm_of_sql(call.args)
    if step == "alter_column":
        return _harm_of_change(call)
    return "" if step in KEEPS else f"calls `{step}`, which cannot be judged"


def _harm_of_sql(arguments: Sequence[ast.expr]) -> str:
    match arguments:
        case [ast.Constant(str(sql))] | [
            ast.Call(ast.Attribute(attr="text"), [ast.Constant(str(sql))])
        ]:
            bare = QUOTED.sub("", sql)
            is_safe = ADDS.match(bare) and not CHANGES.search(bare)
            return "" if is_safe else f"executes {' '.join(sql.split())[:SHOWN]}"
    return "executes what cannot be read"


def _harm_of_change(call: ast.Call) -> str:
    """Say what `alter_column` may do to rows: a wider text does nothing."""
    words = {word.arg: word.value for word in call.keywords}
    subject = _subject(call)
    if "new_column_name" in words:
        return f"renames the column {subject}"
    if "type_" in words:
        old, new = (
            ast.unparse(words[word]) if word in words else "an unknown type"
            for word in ("existing_type", "type_")
        )
        if not _is_wider(old, new):
            return f"changes the type of {subject} from {old} to {new}"
    match words.get("nullable"):
        case None | ast.Constant(True):
            return ""
        case _ if "server_default" in words:
            return ""
    return f"makes {subject} required, without a default for the rows that lack it"


def _is_wider(old: str, new: str) -> bool:
    """Say whether each text of a type is one of another type too."""
    before, after = LENGTH.fullmatch(old), LENGTH.fullmatch(new)
    if before and after:
        return int(after[1]) >= int(before[1])
    return bool((before or TEXT.fullmatch(old)) and TEXT.fullmatch(new))


def _subject(call: ast.Call) -> str:
    """Return what a step is about, such as `pets.name`."""
    found = (ast.unparse(argument).strip("'") for argument in call.args)
    return ".".join(found) or "that is not named in place"
