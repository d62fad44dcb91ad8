"""Write a rule as Python, and as SQLAlchemy.

A rule knows three values, as SQL does: true, false, and unknown if it compares with
something empty. Python's conditions say which of them they look for: `holds` for true,
`fails` for false. No text that is made here raises, whatever the rows hold.
"""

from petsage_builder.compiler.conditions import fails, holds, value
from petsage_builder.compiler.criteria import criterion
from petsage_builder.compiler.pieces import Attribute, Code, CompileError, Names, Number
from petsage_builder.compiler.trees import fields_of
from petsage_builder.compiler.values import number_of

__all__ = [
    "Attribute",
    "Code",
    "CompileError",
    "Names",
    "Number",
    "criterion",
    "fails",
    "fields_of",
    "holds",
    "number_of",
    "value",
]
