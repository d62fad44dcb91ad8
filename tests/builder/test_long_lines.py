"""Lines that are too long are divided, or say less."""

from petsage_builder.long_lines import divided


def test_a_docstring_that_is_too_long_says_less() -> None:
    names = "expense reports of one cost centre"
    told = f'    """Return a page of the {names} that the actor may see."""\n'
    long = f'    """Return a page of the {names} of one {"very " * 8}long name."""\n'

    assert divided(f"def f():\n{told}") == (
        f'def f():\n    """Return a page of the {names}."""\n'
    )
    assert divided(f"def f():\n{long}").endswith(
        'long name."""  # noqa: E501 - its names are long\n'
    )


def test_a_text_that_has_no_room_behind_its_key_stands_on_a_line_of_its_own() -> None:
    text = "Another sign up of this owner and trip has this child name."
    line = f'{" " * 16}"conflict": "{text}"\n'

    assert len(line) > 88
    pieces = divided(f"x = {{\n{line}}}\n")
    assert f'"conflict": ("{text[:39]}' in pieces
    assert all(len(line) <= 88 for line in pieces.splitlines())
