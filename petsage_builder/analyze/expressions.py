"""Read a rule: `ends_at > starts_at and status in (requested, confirmed)`.

    either     = both { "or" both }
    both       = denial { "and" denial }
    denial     = ["not"] comparison
    comparison = sum [ operator sum | ["not"] "in" "(" sum { "," sum } ")"
                     | "is" ["not"] "empty" ]
    sum        = product { ("+" | "-") product }
    product    = value { ("*" | "/") value }
    value      = number [unit] | "text" | path | today | now | caller | true | false
               | "(" either ")"

Every part has a kind, and only parts whose kinds fit can be put together. Nothing of
this is ever evaluated from text: what comes out is a tree.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NoReturn, get_args

from petsage_builder.analyze.tokens import (
    RESERVED,
    UNITS,
    ExpressionError,
    Token,
    duration,
    tokens_of,
)
from petsage_builder.spec.expressions import (
    Arithmetic,
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
from petsage_builder.wording import article

ORDERED = frozenset({"number", "date", "time", "datetime", "duration"})
# (left, operator, right) -> what they make.
SUMS: Mapping[tuple[Kind, str, Kind], Kind] = {
    **{("number", sign, "number"): "number" for sign in "+-*/"},
    **{("duration", sign, "duration"): "duration" for sign in "+-"},
    **{(moment, "+", "duration"): moment for moment in ("date", "datetime")},
    **{(moment, "-", "duration"): moment for moment in ("date", "datetime")},
    **{(moment, "-", moment): "duration" for moment in ("date", "datetime")},
    ("duration", "*", "number"): "duration",
    ("number", "*", "duration"): "duration",
}
MAX_NESTING = 20
NOT_ZERO = (
    "a number other than 0, or a field that its bounds keep from it, such as ge: 1 or "
    "gt: 0 (a default that is copied or calculated is not held to them)"
)
NO_CONDITION = "a field, or true and false; conditions are joined by and, or, not"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a rule may speak of: fields by path, and the words that enums have.

    `never_zero` are the numbers among them that may divide others.
    """

    fields: Mapping[str, Kind]
    enums: Mapping[str, Sequence[str]] = field(default_factory=dict)
    never_zero: frozenset[str] = frozenset()

    @property
    def words(self) -> frozenset[str]:
        """Return the words of all enums."""
        return frozenset(word for words in self.enums.values() for word in words)


def read_condition(text: str, scope: Scope) -> Expression:
    """Return a condition, or raise `ExpressionError`."""
    found = read_expression(text, scope)
    if found.kind != "boolean":
        what = f"is a {found.kind}, and no condition"
        raise ExpressionError(what, "something that holds or does not, such as a > b")
    return found


def read_expression(text: str, scope: Scope) -> Expression:
    """Return the tree of a rule, or raise `ExpressionError`."""
    parser = _Parser(text, scope)
    found = parser.either()
    parser.end()
    return found


class _Parser:
    """Reads token after token; each method is one line of the grammar."""

    def __init__(self, text: str, scope: Scope) -> None:
        self._tokens = tokens_of(text)
        self._scope = scope
        self._next = 0
        self._nesting = 0
        for token in self._tokens:
            if token.type == "wrong":
                self._refuse(token, "a name, a value or an operator")

    def end(self) -> None:
        """Refuse what is left over."""
        if token := self._peek():
            self._refuse(token, "and, or, an operator, or nothing more")

    def either(self) -> Expression:
        """Read conditions of which any must hold."""
        return self._join("or", self._both)

    def _both(self) -> Expression:
        return self._join("and", self._denial)

    def _join(self, word: str, part: Callable[[], Expression]) -> Expression:
        operands = [part()]
        while self._take(word):
            operands.append(part())
        if len(operands) == 1:
            return operands[0]
        for operand in operands:
            self._require(operand, "boolean", word)
        return Join("or" if word == "or" else "and", tuple(operands))

    def _denial(self) -> Expression:
        if not self._take("not"):
            return self._comparison()
        return Negation(self._require(self._comparison(), "boolean", "not"))

    def _comparison(self) -> Expression:
        left = self._sum()
        if self._take("is"):
            negated = self._take("not")
            self._expect("empty")
            if _is_condition(left):
                raise ExpressionError("a condition is never empty", NO_CONDITION)
            found: Expression = Emptiness(left)
            return Negation(found) if negated else found
        if self._take("not"):
            self._expect("in")
            return Negation(self._membership(left))
        if self._take("in"):
            return self._membership(left)
        token = self._peek()
        sign = "=" if token and token.text == "==" else token.text if token else ""
        for operator in get_args(Comparison):
            if token and token.type == "sign" and sign == operator:
                self._next += 1
                return self._compare(operator, left, self._sum())
        return left

    def _compare(
        self, operator: Comparison, left: Expression, right: Expression
    ) -> Expression:
        self._match(left, right, operator)
        if operator not in ("=", "!=") and left.kind not in ORDERED:
            what = f"{article(left.kind)} is neither less nor more than another"
            raise ExpressionError(what, "= or !=")
        return Compare(operator, left, right)

    def _membership(self, operand: Expression) -> Expression:
        self._expect("(")
        options = [self._sum()]
        while self._take(","):
            options.append(self._sum())
        self._expect(")")
        for option in options:
            self._match(operand, option, "in")
        return Membership(operand, tuple(options))

    def _sum(self) -> Expression:
        return self._calculate(("+", "-"), self._product)

    def _product(self) -> Expression:
        return self._calculate(("*", "/"), self._value)

    def _calculate(
        self, operators: tuple[Arithmetic, ...], part: Callable[[], Expression]
    ) -> Expression:
        left = part()
        while operator := next((o for o in operators if self._take(o)), None):
            right = part()
            kind = SUMS.get((left.kind, operator, right.kind))
            if kind is None:
                what = f"{left.kind} {operator} {right.kind} makes no sense"
                accepted = "numbers, durations, or a date + a duration"
                raise ExpressionError(what, accepted)
            if operator == "/" and not self._is_never_zero(right):
                raise ExpressionError("divides by what can be zero", NOT_ZERO)
            left = Calculate(operator, left, right, kind)
        return left

    def _is_never_zero(self, divisor: Expression) -> bool:
        match divisor:
            case Constant(value):
                return value != 0
            case Field(path):
                return ".".join(path) in self._scope.never_zero
        return False

    def _value(self) -> Expression:
        token = self._peek()
        if token is None:
            raise ExpressionError("ends too early", "a name or a value")
        self._next += 1
        match token.type:
            case "number":
                return self._number(Decimal(token.text))
            case "text":
                return Constant(token.text, "text")
            case "word" if token.text not in RESERVED:
                return self._word(token)
            case "sign" if token.text == "(":
                return self._nested()
            case "sign" if token.text == "-":
                value = self._value()
                if isinstance(value, Constant) and isinstance(value.value, Decimal):
                    return Constant(-value.value, "number")
        return self._refuse(token, "a name or a value")

    def _nested(self) -> Expression:
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise ExpressionError(
                "is nested too deeply", f"at most {MAX_NESTING} levels"
            )
        found = self.either()
        self._expect(")")
        self._nesting -= 1
        return found

    def _number(self, number: Decimal) -> Expression:
        token = self._peek()
        if token and token.text in UNITS:
            self._next += 1
            return Constant(duration(number, token.text), "duration")
        return Constant(number, "number")

    def _word(self, token: Token) -> Expression:
        match token.text:
            case "true" | "false":
                return Constant(token.text == "true", "boolean")
            case "now":
                return Moment("now", "datetime")
            case "today":
                return Moment("today", "date")
            case "caller":
                return Caller()
            case name if name in self._scope.fields:
                return Field(tuple(name.split(".")), self._scope.fields[name])
            case word if word in self._scope.words:
                return Constant(word, "text")
        what = f"{token.text!r} at character {token.at} is no field, and no known word"
        raise ExpressionError(what, ", ".join(self._scope.fields), token.text)

    def _match(self, left: Expression, right: Expression, operator: str) -> None:
        if left.kind != right.kind:
            what = (
                f"{article(left.kind)} {operator} {article(right.kind)} makes no sense"
            )
            raise ExpressionError(what, "two values of one kind")
        if _is_condition(left) or _is_condition(right):
            raise ExpressionError("a condition is compared", NO_CONDITION)
        for one, other in ((left, right), (right, left)):
            self._match_word(one, other)

    def _match_word(self, enum: Expression, word: Expression) -> None:
        if not isinstance(enum, Field) or not isinstance(word, Constant):
            return
        name = ".".join(enum.path)
        known = self._scope.enums.get(name)
        if known is not None and word.value not in known:
            what = f"{name} is never {str(word.value)!r}"
            raise ExpressionError(what, ", ".join(known), str(word.value))

    def _require(self, operand: Expression, kind: Kind, word: str) -> Expression:
        if operand.kind != kind:
            what = f"`{word}` stands beside a {operand.kind}"
            raise ExpressionError(what, "a condition, such as a > b")
        return operand

    def _peek(self) -> Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take(self, text: str) -> bool:
        token = self._peek()
        found = token is not None and token.type != "text" and token.text == text
        self._next += found
        return found

    def _expect(self, text: str) -> None:
        if not self._take(text):
            token = self._peek()
            if token is None:
                raise ExpressionError("ends too early", f"`{text}`")
            self._refuse(token, f"`{text}`")

    def _refuse(self, token: Token, accepted: str) -> NoReturn:
        what = f"{token.text!r} at character {token.at} cannot stand there"
        raise ExpressionError(what, accepted)


def _is_condition(found: Expression) -> bool:
    return found.kind == "boolean" and not isinstance(found, Field | Constant)
