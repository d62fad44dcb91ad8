"""What the rules of a resource want of the rows that it belongs to."""

from collections.abc import Container, Iterator

from petsage_builder.analyze.tokens import RESERVED, Token, tokens_of


def demands_of(text: str, own: Container[str]) -> Iterator[tuple[str, str]]:
    """Give each part of a rule that speaks of one parent alone, as the parent says it.

    With it comes the parent's role: `visit.pet.species = dog and x > 1` is one demand,
    `pet.species = dog` of `visit`. `own` are the names of the resource itself.
    """
    for part in _parts(tokens_of(text)):
        words = [t.text for t in part if t.type == "word" and t.text not in RESERVED]
        roles = {word.partition(".")[0] for word in words if "." in word}
        is_alone = not any(word in own or word == "caller" for word in words)
        if len(roles) == 1 and is_alone:
            role = roles.pop()
            yield role, " ".join(_said(token, role) for token in part)


def _parts(tokens: list[Token]) -> Iterator[list[Token]]:
    """Give the parts that must all be true; the whole if one of some is enough."""
    depth = 0
    parts: list[list[Token]] = [[]]
    for token in tokens:
        depth += {"(": 1, ")": -1}.get(token.text, 0) if token.type == "sign" else 0
        if not depth and token.type == "word" and token.text == "or":
            yield tokens
            return
        if not depth and token.type == "word" and token.text == "and":
            parts.append([])
        else:
            parts[-1].append(token)
    yield from parts


def _said(token: Token, role: str) -> str:
    if token.type == "text":
        return f'"{token.text}"'
    return token.text.removeprefix(f"{role}.") if token.type == "word" else token.text
