"""Tests of who has which role in the tests of a feature."""

from typing import Any

import pytest

from petsage_builder.plan.people import roles_of
from tests.builder.solving import subject

NAME = {"name": {"type": "string"}}


@pytest.mark.parametrize(
    ("create", "more", "roles"),
    [
        (["user"], {"owned_by": "user"}, ("admin",)),
        (["breeder"], {}, ("admin", "breeder")),
        (["breeder", "user"], {"owned_by": "user"}, ("admin",)),
        (["breeder"], {"owned_by": "user"}, ("admin", "breeder", "other-breeder")),
    ],
)
def test_two_have_a_role_without_which_nobody_owns_rows(
    create: list[str], more: dict[str, Any], roles: tuple[str, ...]
) -> None:
    found = subject(NAME, access={"create": create, "get": ["user"]}, **more)

    assert roles_of([found]) == roles
