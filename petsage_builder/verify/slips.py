"""Ways in which a feature with data can be wrong that an audit alone has time to try.

`weaknesses` has those of which each build tries some.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial

from petsage_builder.syntax import parse, parse_expression
from petsage_builder.verify.weaknesses import Break, Weakness

# By which sign a limit lets more through.
WIDER: Mapping[str, int] = {
    "ge": -1,
    "gt": -1,
    "le": 1,
    "lt": 1,
    "min_length": -1,
    "max_length": 1,
}
REFUSALS: Mapping[str, int] = {
    "NotFoundError": 403,
    "ForbiddenError": 404,
    "ConflictError": 404,
    "InvalidError": 409,
    "UnauthenticatedError": 403,
}
ON_DELETE: Mapping[str, str] = {
    "CASCADE": "RESTRICT",
    "SET NULL": "CASCADE",
    "RESTRICT": "CASCADE",
}
TRUE = "__import__('sqlalchemy').true()"
NOT_FOUND = "__import__('app.core.errors', fromlist=['_']).NotFoundError('It', 0)"


def narrower_limit(node: ast.AST) -> tuple[str, Break] | None:
    """Refuse the last value that a limit lets through."""
    return _moved(node, -1)


def wider_limit(node: ast.AST) -> tuple[str, Break] | None:
    """Let the first value through that a limit refuses."""
    match node:
        case ast.keyword("min_length", ast.Constant(1)):
            return None  # its type refuses an empty text too
    return _moved(node, 1)


def other_divisor(node: ast.AST) -> tuple[str, Break] | None:
    """Ask for multiples of another number."""
    match node:
        case ast.keyword("multiple_of", value) if (
            number := _number(value)
        ) is not None:
            return f"not {ast.unparse(node)}", partial(_set, _more(number, 1))
    return None


def _moved(node: ast.AST, sign: int) -> tuple[str, Break] | None:
    match node:
        case ast.keyword(str(name), value) if name in WIDER:
            number = _number(value)
            if number is not None:
                other = _more(number, sign * WIDER[name])
                return f"{name}={_written(other)}, and not {number}", partial(
                    _set, other
                )
    return None


def _number(value: ast.expr) -> int | float | Decimal | None:
    """Return a number that is written out."""
    match value:
        case ast.Call(ast.Name("Decimal"), [ast.Constant(str(text))]):
            return Decimal(text)
        case ast.UnaryOp(ast.USub(), ast.Constant(int(number) | float(number))):
            return -number
        case ast.Constant(int(number) | float(number)) if not isinstance(number, bool):
            return number
    return None


def _more(number: float | Decimal, steps: int) -> float | Decimal:
    """Add steps of one, or of one of the last place of a decimal."""
    if isinstance(number, Decimal):
        return number + Decimal(steps).scaleb(int(number.as_tuple().exponent))
    return number + steps


def _written(number: float | Decimal) -> str:
    return repr(number)


def _set(number: float | Decimal, node: ast.keyword) -> None:
    node.value = _expression(_written(number))


def other_refusal(node: ast.AST) -> tuple[str, Break] | None:
    """Refuse with another status."""
    match node:
        case ast.Raise(ast.Call(ast.Name(name)) | ast.Name(name)) if name in REFUSALS:
            status = REFUSALS[name]
            return f"{name} answers {status}", partial(_refuse_with, name, status)
    return None


def _refuse_with(name: str, status: int, node: ast.Raise) -> None:
    members = f"{{'status': __import__('http').HTTPStatus({status})}}"
    other = _expression(f"type('{name}', ({name},), {members})")
    if isinstance(node.exc, ast.Call):
        node.exc.func = other
    else:
        node.exc = other


def told_of(node: ast.AST) -> tuple[str, Break] | None:
    """Forbid what nobody should learn of: 403, and not 404."""

    def forbid(node: ast.Call) -> None:
        visible, permitted = _asked(node)
        both = f"({visible}) & ({permitted})" if permitted else visible
        _ask(node, TRUE, both)

    match node:
        case ast.Call(ast.Name("find")) if _is_some(_asked(node)[0]):
            return f"{_asked(node)[0]} is forbidden, and not hidden", forbid
    return None


def untold(node: ast.AST) -> tuple[str, Break] | None:
    """Hide what is to be forbidden: 404, and not 403."""

    def hide(node: ast.Call) -> None:
        visible, permitted = _asked(node)
        _ask(node, f"({visible}) & ({permitted})", "")

    def raise_other(node: ast.Expr) -> None:
        assert isinstance(node.value, ast.Call)  # noqa: S101 - as it was matched
        condition = ast.unparse(node.value.args[0])
        raised = f"(_ for _ in ()).throw({NOT_FOUND})"
        node.value = _expression(f"({condition}) or {raised}")

    match node:
        case ast.Call(ast.Name("find")) if _is_some(_asked(node)[1]):
            return f"{_asked(node)[1]} is hidden, and not forbidden", hide
        case ast.Expr(ast.Call(ast.Name("forbid_unless"), [condition])):
            return f"{ast.unparse(condition)} is hidden, and not forbidden", raise_other
    return None


def _asked(node: ast.Call) -> tuple[str, str]:
    """Return what `find` asks of a row: to be seen, and to be changed."""
    asked = {word.arg: ast.unparse(word.value) for word in node.keywords}
    return asked.get("visible", ""), asked.get("permitted", "")


def _ask(node: ast.Call, visible: str, permitted: str) -> None:
    others = [w for w in node.keywords if w.arg not in {"visible", "permitted"}]
    asked = {"visible": visible, "permitted": permitted}
    node.keywords = [
        *(ast.keyword(name, _expression(text)) for name, text in asked.items() if text),
        *others,
    ]


def _is_some(condition: str) -> bool:
    return bool(condition) and condition != "true()"


def other_cascade(node: ast.AST) -> tuple[str, Break] | None:
    """Do something else with the rows of a row that is deleted."""

    def replace(node: ast.keyword) -> None:
        assert isinstance(node.value, ast.Constant)  # noqa: S101 - as it was matched
        node.value = ast.Constant(ON_DELETE[str(node.value.value)])

    match node:
        case ast.keyword("ondelete", ast.Constant(str(text))) if text in ON_DELETE:
            return f"{ON_DELETE[text]}, and not {text}", replace
    return None


def no_rule_of_rows(node: ast.AST) -> tuple[str, Break] | None:
    """Leave out a constraint: rows may be alike, or break a rule."""

    def always(node: ast.Call) -> None:
        assert isinstance(node.func, ast.Attribute)  # noqa: S101 - as it was matched
        node.func.attr = "CheckConstraint"
        node.args = [ast.Constant("1 = 1")]
        node.keywords = [word for word in node.keywords if word.arg == "name"]

    def leave_out(node: ast.Expr) -> None:
        node.value = ast.Constant(None)

    def any_rows(node: ast.keyword) -> None:
        node.value = ast.Constant(value=False)

    match node:
        case ast.Call(ast.Attribute(_, "UniqueConstraint" | "CheckConstraint")):
            return f"no {ast.unparse(node)}", always
        case ast.Expr(ast.Call(ast.Attribute(_, name))) if name in {
            "create_unique_constraint",
            "create_check_constraint",
        }:
            return f"no {ast.unparse(node)}", leave_out
        case ast.keyword("unique", ast.Constant(True)):
            return "rows may be alike", any_rows
    return None


def leaks(modules: Mapping[str, str]) -> Iterator[Weakness]:
    """Give how an answer can show a column that it hides.

    `modules` (path -> source) are those of the tables and of the models of a feature.
    An answer is known by its name, which begins with that of its table.
    """
    classes = [
        node
        for source in modules.values()
        for node in parse(source).body
        if isinstance(node, ast.ClassDef)
    ]
    tables = {node.name: columns for node in classes if (columns := _columns(node))}
    for node in classes:
        own = [name for name in tables if re.match(f"{name}(?![a-z])", node.name)]
        if own and any(ast.unparse(base) == "Output" for base in node.bases):
            shown = set(_fields(node))
            for column in tables[max(own, key=len)]:
                if column not in shown:
                    yield _leak(node.name, column)


def _leak(answer: str, column: str) -> Weakness:
    def leaked_column(node: ast.AST) -> tuple[str, Break] | None:
        def show(node: ast.ClassDef) -> None:
            node.body += parse(f"{column}: object").body

        match node:
            case ast.ClassDef(name) if name == answer:
                return f"{answer} shows {column}", show
        return None

    return leaked_column


def _columns(node: ast.ClassDef) -> list[str]:
    """Return the columns that a table declares."""
    return [
        name
        for name, field in _fields(node).items()
        if ast.unparse(field.annotation).startswith("Mapped[")
        and not (field.value and ast.unparse(field.value).startswith("relationship("))
    ]


def _fields(node: ast.ClassDef) -> dict[str, ast.AnnAssign]:
    return {
        field.target.id: field
        for field in node.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
    }


def _expression(text: str) -> ast.expr:
    return parse_expression(text)


SLIPS: Mapping[str, tuple[Weakness, ...]] = {
    "service": (other_refusal, told_of, untold),
    "models": (narrower_limit, wider_limit, other_divisor),
    "migrations": (other_cascade, no_rule_of_rows),
}
