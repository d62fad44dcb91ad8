"""Whether a feature leaves the rest of a backend alone: only then may old proofs count.

What a test of another part shows depends on the files of that part, and on what other
code does to it. A feature can only do something to other code while it is imported,
or by its migrations, or when somebody calls it. So its modules are read, as text: each
may import, and define names of its own with what is known to touch nothing else; a
migration may make and take tables of its own, and add roles.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping

from petsage_builder.syntax import parse

# What is called while a module of a feature is imported, by its full name.
HARMLESS = frozenset(
    {
        "app.core.decimals.Exact",
        "app.core.models.not_after",
        "app.core.models.not_before",
        "app.core.tables.ExactDecimal",
        "app.core.tables.ScalarList",
        "datetime.date.fromisoformat",
        "datetime.datetime.fromisoformat",
        "datetime.datetime.now",
        "datetime.time.fromisoformat",
        "datetime.timedelta",
        "decimal.Decimal",
        "fastapi.APIRouter",
        "fastapi.Depends",
        "fastapi.Query",
        "logging.getLogger",
        "pydantic.ConfigDict",
        "pydantic.Field",
        "sqlalchemy.CheckConstraint",
        "sqlalchemy.Column",
        "sqlalchemy.Computed",
        "sqlalchemy.ForeignKey",
        "sqlalchemy.Index",
        "sqlalchemy.JSON",
        "sqlalchemy.Numeric",
        "sqlalchemy.String",
        "sqlalchemy.Table",
        "sqlalchemy.UniqueConstraint",
        "sqlalchemy.orm.joinedload",
        "sqlalchemy.orm.mapped_column",
        "sqlalchemy.orm.relationship",
        "sqlalchemy.orm.selectinload",
        "uuid.UUID",
    }
)
# What changes the class at the other end of a relationship.
MUTUAL = frozenset({"backref"})
ROUTES = frozenset({"delete", "get", "patch", "post", "put"})
LOADING = frozenset({"joinedload", "selectinload"})  # after one of their kind
OWN_TABLES = frozenset(
    {"bulk_insert", "create_index", "create_table", "drop_index", "drop_table"}
)
NEW_ROLE = "INSERT INTO roles "


def touched(files: Mapping[str, bytes]) -> Iterator[str]:
    """Give what the modules of a feature (path -> content) may do to others, by place.

    Nothing is given if they leave everything else as it is.
    """
    for path, content in sorted(files.items()):
        if not path.endswith(".py") or path.startswith("tests/"):
            continue
        try:
            tree = parse(content)
        except (SyntaxError, ValueError):
            yield f"{path}: it is no Python"
            continue
        is_migration = path.startswith("migrations/")
        found = _migration(tree) if is_migration else _module(tree)
        yield from (f"{path}:{node.lineno}: {what}" for node, what in found)


Finding = tuple[ast.stmt | ast.expr, str]


def _module(tree: ast.Module) -> Iterator[Finding]:
    names = dict(_imported(tree))
    own = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    yield from _body(tree.body, names, own)


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Give each imported name of a module, and what that is in full."""
    for node in tree.body:
        match node:
            case ast.Import(aliases):
                for alias in aliases:
                    first = alias.name.partition(".")[0]
                    yield alias.asname or first, alias.name if alias.asname else first
            case ast.ImportFrom(module=str(module), names=aliases, level=0):
                for alias in aliases:
                    yield alias.asname or alias.name, f"{module}.{alias.name}"


def _body(
    body: Iterable[ast.stmt], names: Mapping[str, str], own: set[str]
) -> Iterator[Finding]:
    """Give what a module, or a class, does beside defining its own names."""
    for node in body:
        match node:
            case ast.ImportFrom() | ast.Import():
                pass
            case ast.Expr(ast.Constant()) | ast.Pass():
                pass
            case ast.Expr(
                ast.Call(ast.Attribute(ast.Name("router"), "include_router"))
            ):
                pass
            case ast.Assign([ast.Name()], value) | ast.AnnAssign(ast.Name(), _, value):
                yield from _value(value, names)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from _function(node, names)
            case ast.ClassDef(_, bases, [], class_body, []):
                for base in bases:
                    yield from _value(base, names)
                yield from _body(class_body, names, own)
            case _:
                yield node, "does more than to define a name"


def _function(
    node: ast.FunctionDef | ast.AsyncFunctionDef, names: Mapping[str, str]
) -> Iterator[Finding]:
    for decorator in node.decorator_list:
        match decorator:
            case ast.Name("property"):
                pass
            case ast.Call(ast.Attribute(ast.Name("router"), method)) if (
                method in ROUTES
            ):
                pass
            case _:
                yield decorator, "decorates with something that is not known"
    for default in (*node.args.defaults, *node.args.kw_defaults):
        yield from _value(default, names)


def _value(value: ast.expr | None, names: Mapping[str, str]) -> Iterator[Finding]:
    """Give each call in a value of which it is not known that it touches nothing."""
    for node in ast.walk(value) if value else ():
        match node:
            case ast.Call(ast.Attribute(ast.Call(), name)) if name in LOADING:
                pass
            case ast.Call(function, _, keywords):
                full = _full(function, names)
                if full not in HARMLESS:
                    yield node, f"calls {full}, of which nothing is known"
                elif MUTUAL.intersection(k.arg or "" for k in keywords):
                    yield node, "changes the other side of a relationship"
            case ast.NamedExpr() | ast.Await() | ast.Yield() | ast.YieldFrom():
                yield node, "does more than to make a value"


def _full(function: ast.expr, names: Mapping[str, str]) -> str:
    first, dot, rest = ast.unparse(function).partition(".")
    return f"{names.get(first, first)}{dot}{rest}"


def _migration(tree: ast.Module) -> Iterator[Finding]:
    """Give what a migration does beside making, and taking, its own tables."""
    names = dict(_imported(tree))
    own = {_text(call.args[0]) for _, call in _made(tree)}
    own |= {name for name, _ in _made(tree)}
    own.discard("")
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Attribute(ast.Name("op"), "execute"), [statement]):
                if not _text(statement).startswith(NEW_ROLE):
                    yield node, "runs a statement that is not known"
            case ast.Call(ast.Attribute(ast.Name("op"), method), arguments):
                if method not in OWN_TABLES or not own.intersection(
                    map(_text, arguments[:2])
                ):
                    yield node, f"{method} of a table that is not its own"
            case ast.Call(function):
                full = _full(function, names)
                if full not in HARMLESS and not full.startswith("sqlalchemy."):
                    yield node, f"calls {full}, of which nothing is known"


def _made(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Give each call that makes a table, and the name of its result."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign([ast.Name(name)], ast.Call() as call):
                pass
            case ast.Expr(ast.Call() as call):
                name = ""
            case _:
                continue
        if _full(call.func, {}) == "op.create_table" and call.args:
            yield name, call


def _text(node: ast.expr) -> str:
    """Return a text, or a name, that stands in the code; nothing if it is more."""
    match node:
        case ast.Constant(str(text)) | ast.Name(text):
            return text
    return ""
