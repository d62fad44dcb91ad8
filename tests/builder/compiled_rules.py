"""The table of rules, and what they are compiled to."""

from pathlib import Path

LINES = Path(__file__).with_suffix(".txt")


def compiled_rules() -> dict[str, list[str]]:
    """Return the rules of the table, each with what it is compiled to."""
    blocks = LINES.read_text(encoding="utf-8").split("\n\n")
    rules = [block.splitlines() for block in blocks if not block.startswith("#")]
    return {rule: texts for rule, *texts in rules}


RULES = compiled_rules()
