"""Words in the forms that code, paths and sentences have."""

import hashlib

LONGEST_IDENTIFIER = 63  # what PostgreSQL takes


def label(name: str) -> str:
    """Return a name as a sentence has it."""
    return name.replace("_", " ")


def camel(name: str) -> str:
    """Return a name as a class has it; `in-progress` and `in_progress` are one."""
    return "".join(part[:1].upper() + part[1:] for part in _words(name))


def path(name: str) -> str:
    """Return a name as a URL's path has it."""
    return "/" + name.replace("_", "-")


def member(word: str) -> str:
    """Return a word as the name of an enum's member."""
    name = "_".join(_words(word)).upper()
    return name if name[0].isalpha() else f"VALUE_{name}"


def article(words: str) -> str:
    """Return words with the article that they are heard with."""
    heard_as_y = ("uni", "use", "usa", "uu", "url", "eu", "ute", "one")
    vowel = words[0].lower() in "aeiou" and not words.lower().startswith(heard_as_y)
    return f"{'an' if vowel else 'a'} {words}"


def plural_of(name: str) -> str:
    """Return the plural of an English noun in snake_case, if it is a regular one."""
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    if name.endswith(("s", "x", "z", "ch", "sh")):
        return f"{name}es"
    return f"{name}s"


def singular_of(name: str) -> str:
    """Return the noun whose plural this is, or the name itself."""
    for end, single in (("ies", "y"), ("es", ""), ("s", "")):
        noun = name.removesuffix(end) + single
        if name.endswith(end) and plural_of(noun) == name:
            return noun
    return name


def one_of(role: str, name: str, plural: str | None) -> str:
    """Return one of the rows that a link has: by their own name, or by its role."""
    return name if role == (plural or plural_of(name)) else singular_of(role)


def sentence(text: str) -> str:
    """Return a text as a sentence: a capital first, a full stop last."""
    text = " ".join(text.split())
    closed = text if text.endswith((".", "!", "?")) else f"{text}."
    return closed[:1].upper() + closed[1:]


def joined(words: list[str], last: str = "and") -> str:
    """Return words as a sentence lists them."""
    if len(words) < 2:  # noqa: PLR2004 - one needs no conjunction
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def identifier(name: str) -> str:
    """Return a name that PostgreSQL takes whole: a longer one ends in a digest."""
    if len(name) <= LONGEST_IDENTIFIER:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: LONGEST_IDENTIFIER - 9]}_{digest}"


def _words(name: str) -> list[str]:
    return [part for part in name.replace("-", "_").split("_") if part]
