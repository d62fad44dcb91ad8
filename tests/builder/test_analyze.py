"""Tests of what is understood, and of what is not guessed."""

import pytest

from petsage_builder.analyze import analyze, understanding
from petsage_builder.decode import JsonValue, Request
from petsage_builder.errors import Problem, RefusedError
from petsage_builder.spec import Probe, Spec


def understood(description: str, requirements: JsonValue = "none") -> Spec:
    """Analyze a request."""
    return analyze(Request("a_probe", description, requirements, "json"))


def problem(description: str) -> Problem:
    """Return the only problem of a description."""
    with pytest.raises(RefusedError) as refused:
        understood(description)
    (found,) = refused.value.problems
    assert found.where == "description"
    assert found.accepted.startswith('a sentence such as "verify logs", ')
    return found


@pytest.mark.parametrize(
    "description",
    [
        "verify logs",
        "Verify the logs.",
        "  verify\n  LOGS ",
        "check that logging works",
        "checks logging",
        "prove the logging pipeline end to end",
        "Prove that logging works end-to-end!",
        "make sure that our logs are written",
        "ensure log lines reach every sink",
        "test whether the logger still works",
        "verify that the service is running and produces logs",
        "verify that the PetSage service is running and can produce logs",
        "confirm that log entries are being delivered",
        "an endpoint that proves logging works",
        "A simple health check that verifies that the logs are written",
        "Please add an endpoint to verify logging",
        "we need a probe of the logs",
        "smoke test for logging",
        "log verification",
        "show that logging works",
        "an endpoint which shows that our logs are written",
    ],
)
def test_a_log_probe_may_be_asked_for_in_many_words(description: str) -> None:
    spec = understood(description)

    assert isinstance(spec, Probe)
    assert spec.description == description
    assert spec.assumptions


@pytest.mark.parametrize("requirements", ["none", " None\n", "NONE", "", None, [], {}])
def test_no_requirements_may_be_said_in_many_ways(requirements: JsonValue) -> None:
    assert understood("verify logs", requirements) == understood("verify logs")


@pytest.mark.parametrize("requirements", ["nothing", ["none"], "no"])
def test_requirements_that_say_something_are_not_dropped(
    requirements: JsonValue,
) -> None:
    with pytest.raises(RefusedError, match="requirements: cannot be built"):
        understood("verify logs", requirements)


@pytest.mark.parametrize(
    ("description", "says"),
    [
        ("verify logs and delete old accounts", "'delete', 'old', 'accounts'"),
        ("do not verify logs", "'do', 'not' (character 1)"),
        ("never verify logs", "'never'"),
        ("verify that logs are not written", "'not' (character 22)"),
        ("verify logs if the logs are written", "more than 'verify logs'"),
        ("verify logs verify logs", "more than 'verify logs'"),
        ("logs", "does not say what to prove"),
        ("verify", "does not say what to prove"),
        ("logs verify", "does not say what to prove"),
        ("show logs", "does not say what to prove"),
        ("show all the log entries", "does not say what to prove"),
        ("an endpoint to show the log file", "does not say what to prove"),
        ("verify log\u017f", "'log\u017f'"),
        ("...", "'.', '.'"),
        ("verify the payments", "'payments' (character 12)"),
        ("a b c d e f g h", "'b', 'c', 'd', 'e', 'f' and 2 more"),
        ("verify logs\u200b", "'\\u200b'"),
        ("verify logs; drop table logs", "';', 'drop', 'table'"),
    ],
)
def test_a_word_that_is_not_understood_is_named_and_nothing_is_guessed(
    description: str, says: str
) -> None:
    assert says in problem(description).what


@pytest.mark.parametrize(
    ("description", "nearest"),
    [
        ("verfy logs", "verify logs"),
        ("Chekc that loging works.", "check that logging works"),
        ("verify coffee", ""),
        ("verify logs verify logs", ""),
    ],
)
def test_a_misspelling_is_answered_with_the_nearest_sentence(
    description: str, nearest: str
) -> None:
    assert problem(description).nearest == nearest


def test_what_is_wrong_with_both_parts_is_said_at_once() -> None:
    with pytest.raises(RefusedError) as refused:
        understood("make coffee", ["strong"])

    wheres = [found.where for found in refused.value.problems]
    assert wheres == ["requirements", "description"]


def test_the_understanding_names_feature_and_subject() -> None:
    (sentence,) = understanding(understood("verify logs"))

    assert sentence.startswith("`a_probe` is a probe of the logs: ")
