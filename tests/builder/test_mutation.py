"""Tests of the ways in which a service is broken on purpose."""

import ast

import pytest

from petsage_builder.verify.mutation import mutants

SERVICE = """
async def perform():
    async with confirmed_delivery():
        logger.info("done")
    return Response(status="ok", count=3)
"""


def test_each_way_makes_one_mutant_that_can_be_compiled() -> None:
    found = dict(mutants(SERVICE))

    assert list(found) == [
        "line 3: no confirmed_delivery()",
        "line 4: nothing is logged",
        "line 5: another status",
    ]
    assert "confirmed_delivery" not in found["line 3: no confirmed_delivery()"]
    assert "logger" not in found["line 4: nothing is logged"]
    assert "status='mutated'" in found["line 5: another status"]
    for text in found.values():
        ast.parse(text)
        assert text != ast.unparse(ast.parse(SERVICE))


def test_what_is_no_python_has_no_mutant() -> None:
    with pytest.raises(SyntaxError):
        list(mutants("def ("))
