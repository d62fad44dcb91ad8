"""Tests of requests that are told with all that happened before."""

from typing import ClassVar

import pytest

from tests.api import events
from tests.features.tables import Facts, Tested, over
from tests.resources import Api
from tests.scenarios import Scenario, filled, like, rows_of, told


class ScenarioTests(Tested):
    """Tests of what a payload tells as a scenario, and of what was found beside it."""

    SCENARIOS: ClassVar[Facts] = ()
    FOUND: ClassVar[Facts] = ()

    @over("SCENARIOS", "scenario")
    def test_a_scenario_ends_as_it_is_told(
        self, api: Api, caplog: pytest.LogCaptureFixture, scenario: Scenario
    ) -> None:
        self.require_end(api, caplog, scenario)

    @over("FOUND", "scenario")
    def test_what_was_found_is_answered_so(
        self, api: Api, caplog: pytest.LogCaptureFixture, scenario: Scenario
    ) -> None:
        self.require_end(api, caplog, scenario)

    def require_end(
        self, api: Api, caplog: pytest.LogCaptureFixture, scenario: Scenario
    ) -> None:
        """Raise `AssertionError` unless a scenario ends as it is told."""
        ids = rows_of(api, scenario)
        method, path = filled(scenario.when, ids).split(" ")
        caplog.clear()

        answer = api.ask(scenario.who, method, path, filled(scenario.body, ids))

        assert answer.status_code == scenario.status, answer.text
        if scenario.shown is not None:
            expected = filled(scenario.shown, ids)
            assert like(expected, answer.json()) == expected, answer.text
        if scenario.message:
            assert filled(scenario.message, ids) in told(answer.json()), answer.text
        if scenario.event:
            logged = events(caplog, f"app.features.{self.FEATURE}.service")
            assert [said for said, _ in logged] == [scenario.event], logged
