"""Tests that every feature with data passes, over the facts that it states."""

from tests.features.access import AccessTests
from tests.features.changes import ChangeTests
from tests.features.children import ChildTests
from tests.features.fields import FieldTests
from tests.features.limits import LimitTests
from tests.features.lists import ListTests
from tests.features.parents import ParentTests
from tests.features.scenarios import ScenarioTests
from tests.features.states import StateTests
from tests.features.tables import OVER, parametrized


class FeatureTests(
    FieldTests,
    ChangeTests,
    AccessTests,
    ListTests,
    StateTests,
    LimitTests,
    ParentTests,
    ChildTests,
    ScenarioTests,
):
    """The tests of a feature: a subclass states its facts, each table of them a tuple.

    `FEATURE` is its name, `ROLES` who there is beside two users. Where a fact is about
    everybody, it has a value for anonymous, owner, other, and each role, in this order;
    None if there is nothing to see for them.
    """

    def __init_subclass__(cls) -> None:
        """Keep the tests for which there are facts."""
        for name, (table, _) in OVER.items():
            rows = getattr(cls, table, ())
            test = getattr(FeatureTests, name)
            setattr(cls, name, parametrized(test, rows) if rows else None)
