"""Tests that text stays text: in Python, in Markdown, in templates."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from petsage_builder.errors import Problem
from petsage_builder.long_lines import divided
from petsage_builder.markdown import code_block, code_span, table_cell
from petsage_builder.python_text import string
from petsage_builder.status import decoded
from petsage_builder.templates import render

LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]))
TEXTS = st.lists(LINES | st.text("`~ x"), max_size=5).map("\n".join)
MARKDOWN = MarkdownIt("commonmark").enable("table")


@given(st.text(), st.integers(0, 60))
def test_a_python_string_is_the_text(text: str, column: int) -> None:
    assert ast.literal_eval(string(text, column)) == text


@given(TEXTS)
def test_a_code_block_holds_the_text_and_nothing_follows(text: str) -> None:
    tokens = MARKDOWN.parse(code_block(text, "python") + "\n\nafter")

    assert [token.type for token in tokens][:2] == ["fence", "paragraph_open"]
    assert tokens[0].content.rstrip("\n") == text.rstrip("\n")


@given(LINES.filter(lambda text: "\0" not in text))
def test_a_code_span_holds_the_text_and_nothing_else(text: str) -> None:
    (paragraph,) = [
        token for token in MARKDOWN.parse(f"a {code_span(text)} b") if token.children
    ]

    assert paragraph.children is not None
    if text.strip():
        assert [child.type for child in paragraph.children] == [
            "text",
            "code_inline",
            "text",
        ]
        assert paragraph.children[1].content.strip() == text.strip()


@given(LINES)
def test_a_cell_is_one_cell(text: str) -> None:
    tokens = MARKDOWN.parse(f"| a | b |\n|---|---|\n| {table_cell(text)} | x |\n")

    cells = [token for token in tokens if token.type == "td_open"]
    assert len(cells) == 2


@pytest.mark.parametrize("text", ["`", "``", "` ` `", "a`b``c", "\n# heading\n"])
def test_a_status_line_is_one_line_and_one_span(text: str) -> None:
    line = str(decoded(text))

    assert len(line.splitlines()) == 1
    spans = [
        child
        for token in MARKDOWN.parse(line)
        for child in token.children or ()
        if child.type == "code_inline"
    ]
    assert len(spans) == 1


@pytest.mark.parametrize("text", ["{{ 7 * 7 }}", "{% raw %}", "`x`\n# y\n- z", "<b>"])
def test_a_problem_quotes_what_was_said_as_data(text: str) -> None:
    problem = Problem("feature", f"{text} is wrong", "another", text)

    shown = render("problems.md", heading="REFUSED", problems=[problem])

    assert "49" not in shown
    kinds = [token.type for token in MARKDOWN.parse(shown)]
    assert kinds.count("heading_open") == 1
    assert "html_block" not in kinds
    assert not any(
        child.type == "html_inline"
        for token in MARKDOWN.parse(shown)
        for child in token.children or ()
    )


def test_a_word_that_is_too_long_for_a_line_is_divided() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz\\u2013\\\\" * 4
    source = f'FACTS = [\n    {{\n        "name": "{letters}"\n    }},\n]\n'

    found = divided(source)

    assert found != source
    assert all(len(line) <= 88 for line in found.splitlines())
    assert ast.literal_eval(found.partition("= ")[2]) == ast.literal_eval(
        source.partition("= ")[2]
    )
