"""What a payload leaves open is said, and how it is taken."""

import pytest

from petsage_builder.spec import Resources
from tests.builder.test_cases import spec_of

UNSEEN = (
    "What a caller may not see is answered as if it were not there: 404, in no list, "
    "and in no count."
)


@pytest.mark.parametrize(
    ("case", "assumed"),
    [
        ("user_profile", []),
        (
            "kennels",
            [
                (
                    "What a scenario does not say of a row that it gives is taken "
                    "from the samples."
                ),
            ],
        ),
        (
            "reviews",
            [
                "Who creates a review has to see its article, and need not own that.",
                (
                    "Who creates a helpful vote has to see its review, "
                    "and need not own that."
                ),
            ],
        ),
        (
            "shelter_adoptions",
            [
                (
                    "Every adoption request counts for how many a user may have, "
                    "whatever its state."
                ),
            ],
        ),
        (
            "time_tracking",
            [
                (
                    "Who creates a time entry has to see its project, "
                    "and need not own that."
                ),
                "A time entry without ended at overlaps with none.",
            ],
        ),
        (
            "school_enrolments",
            [
                (
                    "How many there may be is asked when an enrolment is created, "
                    "not when its parent is changed."
                ),
            ],
        ),
    ],
)
def test_what_is_left_open_is_said(case: str, assumed: list[str]) -> None:
    spec: Resources = spec_of(case)

    assert spec.assumptions == (UNSEEN, *assumed)
