"""Mutants of access rules that change no answer are known, and no others."""

import pytest

from petsage_builder.verify.equivalence import changes_nothing
from petsage_builder.verify.mutation import feature_mutants

PATH, SERVICE = "app/features/things/access.py", "app/features/things/service.py"
ACCESS = '''"""Who may see and change which things."""


def own_things(actor):
    """Say which things belong to the actor."""
    return Thing.owner_id == actor.id


def things_to_see(actor):
    """Say which things the actor may see."""
    if actor.has("clerk"):
        return true()
    return own_things(actor)


def things_to_settle(actor):
    """Say which things the actor may settle."""
    ways: list[ColumnElement[bool]] = []
    if actor.has("clerk"):
        ways.append(Thing.owner_id != actor.id)
    return or_(false(), *ways)
'''
ASKED = """
async def settle(session, actor, thing_id):
    thing = await find(
        session,
        Thing,
        thing_id,
        visible=things_to_see(actor),
        permitted=things_to_settle(actor),
    )
    logger.info("settled")
"""
WIDENED = ACCESS.replace(
    'ways: list[ColumnElement[bool]] = []\n    if actor.has("clerk"):',
    "ways: list[ColumnElement[bool]] = []\n    if True:",
)


def test_a_role_need_not_be_asked_for_if_it_alone_sees_the_rows_of_others() -> None:
    modules = {PATH: ACCESS, SERVICE: ASKED}

    assert changes_nothing("things_to_settle", PATH, WIDENED, modules)
    told = {m.what for m in feature_mutants(modules) if m.kind == "all_may"}
    assert told == {"line 11: actor.has('clerk') is not asked"}


@pytest.mark.parametrize(
    ("before", "now"),
    [
        # Others see them too.
        ('has("clerk"):\n        return true()', 'has("boss"):\n        return true()'),
        (
            "return own_things(actor)\n\n\ndef things_to_settle",
            "return true()\n\n\ndef things_to_settle",
        ),
        # Their owner may, too, once nobody asks.
        ("ways.append(Thing.owner_id != actor.id)", "ways.append(true())"),
        # What is unknown is not true, and neither is its opposite.
        ("Thing.owner_id != actor.id", "not_(Thing.owner_id == actor.id)"),
        # It is written in another way than rules are.
        ("return or_(false(), *ways)", "return or_(*(way for way in ways))"),
    ],
)
def test_it_must_be_asked_for_otherwise(before: str, now: str) -> None:
    assert before in ACCESS
    access, widened = (text.replace(before, now) for text in (ACCESS, WIDENED))

    assert not changes_nothing(
        "things_to_settle", PATH, widened, {PATH: access, SERVICE: ASKED}
    )


@pytest.mark.parametrize(
    "service",
    [
        "",
        ASKED.replace("visible=things_to_see(actor)", "visible=true()"),
        ASKED.replace("        visible=things_to_see(actor),\n", ""),
        f"{ASKED}\n    await page(things_to_settle(actor))\n",
        ASKED.replace("permitted=things", "permitted=true() if actor else things"),
    ],
)
def test_it_must_be_asked_for_where_rows_are_found_in_another_way(service: str) -> None:
    modules = {PATH: ACCESS, SERVICE: service}

    assert not changes_nothing("things_to_settle", PATH, WIDENED, modules)


def test_many_parts_are_not_tried() -> None:
    ways = "".join(
        f'    if actor.has("{n}"):\n        ways.append(Thing.owner_id != actor.id)\n'
        for n in range(12)
    )
    access = ACCESS.replace("    return or_(false", f"{ways}    return or_(false")
    widened = WIDENED.replace("    return or_(false", f"{ways}    return or_(false")

    assert not changes_nothing(
        "things_to_settle", PATH, widened, {PATH: access, SERVICE: ASKED}
    )
