"""The templates of the blueprint, ready to be rendered."""

from functools import cache

import jinja2

from petsage_builder.blueprint import FOLDER
from petsage_builder.markdown import code_block, code_span, table_cell
from petsage_builder.python_text import docstring, literal, pieces, pytuple, string
from petsage_builder.wording import identifier, sentence


def render(template: str, **context: object) -> str:
    """Return what `template` makes of `context`; an unknown name is an error."""
    return _environment().get_template(f"{template}.jinja").render(context)


def load_all() -> None:
    """Load every template now, so that none has to be when it is rendered."""
    for name in _environment().list_templates(extensions=["jinja"]):
        if not name.startswith("skeleton/"):
            _environment().get_template(name)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(  # noqa: S701 - what it renders is not HTML
        loader=jinja2.FileSystemLoader(FOLDER),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "code_block": code_block,
        "code_span": code_span,
        "literal": literal,
        "docstring": docstring,
        "identifier": identifier,
        "pytuple": pytuple,
        "sentence": sentence,
        "pieces": pieces,
        "string": string,
        "table_cell": table_cell,
    }
    return environment
