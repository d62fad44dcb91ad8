"""Rules as Python, over rows that are loaded."""

from collections.abc import Iterable, Iterator

from petsage_builder.compiler.pieces import (
    FALSE,
    NONE,
    TRUE,
    Code,
    Level,
    Names,
    Piece,
    chain,
    infix,
    listed,
    needed,
)
from petsage_builder.compiler.trees import fields_in, settled
from petsage_builder.compiler.values import spelled, together, wider
from petsage_builder.spec.expressions import (
    Compare,
    Constant,
    Emptiness,
    Expression,
    Field,
    Join,
    Membership,
    Negation,
)


def holds(tree: Expression, names: Names) -> Code:
    """Return a Python condition that is true exactly if the rule is true."""
    return _condition(tree, names, wanted=True).code


def fails(tree: Expression, names: Names) -> Code:
    """Return a Python condition that is true exactly if the rule is false.

    A rule over something empty is neither: it is unknown, as in SQL.
    """
    return _condition(tree, names, wanted=False).code


def value(tree: Expression, names: Names) -> Code:
    """Return a Python expression of what the rule makes, or None if it is unknown."""
    if isinstance(tree, Field):
        return _if_filled(names[tree.path].guards, spelled(tree, names)).code
    if tree.kind == "boolean" and not isinstance(tree, Constant):
        return _truth(tree, names).code
    return _if_filled(_gaps(tree, names), spelled(tree, names)).code


def _truth(tree: Expression, names: Names) -> Piece:
    """Return a condition as a value, which is None if it is unknown."""
    rule, denial = settled(tree, wanted=True), settled(tree, wanted=False)
    true, false = (_all((each,), names, frozenset()) for each in (rule, denial))
    gaps = _gaps(tree, names)
    leaf = rule.operand if isinstance(rule, Negation) else rule
    never_unknown = (
        isinstance(leaf, Emptiness) and settled(rule, wanted=False) == denial
    )
    if not gaps or never_unknown:
        return true
    if isinstance(leaf, Membership):
        leaf = leaf.operand
    if isinstance(leaf, Join | Emptiness) or gaps != _gaps(leaf, names):
        return _choice(true, TRUE, _choice(false, FALSE, NONE))
    return _if_filled(gaps, _all((rule,), names, frozenset(gaps)))


def _if_filled(gaps: Iterable[str], piece: Piece) -> Piece:
    return _choice(chain("and", tuple(_filled(gaps))), piece, NONE)


def _choice(condition: Piece, piece: Piece, otherwise: Piece) -> Piece:
    if condition in (TRUE, FALSE):
        return piece if condition == TRUE else otherwise
    text = f"{piece.at(Level.OR)} if {condition.at(Level.OR)} else {otherwise.text}"
    return Piece(text, Level.CHOICE, needed((condition, piece, otherwise)))


def _filled(gaps: Iterable[str]) -> Iterator[Piece]:
    for gap in gaps:
        yield Piece(f"{gap} is not None", Level.COMPARE)


def _gaps(tree: Expression, names: Names) -> tuple[str, ...]:
    """Return every expression that is None if something in the rule is empty."""
    found = (gap for field in fields_in(tree) for gap in names[field.path].gaps)
    return tuple(dict.fromkeys(found))


def _condition(tree: Expression, names: Names, *, wanted: bool) -> Piece:
    return _all((settled(tree, wanted=wanted),), names, frozenset())


def _all(rules: tuple[Expression, ...], names: Names, known: frozenset[str]) -> Piece:
    """Return conditions that all hold; `known` are expressions that are not None."""
    parts: list[Piece] = []
    for rule in rules:
        match _divided(rule, names):
            case Join(operator, operands):
                joined = _all if operator == "and" else _any
                parts.append(joined(operands, names, known))
            case _:
                gaps, piece = _leaf(rule, names, known)
                parts += _filled(gap for gap in gaps if gap not in known)
                parts.append(piece)
                known |= set(gaps)
    return chain("and", tuple(parts))


def _divided(rule: Expression, names: Names) -> Expression:
    """Return a comparison with each option if a float is among decimals.

    Listed together, all decimals would be floats, which are less exact.
    """
    match rule:
        case Membership(one, others) if _are_unlike(one, others, names):
            return Join("or", tuple(Compare("=", one, other) for other in others))
        case Negation(Membership(one, others)) if _are_unlike(one, others, names):
            return Join("and", tuple(Compare("!=", one, other) for other in others))
        case _:
            return rule


def _are_unlike(one: Expression, others: Iterable[Expression], names: Names) -> bool:
    return {"float", "decimal"} <= {wider((one, other), names) for other in others}


def _any(rules: tuple[Expression, ...], names: Names, known: frozenset[str]) -> Piece:
    """Return conditions of which any holds; after `x is None`, x is not None."""
    parts: list[Piece] = []
    for rule in _empty_first(rules):
        parts.append(_all((rule,), names, known))
        if isinstance(rule, Emptiness):
            known |= set(_gaps(rule, names))
    return chain("or", tuple(parts))


def _empty_first(rules: tuple[Expression, ...]) -> list[Expression]:
    """Ask first whether a field is empty if another condition reads it."""
    first = [
        rule
        for index, rule in enumerate(rules)
        if isinstance(rule, Emptiness)
        and any(set(fields_in(rule)) & set(fields_in(r)) for r in rules[:index])
    ]
    return [*first, *(rule for rule in rules if rule not in first)]


def _leaf(
    rule: Expression, names: Names, known: frozenset[str]
) -> tuple[tuple[str, ...], Piece]:
    """Return what must not be None, and a condition that may read it."""
    match rule:
        case Field() | Negation(Field()):
            return _flag(rule, names, known)
        case Emptiness():
            gaps = [gap for gap in _gaps(rule, names) if gap not in known]
            empty = [Piece(f"{gap} is None", Level.COMPARE) for gap in gaps]
            return (), chain("or", tuple(empty))
        case Negation(Emptiness()):
            return _gaps(rule, names), TRUE
        case Membership():
            return _membership(rule, names, known)
        case Compare("=", left, right):
            return _equality(left, right, names)
        case _:
            return _gaps(rule, names), _difference(rule, names)


def _difference(rule: Expression, names: Names) -> Piece:
    match rule:
        case Compare(operator, left, right):
            one, other = together((left, right), names)
            return infix(one, operator, other, Level.COMPARE)
        case Negation(Membership(operand, options)):
            one, *others = together((operand, *options), names)
            return infix(one, "not in", listed(others, "()"), Level.COMPARE)
        case _:
            return spelled(rule, names)


def _flag(
    rule: Field | Negation, names: Names, known: frozenset[str]
) -> tuple[tuple[str, ...], Piece]:
    """Return a field that is true, or false, and not empty."""
    attribute = names[next(fields_in(rule)).path]
    wanted = isinstance(rule, Field)
    if attribute.optional and attribute.python not in known:
        text = f"{attribute.python} is {wanted}"
        return attribute.guards, Piece(text, Level.COMPARE)
    if wanted:
        return attribute.guards, Piece(attribute.python)
    return attribute.guards, Piece(f"not {attribute.python}", Level.NOT)


def _equality(
    left: Expression, right: Expression, names: Names
) -> tuple[tuple[str, ...], Piece]:
    """Let one side be None: it does not equal the other then, which is not."""
    one, other = together((left, right), names)
    gaps = (*_gaps(left, names), *_gaps(right, names))
    for side, piece in ((left, one), (right, other)):
        if _nullable(side, piece, names) and gaps.count(piece.text) == 1:
            rest = tuple(gap for gap in gaps if gap != piece.text)
            return rest, infix(one, "==", other, Level.COMPARE)
    return gaps, infix(one, "==", other, Level.COMPARE)


def _nullable(tree: Expression, piece: Piece, names: Names) -> str | None:
    """Return the piece if it is a field as it stands, which may be None."""
    if not isinstance(tree, Field):
        return None
    attribute = names[tree.path]
    is_itself = attribute.optional and piece.text == attribute.python
    return piece.text if is_itself else None


def _membership(
    rule: Membership, names: Names, known: frozenset[str]
) -> tuple[tuple[str, ...], Piece]:
    """Compare at once with what can be read, and with the rest one by one."""
    operand, options = rule.operand, rule.options
    one, *others = together((operand, *options), names)
    gaps = [
        set(_gaps(option, names)) - known - {_nullable(option, piece, names)}
        for option, piece in zip(options, others, strict=True)
    ]
    if any(gaps):
        rest = [option for option, gap in zip(options, gaps, strict=True) if gap]
        plain = tuple(option for option in options if option not in rest)
        first = [Membership(operand, plain)] if plain else []
        each = (Compare("=", operand, option) for option in rest)
        return (), _any((*first, *each), names, known)
    if len(options) == 1:
        return _equality(operand, options[0], names)
    found = infix(one, "in", listed(others, "()"), Level.COMPARE)
    if any(set(_gaps(option, names)) - known for option in options):
        return _gaps(operand, names), found
    own = _nullable(operand, one, names)
    return tuple(gap for gap in _gaps(operand, names) if gap != own), found
